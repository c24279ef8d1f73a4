# keigo_rules.tsv to a C array of its lines, without comments.
BEGIN {
	print "/* Made by tsv2c.awk from keigo_rules.tsv. */"
	print "#include <stddef.h>"
	print "#include \"lint_rules.h\""
	print "const char *const lint_rule_lines[] = {"
}
/^#/ || /^$/ { next }
{
	gsub(/\\/, "&&")
	gsub(/"/, "\\\\&")
	gsub(/\t/, "\\t")
	printf "\t\"%s\",\n", $0
}
END {
	print "\tNULL,"
	print "};"
}
