#!/bin/sh
# Functions that we do not call, and why.
. "$(dirname "$0")/tap.sh"
plan 7

# calls FILES-ON-STDIN, names in $1 (space separated): "file:line: name"
calls() {
	xargs -r awk -v names="$1" "$(cat tests/lint/strip.awk)"'
		BEGIN { gsub(/ +/, "|", names) }
		FNR == 1 { code_reset() }
		{
			s = code($0)
			while (match(s, "(^|[^A-Za-z0-9_.>])(" names ")[ \t]*\\(")) {
				w = substr(s, RSTART, RLENGTH); gsub(/[^A-Za-z0-9_]/, "", w)
				print FILENAME ":" FNR ": " w
				s = substr(s, RSTART + RLENGTH)
			}
		}'
}

sources | calls "strcpy stpcpy strcat sprintf vsprintf gets strtok alloca" |
	finding "nothing writes without a limit"
sources | calls "atoi atol atoll atof" | finding "no number is read without its errors"
sources | calls "gmtime localtime asctime ctime" |
	finding "nothing answers in a static buffer"
sources | calls "system popen mktemp tmpnam tempnam rand srand random drand48" |
	finding "no shell, no guessable names, no weak random"
sources | grep -vE '^(src/base/clock\.c|contrib/)' |
	calls "time clock_gettime gettimeofday" |
	finding "base/clock is the only source of time"
sources | calls "uv_queue_work uv_getaddrinfo uv_getnameinfo uv_random uv_fs_[a-z]+" |
	grep -vE 'uv_fs_(event|poll)' |
	finding "libuv's thread pool stays unused"
sources | grep -v '^contrib/' | calls "pthread_create thrd_create" |
	finding "processes are single-threaded"
