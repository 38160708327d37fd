// Mixed load with churn: memory and descriptors stay where they are.
//   node tests/long/soak.mjs build/release/wismo [minutes, 30]
// Forty customers come, talk, ask for a person now and then, drop, resume and go, new ones after them; an agent at the desk takes each
// of those who wait, answers and is done; calls come in over HTTP; orders are imported again and again. Every five seconds the resident memory, the service's own and that of the mapped database, and the
// descriptors are read; the slope is that of a straight line through all but the first third, when the pools are still filling.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { folder, serve } from "./host.mjs";

const WebSocket = createRequire(new URL("../package.json", import.meta.url))("ws");
const [binary = "build/release/wismo", minutes = "30"] = process.argv.slice(2);
const place = folder("soak"), database = join(place, "wismo.db");
const words = ["où est ma commande FR-1042 ?", "69003", "et quand ?", "where is my order FR-1001?", "12345", "je veux être remboursé", "merci", "wo ist mein Paket?"];
const counts = { conversations: 0, answers: 0, resumed: 0, handoffs: 0, calls: 0, imports: 0 };
const key = "k".repeat(40), end = Date.now() + Number(minutes) * 60000;

writeFileSync(join(place, "wismo.conf"), 'shop "default" {\n  always_open = yes\n}\n');
execFileSync(binary, ["demo", "--db", database]);
writeFileSync(join(place, "orders.csv"), ["number,email,postcode,placed_at", ...Array.from({ length: 2000 }, (_, i) => `S${i},s${i}@mail.example,69003,2026-01-01`)].join("\n"));
const password = "a good long password";
execFileSync(binary, ["staff", "add", "Max", "--db", database], { input: `${password}\n` });
const { child: server, address } = await serve(binary, ["serve", "--db", database, "--conf", join(place, "wismo.conf"), "--port", "0", "--per-conversation", "0", "--per-address", "0", "--log-level", "error", "--turn-key", "env SOAK_KEY"], { env: { ...process.env, SOAK_KEY: key } });
let over = false;
server.once("exit", (status, signal) => { if (!over) throw new Error(`wismo serve ended: ${status ?? signal}`); });

// One socket: says so many things, and drops or leaves.
function talk(hello, many) {
  const socket = new WebSocket(`ws://${address}/chat`, "wismo.chat.v1");
  const kept = { ...hello, answered: 0 };
  return new Promise((resolve, reject) => {
    const say = () => setTimeout(() => socket.readyState === 1 && socket.send(JSON.stringify({ type: "say", id: `m${Math.random()}`, text: words[Math.floor(Math.random() * words.length)] })), Math.random() * 400);
    socket.once("error", reject);
    socket.once("close", () => resolve(kept));
    socket.once("open", () => {
      socket.send(JSON.stringify({ type: "hello", locale: "fr", ...(hello.token && { resume: { token: hello.token, seq: hello.seq } }) }));
      setTimeout(() => socket.terminate(), 10000).unref();
    });
    socket.on("message", (bytes) => {
      const frame = JSON.parse(bytes);
      if (frame.type === "error") reject(new Error(`${bytes}`));
      if (frame.type === "welcome") (counts.resumed += frame.resumed, kept.token ??= frame.token, say());
      if (frame.type !== "say") return;
      kept.seq = frame.seq;
      // Where a person takes over, no answer comes to what is said: such a customer leaves.
      if (frame.from === "bot") (counts.answers++, ++kept.answered < many && !/remboursement|personne|colleague|Kolleg/.test(frame.text) ? say() : Math.random() < 0.5 ? socket.terminate() : socket.close());
    });
  });
}

async function customers() {
  while (Date.now() < end) {
    counts.conversations++;
    const kept = await talk({ seq: 0 }, 4);
    if (kept.token && Math.random() < 0.5) await talk(kept, 2);
  }
}

// Hand-offs do not pile up: that would be memory well spent.
async function colleague() {
  const page = `http://${address}`;
  const reply = await fetch(`${page}/desk/login`, { method: "POST", body: new URLSearchParams({ name: "Max", password }), redirect: "manual", headers: { origin: page } });
  const socket = new WebSocket(`ws://${address}/desk/live`, "wismo.desk.v1", { origin: page, headers: { cookie: reply.headers.get("set-cookie").split(";")[0] } });
  const send = (frame) => socket.send(JSON.stringify(frame));
  socket.once("open", () => send({ type: "hello" }));
  socket.on("message", (bytes) => {
    const frame = JSON.parse(bytes);
    if (frame.type !== "changes") return;
    for (const { conversation, status } of frame.items)
      if (status === "waiting") {
        send({ type: "claim", id: `c-${conversation}`, conversation });
        send({ type: "say", id: `s-${conversation}`, conversation, text: "Bonjour, c'est réglé." });
        send({ type: "resolve", id: `r-${conversation}`, conversation, reason: "answered" });
        counts.handoffs++;
      }
  });
  socket.once("close", (code) => { if (Date.now() < end) throw new Error(`the desk was closed: ${code}`); });
  await sleep(end - Date.now());
  socket.close();
}

async function calls() {
  for (let call = 0; Date.now() < end; call++) {
    for (const input of [undefined, { text: "where is my order 1042" }, { digits: "69003" }, { bye: true }]) {
      const answer = await fetch(`http://${address}/v1/turn`, { method: "POST", headers: { "content-type": "application/json", authorization: `Bearer ${key}` }, body: JSON.stringify({ session: `soak-${call}`, locale: "en", ...(input && { input }) }) });
      await answer.arrayBuffer();
      assert.equal(answer.status, 200);
      await sleep(20);
    }
    counts.calls++;
  }
}

async function imports() {
  while (Date.now() < end) {
    const child = spawn(binary, ["import", "--db", database, join(place, "orders.csv")], { stdio: "ignore" });
    assert.equal(await new Promise((resolve) => child.once("exit", resolve)), 0);
    counts.imports++;
    await sleep(5000);
  }
}

const samples = [];
async function watch() {
  for (const began = Date.now(); Date.now() < end; await sleep(5000)) {
    const status = readFileSync(`/proc/${server.pid}/status`, "utf8");
    const kib = (name) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)[1]);
    samples.push({ minute: (Date.now() - began) / 60000, own: kib("RssAnon"), mapped: kib("RssFile"), descriptors: readdirSync(`/proc/${server.pid}/fd`).length });
  }
}

function slope(rows, of) {
  const mean = (value) => rows.reduce((sum, row) => sum + value(row), 0) / rows.length;
  const x = mean((row) => row.minute), y = mean(of);
  return mean((row) => (row.minute - x) * (of(row) - y)) / mean((row) => (row.minute - x) ** 2);
}

await Promise.all([...Array.from({ length: 40 }, customers), colleague(), calls(), imports(), watch()]);
over = true;
server.kill("SIGTERM");
const status = await new Promise((resolve) => server.once("exit", resolve));
const late = samples.slice(Math.floor(samples.length / 3));
const line = (name) => `${samples[0][name]} at first, ${late[0][name]} after a third, ${late.at(-1)[name]} at the end, ${slope(late, (row) => row[name]).toFixed(1)} a minute`;
console.log(`${minutes} minutes: ${JSON.stringify(counts)}`);
console.log(`KiB of its own: ${line("own")}\nKiB of mapped files: ${line("mapped")}\ndescriptors: ${line("descriptors")}`);
assert.equal(status, 0);
assert.ok(Math.abs(slope(late, (row) => row.descriptors)) < 5, "descriptors are flat");
