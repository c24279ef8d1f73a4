# synonyms.txt to a C array of its lines, without comments.
BEGIN {
	print "/* Made by synonyms.awk from synonyms.txt. */"
	print "#include <stddef.h>"
	print "extern const char *const mdg_synonym_lines[];"
	print "const char *const mdg_synonym_lines[] = {"
}
/^#/ || /^$/ { next }
{ printf "\t\"%s\",\n", $0 }
END {
	print "\tNULL,"
	print "};"
}
