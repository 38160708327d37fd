// The socket itself: who may open one, and what happens to frames that are none.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { eventually } from "../outbox/system.mjs";
import { Chat, folder, serve, start } from "./chat.mjs";

const conf = 'shop "default" {\n  origins = {"https://shop.example"}\n}\n';

test("only the shop's own origins may open a chat, exactly", async (t) => {
  const server = await start(t, { conf });
  const { port } = server;
  for (const origin of ["https://shop.example", `http://127.0.0.1:${port}`, `http://localhost:${port}`, undefined]) {
    const chat = await Chat.begin(server, { locale: "fr" }, { origin });
    chat.drop();
  }
  for (const origin of [
    "null", "https://evil.example", "https://shop.example.evil.com", "https://evilshop.example", "https://shop.exampl", "https://shop.example:8443",
    "https://shop.example:443", "https://SHOP.example", "http://shop.example", "https://shop.example/", "https://shop.example.", "https://sub.shop.example",
    "https://xn--shp-0na.example", "https://shop.example, https://evil.example", " https://shop.example x", `https://${"a".repeat(200)}.example`,
    `http://127.0.0.1:${port + 1}`, "http://127.0.0.1", "file://",
  ]) assert.equal(await new Chat(server, { origin }).failed, 403, origin);
});

test("an origin of one shop opens no chat of another", async (t) => {
  const shops = ["alpha", "beta"].map((name) => `shop "${name}" {\n  origins = {"https://${name}.example"}\n}\n`).join("");
  const server = await start(t, { conf: shops });
  const chat = await new Chat(server, { origin: "https://beta.example" }).open();
  chat.send({ type: "hello", shop: "alpha" });
  await chat.error("forbidden");
  chat.send({ type: "hello", shop: "beta" });
  assert.equal((await chat.next("welcome")).shop, "beta");
});

test("the log says which page was refused a chat, and why, but not without end", async (t) => {
  const shops = ["alpha", "beta"].map((name) => `shop "${name}" {\n  origins = {"https://${name}.example"}\n}\n`).join("");
  const server = await start(t, { conf: `${shops}sockets_per_address = 1\n` });
  const refused = () => server.log.filter((line) => line.includes("chat refused")).map((line) => line.replace(/.*warning server: /, ""));
  assert.equal(await new Chat(server, { origin: "https://www.alpha.example" }).failed, 403);
  const chat = await new Chat(server, { origin: "https://beta.example" }).open();
  chat.send({ type: "hello", shop: "alpha" });
  await chat.error("forbidden");
  chat.send({ type: "hello", shop: "gamma" });
  await chat.error("unknown_shop");
  assert.equal(await new Chat(server, {}).failed, 429);
  for (let i = 0; i < 20; i++) assert.equal(await new Chat(server, { origin: "https://evil.example" }).failed, 403);
  assert.deepEqual(refused().slice(0, 4), [
    "chat refused to a page of https://www.alpha.example: This page is not one of the shop's: see origins in wismo.conf.",
    'chat refused to a page of https://beta.example: it is none of the origins of the shop "alpha" in wismo.conf',
    'chat refused to a page of https://beta.example: there is no shop "gamma" in wismo.conf',
    "chat refused to a program: Too many chats are open from this address.",
  ]);
  assert.equal(refused().length, 10);
});

test("SIGHUP takes up other origins and drops no chat; a broken file changes nothing", async (t) => {
  const place = folder(t, { conf });
  const server = await serve(t, place);
  const chat = await Chat.begin(server, { locale: "fr" }, { origin: "https://shop.example" });
  const reload = async (text, line) => {
    writeFileSync(join(place.path, "wismo.conf"), text);
    server.child.kill("SIGHUP");
    await eventually(() => server.log.some((heard) => line.test(heard)));
  };
  await reload("shop {", /not reloaded/);
  assert.equal((await chat.ask("bonjour")).from, "bot");
  await reload(conf.replace("shop.example", "new.example"), /info server: reloaded/);
  assert.equal(await new Chat(server, { origin: "https://shop.example" }).failed, 403);
  (await Chat.begin(server, { locale: "fr" }, { origin: "https://new.example" })).drop();
  assert.equal((await chat.ask("merci", "still")).from, "bot");
});

test("the sub-protocol must be named, and first", async (t) => {
  const server = await start(t);
  assert.equal(await new Chat(server, { protocols: [] }).failed, 400);
  assert.equal(await new Chat(server, { protocols: ["wismo.chat.v2"] }).failed, 400);
  assert.equal(await new Chat(server, { protocols: ["xwismo.chat.v1"] }).failed, 400);
  assert.notEqual(await new Chat(server, { protocols: ["http", "wismo.chat.v1"] }).failed, undefined);
  const chat = await new Chat(server, { protocols: ["other", "wismo.chat.v1"] }).open();
  assert.equal(chat.socket.protocol, "wismo.chat.v1");
  chat.drop();
});

test("there is one WebSocket, at /chat", async (t) => {
  const server = await start(t);
  for (const path of ["", "chats", "chat/", "chat/x", "desk"]) assert.equal(await new Chat(server, { path }).failed, 404, path);
});

test("a frame of 16 KiB is read, a longer one closes with 1009, in one piece or in many", async (t) => {
  const server = await start(t);
  const frame = (bytes) => `{"type":"bye","x":"${"a".repeat(bytes - 21)}"}`;
  const chat = await Chat.begin(server, { locale: "fr" });
  chat.sendRaw(frame(16384));
  assert.equal((await chat.error("invalid")).field, "x");
  chat.sendRaw(frame(16385));
  assert.equal((await chat.closed).code, 1009);
  const pieces = await Chat.begin(server, { locale: "fr" });
  for (let i = 0; i < 17; i++) pieces.sendRaw("a".repeat(1024), { fin: false });
  assert.equal((await pieces.closed).code, 1009);
  const megabyte = await Chat.begin(server, { locale: "fr" });
  megabyte.sendRaw("a".repeat(1 << 20));
  assert.ok([1009, 1006].includes((await megabyte.closed).code));
  const empty = await Chat.begin(server, { locale: "fr" });
  for (let i = 0; i < 10000 && empty.socket.readyState === 1; i++) empty.sendRaw("", { fin: false });
  assert.ok([1009, 1006].includes((await empty.closed).code));
  assert.equal((await (await Chat.begin(server, { locale: "fr" })).ask("bonjour")).from, "bot");
});

test("a message in pieces is one message, cut anywhere", async (t) => {
  const chat = await Chat.begin(await start(t), { locale: "fr" });
  const bytes = Buffer.from(JSON.stringify({ type: "say", id: "pieces", text: "où est ma commande ? 📦" }));
  for (let i = 0; i < bytes.length; i++) chat.sendRaw(bytes.subarray(i, i + 1), { fin: i === bytes.length - 1, binary: false });
  assert.equal((await chat.answer("pieces")).from, "bot");
});

test("invalid UTF-8 closes with 1007, a binary frame with 1003", async (t) => {
  const server = await start(t);
  const bad = await Chat.begin(server, { locale: "fr" });
  bad.sendRaw(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]), { binary: false });
  assert.equal((await bad.closed).code, 1007);
  const cut = await Chat.begin(server, { locale: "fr" });
  cut.sendRaw(Buffer.from('{"type":"say","id":"a","text":"\xc3', "latin1"), { binary: false });
  assert.equal((await cut.closed).code, 1007);
  const binary = await Chat.begin(server, { locale: "fr" });
  binary.sendRaw(Buffer.from('{"type":"bye"}'), { binary: true });
  assert.equal((await binary.closed).code, 1003);
});

test("what is said in one breath with a fault, or with a close, has been heard, all of it and in its order", async (t) => {
  const server = await start(t);
  const ends = [[1003, (chat) => chat.sendRaw(Buffer.from("x"), { binary: true })], [1000, (chat) => chat.socket.close(1000)]];
  for (const [code, end] of ends) {
    const chat = await Chat.begin(server, { locale: "fr" });
    chat.socket._socket.cork();
    for (let i = 1; i <= 3; i++) chat.send({ type: "say", id: `n${i}`, text: `bonjour ${"!".repeat(i)}` });
    end(chat);
    chat.socket._socket.uncork();
    assert.equal((await chat.closed).code, code);
    const again = await Chat.begin(server, { resume: { token: chat.welcome.token, seq: 0 } });
    for (let i = 1; i <= 3; i++) assert.ok((await again.answer(`n${i}`)).seq > 0);
    again.drop();
  }
});

test("pings are answered, and a close is echoed", async (t) => {
  const chat = await Chat.begin(await start(t), { locale: "fr" });
  const pong = new Promise((resolve) => chat.socket.on("pong", (bytes) => resolve(String(bytes))));
  chat.socket.ping("are you there?");
  assert.equal(await pong, "are you there?");
  chat.socket.close(1000);
  assert.equal((await chat.closed).code, 1000);
});

test("150 chats at once are each answered", async (t) => {
  const server = await start(t);
  const chats = await Promise.all(Array.from({ length: 150 }, () => Chat.begin(server, { locale: "fr" })));
  const answers = await Promise.all(chats.map((chat) => chat.ask("bonjour")));
  assert.ok(answers.every((answer) => answer.seq === 2));
  assert.equal(new Set(chats.map((chat) => chat.welcome.conversation)).size, 150);
  chats.forEach((chat) => chat.drop());
});

test("one address has so many chats and no more; when one ends there is room again", async (t) => {
  const server = await start(t, { conf: "sockets_per_address = 3\n" });
  const chats = await Promise.all([1, 2, 3].map(() => Chat.begin(server, { locale: "fr" })));
  assert.equal(await new Chat(server).failed, 429);
  chats[0].drop();
  await chats[0].closed;
  const again = await eventually(() => Chat.begin(server, { locale: "fr" }).catch(() => null));
  assert.equal((await again.ask("bonjour")).from, "bot");
});

test("behind a proxy that the settings name, each customer is an address of their own", async (t) => {
  const server = await start(t, { conf: 'sockets_per_address = 1\nproxies = "127.0.0.1"\n' });
  const from = (forwarded) => ({ headers: { "X-Forwarded-For": forwarded } });
  await Chat.begin(server, { locale: "fr" }, from("198.51.100.7"));
  await Chat.begin(server, { locale: "fr" }, from("198.51.100.8"));
  assert.equal(await new Chat(server, from("198.51.100.9, 198.51.100.8")).failed, 429);
  const long = "203.0.113.1, ".repeat(60); // however much a stranger writes before it
  await Chat.begin(server, { locale: "fr" }, from(`${long}198.51.100.9`));
  await Chat.begin(server, { locale: "fr" }, from(`${long}198.51.100.10`));
});

test("a stranger who says to be a proxy is not believed", async (t) => {
  const server = await start(t, { conf: "sockets_per_address = 1\n" });
  await Chat.begin(server, { locale: "fr" });
  assert.equal(await new Chat(server, { headers: { "X-Forwarded-For": "198.51.100.7" } }).failed, 429);
});
