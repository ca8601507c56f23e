# SPDX-License-Identifier: BSD-2-Clause
# Prints `FILE:LINE: calls NAME` for each call, in C, of a function whose name
# matches the regular expression `pattern`. Comments and strings are no code.

BEGIN {
	aside = "\"([^\"\\\\]|\\\\.)*\"|'([^'\\\\]|\\\\.)*'|/\\*|//"
	call = "(^|[^A-Za-z0-9_])(" pattern ")[ \t]*\\("
}

# The line without strings, characters and comments; a comment may go on.
function code(line,    out, token) {
	out = ""
	for (;;) {
		if (in_comment) {
			if (!index(line, "*/"))
				return out
			line = substr(line, index(line, "*/") + 2)
			in_comment = 0
		}
		if (!match(line, aside))
			return out line
		out = out substr(line, 1, RSTART - 1) "0"
		token = substr(line, RSTART, 2)
		line = substr(line, RSTART + RLENGTH)
		if (token == "//")
			return out
		in_comment = token == "/*"
	}
}

FNR == 1 {
	in_comment = 0
}

{
	rest = code($0)
	while (match(rest, call)) {
		name = substr(rest, RSTART, RLENGTH)
		gsub(/[^A-Za-z0-9_]/, "", name)
		printf "%s:%d: calls %s\n", FILENAME, FNR, name
		rest = substr(rest, RSTART + RLENGTH)
	}
}
