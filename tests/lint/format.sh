#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# format.sh - every C file is as clang-format lays it out, and opens with its licence.
set -u
cd "$(dirname "$0")/../.." || exit 2
command -v clang-format >/dev/null || { echo "format: needs the package clang-format"; exit 1; }
bad=0
files=$(find sandbox shield retriever include tests/unit tests/fuzz -name '*.[ch]' | sort)
for file in $files; do
	clang-format "$file" | cmp -s - "$file" || { echo "$file: is not as clang-format lays it out"; bad=1; }
	head -n 1 "$file" | grep -q 'SPDX-License-Identifier: Apache-2.0' || { echo "$file: has no SPDX line at its head"; bad=1; }
done
[ "$bad" = 0 ] || { echo "format: run clang-format -i on them"; exit 1; }
