# code(line): the line without comments and the contents of string and character
# literals, so that only code is left. Keeps the state of /* */ between lines;
# call code_reset() at the start of each file.
function code_reset() { in_comment = 0 }
function code(line,    out, c, two, quote, i, n) {
	out = ""; quote = ""; n = length(line)
	for (i = 1; i <= n; i++) {
		c = substr(line, i, 1); two = substr(line, i, 2)
		if (in_comment) {
			if (two == "*/") { in_comment = 0; i++ }
		} else if (quote != "") {
			if (c == "\\") i++
			else if (c == quote) { quote = ""; out = out c }
		} else if (two == "/*") { in_comment = 1; i++; out = out " " }
		else if (two == "//") break
		else {
			if (c == "\"" || c == "'") quote = c
			out = out c
		}
	}
	return out
}
