#!/bin/sh
# Both languages say the same: the same places, in Japanese and in English.
. "$(dirname "$0")/tap.sh"
plan 4

# one line a message: id TAB english TAB japanese
table() {
	awk '
		function flush() { if (id != "") print id "\t" text[1] "\t" text[2]; id = "" }
		/^MSG\(/ { flush(); id = $0; sub(/^MSG\(/, "", id); sub(/[ ,].*/, "", id); n = 1; text[1] = text[2] = ""; closed = 0 }
		id != "" {
			s = $0
			while (match(s, /"([^"\\]|\\.)*"|,/)) {
				w = substr(s, RSTART, RLENGTH); s = substr(s, RSTART + RLENGTH)
				if (w == ",") { if (text[n] != "") n = 2 }
				else text[n] = text[n] substr(w, 2, length(w) - 2)
			}
		}
		/^\/\*/ { flush() }
		END { flush() }' include/madoguchi/base/messages.def
}

table | awk -F '\t' '
	function places(s,    out, i) {
		out = ""
		for (i = 1; i <= 9; i++) if (index(s, "%" i)) out = out i
		return out
	}
	places($2) != places($3) { print $1 ": places \"" places($2) "\" and \"" places($3) "\"" }
	' | finding "both languages have the same places"
table | awk -F '\t' '$2 == "" || $3 == "" { print $1 ": a text is missing" }' |
	finding "no text is missing"
table | cut -f 1 | sort | uniq -d | finding "ids are unique"
table | cut -f 1 | while read -r id; do
	grep -rqw "MDG_MSG_$id" src include || echo "$id"
done | finding "every text is used"
