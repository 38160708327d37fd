// What goes wrong around a running service: a damaged file, no descriptors, nobody who reads the log.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { closeSync, openSync, readFileSync, readdirSync, writeSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import WebSocket from "ws";
import { eventually } from "../outbox/system.mjs";
import { Chat, folder, serve } from "./chat.mjs";

const health = async (server) => { const answer = await fetch(`${server.url}healthz`); return { status: answer.status, ...await answer.json() }; };

// Says it, and gives the words that come back.
async function told(chat, text) {
  const { id, ...answer } = await chat.ask(text);
  return answer.text;
}

function sqlite(database, query) {
  const done = spawnSync("sqlite3", ["-cmd", ".timeout 20000", database, query], { encoding: "utf8" });
  assert.equal(done.status, 0, done.stderr);
  return done.stdout.trim();
}

// Another's commit: what the service has in memory counts no more. (Rows that stay as they are would be no commit.)
const committed = (database) => sqlite(database, `PRAGMA user_version = ${sqlite(database, "PRAGMA user_version")}`);

// Puts these bytes where the pages of these numbers are.
function write(database, pages) {
  const file = openSync(database, "r+");
  for (const [page, bytes] of pages) writeSync(file, bytes, 0, 4096, (page - 1) * 4096);
  closeSync(file);
  committed(database);
}

// Overwrites the pages that dbstat finds so; gives what they were.
async function damage(database, which) {
  await eventually(() => sqlite(database, "PRAGMA wal_checkpoint(TRUNCATE)").startsWith("0|")); // else somebody was reading
  const numbers = sqlite(database, `SELECT pageno FROM dbstat WHERE ${which}`).split("\n").map(Number), whole = readFileSync(database);
  write(database, numbers.map((page) => [page, Buffer.alloc(4096, 0xa5)]));
  return new Map(numbers.map((page) => [page, whole.subarray((page - 1) * 4096, page * 4096)]));
}

test("damaged pages of orders: it says that it cannot look, goes on with all else, hands over, and health says so", async (t) => {
  const place = folder(t, { conf: 'shop "default" { always_open = yes }\n' }), database = join(place.path, "wismo.db");
  const server = await serve(t, place);
  const before = await Chat.begin(server, { locale: "fr" });
  assert.match(await told(before, "où est ma commande FR-1042 ? 69003"), /Colissimo/);
  assert.equal((await health(server)).read_errors, 0);

  const pages = await damage(database, "name = 'orders' AND pagetype = 'leaf'");
  assert.ok(pages.size > 1);

  const chat = await Chat.begin(server, { locale: "fr" });
  assert.match(await told(chat, "où est ma commande FR-1042 ? 69003"), /Je ne peux pas consulter les commandes en ce moment/);
  const state = await health(server);
  assert.deepEqual([state.status, state.ok, state.db, state.writable], [200, true, true, true]);
  assert.ok(state.read_errors >= 1);
  assert.match(server.log.join("\n"), /wismo\.db: the file is damaged; restore a backup/);
  assert.match(await told(chat, "je veux parler à quelqu'un"), /collègue/);
  assert.equal(sqlite(database, "SELECT count(*) FROM handoffs"), "1");
  const again = await Chat.begin(server, { resume: { token: before.welcome.token, seq: 0 } });
  assert.equal(again.welcome.resumed, true);
});

test("a table that cannot be read is named in the log once, and once more when it can be", async (t) => {
  const place = folder(t), database = join(place.path, "wismo.db"), server = await serve(t, place);
  const told = (what) => server.log.filter((line) => what.test(line)).length;
  const pages = await damage(database, "name LIKE 'requests%'");
  await eventually(() => told(/error server: requests: .*wismo\.db/) > 0);
  for (let i = 0; i < 5; i++) { // each has it look again, within 100 ms
    committed(database);
    await sleep(300);
  }
  assert.equal(told(/error server: requests/), 1, server.log.join("\n"));
  write(database, pages);
  await eventually(() => told(/info server: requests: they can be read again/) === 1);
  assert.equal((await (await Chat.begin(server, { locale: "fr" })).ask("bonjour")).from, "bot");
});

const ticks = (pid) => readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ").slice(11, 13).reduce((sum, one) => sum + Number(one), 0);
const limited = (server, files) => assert.equal(spawnSync("prlimit", [`--nofile=${files}:`, `--pid=${server.child.pid}`]).status, 0);

// Sockets that only connect; `open` are those that the service has taken up.
function crowd(server, many) {
  const sockets = Array.from({ length: many }, () => new WebSocket(`${server.url.replace("http", "ws")}chat`, ["wismo.chat.v1"]));
  for (const socket of sockets) socket.on("error", () => {});
  return { sockets, open: () => sockets.filter((one) => one.readyState === WebSocket.OPEN).length, go: () => sockets.forEach((one) => one.terminate()) };
}

test("more sockets than descriptors allow wait, cost nothing while they wait, and are let in when others leave", async (t) => {
  const place = folder(t, { conf: "connections = 20\n" }), server = await serve(t, place);
  const people = crowd(server, 30);
  await eventually(() => people.open() >= 20);
  const began = ticks(server.child.pid);
  await sleep(1500);
  const spent = ticks(server.child.pid) - began;
  assert.ok(spent <= 30, `${spent / 100} s of processor time in 1.5 s of waiting`);
  assert.equal(people.open(), 20);
  people.sockets.filter((one) => one.readyState === WebSocket.OPEN).slice(0, 10).forEach((one) => one.close());
  await eventually(() => people.sockets.every((one) => one.readyState !== WebSocket.CONNECTING));
  assert.equal(server.log.filter((line) => /as many connections as there may be/.test(line)).length, 1, server.log.join("\n"));
  people.go();
  await eventually(async () => (await health(server)).chats === 0);
});

test("without a descriptor left, who is connected is answered, who comes is turned away, the log gets one line, and all is well again", async (t) => {
  const place = folder(t), server = await serve(t, place);
  const chat = await Chat.begin(server, { locale: "fr" });
  await chat.ask("bonjour");
  const files = new Set(readdirSync(`/proc/${server.child.pid}/fd`));
  let free = 0;
  while (files.has(String(free))) free++;
  limited(server, free);
  const people = crowd(server, 30), began = ticks(server.child.pid);
  assert.match(await told(chat, "où est ma commande FR-1042 ? 69003"), /Colissimo/);
  await sleep(1500);
  const spent = ticks(server.child.pid) - began;
  assert.ok(spent <= 60, `${spent / 100} s of processor time in 1.5 s without descriptors`);
  assert.equal(people.open(), 0);
  const complaints = server.log.filter((line) => / (warning|error) /.test(line));
  assert.equal(complaints.length, 1, complaints.join("\n"));
  assert.match(complaints[0], /no descriptor is left/);
  limited(server, 1024);
  people.go();
  const late = await Chat.begin(server, { locale: "fr" });
  assert.equal((await late.ask("bonjour")).from, "bot");
});

test("a log that nobody reads any more stops nothing", async (t) => {
  const place = folder(t, { conf: "log_level = debug\n" }), server = await serve(t, place);
  server.child.stderr.destroy();
  const chat = await Chat.begin(server, { locale: "fr" });
  for (let i = 0; i < 3; i++) server.child.kill("SIGHUP");
  await new Chat(server, { origin: "https://evil.example" }).failed;
  assert.equal((await chat.ask("bonjour")).from, "bot");
});
