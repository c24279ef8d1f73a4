#!/bin/sh
# Nothing unfinished and nothing of somebody's own machine in the tree.
. "$(dirname "$0")/tap.sh"
plan 3

# grep -I leaves out what is binary
texts() {
	find src include contrib templates tests *.md *.ac *.am -type f \
		! -path 'tests/data/*' ! -path '*/corpus/*' ! -path '*/__pycache__/*' \
		! -name '*.tsv' ! -name '*.log' ! -name '*.trs'
}

texts | xargs grep -nIwE '[T]ODO|[F]IXME|[X]XX' | finding "nothing is left to be done"
texts | xargs grep -nIE '/[w]ork/|/[r]oot/|/home/[a-z]' | finding "no path of one machine"
texts | xargs grep -nIE '[ 	]+$' -- | grep -vE '\.(md|def|eml|txt):|^templates/|^tests/|:-- $' |
	head -20 | finding "no blanks at the ends of lines"
