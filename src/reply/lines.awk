# A text to a C array of its lines, without comments; -v array= its name.
BEGIN {
	print "/* Made by lines.awk. */"
	print "#include <stddef.h>"
	print "extern const char *const " array "[];"
	print "const char *const " array "[] = {"
}
/^#/ || /^$/ { next }
{ printf "\t\"%s\",\n", $0 }
END {
	print "\tNULL,"
	print "};"
}
