// What TLS of our own costs: memory of an idle chat, and processor time to open one, over wss and ws.
//   node bench/tls.mjs [build/release/wismo] [chats, 2000] [rounds, 3]
// Each chat says hello and one thing, then is silent for a minute and a half; memory is what the service has of its own (RssAnon) beyond what it had
// with 100 chats.
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const WebSocket = createRequire(new URL("../tests/package.json", import.meta.url))("ws");
const [binary = "build/release/wismo", chats = "2000", rounds = "3"] = process.argv.slice(2);
const place = mkdtempSync(join(tmpdir(), "wismo-tls-")), at = (name) => join(place, name), database = at("wismo.db");
execFileSync("openssl", ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", at("key.pem"), "-out", at("cert.pem"), "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"], { stdio: "ignore" });
execFileSync(binary, ["demo", "--db", database]);
const ca = readFileSync(at("cert.pem")), ticks = 100; // of /proc, a second

const own = (pid) => Number(/RssAnon:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))[1]);
const spent = (pid) => { const field = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" "); return (Number(field[11]) + Number(field[12])) * 1000 / ticks; };

const open = (url) => new Promise((resolve, reject) => {
  const socket = new WebSocket(url, "wismo.chat.v1", { ca, perMessageDeflate: false });
  socket.once("error", reject).once("open", () => socket.send('{"type":"hello","locale":"fr"}'));
  socket.on("message", (bytes) => {
    const { type, from } = JSON.parse(bytes);
    if (type === "welcome") socket.send('{"type":"say","id":"m1","text":"bonjour"}');
    if (type === "say" && from === "bot") resolve(socket);
  });
});

async function fill(url, sockets, count) {
  while (sockets.length < count) sockets.push(...await Promise.all(Array.from({ length: Math.min(50, count - sockets.length) }, () => open(url))));
}

async function round(words) {
  const server = spawn(binary, ["serve", "--db", database, "--port", "0", "--per-address", "0", "--sockets-per-address", "0", ...words], { stdio: ["ignore", "ignore", "pipe"] });
  const url = await new Promise((resolve) => server.stderr.on("data", (bytes) => { const found = /http(s?:\/\/\S+)\//.exec(bytes); if (found) resolve(`ws${found[1]}/chat`); }));
  const sockets = [];
  await fill(url, sockets, 100);
  await sleep(500);
  const before = { memory: own(server.pid), time: spent(server.pid) };
  await fill(url, sockets, 100 + Number(chats));
  const time = (spent(server.pid) - before.time) / Number(chats);
  await sleep(90000); // what is idle leaves memory
  const result = { memory: (own(server.pid) - before.memory) / Number(chats), time };
  for (const socket of sockets) socket.terminate();
  server.kill("SIGTERM");
  await new Promise((resolve) => server.once("exit", resolve));
  return result;
}

const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];
const kinds = { ws: [], wss: [] };
for (let i = 0; i < Number(rounds); i++) {
  kinds.ws.push(await round([]));
  kinds.wss.push(await round(["--tls-certificate", at("cert.pem"), "--tls-key", at("key.pem")]));
}
rmSync(place, { recursive: true });
for (const [name, results] of Object.entries(kinds))
  console.log(`${name}: ${median(results.map((one) => one.memory)).toFixed(1)} KiB a chat, ${median(results.map((one) => one.time)).toFixed(2)} ms of processor time to open one`);
