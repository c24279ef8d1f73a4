#!/bin/sh
# Every source is in a local.mk, so that it is built and distributed.
. "$(dirname "$0")/tap.sh"
plan 4

# all words of the makefiles, %D% resolved
words() {
	for mk in Makefile.am $(find src tests contrib templates -name '*.mk'); do
		sed "s|%D%|${mk%/*}|g; s|#.*||" "$mk"
	done | tr -s ' \t\\' '\n\n\n' | sort -u
}
# a program of one file needs no _SOURCES
sources_of() {
	sed 's|^tests/fuzz/fuzz_[a-z_]*$|&\n&.c|' | sort -u
}

words | sources_of >"$build/local_mk.words"
trap 'rm -f "$build/local_mk.words"' EXIT
find src include tests/unit tests/fuzz contrib -name '*.[ch]' | sort |
	comm -23 - "$build/local_mk.words" | finding "every source is in a makefile"
find tests/unit -name 'test_*.c' | sed 's/\.c$//' | sort |
	comm -23 - "$build/local_mk.words" | finding "every unit test is run"
find tests/lint tests/cli -name '*.t' | sort |
	comm -23 - "$build/local_mk.words" | finding "every TAP script is run"
find contrib tests/it tests/ui tests/data $(ls -d tests/crash 2>/dev/null) -type f ! -path '*/__pycache__/*' ! -path '*/.*' \
	! -name '*.[oa]' ! -name '*.mk' ! -perm -u=x -o -name '*.py' -type f | sort |
	comm -23 - "$build/local_mk.words" | finding "scripts, their parts and data are distributed"
