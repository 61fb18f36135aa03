#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# run.sh BUILD - figures against their peers and floors, all of one run: a bare posix_spawn, bwrap where it is installed, a
# bare append with fdatasync, bare FTS5. BENCH_RUNS (200) spawns each, BENCH_DOCUMENTS (3000) documents.
set -eu -o pipefail
here=$(cd "$(dirname "$0")" && pwd)
build=$(cd "${1:-$here/../../build/release}" && pwd)
runs=${BENCH_RUNS:-200}
work=$(mktemp -d /var/tmp/cordon-bench.XXXXXX)
memory=$(mktemp -d /dev/shm/cordon-bench.XXXXXX)
trap 'rm -rf "$work" "$memory"' EXIT
mkdir -p "$work/home" "$work/space"
export HOME=$work/home
unset CORDON_SESSION XDG_CONFIG_HOME XDG_DATA_HOME 2>/dev/null || :

${CC:-cc} -O2 -o "$work/spawn" "$here/spawn.c"
echo 'int main(void) { return 0; }' | ${CC:-cc} -O2 -static -x c -o "$work/space/nothing" -
nothing=$work/space/nothing

row() { printf '%-50s %18s  %s\n' "$1" "$2" "$3"; }

printf '%s, %s cores, Linux %s, %s\n\n' "$(uname -m)" "$(nproc)" "$(uname -r)" "$("$build/cordon" --version)"
cd "$work/space"
# All in turn, in one loop: what else the machine does meets all alike.
names=("posix_spawn of a static program") commands=("$nothing")
if command -v bwrap >/dev/null; then
	names+=("bwrap --unshare-all of it") commands+=(--- bwrap --unshare-all --ro-bind / / "$nothing")
fi
names+=("cordon exec of it, log on tmpfs (goal: < bwrap)" "cordon exec of it, log on disk")
commands+=(--- "CORDON_DATA=$memory/data" "$build/cordon" exec -- "$nothing")
commands+=(--- "CORDON_DATA=$work/data-exec" "$build/cordon" exec -- "$nothing")
low=() middle=()
while read -r p10 p50 p99 _; do
	row "${names[${#middle[@]}]}" "$p10 / $p50 / $p99" "ms p10 / p50 / p99"
	low+=("$p10") middle+=("$p50")
done < <("$work/spawn" run "$runs" "${commands[@]}")
times_of() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", a / b }'; }
if [ "${#middle[@]}" = 4 ]; then
	row "exec to bwrap, log on tmpfs" "$(times_of "${low[2]}" "${low[1]}") / $(times_of "${middle[2]}" "${middle[1]}")" "p10 / p50 (goal: < 1)"
fi
read -r _ flush last rate < <("$work/spawn" flush 500 "$work/flush" 600)
row "append and fdatasync of 600 bytes" "$flush / $last" "ms p50 / p99 ($rate records/s)"
SPAWN_MS=${middle[0]} FLUSH_MS=$flush python3 "$here/bench.py" "$work" "$build" | while IFS=$'\t' read -r name value unit; do row "$name" "$value" "$unit"; done
