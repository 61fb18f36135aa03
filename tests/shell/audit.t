#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# audit.t - the log writer spoken to by a client that is not ours, and its log checked by the program in docs/AUDIT.md.
set -u
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
count=0
ok() { # ok NAME STATUS
	count=$((count + 1))
	if [ "$2" -eq 0 ]; then echo "ok $count - $1"; else echo "not ok $count - $1"; fi
}
if ! command -v python3 >/dev/null || ! command -v openssl >/dev/null; then
	echo "1..0 # SKIP python3 and openssl are not installed"
	exit 0
fi

sed -n '/^```python$/,/^```$/p' "$root/docs/AUDIT.md" | sed '1d;$d' >"$work/verify.py"
cat >"$work/append.py" <<'PY'
import os, socket, struct, sys
program, folder, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
os.makedirs(folder, 0o700, exist_ok=True)
ours, theirs = socket.socketpair()
pid = os.fork()
if pid == 0:
    os.dup2(theirs.fileno(), 3)
    os.closerange(4, 64)
    os.execv(program, ["cordon-log", folder])
theirs.close()
stream = ours.makefile("rb")
def answer():
    kind, length = struct.unpack("<II", stream.read(8))
    return kind, stream.read(length)
kind, payload = answer()
if kind == 19:
    print(payload[8:].decode()); sys.exit(1)
assert kind == 16, kind
for number in range(count):
    record = b'{"number":%d}' % number
    ours.sendall(struct.pack("<II", 1, len(record)) + record)
    kind, payload = answer()
    assert kind == 18 and len(payload) == 8, (kind, payload)
ours.close(); stream.close()
os.waitpid(pid, 0)
PY

python3 "$work/append.py" "$CORDON_BUILD/cordon-log" "$work/audit" 600
ok "600 records are answered and the writer ends by itself" $?
test ! -e "$work/audit/socket"
ok "it takes its socket away" $?
out=$(python3 "$work/verify.py" "$work/audit")
ok "the program in docs/AUDIT.md finds the log intact" $?
case $out in "601 entries of cordon/"*": intact") ok "it counts the boot record too" 0 ;; *) ok "it counts: $out" 1 ;; esac
cp -a "$work/audit" "$work/copy"
printf x | dd of="$work/copy/tile/entries/001" bs=1 seek=1000 conv=notrunc 2>/dev/null
! python3 "$work/verify.py" "$work/copy" >/dev/null 2>&1
ok "it finds a changed entry" $?
cp -a "$work/audit" "$work/copy2"
sed -i '2s/601/600/' "$work/copy2/checkpoint"
! python3 "$work/verify.py" "$work/copy2" >/dev/null 2>&1
ok "it finds a changed checkpoint" $?
out=$(python3 "$work/append.py" "$CORDON_BUILD/cordon-log" "$work/copy2" 1)
case $out in *"checkpoint"*"signature does not hold"*) ok "a writer refuses that log and says why" 0 ;; *) ok "refused: $out" 1 ;; esac
out=$("$CORDON_BUILD/cordon-log" "$work/audit" 2>&1 3>&-)
status=$?
test $status -eq 2 -a -n "$out"
ok "started by hand it says what it is, with status 2" $?
# What it asks for itself: what libcrypto brings along differs from one distribution to the next.
libraries=$(readelf -d "$CORDON_BUILD/cordon-log" | sed -n 's/.*(NEEDED).*\[\(.*\)\].*/\1/p')
case $libraries in
*libasan*) ok "what it links # SKIP the sanitizers link more" 0 ;;
*)
	test "$(printf '%s\n' "$libraries" | sed 's/\.so.*//' | sort | paste -sd ' ')" = 'libc libcrypto'
	ok "it links libcrypto and the C library alone" $?
	;;
esac
echo "1..$count"
