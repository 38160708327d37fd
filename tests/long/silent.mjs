// Peers that fall silent without a farewell, in real time: each is cut, and when.
//   node tests/long/silent.mjs build/release/wismo
// Twenty of each kind beside twenty decent chats, which only answer pings and must still be there at the end. Two minutes.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import net from "node:net";
import { createRequire } from "node:module";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { folder, serve } from "./host.mjs";

const WebSocket = createRequire(new URL("../package.json", import.meta.url))("ws");
const [binary = "build/release/wismo"] = process.argv.slice(2);
const place = folder("silent"), database = join(place, "wismo.db"), many = 20;
execFileSync(binary, ["demo", "--db", database]);
const { child: server, address } = await serve(binary, ["serve", "--db", database, "--port", "0", "--log-level", "error"]);
const [host, port] = address.split(":"), hello = '{"type":"hello","locale":"fr"}';
const frame = (text) => Buffer.concat([Buffer.from([0x81, 0x80 | text.length, 0, 0, 0, 0]), Buffer.from(text)]);

// A socket by hand: upgrades, sends these bytes, and nothing ever after; not even a pong. Gives the seconds until it is cut.
function silent(bytes) {
  const socket = net.connect(Number(port), host), began = Date.now();
  socket.on("error", () => {});
  socket.on("data", () => {});
  socket.write(`GET /chat HTTP/1.1\r\nHost: ${address}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n` +
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: wismo.chat.v1\r\n\r\n");
  setTimeout(() => socket.write(bytes), 200);
  return new Promise((resolve) => socket.once("close", () => resolve((Date.now() - began) / 1000)));
}
function decent(said) {
  const socket = new WebSocket(`ws://${address}/chat`, "wismo.chat.v1"), began = Date.now();
  socket.on("error", () => {});
  socket.once("open", () => said && socket.send(said));
  return { socket, closed: new Promise((resolve) => socket.once("close", (code) => resolve({ code, seconds: (Date.now() - began) / 1000 }))) };
}

const idle = Array.from({ length: many }, () => decent(hello));
const kinds = {
  "says hello, then answers no ping": { least: 75, most: 107, peers: Array.from({ length: many }, () => silent(frame(hello))) },
  "announces 2^62 bytes and sends four": { least: 30, most: 107, peers: Array.from({ length: many }, () => silent(Buffer.from([0x81, 0xff, 0x40, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 9, 9, 9, 9]))) },
  "begins a message in pieces and ends it never": { least: 75, most: 107, peers: Array.from({ length: many }, () => silent(Buffer.concat([frame(hello), Buffer.from([0x01, 0x81, 0, 0, 0, 0, 0x7b])]))) },
  "answers pings but never says hello": { least: 30, most: 62, peers: Array.from({ length: many }, async () => { const { code, seconds } = await decent().closed; assert.equal(code, 1008); return seconds; }) },
};
const late = sleep(120000).then(() => { throw new Error("somebody was not cut within two minutes"); });
for (const [name, { least, most, peers }] of Object.entries(kinds)) {
  const seconds = (await Promise.race([Promise.all(peers), late])).sort((a, b) => a - b);
  assert.ok(seconds[0] >= least && seconds.at(-1) <= most, `${name}: ${seconds[0]} to ${seconds.at(-1)} s`);
  console.log(`${name}: cut after ${seconds[0].toFixed(0)} to ${seconds.at(-1).toFixed(0)} s`);
}
const gone = idle.filter(({ socket }) => socket.readyState !== WebSocket.OPEN);
assert.equal(gone.length, 0, gone.length && `a decent chat was cut: ${JSON.stringify(await gone[0].closed)}`);
const health = await (await fetch(`http://${address}/healthz`)).json();
assert.equal(health.chats, many);
console.log(`${many} decent chats are still there; ${readdirSync(`/proc/${server.pid}/fd`).length} descriptors are open`);
server.kill("SIGTERM");
const status = await new Promise((resolve) => server.once("exit", resolve));
assert.equal(status, 0);
process.exit();
