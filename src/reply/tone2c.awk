# tone_weights.tsv to a C array.
BEGIN {
	print "/* Made by tone2c.awk from tone_weights.tsv. */"
	print "#include \"lint_tone.h\""
	print "const struct lint_tone_weight lint_tone[] = {"
}
/^#/ || /^$/ { next }
{ printf "\t{%su, %s},\n", $1, $2; n++ }
END {
	print "};"
	printf "const size_t lint_tone_n = %d;\n", n
}
