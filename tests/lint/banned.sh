#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# banned.sh - what the poisoned header (sandbox/base/banned.h) cannot see: an undone poison, alloca, unfinished marks,
# typedef'd structs, and a third-party header outside of its home.
set -u
cd "$(dirname "$0")/../.." || exit 2
bad=0
none() { # none WHY REGEX: no line of the sources holds it
	found=$(find sandbox shield retriever include -name '*.[ch]' ! -name banned.h | sort | xargs grep -nE -- "$2" /dev/null) || return 0
	printf '%s\n' "$found"
	echo "banned: $1"
	bad=1
}
none "alloca() has no limit" '\balloca *\('
none "the poison stays" '#(undef|define) +(strcpy|strcat|sprintf|vsprintf|strncpy|strncat|strtok|atoi|strtol|gets|system|popen|tmpnam)\b|pragma GCC system_header'
none "a mark without an issue's number" '\b(TODO|FIXME|XXX)\b'
none "structs are not typedef'd" 'typedef +(struct|union)\b'
none "a line comment is for what is not committed (the SPDX line stands alone)" '^[[:space:]]*//[^S]*[^ S]|^[[:space:]]+//'

home() { # home HEADER FILE...: the header is included by these alone
	header=$1
	shift
	for file in $(grep -rlE "#include <$header" sandbox shield retriever include); do
		case " $* " in *" $file "*) ;; *) echo "$file: <$header> has its home in: $*"; bad=1 ;; esac
	done
}
home seccomp.h sandbox/jail/filter_gen.c
home yaml.h sandbox/policy/yaml.c sandbox/cli/late/late_yaml.c
home pcre2.h sandbox/policy/schema/regex.c sandbox/cli/late/late_pcre2.c
home sqlite3.h sandbox/base/db.h sandbox/cli/late/late_sqlite.c
home zlib.h shield/gunzip.c
found=$(grep -rnE '\bjson_load[a-z_]* *\(' sandbox shield retriever | grep -v '^sandbox/base/json\.c:') && { printf '%s\n' "$found"; echo "banned: JSON is loaded by sandbox/base/json.c, which is strict"; bad=1; }
found=$(grep -rnE '\b(posix_spawnp?|exec[lv]p?e?) *\(' sandbox shield retriever | grep -vE '^sandbox/(base/program|jail/launcher/launch_tool|jail/launcher/launch_main)\.c:') && { printf '%s\n' "$found"; echo "banned: programs are started by sandbox/base/program.c and the launcher alone"; bad=1; }
[ "$bad" = 0 ] || exit 1
