#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# layers.sh - an include points to a lower rank or stays in its folder. The ranks are read out of docs/ARCHITECTURE.md.
set -u
cd "$(dirname "$0")/../.." || exit 2
ranks=$(sed -n '/<!-- ranks -->/,/<!-- end ranks -->/s/^| *\([0-9]\) *| *`\([^`]*\)`.*/\1 \2/p' docs/ARCHITECTURE.md)
[ -n "$ranks" ] || { echo "layers: docs/ARCHITECTURE.md has no table of ranks"; exit 1; }
find include sandbox shield retriever -name '*.[ch]' | sort | xargs grep -HnE '^#include "' /dev/null |
	sed 's/:#include "\([^"]*\)".*/ \1/' |
	awk -v ranks="$ranks" '
	BEGIN { n = split(ranks, row, "\n"); for (i = 1; i <= n; i++) { split(row[i], f, " "); rank[f[2]] = f[1] } }
	function folder(path) { sub(/\/[^\/]*$/, "", path); return path }
	{
		split($1, place, ":"); from = folder(place[1]); to = folder($2)
		if ($2 ~ /^filter_(x86_64|aarch64)\.h$/) next # generated into the build folder
		if (!(from in rank)) { print $1 ": folder \"" from "\" has no rank in docs/ARCHITECTURE.md"; bad = 1 }
		else if (!(to in rank)) { print $1 ": \"" $2 "\" is not spelled from the root, or its folder has no rank"; bad = 1 }
		else if (from != to && rank[to] >= rank[from]) { print $1 ": rank " rank[from] " includes rank " rank[to] ": " $2; bad = 1 }
	}
	END { exit bad }' || { echo "layers: includes point down the ranks only"; exit 1; }
