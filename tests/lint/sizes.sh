#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# sizes.sh - a file has at most 600 lines, a function 60 lines and 5 parameters, a source folder 20 modules, and a module's
# name is unique. Only a function whose parameters a library prescribes may have more of them.
set -u
cd "$(dirname "$0")/../.." || exit 2
bad=0
say() { echo "$*"; bad=1; }
sources=$(find sandbox shield retriever include -name '*.[ch]' | sort)

for file in $sources; do
	lines=$(wc -l <"$file")
	[ "$lines" -le 600 ] || say "$file: $lines lines; 600 is the most"
done
for folder in $(for file in $sources; do dirname "$file"; done | sort -u); do
	modules=$(find "$folder" -maxdepth 1 -name '*.c' ! -name '*_main.c' ! -name '*_gen.c' | wc -l)
	[ "$modules" -le 20 ] || say "$folder: $modules modules; 20 is the most"
done
twice=$(printf '%s\n' $sources | grep '\.c$' | sed 's|.*/||' | sort | uniq -d)
[ -z "$twice" ] || say "module names used twice:" $twice
# file function reason
prescribed='
retriever/score.c tokenizer_cut SQLite: it is an fts5_tokenizer.xTokenize
retriever/terms.c take_word SQLite: it is the xToken of an fts5_tokenizer.xTokenize
'
# clang-format puts a function's opening and closing brace in the first column, and nothing else's but a table's.
awk -v prescribed="$prescribed" '
	BEGIN {
		n = split(prescribed, rows, "\n")
		for (i = 1; i <= n; i++) {
			if (rows[i] == "") continue
			if (split(rows[i], row, " ") < 3) { print "sizes.sh: the row \"" rows[i] "\" gives no reason"; bad = 1 }
			excused[row[1] " " row[2]] = 0
		}
	}
	FNR == 1 { head = ""; depth = 0 }
	/^[a-zA-Z].*[^;{]$/ && !/^(#|static const|struct|enum|union|typedef)/ { head = $0; start = FNR; collecting = ($0 !~ /\)$/); next }
	/^struct [a-z_]+ \**[a-z_0-9]+\(/ { head = $0; start = FNR; collecting = ($0 !~ /\)$/); next }
	collecting && head != "" { head = head $0; collecting = ($0 !~ /\)$/); next }
	/^\{$/ && head != "" {
		open = FNR; parameters = head; sub(/^[^(]*\(/, "", parameters)
		gsub(/\([^()]*\)/, "", parameters); count = gsub(/,/, ",", parameters) + 1
		name = head; sub(/\(.*/, "", name); sub(/.*[ *]/, "", name)
		if (count > 5 && (FILENAME " " name) in excused) excused[FILENAME " " name] = 1
		else if (count > 5) { print FILENAME ":" start ": " name " takes " count " parameters; 5 is the most"; bad = 1 }
		next
	}
	/^\}$/ && open {
		if (FNR - open - 1 > 60) { print FILENAME ":" start ": " name " has " FNR - open - 1 " lines; 60 is the most"; bad = 1 }
		open = 0; head = ""
	}
	/;$/ && !open { head = "" }
	END {
		for (one in excused)
			if (!excused[one]) { print "sizes.sh: the row \"" one "\" excuses no function of more than 5 parameters"; bad = 1 }
		exit bad
	}' $sources || bad=1
[ "$bad" = 0 ] || { echo "sizes: split what is too large"; exit 1; }
