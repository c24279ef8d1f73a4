# Sourced by the lints: TAP on stdout. A lint says `plan N`, then N times pipes
# what it found, one a line, into `finding`; no line is "ok".
top=${top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
build=${top_builddir:-$top}
cd "$top" || exit 99

# finding NAME: ok if stdin is empty, else its lines are the reasons.
finding() {
	tap_text=$(cat)
	if [ -z "$tap_text" ]; then
		echo "ok - $1"
	else
		printf '%s\n' "$tap_text" | sed 's/^/# /'
		echo "not ok - $1"
	fi
}

skip() {
	echo "ok - $1 # SKIP $2"
}

plan() {
	echo "1..$1"
}

# Our C sources and headers, one a line.
sources() {
	find src include contrib -name '*.[ch]' | sort
}
