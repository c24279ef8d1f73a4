#!/bin/sh
# The unit as systemd understands it, without starting anything.
. "$(dirname "$0")/tap.sh"
plan 3

unit=contrib/systemd/madoguchid.service.in
if command -v systemd-analyze >/dev/null; then
	dir=$(mktemp -d) || exit 99
	trap 'rm -rf "$dir"' EXIT
	# the daemon need not be installed for this
	sed 's|@sbindir@/madoguchid|/bin/true|' $unit >"$dir/madoguchid.service"
	systemd-analyze verify --man=no "$dir/madoguchid.service" 2>&1 |
		grep 'madoguchid\.service' | finding "systemd knows every setting"
	systemd-analyze security --offline=true --no-pager "$dir/madoguchid.service" 2>&1 |
		awk '/Overall exposure/ { n = $(NF - 2); seen = 1 }
			END { if (!seen || n > 2) print "exposure " (seen ? n : "unknown") }' |
		finding "systemd rates its exposure at 2 or less"
else
	skip "systemd knows every setting" "no systemd-analyze"
	skip "systemd rates its exposure at 2 or less" "no systemd-analyze"
fi

# what the workers' confinement needs; and callers must keep their uid
{
	for line in Type=notify 'ReadOnlyPaths=/tmp /var/tmp' NoNewPrivileges=yes UMask=0077 LimitCORE=0 \
		'SystemCallFilter=.* seccomp landlock_create_ruleset landlock_add_rule landlock_restrict_self'; do
		grep -q "^$line" $unit || echo "$unit: no $line"
	done
	grep '^PrivateUsers=' $unit
} | finding "it leaves the workers their confinement and callers their uid"
