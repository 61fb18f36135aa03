# SPDX-License-Identifier: Apache-2.0
"""bench.py WORK BUILD - what run.sh leaves to Python: documents, the store against bare FTS5, the log, MCP.

Prints one row a figure: name, value, unit. Every peer is measured in the same run, on the same documents and disk.
"""
import json, os, random, re, socket, sqlite3, struct, subprocess, sys, time

WORK, BUILD = sys.argv[1], sys.argv[2]
CORDON = f"{BUILD}/cordon"


def row(name, value, unit):
    print(f"{name}\t{value}\t{unit}", flush=True)


def middle(times, part):
    times = sorted(times)
    return times[min(len(times) - 1, int(len(times) * part))]


def documents(limit):
    """Texts of this machine's documentation, 4,000 characters each at most, none twice."""
    seen, found = set(), []
    for folder in ("/usr/share/doc", "/usr/share/perl", "/usr/share/common-licenses"):
        for path, folders, files in os.walk(folder):
            folders.sort()
            for name in sorted(files):
                if len(found) == limit:
                    return found
                file = os.path.join(path, name)
                if name.endswith((".gz", ".png", ".pdf", ".svg")) or not os.path.isfile(file):
                    continue
                text = open(file, "rb").read(4000).decode("utf-8", "ignore").replace("\0", "")
                if len(text) > 200 and text not in seen:
                    seen.add(text)
                    found.append((file, text))
    return found


def environment(data):
    return {"PATH": os.environ["PATH"], "HOME": f"{WORK}/home", "CORDON_DATA": data}


def bench_store(texts):
    """cordon index, and the search tool over MCP with its log on tmpfs, against FTS5 alone."""
    source = f"{WORK}/documents.jsonl"
    with open(source, "w", encoding="utf-8") as out:
        for name, text in texts:
            out.write(json.dumps({"id": name, "text": text}) + "\n")
    size = sum(len(text.encode()) for _, text in texts)
    start = time.perf_counter()
    done = subprocess.run([CORDON, "scan", "--jsonl", "--json", source], env=environment(f"{WORK}/data-scan"), stdout=subprocess.DEVNULL)
    row("scan", f"{size / 1e6 / (time.perf_counter() - start):.1f}", "MB/s")
    assert done.returncode in (0, 4), done.returncode
    start = time.perf_counter()
    done = subprocess.run([CORDON, "index", "--jsonl", "--json", source], env=environment(f"{WORK}/data"), capture_output=True)
    seconds = time.perf_counter() - start
    assert done.returncode == 0, done.stderr
    counts = json.loads(done.stdout)
    row("index", f"{len(texts) / seconds:.0f}", f"documents/s ({counts['documents']} in, {counts['quarantined']} held back)")

    db = sqlite3.connect(f"{WORK}/bare.db")
    db.execute("PRAGMA journal_mode=WAL")
    start = time.perf_counter()
    db.execute("CREATE VIRTUAL TABLE t USING fts5(name UNINDEXED, text)")
    db.executemany("INSERT INTO t VALUES (?, ?)", texts)
    db.commit()
    row("index, bare FTS5 (no scan)", f"{len(texts) / (time.perf_counter() - start):.0f}", "documents/s")

    chance = random.Random(7)
    words = sorted({word for _, text in texts for word in re.findall(r"[a-z]{4,12}", text)})
    queries = [" ".join(chance.sample(words, 3)) for _ in range(300)]
    bare = []
    for query in queries:
        start = time.perf_counter()
        db.execute("SELECT name, snippet(t, 1, '', '', '', 32) FROM t WHERE t MATCH ? ORDER BY rank LIMIT 10",
                   (" OR ".join(query.split()),)).fetchall()
        bare.append((time.perf_counter() - start) * 1e3)
    with Server("  s: {store: search, args: {query: {type: string}}}\n", f"{WORK}/data") as server:
        gated = [server.call("s", {"query": query}) for query in queries]
    row("search, gated", f"{middle(gated, .5):.2f} / {middle(gated, .99):.2f}", "ms p50 / p99")
    row("search, bare FTS5", f"{middle(bare, .5):.2f} / {middle(bare, .99):.2f}", "ms p50 / p99")


def bench_log(folder, count=1000, size=600):
    """One record at a time: sent, flushed, answered."""
    os.makedirs(folder, 0o700)
    ours, theirs = socket.socketpair()
    child = subprocess.Popen([f"{BUILD}/cordon-log", folder], pass_fds=[3] if theirs.fileno() == 3 else [],
                             preexec_fn=lambda: os.dup2(theirs.fileno(), 3), close_fds=False)
    theirs.close()
    stream = ours.makefile("rb")

    def answer():
        kind, length = struct.unpack("<II", stream.read(8))
        return kind, stream.read(length)

    assert answer()[0] == 16
    record = json.dumps({"text": "x" * (size - 12)}).encode()
    start = time.perf_counter()
    for _ in range(count):
        ours.sendall(struct.pack("<II", 1, len(record)) + record)
        assert answer()[0] == 18
    seconds = time.perf_counter() - start
    stream.close()
    ours.close()
    child.wait()
    row("log", f"{count / seconds:.0f}", f"records/s of {size} bytes, one at a time")


class Server:
    """`cordon mcp` on pipes; call() gives the milliseconds of one tools/call."""

    def __init__(self, tools, data):
        config = f"{WORK}/bench.yaml"
        with open(config, "w") as out:
            out.write(f"version: 1\nworkspace: space\ntools:\n{tools}")
        self.id = 0
        start = time.perf_counter()
        self.process = subprocess.Popen([CORDON, "mcp", "--config", config], env=environment(data), cwd=WORK,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.ask("initialize", {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "bench", "version": "1"}})
        self.started_ms = (time.perf_counter() - start) * 1e3
        self.send({"jsonrpc": "2.0", "method": "notifications/initialized"})

    def send(self, message):
        self.process.stdin.write(json.dumps(message).encode() + b"\n")
        self.process.stdin.flush()

    def ask(self, method, params):
        self.id += 1
        self.send({"jsonrpc": "2.0", "id": self.id, "method": method, "params": params})
        return json.loads(self.process.stdout.readline())

    def call(self, tool, arguments):
        start = time.perf_counter()
        answer = self.ask("tools/call", {"name": tool, "arguments": arguments})
        milliseconds = (time.perf_counter() - start) * 1e3
        assert not answer["result"].get("isError"), answer
        return milliseconds

    def peak_mb(self):
        text = open(f"/proc/{self.process.pid}/status").read()
        return int(re.search(r"VmHWM:\s+(\d+)", text).group(1)) / 1024

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait()


def bench_mcp(data):
    tool = f"  t: {{run: [{WORK}/space/nothing], args: {{}}}}\n"
    started = []
    for _ in range(20):
        with Server(tool, data) as server:
            started.append(server.started_ms)
    row("mcp, start to the first answer", f"{middle(started, .5):.1f}", "ms p50 (goal: below 20)")
    with Server(tool, data) as server:
        for _ in range(5):
            server.call("t", {})
        times = [server.call("t", {}) for _ in range(200)]
        row("mcp, one call of a program that does nothing", f"{middle(times, .5):.2f} / {middle(times, .99):.2f}",
            "ms p50 / p99")
        floor = float(os.environ["SPAWN_MS"]) + 2 * float(os.environ["FLUSH_MS"])
        row("  less the program's own time and two flushes", f"{middle(times, .5) - floor:.2f}", "ms p50 (goal: below 2)")
        row("mcp, memory at most", f"{server.peak_mb():.1f}", "MB (goal: below 16)")


os.makedirs(f"{WORK}/home", exist_ok=True)
bench_store(documents(int(os.environ.get("BENCH_DOCUMENTS", "3000"))))
bench_log(f"{WORK}/log")
bench_mcp(f"{WORK}/data-mcp")
