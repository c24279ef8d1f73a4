#!/bin/sh
# The UI: two complete languages, nothing foreign, nothing too big.
. "$(dirname "$0")/tap.sh"
plan 10

ui=src/web/ui
texts=$(ls $ui/lib/words*.js $ui/lib/codes.js)
# a tarball brings what was bundled
scripts=$(find $ui \( -path $ui/shipped -o -path $ui/dist \) -prune -o -name '*.js' -print | sort)
pages=$(printf '%s\n' "$scripts" | grep -vE '/lib/(words.*|codes)\.js$')
all=$(find $ui \( -path $ui/shipped -o -path $ui/dist \) -prune -o \( -name '*.js' -o -name '*.css' -o -name '*.html' \) -print | sort)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# key TAB Japanese TAB English
# shellcheck disable=SC2086
sed -nE 's/^\t"([^"]+)": \["((\\.|[^"\\])*)", "((\\.|[^"\\])*)"\],$/\1\t\2\t\4/p' $texts | sort >"$work/table"
cut -f 1 "$work/table" >"$work/keys"
grep -hE '^	"' $texts | grep -vE '^	"[^"]+": \["([^"\\]|\\.)+", "([^"\\]|\\.)+"\],$' |
	finding "every word of the UI stands in Japanese and English"
uniq -d "$work/keys" | finding "no word is there twice"
awk -F '\t' '
	function places(s,  n, v, i, out) {
		n = split(s, v, /[{}]/)
		out = ""
		for (i = 2; i <= n; i += 2)
			seen[v[i]] = 1
		for (i in seen)
			out = out " " i
		delete seen
		n = split(out, v, " ")
		asort_(v, n)
		out = ""
		for (i = 1; i <= n; i++)
			out = out " " v[i]
		return out
	}
	function asort_(v, n,  i, j, x) {
		for (i = 2; i <= n; i++)
			for (j = i; j > 1 && v[j - 1] > v[j]; j--) {
				x = v[j]; v[j] = v[j - 1]; v[j - 1] = x
			}
	}
	places($2) != places($3) { print $1 ": " $2 " / " $3 }' "$work/table" |
	finding "both languages fill the same places"

# t("key"), nav: "key"; t("family." + x), tc("family", x) and family="family" use a family
# shellcheck disable=SC2086
{
	grep -hoE '\bt\("[^"]+"[,)]' $pages | sed -E 's/^t\("//; s/"[,)]$//'
	grep -hoE '\bt\([a-zA-Z.]+ \? "[^"]+" : "[^"]+"\)' $pages | grep -oE '"[^"]+"' | tr -d '"'
	grep -hoE '\b(nav|section): "[^"]+"' $pages | sed -E 's/.*"(.*)"/\1/'
} | sort -u >"$work/used"
# shellcheck disable=SC2086
{
	grep -hoE '\bt\("[^"]+\." \+' $pages | sed -E 's/^t\("//; s/" \+$//'
	grep -hoE '\btc\("[^"]+"' $pages | sed -E 's/^tc\("//; s/"$/./'
	grep -hoE '\bfamily="[^"]+"' $pages | sed -E 's/^family="//; s/"$/./'
} | sort -u >"$work/families"
comm -23 "$work/used" "$work/keys" | finding "every word that is used is in the table"
comm -13 "$work/used" "$work/keys" |
	awk 'NR == FNR { family[$0] = 1; next }
		{ for (f in family) if (index($0, f) == 1) next; print }' "$work/families" - |
	finding "every word in the table is used"

# what the desk says in codes is said in words, here as on the command line
sed -nE 's/^\t\{"([a-z_]+)", "([^"]+)", MDG_MSG_.*/\1.\2/p' src/base/msg_word.c |
	grep -E '^(access|alarm|alarm_state|approval|badge|clock|clock_state|closing|delivery|difference|draft|folder|incident|link|outbox|policy|problem|sending|undelivered|verdict|why)\.' |
	sed -E 's/^(alarm|clock)_state/\1state/; s/^folder\./folderrole./' |
	sort -u | comm -23 - "$work/keys" | finding "every code that people meet has its word"

# shellcheck disable=SC2086
wc -l $all | awk '$2 != "total" && $1 > 500 { print $2 ": " $1 " lines" }' |
	finding "no file of the UI is longer than 500 lines"
# shellcheck disable=SC2086
grep -nE 'innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|https?://|//cdn|@font-face' $all |
	grep -vE 'w3\.org/2000/svg' | finding "no HTML out of text, nothing from elsewhere"
printf '%s\n' $all | while read -r f; do
	grep -qF "%D%/${f#"$ui"/}" $ui/local.mk || echo "$f"
done | finding "every file of the UI is in its makefile"
bundle=$build/src/web/ui/dist/app.js
if [ -f "$bundle" ]; then
	n=$(gzip -9nc "$bundle" | wc -c)
	[ "$n" -lt 150000 ] || echo "$n bytes" | finding "the scripts are under 150 kB compressed"
	[ "$n" -ge 150000 ] || finding "the scripts are under 150 kB compressed" </dev/null
else
	skip "the scripts are under 150 kB compressed" "the UI is not built"
fi
