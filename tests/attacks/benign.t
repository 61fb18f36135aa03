#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# benign.t - honest programs under `cordon exec`, as root and as an ordinary user: each must do inside what it does
# outside. A jail that breaks git or python is switched off by the first person whom it stops.
set -u
root=$(cd "$(dirname "$0")/../.." && pwd)
build=${CORDON_BUILD:-$root/build/release}
user=54321
base=$(mktemp -d /var/tmp/cordon-benign.XXXXXX) || exit 1
trap 'rm -rf "$base"' EXIT
chmod 755 "$base"
# A copy that the user may reach, wherever the build lies.
mkdir "$base/cordon"
for program in "$build"/cordon*; do [ -f "$program" ] && [ -x "$program" ] && cp "$program" "$base/cordon/"; done
build=$base/cordon
# Inside, programs are looked up on this path.
PATH=/usr/local/bin:/usr/bin:/bin
count=0 failed=0

# honest NEEDS NAME EXPECTED SCRIPT: SCRIPT, run by sh in an empty workspace, prints EXPECTED and exits 0.
honest() {
	local program status printed
	count=$((count + 1))
	for program in $1; do
		command -v "$program" >/dev/null && continue
		echo "ok $count - $who: $2 # SKIP $program is not installed"
		return
	done
	rm -rf "$base/$who/space"
	as mkdir -p "$base/$who/space"
	printed=$(as timeout -s KILL 60 env HOME="$base/$who/home" CORDON_DATA="$base/$who/data" "$build/cordon" exec \
		--config "$base/cordon.yaml" --workspace "$base/$who/space" "${profile[@]}" -- sh -c "$4" 2>"$base/err" </dev/null)
	status=$?
	if [ $status = 0 ] && [ "$printed" = "$3" ]; then
		echo "ok $count - $who: $2"
		return
	fi
	failed=1
	echo "not ok $count - $who: $2 (status $status)"
	printf 'wanted: %s\ngot: %s\n' "$3" "$printed" | head -c 600 | sed 's/^/# /'
	head -c 600 "$base/err" | sed 's/^/# err: /'
}

programs() {
	honest python3 "python with threads" 4950 'python3 -c "
import threading
total, lock = [0], threading.Lock()
def add(n):
    with lock: total[0] += n
threads = [threading.Thread(target=add, args=(n,)) for n in range(100)]
[t.start() for t in threads]; [t.join() for t in threads]
print(total[0])"'
	honest python3 "python with a pool of processes" "[0, 1, 4, 9, 16]" 'python3 -c "
import multiprocessing
def square(n): return n * n
if __name__ == \"__main__\":
    with multiprocessing.Pool(3) as pool: print(pool.map(square, range(5)))"'
	honest python3 "python with a subprocess and a temporary file" "HELLO" 'python3 -c "
import subprocess, tempfile
with tempfile.NamedTemporaryFile() as f:
    f.write(b\"hello\"); f.flush()
    print(subprocess.run([\"tr\", \"a-z\", \"A-Z\"], stdin=open(f.name), capture_output=True, text=True).stdout)"'
	honest seq "a pipeline of the shell" 333 "seq 1000 | while read n; do echo \$((n % 3)); done | grep -c '^0' | cat"
	honest mkfifo "a named pipe and a job in the background" "through" \
		"mkfifo p; echo through >p & cat p; wait"
	honest git "git init, commit and log" "first
 a | 1 +" "git init -q . && git config user.email a@b && git config user.name a && echo x >a && git add a &&
		git commit -q -m first && git log --stat --format=%s | grep -v '^\$' | head -n 2"
	honest git "git branches, merges and clones" 4 "git init -q r && cd r && git config user.email a@b && git config user.name a &&
		git commit -q --allow-empty -m 1 && git checkout -q -b side && echo s >s && git add s && git commit -q -m 2 &&
		git checkout -q - && echo m >m && git add m && git commit -q -m 3 && git merge -q --no-edit side && cd .. &&
		git clone -q r copy && git -C copy rev-list --count HEAD"
	honest sqlite3 "sqlite3 with a journal" "3|60" \
		"sqlite3 t.db 'pragma journal_mode=wal; create table t(n); insert into t values(10),(20),(30);' >/dev/null && sqlite3 t.db 'select count(*), sum(n) from t'"
	honest perl "perl with fork and regular expressions" "child 7
b-a" "perl -e '\$| = 1; if (!fork) { print qq(child 7\n); exit 0 } wait; (my \$s = q(a-b)) =~ s/(\w)-(\w)/\$2-\$1/; print qq(\$s\n)'"
	honest "tar gzip" "tar and gzip, modes and links kept" "d/f d/l -> f 750 x" \
		"mkdir d && echo x >d/f && chmod 750 d/f && ln -s f d/l && tar czf a.tgz d && rm -r d && tar xzf a.tgz &&
		echo d/f d/l '->' \$(readlink d/l) \$(stat -c %a d/f) \$(cat d/l)"
	honest "make gcc" "make and gcc" "built 42" "printf '#include <stdio.h>\nint main(void) { puts(\"built 42\"); }\n' >m.c &&
		printf 'm: m.c\n\tgcc -O2 -o m m.c\n' >Makefile && make -s && ./m"
	honest "sort seq" "sort of a big file" "1 300000 sorted" \
		"seq 300000 | sort -R >big && sort -n -S 1M -o sorted big && echo \$(head -n 1 sorted) \$(tail -n 1 sorted) \$(sort -n -c sorted && echo sorted)"
	honest "find xargs" "find and xargs" 50 \
		"for i in \$(seq 50); do mkdir -p d\$i && echo hit >\"d\$i/a file\"; done; find . -type f -print0 | xargs -0 -P 2 -n 5 cat | wc -l"
	honest node "node with promises and a file" "[1,4,9] kept" "node -e '
const fs = require(\"fs\");
Promise.all([1, 2, 3].map(async n => n * n)).then(all => {
  fs.writeFileSync(\"kept\", \"kept\");
  console.log(JSON.stringify(all), fs.readFileSync(\"kept\", \"utf8\"));
});'"
	honest awk "awk" "b 5
a 4" "printf 'a 1\nb 5\na 3\n' | awk '{ sum[\$1] += \$2 } END { for (k in sum) print k, sum[k] }' | sort -k 2 -rn"
	honest grep "grep -r" "./x/y:2:needle" "mkdir x && printf 'hay\nneedle\n' >x/y && echo hay >z && grep -rn needle ."
	honest sed "sed -i, which renames" "after" "echo before >f && sed -i s/before/after/ f && cat f"
	honest "diff patch" "diff and patch" "new" "echo old >a; echo new >b; diff -u a b >p; patch -s a p && cat a"
	honest flock "flock" "locked" "flock lock echo locked"
	honest timeout "timeout and its signal" "124" "timeout 0.2 sleep 5; echo \$?"
}

as_user() { setpriv --reuid=$user --regid=$user --clear-groups "$@"; }
as_self() { "$@"; }

profile=()
rung=$("$build/cordon" doctor --json 2>/dev/null | sed -n 's/.*"rung": *\([0-9]\).*/\1/p')
if [ "${rung:-0}" = 0 ]; then
	echo "1..0 # SKIP this machine has no rung"
	exit 0
fi
echo 'version: 1' >"$base/cordon.yaml"
if [ "$rung" = 3 ]; then
	echo 'profiles: {bare: {write: ["${workspace}"], allow-missing: [namespaces]}}' >>"$base/cordon.yaml"
	profile=(--profile bare)
fi
if [ "$(id -u)" = 0 ]; then
	whos="root user"
else
	whos=user
fi
for who in $whos; do
	as() { as_self "$@"; }
	mkdir -p "$base/$who/home" "$base/$who/data"
	if [ "$who" = user ] && [ "$(id -u)" = 0 ]; then
		as() { as_user "$@"; }
		chown -R $user:$user "$base/$who"
	fi
	programs
done
echo "1..$count"
exit $failed
