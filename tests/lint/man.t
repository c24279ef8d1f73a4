#!/bin/sh
# The manual pages and the completion know what the programs know.
. "$(dirname "$0")/tap.sh"
plan 7

if command -v groff >/dev/null; then
	for page in contrib/man/*; do
		groff -mandoc -Kutf8 -Tutf8 -ww -z "$page" 2>&1 | sed "s|^|$page: |"
	done | finding "the manual pages are formatted without a warning"
else
	skip "the manual pages are formatted without a warning" "no groff"
fi
for page in contrib/man/*; do
	sed -n 's/^\.Xr \([a-z.-]*\) \([0-9]\).*/\1.\2/p' "$page" | sort -u |
		while read -r other; do
			case $other in
			sysexits.3) ;;
			*) [ -e "contrib/man/$other" ] || echo "$page: no page $other" ;;
			esac
		done
done | finding "every page that is named is there"

# one line "command<TAB>option" for each option, "command<TAB>" for each command
known() {
	"$build/src/madoguchi" --help --lang en | awk '
		/^  madoguchi / {
			name = $2; i = 3
			if ($3 ~ /^[a-z][a-z-]*$/) { name = name " " $3; i = 4 }
			print name "\t"
			for (; i <= NF; i++) {
				s = $i
				while (match(s, /--[a-z][a-z-]*/)) {
					print name "\t" substr(s, RSTART, RLENGTH)
					s = substr(s, RSTART + RLENGTH)
				}
			}
		}'
}

if [ -x "$build/src/madoguchi" ]; then
	# a command: the options between its .It Ic and the next
	awk '
		/^\.It Ic / {
			name = $3
			if ($4 ~ /^[a-z][a-z-]*$/) name = name " " $4
			print name "\t"
		}
		/^\.(El|Sh)/ { name = "" }
		name != "" {
			n = split($0, word, " ")
			for (i = 1; i < n; i++)
				if (word[i] ~ /^[.]?Fl$/ && word[i + 1] ~ /^-[a-z]/)
					print name "\t-" word[i + 1]
		}' contrib/man/madoguchi.1 >"$build/man.words"
	awk -F ' ?[|] ?' '/^[a-z -]* \|/ {
		print $1 "\t"; n = split($2, o, " ")
		for (i = 1; i <= n; i++) print $1 "\t" o[i]
	}' contrib/completion/madoguchi >"$build/completion.words"
	trap 'rm -f "$build/man.words" "$build/completion.words" "$build/known.words"' EXIT
	[ "$(known | wc -l)" -gt 100 ] || echo "# --help is not understood"
	# draft edit takes the options of draft new; --json is everybody's
	known | grep -vE '	--json$|^draft edit	--(subject|body-file|to|cc|next)$' |
		grep -vxFf "$build/man.words" |
		finding "madoguchi(1) has every command and option"
	known >"$build/known.words"
	cat "$build/man.words" "$build/completion.words" | grep '	$' | sort -u |
		grep -vxFf "$build/known.words" |
		finding "and no command that is not there"
	known | grep -v '	--json$' | grep -vxFf "$build/completion.words" |
		finding "the completion has every command and option"
else
	skip "madoguchi(1) has every command and option" "not built"
	skip "and no command that is not there" "not built"
	skip "the completion has every command and option" "not built"
fi

grep -oE '\{"[a-z_]+", read_' src/app/config.c | cut -d '"' -f 2 | while read -r key; do
	grep -q "^\.It Cm $key\$" contrib/man/madoguchi.conf.5 || echo "madoguchi.conf.5: no $key"
	grep -qE "^#? *$key = " contrib/madoguchi.conf || echo "contrib/madoguchi.conf: no $key"
done | finding "every key of the configuration is documented"
# one line `room/file` of the reading order
grep -oE '`(src|include)/[a-z_/.0-9-]+`' README.md | tr -d '`' | sort -u |
	while read -r path; do
		[ -e "$path" ] || echo "README.md: no $path"
	done | finding "the files of the reading order are there"
