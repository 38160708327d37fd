// How long an import holds the lock of a live database: from SQLite's write lock on its log to its release, seen by strace.
//   node bench/lock.mjs build/release/wismo [orders, 100000]
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const [binary = "build/release/wismo", orders = "100000"] = process.argv.slice(2);
const place = mkdtempSync(join(tmpdir(), "wismo-lock-")), database = join(place, "wismo.db"), trace = join(place, "trace");
const file = (name, first, due) => {
  const day = (ahead) => new Date(Date.now() + ahead * 86400e3).toISOString().slice(0, 10);
  const rows = execFileSync("awk", ["-v", `n=${orders}`, "-v", `placed=${day(-2)}`, "-v", `due=${day(due)}`, "-f", "bench/orders.awk"], { encoding: "utf8", maxBuffer: 2 ** 30 });
  writeFileSync(join(place, name), rows.replace(/^B/gm, first));
  return join(place, name);
};

execFileSync(binary, ["import", "--db", database, file("first.csv", "B", 3)], { stdio: "ignore" });
const server = spawn(binary, ["serve", "--db", database, "--port", "0", "--log-level", "error"], { stdio: ["ignore", "ignore", "pipe"] });
await new Promise((ready) => server.stderr.once("data", ready));
for (const [kind, path] of [["new", file("new.csv", "C", 3)], ["changed", file("changed.csv", "B", 4)]]) {
  execFileSync("strace", ["-f", "--seccomp-bpf", "-ttt", "-e", "trace=fcntl", "-o", trace, binary, "import", "--db", database, path], { stdio: "ignore" });
  const since = new Map(), held = [];
  for (const [, thread, at, type] of readFileSync(trace, "utf8").matchAll(/^(\d+) +([\d.]+) fcntl\(\d+, F_SETLK, \{l_type=(F_WRLCK|F_UNLCK), l_whence=SEEK_SET, l_start=120, l_len=1\}\) = 0$/gm))
    if (type === "F_WRLCK") since.set(thread, Number(at));
    else if (since.has(thread)) held.push((Number(at) - since.get(thread)) * 1000), since.delete(thread);
  if (!held.length) throw new Error(`strace told of no lock: ${readFileSync(trace, "utf8").slice(0, 600)}`);
  held.sort((a, b) => a - b);
  const at = (share) => held[Math.min(held.length - 1, Math.floor(held.length * share))].toFixed(1);
  console.log(`${orders} ${kind} orders: the lock held ${held.length} times, median ${at(0.5)} ms, p99 ${at(0.99)} ms, longest ${at(1)} ms`);
}
server.kill("SIGTERM");
await new Promise((gone) => server.once("exit", gone));
rmSync(place, { recursive: true });
