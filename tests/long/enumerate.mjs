// Order numbers tried by a stranger: nothing is learnt of which exist, neither from the words nor from the time they take.
//   node tests/long/enumerate.mjs build/release/wismo [numbers, 1000] [trials, 10000]
// First from one address: every second number exists, the proof is always wrong; the words of both kinds are compared, turn by turn, and
// the limiter's delay is measured. Then each trial from an address of its own (as a proxy would forward them), so that nothing is held
// back: the times until the answer of both kinds go through the rank test of Mann and Whitney.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { folder, serve } from "./host.mjs";

const WebSocket = createRequire(new URL("../package.json", import.meta.url))("ws");
const [binary = "build/release/wismo", numbers = "1000", trials = "10000"] = process.argv.slice(2);
const place = folder("enumerate"), database = join(place, "wismo.db");
const EACH = 4; // tries of one conversation: the fifth wrong proof locks it

writeFileSync(join(place, "wismo.conf"), 'shop "default" {\n  always_open = yes\n}\n');
execFileSync(binary, ["demo", "--db", database]);
const number = (i) => `Z${100000 + i}`, exists = (i) => i % 2 === 0;
const rows = ["number,email,postcode,placed_at"];
for (let i = 0; i < 2 * Number(trials); i += 2) rows.push(`${number(i)},z${i}@mail.example,75001,2026-01-01`);
writeFileSync(join(place, "orders.csv"), rows.join("\n"));
execFileSync(binary, ["import", "--db", database, join(place, "orders.csv")], { stdio: "ignore" });
const { child: server, address } = await serve(binary, ["serve", "--db", database, "--conf", join(place, "wismo.conf"), "--port", "0", "--proxies", "127.0.0.1", "--per-conversation", "0", "--log-level", "error"]);

let slowed = 0;

// Tries each number in one conversation; gives the words, the number taken out, and how long they took.
function attempt(indexes, from) {
  const socket = new WebSocket(`ws://${address}/chat`, "wismo.chat.v1", { headers: { "x-forwarded-for": from } });
  const tries = [];
  let began;
  return new Promise((resolve, reject) => {
    const say = () => {
      began = process.hrtime.bigint();
      again();
    };
    const again = () => socket.send(JSON.stringify({ type: "say", id: `m${tries.length}`, text: `where is my order ${number(indexes[tries.length])}, postcode 69009` }));
    socket.once("error", reject);
    socket.once("open", () => socket.send(JSON.stringify({ type: "hello", locale: "en" })));
    socket.on("message", (bytes) => {
      const frame = JSON.parse(bytes);
      if (frame.code === "slow_down") return (slowed++, setTimeout(again, frame.retry_ms));
      if (frame.type === "error") return reject(new Error(`${bytes}`));
      if (frame.type === "welcome") say();
      if (frame.type !== "say" || frame.from !== "bot" || frame.id !== `m${tries.length}`) return;
      const index = indexes[tries.length];
      tries.push({ index, turn: tries.length, text: frame.text.replaceAll(number(index), "N"), ms: Number(process.hrtime.bigint() - began) / 1e6 });
      if (tries.length < indexes.length) say();
      else (socket.terminate(), resolve(tries));
    });
  });
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

// |z| over 2.58 would be seen by chance once in a hundred runs.
function ranks(a, b) {
  const all = [...a.map((ms) => [ms, 1]), ...b.map((ms) => [ms, 0])].sort((x, y) => x[0] - y[0]);
  const sum = all.reduce((total, [, mine], at) => total + mine * (at + 1), 0);
  const mean = (a.length * (all.length + 1)) / 2;
  return (sum - mean) / Math.sqrt((a.length * b.length * (all.length + 1)) / 12);
}

// One address.
const indexes = Array.from({ length: Number(numbers) }, (_, i) => i), groups = [];
// A conversation asks for existing ones only, or for missing ones only: so that turns can be compared.
for (const kind of [true, false]) { const own = indexes.filter((i) => exists(i) === kind); while (own.length) groups.push(own.splice(0, EACH)); }
const done = [];
await Promise.all(Array.from({ length: 180 }, async () => { while (groups.length) done.push(...(await attempt(groups.pop(), "203.0.113.7"))); }));
for (let turn = 0; turn < EACH; turn++) {
  const words = (kind) => [...new Set(done.filter((one) => one.turn === turn && exists(one.index) === kind).map((one) => one.text))].sort();
  assert.deepEqual(words(true), words(false), `turn ${turn}`);
}
const held = median(done.map((one) => one.ms));
assert.ok(held > 4000, `the limiter meets it: ${held} ms`);
console.log(`${done.length} numbers from one address: the same words whether the order exists or not; half of the answers held back for ${(held / 1000).toFixed(1)} s and more, ${slowed} times told to slow down`);

// Many addresses, one after the other, in an order that chance decides.
const times = { true: [], false: [] };
for (let trial = 0; trial < Number(trials); trial++) {
  const index = Math.floor(Math.random() * 2 * Number(trials)), from = `10.${trial >> 16}.${(trial >> 8) & 255}.${trial & 255}`;
  for (const one of await attempt([index], from)) if (trial >= 200) times[exists(one.index)].push(one.ms);
}
const z = ranks(times.true, times.false);
console.log(`${trials} trials: median ${median(times.true).toFixed(3)} ms of ${times.true.length} that exist, ${median(times.false).toFixed(3)} ms of ${times.false.length} that do not; z = ${z.toFixed(2)}`);
server.kill("SIGTERM");
await new Promise((resolve) => server.once("exit", resolve));
