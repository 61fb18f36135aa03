#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# homes.sh [COMMAND...] - each command, program and section of the config has one folder in docs/ARCHITECTURE.md, and the folder
# is there. Commands are read off the table in sandbox/cli/verbs.h where none are given.
set -u
cd "$(dirname "$0")/../.." || exit 2
document=${HOMES:-docs/ARCHITECTURE.md}
table=$(sed -n '/<!-- homes -->/,/<!-- end homes -->/p' "$document")
bad=0
home() { # home KIND NAME
	homes=$(printf '%s\n' "$table" | sed -n "s/^| $1 .*\`$2\`.*| \`\\([^\`]*\\)\` |\$/\\1/p")
	case $(printf '%s' "$homes" | grep -c .) in
	1) [ -d "$homes" ] || { echo "homes: $1 '$2' lives in '$homes', which is no folder"; bad=1; } ;;
	*) echo "homes: $1 '$2' needs exactly one home in $document"; bad=1 ;;
	esac
}
[ $# -gt 0 ] || set -- $(sed -n 's/^[[:space:]]*X(\([a-z]*\)).*/\1/p' sandbox/cli/verbs.h)
for command in "$@"; do home command "$command"; done
for program in $(sed -n 's/^PROGRAMS := //p' Makefile); do home program "$program"; done
# The schema's own sections are indented by two levels, whatever is below them by more.
for key in $(sed -n '/^\(\t\|  \)"properties"/,/^\(\t\|  \)}/s/^\(\t\t\|    \)"\([a-z-]*\)".*/\2/p' configs/cordon.schema.json); do home key "$key"; done
[ -n "${key:-}" ] || { echo "homes: no key was found in configs/cordon.schema.json"; bad=1; }
exit $bad
