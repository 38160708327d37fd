// Peers that take their time, all at once and in real time: each is cut when its time is over, and costs the others nothing.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { Chat, folder, serve, start } from "./chat.mjs";

const key = "0123456789abcdef0123456789abcdef", seconds = 10, late = 18; // what docs/limits.md says; a busy machine's grace, less than what any other limit would take (30 s)
const drops = 250; // ms between two bytes

// A peer that sends `at_once`, then the rest a byte at a time; gives what it heard, and after how many seconds it was cut.
function peer(server, at_once, rest = "") {
  const socket = connect(server.port, "127.0.0.1"), begun = performance.now();
  let heard = "", sent = 0;
  socket.on("data", (bytes) => { heard += bytes; });
  socket.on("error", () => {});
  socket.write(at_once);
  const drip = setInterval(() => { if (sent < rest.length) socket.write(rest[sent++]); }, drops);
  return new Promise((resolve) => socket.on("close", () => { clearInterval(drip); resolve({ heard, spent: (performance.now() - begun) / 1000 }); }));
}

const head = (...lines) => `${lines.join("\r\n")}\r\n\r\n`;
const within = ({ spent }, what) => assert.ok(spent > seconds - 2 && spent < seconds + late, `${what}: cut after ${spent.toFixed(1)} s`);

test("a head or a body that comes slowly, and a connection that says nothing, are cut after ten seconds; chats are answered meanwhile", async (t) => {
  const place = folder(t);
  writeFileSync(join(place.path, "key"), key, { mode: 0o600 });
  const server = await serve(t, place, "--turn-key", "file key");
  const chat = await Chat.begin(server, { locale: "fr" });
  const post = (length) => head("POST /v1/turn HTTP/1.1", "Host: x", `Authorization: Bearer ${key}`, "Content-Type: application/json", `Content-Length: ${length}`);
  const slow = {
    "nothing at all": peer(server, ""),
    "half a head": peer(server, "GET / HTTP/1.1\r\nHost: x\r\n"),
    "a head, drop by drop": peer(server, "GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ", "a".repeat(500)),
    "half an upgrade, drop by drop": peer(server, "GET /chat HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nX-Slow: ", "a".repeat(500)),
    "a body that does not come": peer(server, post(100)),
    "a body, drop by drop": peer(server, post(500), "x".repeat(500)),
    "silence behind a request": peer(server, head("GET /healthz HTTP/1.1", "Host: x")),
  };
  let gone = 0, meanwhile = 0;
  for (const one of Object.values(slow)) one.then(() => gone++);
  for (let i = 0; i < 20; i++) {
    assert.equal((await chat.ask("bonjour")).from, "bot");
    if (!gone) meanwhile++;
    await sleep(400);
  }
  assert.ok(meanwhile >= 5, `${meanwhile} answers did not wait for the slow to be cut`);
  for (const [what, cut] of Object.entries(slow)) within(await cut, what);
  for (const what of ["a body that does not come", "a body, drop by drop"]) assert.match((await slow[what]).heard, /^HTTP\/1\.1 408 /, what);
  assert.match((await slow["silence behind a request"]).heard, /^HTTP\/1\.1 200 /);
  assert.equal(server.log.length, 1, server.log.join("\n")); // strangers do not fill the log
});

test("as many slow heads as there is room for keep a customer waiting until they are cut, and no longer", async (t) => {
  const server = await start(t), begun = performance.now();
  const slow = Array.from({ length: 300 }, () => peer(server, "GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ", "a".repeat(500)));
  await sleep(1000);
  const chat = await Chat.begin(server, { locale: "fr" });
  assert.ok((performance.now() - begun) / 1000 < 2 * seconds + late);
  assert.equal((await chat.ask("bonjour")).from, "bot");
  for (const one of await Promise.all(slow)) assert.ok(one.spent < 2 * (seconds + late), `cut after ${one.spent.toFixed(1)} s`);
});
