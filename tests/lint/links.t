#!/bin/sh
# Which libraries each program must never link: privilege follows linkage.
. "$(dirname "$0")/tap.sh"
plan 10

check() {
	program=$1; shift
	if [ ! -e "$build/src/$program" ]; then
		skip "$program" "not built"
		return
	fi
	readelf -d "$build/src/$program" |
		sed -n 's/.*(NEEDED).*\[\(lib[^].]*\).*/\1/p' |
		grep -E "^lib($(echo "$*" | tr ' ' '|'))(-|\$)" |
		sed "s/^/$program links /" | finding "$program links nothing of: $*"
}

check madoguchid gmime etpan mecab microhttpd curl gumbo
check mdg-imap gmime gumbo sqlite3 pq mecab curl microhttpd pcre2
check mdg-smtp gmime gumbo sqlite3 pq mecab curl microhttpd pcre2
check mdg-parse etpan sqlite3 pq gnutls mecab curl microhttpd
check mdg-text etpan sqlite3 pq gnutls gmime gumbo curl microhttpd
check mdg-token etpan sqlite3 pq gmime gumbo mecab microhttpd
check mdg-scan etpan sqlite3 pq gnutls gmime gumbo mecab curl microhttpd sodium
check mdg-web etpan gmime gumbo mecab curl gnutls
check madoguchi etpan gmime gumbo gnutls curl microhttpd

for program in "$build"/src/madoguchi* "$build"/src/mdg-*; do
	[ -x "$program" ] && [ -f "$program" ] || continue
	readelf -h "$program" | grep -q 'DYN (Position' || echo "$program: not PIE"
	readelf -d "$program" | grep -q BIND_NOW || echo "$program: not bound at start"
done | finding "every program is position-independent and bound at start"
