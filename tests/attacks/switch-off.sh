#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# switch-off.sh [NAME...] - is each protection needed? Every row of the jail's tables that can be left out (or those that are
# named) is left out in turn in a test-only build, with what its row says holds the same attack: the attack that the row names must
# then reach its goal. With the others alone left out it must still be contained. Of a row that "fails closed" it is shown that
# without it no program runs. Prints TAP; takes half an hour, so it is run by hand.
set -u
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
off=$(mktemp -d /var/tmp/cordon-switch-off.XXXXXX)
trap 'rm -rf "$off"' EXIT
chmod 755 "$off"
cd "$root" || exit 2
${CC:-cc} -D_GNU_SOURCE -I. -o "$off/rows" tests/attacks/switch/rows.c sandbox/jail/filter_table.c || exit 2
wheres=("1 user" "3 user" "2 user")
[ "$(id -u)" != 0 ] || wheres=("1 root" "1 user" "3 user" "3 root" "2 user")

# Only what asks for the switch is compiled for it, once; then the list is linked in anew.
filter=none
build_without() { # build_without "NAMES"
	local rules
	rules=$(printf '%s\n' $1 | grep -x 'rule-.*\|architecture' | paste -sd ' ')
	${CC:-cc} -D_GNU_SOURCE -DCORDON_SWITCH_OFF -DOFF="\"$1\"" -O1 -fPIC -I. -c -o "$off/switched_off.o" tests/attacks/switch/switched_off.c || return 1
	[ "$rules" = "$filter" ] || rm -rf "$off/build/filter_gen"
	filter=$rules
	rm -f "$off"/build/cordon "$off"/build/cordon-launch
	make -s BUILD="$off/build" CPPFLAGS=-DCORDON_SWITCH_OFF LDFLAGS="$off/switched_off.o" programs >"$off/log" 2>&1
}
reaches() { # reaches ATTACK WHERE: whether it reaches its goal there; $said is run.sh's line
	# shellcheck disable=SC2086
	said=$(CORDON_BUILD=$off/build "$here/run.sh" $2 "$1" 2>/dev/null | grep -- " - $1") # "not ok 1 - NAME: GOAL"
	case $said in *'without a sandbox'* | *'was not run'*) return 1 ;; "not ok"*) return 0 ;; *) return 1 ;; esac
}
# Prints the first place where the attack reaches its goal.
place_of() {
	for where in "${wheres[@]}"; do reaches "$1" "$where" && { echo "$where"; return; }; done
	return 1
}
runs_nothing() { # somewhere at least the launch fails
	local bare
	for where in "${wheres[@]}"; do
		bare=()
		[ "${where%% *}" = 3 ] && bare=(bwrap --unshare-user --disable-userns --dev-bind / / --)
		[ "${where%% *}" = 2 ] && bare=(bwrap --dev-bind / / --ro-bind /dev/null /proc/timer_list --)
		rm -rf "$off/try" && mkdir -p "$off/try/ws" && cp "$off"/build/cordon* "$off/try/"
		printf 'version: 1\nprofiles: {tool: {write: ["${workspace}"], allow-missing: [namespaces]}}\n' >"$off/try/c.yaml"
		chmod -R a+rwX "$off/try"
		(
			cd "$off/try/ws" || exit
			prefix=()
			[ "$where" = "${where% user}" ] || [ "$(id -u)" != 0 ] || prefix=(setpriv --reuid=54321 --regid=54321 --clear-groups)
			HOME=$off/try CORDON_DATA=$off/try/data "${prefix[@]}" "${bare[@]}" ../cordon exec --config ../c.yaml -- /bin/true
		) >/dev/null 2>&1
		[ $? = 125 ] && { echo "$where"; return 0; }
	done
	return 1
}

count=0 failed=0
result() { # result STATUS TEXT
	count=$((count + 1))
	[ "$1" = 0 ] && echo "ok $count - $2" || { echo "not ok $count - $2"; failed=1; }
}
while IFS=$'\t' read -r name attack behind; do
	[ $# = 0 ] || [[ " $* " == *" $name "* ]] || continue
	if ! build_without "$name${behind:+ $behind}"; then
		result 1 "$name: does not build without it"
		sed 's/^/# /' "$off/log" | tail -n 5
	elif [ "$attack" = - ]; then
		where=$(runs_nothing)
		result $? "without $name nothing runs${where:+, on rung $where}"
	elif ! where=$(place_of "$attack"); then
		reaches "$attack" "${wheres[0]}"
		case $said in
		*SKIP*no\ such*) result 0 "$name # SKIP $attack cannot be made on this kernel" ;;
		*) result 1 "without $name${behind:+ and $behind} $attack is still contained" ;;
		esac
	elif [ -z "$behind" ]; then
		result 0 "without $name, on rung $where: $attack"
	else
		build_without "$behind" && ! reaches "$attack" "$where"
		result $? "without $name and $behind, on rung $where: $attack; without $behind alone it is contained"
	fi
done < <("$off/rows" | sort -u)
echo "1..$count"
exit $failed
