// Everybody at once: a storm of connections, and new settings while all talk.
import assert from "node:assert/strict";
import { readdirSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { eventually } from "../outbox/system.mjs";
import { Chat, folder, serve, start } from "./chat.mjs";

const upgrade = ["GET /chat HTTP/1.1", "Host: x", "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==", "Sec-WebSocket-Protocol: wismo.chat.v1", "", ""].join("\r\n");
const files = (server) => readdirSync(`/proc/${server.child.pid}/fd`).length;
const chats = async (server) => (await (await fetch(`${server.url}healthz`)).json()).chats;

// So many sockets that ask to become chats in one breath; each with the status it was given, 0 for none.
async function storm(server, many) {
  const sockets = Array.from({ length: many }, () => {
    const socket = connect(server.port, "127.0.0.1");
    socket.on("error", () => {});
    socket.write(upgrade);
    return socket;
  });
  const statuses = await Promise.all(sockets.map((socket) => new Promise((resolve) => {
    let heard = "";
    socket.on("data", (bytes) => { heard += bytes; if (heard.includes("\r\n\r\n")) resolve(Number(heard.slice(9, 12))); });
    socket.on("close", () => resolve(0));
  })));
  return { statuses, go: () => sockets.forEach((socket) => socket.destroy()) };
}

test("two thousand who come at once are all let in, and when all leave at once nothing of them stays", async (t) => {
  const server = await start(t, { conf: "sockets_per_address = 0\n" });
  const chat = await Chat.begin(server, { locale: "fr" }), before = files(server);
  for (let round = 0; round < 2; round++) {
    const people = storm(server, 2000), answer = await chat.ask("bonjour");
    assert.equal(answer.from, "bot");
    const { statuses, go } = await people;
    assert.deepEqual(statuses.filter((status) => status !== 101), []);
    assert.equal(await chats(server), 2001);
    go();
    await eventually(async () => (await chats(server)) === 1);
    await eventually(() => files(server) <= before + 2);
  }
  assert.equal((await chat.ask("bonjour")).from, "bot");
  (await Chat.begin(server, { locale: "fr" })).drop();
  assert.equal(server.log.length, 1, server.log.join("\n"));
});

test("of a thousand who come at once from one address, as many as may are let in and the others are told so", async (t) => {
  const server = await start(t);
  const { statuses, go } = await storm(server, 1000);
  assert.equal(statuses.filter((status) => status === 101).length, 200);
  assert.equal(statuses.filter((status) => status === 429).length, 800);
  go();
  await eventually(async () => (await chats(server)) === 0);
  assert.equal((await (await Chat.begin(server, { locale: "fr" })).ask("bonjour")).from, "bot");
});

test("new settings again and again while all talk: every answer comes, and it is the right one", async (t) => {
  const conf = (name) => `per_conversation = 0\nper_address = 0\nshop "default" {\n  name = "${name}"\n}\n`;
  const place = folder(t, { conf: conf("Shop") }), server = await serve(t, place);
  let over = false, answers = 0;
  const talk = async () => {
    const chat = await Chat.begin(server, { locale: "fr" });
    assert.match((await chat.ask("où est ma commande FR-1042 ? 69003")).text, /Colissimo/);
    for (; !over; answers++) assert.match((await chat.ask("où est ma commande ?")).text, /Colissimo/);
    chat.drop();
  };
  const talks = Promise.all(Array.from({ length: 12 }, talk));
  const told = (what) => server.log.filter((line) => what.test(line)).length;
  const written = (text) => { writeFileSync(join(place.path, "wismo.conf"), text); server.child.kill("SIGHUP"); };
  // Signals that come while it reads are one signal: how many it takes depends on the machine.
  for (let i = 0; i < 20 || told(/info server: reloaded/) < 5 || told(/not reloaded/) < 3 || answers < 100; i++) {
    written(i % 3 === 1 ? "shop {" : conf(`Shop ${i}`));
    await Promise.race([talks, sleep(200)]);
  }
  written(conf("Last shop"));
  const named = async () => { const chat = await Chat.begin(server, { locale: "fr" }); chat.drop(); return chat.welcome.name; };
  await eventually(async () => (await named()) === "Last shop");
  const broken = told(/not reloaded/);
  written("shop {");
  await eventually(() => told(/not reloaded/) > broken);
  assert.equal(await named(), "Last shop"); // the last that was not broken
  over = true;
  await talks;
});
