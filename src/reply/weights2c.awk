# The weights of runs (contrib/train-weights) to a C array; -v array= its name.
BEGIN {
	print "/* Made by weights2c.awk. */"
	print "#include \"run_weights.h\""
	print "const struct mdg_run_weight " array "[] = {"
}
/^#/ || /^$/ { next }
{ printf "\t{%su, %s},\n", $1, $2; n++ }
END {
	print "};"
	printf "const size_t " array "_n = %d;\n", n
}
