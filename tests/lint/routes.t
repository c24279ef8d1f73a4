#!/bin/sh
# Every action has a way in for browsers and programs, or stands here with why
# it has none; and a command.
. "$(dirname "$0")/tap.sh"
plan 3

none='session.salt session.open user.password'  # what src/web/session.c calls
none="$none upload.begin upload.put upload.end" # what src/web/views.c calls
none="$none mailbox.oauth"                      # mailbox.authorize does it, too
none="$none mailbox.selftest"                   # mailbox.test does it, too
none="$none ticket.viewed customer.mail"        # for our own processes
none="$none ticket.receipt"                     # what rules call
none="$none clock.advance fault.stuck"          # of test builds

acts() {
	cat src/app/*.c | tr '\n\t' '  ' | grep -o '{"[a-z._]*", *MDG_SCOPE_' |
		sed 's/^{"//; s/".*//' | sort -u
}
routes() {
	grep -o '^	{"[A-Z]*", [^{}]*\({[a-z]*}[^{}]*\)*' src/web/table.c |
		grep -o '", "[a-z._]*", "' | tr -d '", ' | sort -u
}

acts | while read -r act; do
	case " $none " in *" $act "*) continue ;; esac
	routes | grep -qxF "$act" || echo "no route calls $act"
done | finding "every action has a route"

routes | sort | while read -r act; do
	n=$(grep -cF "\"$act\", \"" src/web/table.c)
	[ "$n" = 1 ] || echo "$n routes call $act: its name is their id"
done | finding "no action has two routes"

# The same for who works at a shell, less what only browsers need.
none='session.salt session.open session.close session.list session.who' # no sessions there
none="$none totp.show totp.begin totp.confirm totp.remove"              # nor signing in
none="$none mailbox.oauth mailbox.selftest"     # mailbox authorize and test do it
none="$none ticket.viewed ticket.receipt"       # for our own processes, what rules call
none="$none clock.advance fault.stuck"          # of test builds

{ acts; grep -o '^	{"[a-z._]*", *MDG_SCOPE_' src/daemon/tasks.c | cut -d '"' -f 2; } | sort -u | while read -r act; do
	case " $none " in *" $act "*) continue ;; esac
	grep -qF "\"$act\"" src/cli/*.c || echo "no command calls $act"
done | finding "every action has a command"
