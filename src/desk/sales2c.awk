# sales_weights.tsv to a C array, and where in it each value of the
# first fifteen bits begins (SALES_BITS).
BEGIN {
	print "/* Made by sales2c.awk from sales_weights.tsv. */"
	print "#include \"sales.h\""
	print "const struct sales_weight sales_weights[] = {"
}
/^#/ || /^$/ { next }
$1 == 0 { bias = $2; next }
{
	printf "\t{%su, %s},\n", $1, $2
	while (part <= int($1 / 131072))
		at[part++] = n + 0
	n++
}
END {
	print "};"
	printf "const size_t sales_n = %d;\n", n
	printf "const int sales_bias_milli = %d;\n", bias
	printf "_Static_assert(%d <= SALES_MAX, \"too many\");\n", n
	print "const uint16_t sales_at[(1 << SALES_BITS) + 1] = {"
	for (i = 0; i <= 32768; i++)
		printf "\t%d,\n", i < part ? at[i] : n
	print "};"
}
