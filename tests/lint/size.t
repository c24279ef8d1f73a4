#!/bin/sh
# Files and functions stay short enough to be read at one sitting.
. "$(dirname "$0")/tap.sh"
plan 3

longer() {
	xargs -r wc -l | awk -v max="$1" '$2 != "total" && $1 > max { print $2 ": " $1 " lines" }'
}

sources | longer 500 | finding "no source file is longer than 500 lines"
find include -name '*.h' | longer 200 | finding "no public header is longer than 200 lines"
# a function is what stands between a "{" and a "}" in the first column
sources | xargs awk '
	FNR == 1 { start = 0 }
	/^[A-Za-z_].*\(/ { head = $0 }
	/^\{/ { start = FNR; name = head; sub(/ *\(.*/, "", name); sub(/.*[ *]/, "", name) }
	/^\}/ && start {
		if (FNR - start - 1 > 100)
			print FILENAME ":" start ": " name ": " FNR - start - 1 " lines"
		start = 0
	}' | finding "no function is longer than 100 lines"
