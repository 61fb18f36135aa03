#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# run.sh RUNG WHO [ATTACK...] - every hostile program, first without a sandbox (it must reach its goal), then under
# `cordon exec` (it must not), on one rung and as root or as an ordinary user. Prints TAP.
#
# Rung 2 is a /proc that is partly covered, so no new one can be mounted; rung 3 a user namespace in which no other can be
# made: both are made with bwrap, as containers make them.
set -u
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
build=${CORDON_BUILD:-$root/build/release}
rung=$1 who=$2
shift 2
user=54321

skip_all() { echo "1..0 # SKIP $1"; exit 0; }

[ "$who" = root ] && [ "$(id -u)" != 0 ] && skip_all "not root"
[ "$rung" = 1 ] || command -v bwrap >/dev/null || skip_all "no bwrap to make rung $rung"
prefix=()
[ "$who" = user ] && [ "$(id -u)" = 0 ] && prefix=(setpriv "--reuid=$user" "--regid=$user" --clear-groups)
as() { "${prefix[@]}" "$@"; }
case $rung in
1) enter=() ;;
2) enter=(bwrap --dev-bind / / --ro-bind /dev/null /proc/timer_list --) ;;
3) enter=(bwrap --unshare-user --disable-userns --dev-bind / / --) ;;
esac

base=$(mktemp -d /var/tmp/cordon-attacks.XXXXXX)
# The victim tells its own number: what runs in the background here may be a shell around it.
trap 'kill $victim $(sed -n "s/^pid \([0-9]*\).*/\1/p" "$base/victim.txt") 2>/dev/null; rm -rf "$base"' EXIT
mkdir -p "$base/bin" "$base/outside/home/.ssh" "$base/outside/shown" "$base/home" "$base/data"
echo SECRET >"$base/data/probe"
for source in "$here"/*.c; do
	name=$(basename "$source" .c)
	[ $# = 0 ] || [[ " $* victim " == *" $name "* ]] || continue
	${CC:-cc} -D_GNU_SOURCE -O0 -o "$base/bin/$name" "$source" -lrt 2>"$base/cc.log" || { echo "Bail out! $name does not compile"; cat "$base/cc.log" >&2; exit 1; }
done
[ "$who" = user ] && [ "$(id -u)" = 0 ] && chown -R $user:$user "$base"
chmod 755 "$base"
chmod 777 "$base/outside/shown"
[ "$(id -u)" != 0 ] || { mknod "$base/outside/shown/device" c 1 3 && chmod 666 "$base/outside/shown/device"; } 2>/dev/null
# A copy that the user may reach, wherever the build lies.
mkdir -p "$base/cordon"
for program in "$build"/cordon*; do [ -f "$program" ] && [ -x "$program" ] && cp "$program" "$base/cordon/"; done
build=$base/cordon
[ -x "$build/cordon" ] && [ -x "$build/cordon-launch" ] || { echo "Bail out! no programs in ${CORDON_BUILD:-$root/build/release}"; exit 1; }
ws=$base/space out=$base/outside
export HOME=$out/home CORDON_DATA=$base/data ATTACK_TOKEN=SECRET

as "$base/bin/victim" attack "$ws" "$out" - </dev/null >"$base/victim.txt" 2>/dev/null &
victim=$!
for _ in 1 2 3 4 5 6 7 8 9 10; do [ -s "$base/victim.txt" ] && break; sleep 0.1; done
facts=$(cat "$base/victim.txt")

renew() {
	rm -rf "$ws" "$out/slow" "$out/made" "$out"/hit.* "$out/shown/made"
	as mkdir -p "$ws/policy" "$ws/late"
	as ln "$out/socket" "$ws/listener"
	as sh -c "echo SECRET >'$out/input'; chmod 666 '$out/input'"
	as sh -c "echo SECRET >'$out/secret'; chmod 600 '$out/secret'; echo SECRET >'$out/to-delete'; echo SECRET >'$out/to-rename'; echo SECRET >'$out/home/.ssh/id_rsa'"
	as sh -c "printf 'version: 1\n%s' '$1' >'$config'"
	as cp "$base/bin/$name" "$ws/attack"
}
# The manners in which an attack may want to be run: plainly; with its supervisor killed after a second; in one group with a
# process that a signal is told from; with something mounted in its workspace meanwhile.
with_none() { as timeout -s KILL 60 "$@"; }
with_killed() {
	(exec "${prefix[@]}" "$@") &
	sleep 1
	kill -9 $!
	sleep 1.1
	as touch "$ws/killed"
	sleep 2.5
	pkill -9 -f "$ws/attack" # what did go on
	return 1
}
with_group() { as timeout -s KILL 60 sh -c 'out=$1; shift; trap "echo hit >\"$out/hit.group\"" USR1; "$@" & wait $!; wait' sh "$out" "$@"; }
with_mounted() {
	mount --bind "$ws" "$ws" && mount --make-shared "$ws" || return 1
	(sleep 1; mount -t tmpfs tmpfs "$ws/late" && touch "$ws/late/mounted") &
	with_none "$@"
	local rc=$?
	wait
	umount "$ws/late"
	umount "$ws"
	return $rc
}
# Runs "$@" as the user with what a careless caller leaves open; sets $status.
careless() {
	local start=$SECONDS
	(
		exec 9<"$out/secret"
		ulimit -e 40 2>/dev/null # a root's: lets raise-priority try
		cd "$folder" && with_"$manner" "$@" <"$input" 2>"$base/err"
	) | cat >/dev/null
	status=${PIPESTATUS[0]}
	[ $((SECONDS - start)) -lt 7 ] || as touch "$out/slow"
}
verdict() {
	as "$base/bin/$name" check "$ws" "$out" "$facts" >/dev/null 2>&1
	local checked=$?
	[ $checked = 76 ] || status=$checked
}

# What an attack's first line says under a name; "$2" where it says nothing.
asked() {
	local rest=${head#*| $1: }
	[ "$rest" != "$head" ] || { echo "$2"; return; }
	rest=${rest%% |*}
	echo "${rest% \*/}"
}
# `limits: {...}`: tighter ones, so that it need not outlast the default; `keys: ...`: more of the profile.
profile_of() {
	local limits keys relax=''
	limits=$(asked limits '') keys=$(asked keys '' | sed "s|@OUT@|$out|g; s|@BASE@|$base|g")
	limits=${limits:+, limits: $limits}${keys:+, $keys}
	[ "$rung" = 3 ] && relax=', allow-missing: [namespaces]'
	[ -z "$limits$relax" ] || echo "profiles: {tool: {write: [\"\${workspace}\"]$relax$limits}}"
}
count=0 failed=0
for source in "$here"/*.c; do
	name=$(basename "$source" .c)
	[ "$name" = victim ] && continue
	[ $# = 0 ] || [[ " $* " == *" $name "* ]] || continue
	head=$(head -n 1 "$source")
	goal=${head#*goal: } goal=${goal%% |*}
	count=$((count + 1))
	[[ $head == *"rungs: "*"$rung"* ]] || { echo "ok $count - $name # SKIP not a promise of rung $rung"; continue; }
	[[ $head == *"user: root"* ]] && [ "$who" != root ] && { echo "ok $count - $name # SKIP only root could"; continue; }
	# On rung 3 a part of a folder cannot be protected, so a policy in the workspace is refused: which is what stops those who
	# go for it.
	config=$ws/cordon.yaml
	[ "$(asked config '')" != policy ] || config=$ws/policy/cordon.yaml
	manner=$(asked run none)
	folder=$ws input=/dev/null
	[ "$(asked cwd '')" != outside ] || folder=$out
	[ "$(asked stdin '')" != outside ] || input=$out/input
	[ "$rung" != 3 ] || [[ $name == config-* ]] || config=$base/home/cordon.yaml
	renew ""
	PLAIN=1 careless "$ws/attack" attack "$ws" "$out" "$facts"
	verdict
	if [ $status = 77 ]; then echo "ok $count - $name # SKIP this kernel has no such thing"; continue; fi
	if [ $status != 0 ]; then
		echo "not ok $count - $name: reaches its goal without a sandbox ($goal; status $status)"; failed=1; continue
	fi
	renew "$(profile_of)"
	careless "${enter[@]}" "$build/cordon" exec --config "$config" --workspace "$ws" -- \
		"$ws/attack" attack "$ws" "$out" "$facts"
	ran=$status
	verdict
	if [ $ran = 125 ] && [ "$rung" = 3 ] && [[ $config == "$ws"/* ]] && grep -q 'must stay as it is' "$base/err"; then
		echo "ok $count - $name is refused: $goal"
	elif [ $ran = 125 ] || [ $ran = 126 ] || [ $ran = 127 ]; then
		echo "not ok $count - $name: was not run (status $ran)"; sed 's/^/# /' "$base/err"; failed=1
	elif [ $status = 0 ]; then
		echo "not ok $count - $name: $goal"; failed=1
	else
		echo "ok $count - $name is contained: $goal"
	fi
done
echo "1..$count"
exit $failed
