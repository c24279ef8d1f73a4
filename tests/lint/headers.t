#!/bin/sh
# Each public header compiles alone, twice, without a warning.
. "$(dirname "$0")/tap.sh"
plan 2
export build

find include -name '*.h' | sort | xargs -P 2 -n 8 sh -c '
	for h; do
		printf "#include \"%s\"\n#include \"%s\"\n" "$h" "$h" |
			${CC:-cc} -x c -std=gnu17 -fsyntax-only -Wall -Wextra -Werror -Wundef \
				-D_GNU_SOURCE -include "$build/config.h" -Iinclude -I. - 2>&1 |
			sed "s|^|$h: |" | head -5
	done' sh | finding "public headers are self-contained"

find include src -name '*.h' | sort | while read -r h; do
	head -40 "$h" | grep -qE '^#(ifndef|pragma once)' || echo "$h has no include guard"
done | finding "headers have include guards"
