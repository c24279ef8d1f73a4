#!/bin/sh
# Who may include whom: the rooms are layers, arrows go down only.
. "$(dirname "$0")/tap.sh"
plan 4

# room: the rooms it may include, besides itself
rooms='base:
model: base
ipc: base model
crypto: base model
mail: base model
text: base model
mime: base model mail text
reply: base model text mail
desk: base model text
store: base model crypto
query: base model crypto store desk
app: base model crypto mail text reply desk store query
worker: base model ipc mail mime text reply
daemon: base model crypto text reply store ipc query app
web: base model crypto ipc store query
cli: base model ipc app query mail reply text desk crypto store'

# header of a library: the rooms that may include it
libs='gmime/: mime
gumbo.h: mime
libetpan/: worker
gnutls/: worker
curl/: worker
mecab.h: text
pcre2.h: reply text
sqlite3.h: store
libpq-fe.h: store
microhttpd.h: web
sodium.h: crypto app daemon worker mime store web cli
seccomp.h: ipc
linux/landlock.h: ipc
uv.h: ipc worker daemon web cli
unicode/: text desk mail
sys/socket.h: ipc worker daemon web cli
netinet/: worker web
netdb.h: worker'

# one line "file room kind name" for each include directive of the rooms
includes() {
	find src include -name '*.[ch]' | sort | xargs awk '
		/^[ \t]*#[ \t]*include/ {
			room = FILENAME
			sub(/^src\//, "", room); sub(/^include\/madoguchi\//, "", room)
			sub(/\/.*/, "", room)
			match($0, /["<][^">]*/)
			print FILENAME, room, substr($0, RSTART, 1), substr($0, RSTART + 1, RLENGTH - 1)
		}'
}

includes | awk -v table="$rooms" '
	BEGIN {
		n = split(table, row, "\n")
		for (i = 1; i <= n; i++) {
			split(row[i], half, ":"); known[half[1]] = 1; ok[half[1], half[1]] = 1
			m = split(half[2], to, " ")
			for (j = 1; j <= m; j++) ok[half[1], to[j]] = 1
		}
	}
	!($2 in known) { print $1 ": the room " $2 " is not in the table" }
	$3 == "\"" && $4 ~ /^madoguchi\// {
		split($4, part, "/")
		if (!(($2, part[2]) in ok)) print $1 " includes " $4 ": " $2 " may not use " part[2]
	}' | finding "rooms include only what lies below them"

includes | awk '$3 == "\"" && $4 !~ /^madoguchi\//' | while read -r file _ _ name; do
	case $name in
	*/*) echo "$file includes $name: a private header of another folder" ;;
	*) [ -e "${file%/*}/$name" ] || [ -e "$build/${file%/*}/$name" ] ||
		echo "$file includes $name: not beside it" ;;
	esac
	case $file in include/*) echo "$file: a public header includes a private one" ;; esac
done | finding "private headers stay in their room"

includes | awk -v table="$libs" '
	BEGIN {
		n = split(table, row, "\n")
		for (i = 1; i <= n; i++) { split(row[i], half, ": "); lib[i] = half[1]; who[i] = " " half[2] " " }
	}
	$3 == "<" {
		for (i = 1; i <= n; i++)
			if (index($4, lib[i]) == 1 && !index(who[i], " " $2 " "))
				print $1 " includes <" $4 ">: not for " $2
	}' | finding "libraries are included only by the rooms that need them"

grep -lE '#include ["<](madoguchi/base/clock|time|sys/random|stdio_ext)\.h' src/desk/*.[ch] 2>/dev/null |
	xargs -r grep -nE '\b(mdg_clock_[a-z_]+|time|clock_gettime|getrandom) ?\(' |
	finding "desk asks no clock and no random source"
