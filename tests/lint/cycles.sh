#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# cycles.sh - modules (x.c and x.h together) never form a loop of includes.
set -u
cd "$(dirname "$0")/../.." || exit 2
loops=$(find sandbox shield retriever -name '*.[ch]' | sort | xargs grep -HE '^#include "' /dev/null |
	sed 's/^\(.*\)\.[ch]:#include "\(.*\)\.h".*/\1 \2/' | awk '$1 != $2' | sort -u | tsort 2>&1 >/dev/null)
[ -z "$loops" ] || { printf '%s\n' "$loops"; echo "cycles: these modules include each other in a loop"; exit 1; }
