#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# switch-off.sh BUILD [NAME...] - is each protection needed? For every `off:` name in the attacks' first lines (`-` where
# nothing can be left out) builds the jail without the thing of that name and runs the attacks that name it: one at least
# must now reach its goal. If none does, other layers hold them too, and the line says so. Takes minutes: run by hand.
set -u
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
whole=$(realpath "${1:?switch-off.sh BUILD [NAME...]: BUILD is a folder in which all is built}") || exit 2
shift
[ $# -gt 0 ] || mapfile -t names < <(head -qn 1 "$here"/*.c | sed -n 's/.*| off: \([^ ]*\) .*/\1/p' |
	grep -vx -e - | sort -u)
[ $# = 0 ] || names=("$@")
off=$(mktemp -d /var/tmp/cordon-switch-off.XXXXXX)
trap 'rm -rf "$off"' EXIT
chmod 755 "$off"

# The jail alone looks at the switch, so the rest is taken along as it was built.
build_without() {
	rm -rf "$off/build"
	cp -a "$whole" "$off/build" || return 1
	rm -rf "$off"/build/{cordon,cordon-launch,filter_gen,gen,libcordon-rooms.a} "$off"/build/sandbox/jail
	make -s -C "$root" BUILD="$off/build" CPPFLAGS="-DCORDON_SWITCH_OFF='\"$1\"'" "$off/build/cordon" \
		"$off/build/cordon-launch" >"$off/log" 2>&1
}
# Those of the attacks that name $1 and reach their goal on rung $2 as $3.
reached() {
	local attacks
	mapfile -t attacks < <(grep -l "| off: $1 " "$here"/*.c | xargs -n 1 basename -s .c)
	CORDON_BUILD=$off/build "$here/run.sh" "$2" "$3" "${attacks[@]}" 2>/dev/null |
		grep -v 'without a sandbox\|was not run' | sed -n 's/^not ok [0-9]* - \([^:]*\):.*/\1/p'
}

count=0 failed=0
for name in "${names[@]}"; do
	count=$((count + 1))
	if ! build_without "$name"; then
		echo "not ok $count - $name: does not build without it"; sed 's/^/# /' "$off/log" | tail -n 5; failed=1
		continue
	fi
	found=
	for where in "1 root" "1 user" "3 user"; do
		# shellcheck disable=SC2086
		found=$(reached "$name" $where | paste -sd ' ')
		[ -z "$found" ] || break
	done
	if [ -n "$found" ]; then
		echo "ok $count - without $name, on rung $where: $found"
	else
		echo "not ok $count - without $name every attack is still contained"; failed=1
	fi
done
echo "1..$count"
exit $failed
