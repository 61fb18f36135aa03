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
times() { # times NAME CMD...: one row
	local name=$1 middle last rest
	shift
	read -r middle last rest < <("$work/spawn" run "$runs" "$@") || { row "$name" "-" "could not be run"; return 0; }
	row "$name" "$middle / $last" "ms p50 / p99"
}

printf '%s, %s cores, Linux %s, %s\n\n' "$(uname -m)" "$(nproc)" "$(uname -r)" "$("$build/cordon" --version)"
cd "$work/space"
times "posix_spawn of a static program" "$nothing"
if command -v bwrap >/dev/null; then
	times "bwrap --unshare-all of it" bwrap --unshare-all --ro-bind / / "$nothing"
fi
CORDON_DATA=$memory/data times "cordon exec of it, log on tmpfs (goal: < bwrap)" "$build/cordon" exec -- "$nothing"
CORDON_DATA=$work/data-exec times "cordon exec of it, log on disk" "$build/cordon" exec -- "$nothing"
read -r middle last rate < <("$work/spawn" flush 500 "$work/flush" 600)
row "append and fdatasync of 600 bytes" "$middle / $last" "ms p50 / p99 ($rate records/s)"
python3 "$here/bench.py" "$work" "$build" | while IFS=$'\t' read -r name value unit; do row "$name" "$value" "$unit"; done
