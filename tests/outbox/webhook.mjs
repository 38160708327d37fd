import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { Webhook } from "standardwebhooks";
import { Chat, folder, serve } from "../server/chat.mjs";
import { elsewhere, eventually, openHandoff, pause, secret, system } from "./system.mjs";

const conf = (url, more = "") => `${more}\nshop "default" {\n  name = "Maison Demo"\n  number_prefixes = {"FR-", "UK-"}\n  always_open = yes\n` +
  `  handoff_to = "webhook ${url} env HOOK"\n}\n`;

async function begin(t, url, more) {
  const place = folder(t, { conf: conf(url, more) });
  return { place, server: await serve(t, place) };
}

const types = (requests) => requests.map((one) => one.body.type);
const judge = (one) => new Webhook(secret).verify(one.text, one.headers);

test("a hand-off is told with its order, its reason and what was said, signed as Standard Webhooks are", async (t) => {
  const shop = await system(t);
  const { place, server } = await begin(t, `${shop.url}/hooks/wismo?a=1`);
  const chat = await Chat.begin(server, { locale: "en" });
  await chat.ask("where is my order FR-1042? my postcode is 69003 and my email camille.martin@example.fr");
  const { text } = await chat.ask("I want a refund");
  const [one] = await shop.until(1);
  assert.equal(one.path, "/hooks/wismo?a=1");
  assert.equal(judge(one).type, "handoff.opened");
  assert.throws(() => new Webhook(secret).verify(one.text.replace("refund", "refunt"), one.headers));
  const { body } = one;
  assert.deepEqual(
    [body.shop, body.queue, body.reason, body.language, body.status, body.channel, body.conversation],
    ["default", "returns", "human.refund", "en", "waiting", "chat", chat.welcome.conversation]);
  assert.equal(body.order.number, "FR-1042");
  assert.equal(body.order.parcels[0].carrier, "Colissimo");
  assert.equal(body.contact.email, "camille.martin@example.fr");
  assert.equal(body.contact.name, "Camille");
  assert.deepEqual(body.transcript.filter((turn) => turn.from === "customer").map((turn) => turn.text).at(-1), "I want a refund");
  assert.equal(body.transcript.at(-1).text, text);
  assert.deepEqual(body.transcript.map((turn) => turn.seq), body.transcript.map((_, at) => at + 1));
  await eventually(async () => (await openHandoff(place)).delivery === "");
});

test("what is said while somebody waits follows, each once and in its order", async (t) => {
  const shop = await system(t);
  const { place, server } = await begin(t, shop.url);
  const chat = await Chat.begin(server, { locale: "en" });
  await chat.ask("I want to talk to a person");
  await chat.ask("thank you");
  await chat.ask("where is order FR-1042?");
  const all = await shop.until(5);
  await pause(300);
  assert.deepEqual(types(shop.requests), ["handoff.opened", ...Array(4).fill("handoff.message")]);
  const seqs = all.slice(1).map((one) => one.body.message.seq), last = all[0].body.transcript.at(-1).seq;
  assert.deepEqual(seqs, [last + 1, last + 2, last + 3, last + 4]);
  assert.deepEqual(all.slice(1).map((one) => one.body.message.from), ["customer", "bot", "customer", "bot"]);
  assert.equal(new Set(all.map((one) => one.headers["webhook-id"])).size, all.length);
  all.forEach(judge);
  const { id } = await openHandoff(place);
  assert.equal(place.wismo("handoffs", "--agent", "Kim", "take", id).status, 0);
  assert.equal(place.wismo("handoffs", "--agent", "Kim", "say", id, "Hello, this is Kim").status, 0);
  assert.equal(place.wismo("handoffs", "--agent", "Kim", "close", id).status, 0);
  await shop.until(1, (one) => one.body.type === "handoff.closed");
  const [said] = shop.requests.filter((one) => one.body.message?.from === "agent");
  assert.deepEqual([said.body.message.agent, said.body.message.text], ["Kim", "Hello, this is Kim"]);
});

test("one that fails is asked again, under the same id", async (t) => {
  let second; // not answered before what the first has left is read
  const shop = await system(t, { answers: [500, (_, response) => { second = response; }] });
  const { place, server } = await begin(t, shop.url);
  const chat = await Chat.begin(server, { locale: "en" });
  await chat.ask("I want to talk to a person");
  await shop.until(2);
  assert.match((await openHandoff(place)).trouble, /answers 500/);
  second.writeHead(503).end();
  const all = await shop.until(3);
  assert.deepEqual(types(all), Array(3).fill("handoff.opened"));
  assert.equal(new Set(all.map((one) => one.headers["webhook-id"])).size, 1);
  all.forEach(judge);
  await pause(500);
  assert.equal(shop.requests.length, 3);
  assert.ok(all[1].at - all[0].at >= 400, "it is given a moment");
});

test("one that says when is not asked before", async (t) => {
  const shop = await system(t, { answers: [(_, response) => { response.writeHead(429, { "retry-after": "3" }); response.end(); }] });
  const { server } = await begin(t, shop.url);
  await (await Chat.begin(server, { locale: "en" })).ask("I want to talk to a person");
  const [first, second] = await shop.until(2);
  assert.ok(second.at - first.at >= 2900, `${second.at - first.at} ms`);
});

test("one that is not there yet is told when it comes", async (t) => {
  const gone = await system(t, { at: elsewhere });
  await gone.close();
  const { place, server } = await begin(t, gone.url);
  const chat = await Chat.begin(server, { locale: "en" });
  await chat.ask("I want to talk to a person");
  await eventually(async () => /onnect/.test((await openHandoff(place)).trouble));
  const shop = await system(t, { at: elsewhere, port: gone.port });
  assert.equal((await shop.until(1))[0].body.type, "handoff.opened");
});

test("a slow one holds nobody up, and another shop's is told meanwhile", async (t) => {
  const held = [], slow = await system(t, { answer: (_, response) => held.push(response) });
  const quick = await system(t);
  const place = folder(t, { conf: `${conf(slow.url)}shop "other" {\n  handoff_to = "webhook ${quick.url} env HOOK"\n}\n` });
  const server = await serve(t, place);
  for (let i = 0; i < 4; i++) await (await Chat.begin(server, { locale: "en" })).ask("I want to talk to a person");
  await (await Chat.begin(server, { locale: "en", shop: "other" })).ask("I want to talk to a person");
  await quick.until(1);
  await eventually(() => held.length > 0); // it has answered nothing, and the chats and the other shop did not wait
  slow.answers.push(...Array(9).fill(200));
  for (const response of held) response.end("{}");
  await slow.until(4);
  await pause(1500);
  assert.equal(slow.requests.length, 4);
});

test("one that takes it and hangs up is told again under the same id, and the next goes on from there", async (t) => {
  const hangUp = (_, response) => response.socket.destroy();
  const shop = await system(t, { answers: [hangUp, hangUp] });
  const { server } = await begin(t, shop.url);
  const chat = await Chat.begin(server, { locale: "en" });
  await chat.ask("I want to talk to a person");
  await chat.ask("thank you");
  const all = await shop.until(5);
  assert.deepEqual(types(all), [...Array(3).fill("handoff.opened"), "handoff.message", "handoff.message"]);
  assert.equal(new Set(all.slice(0, 3).map((one) => one.headers["webhook-id"])).size, 1);
});

test("killed while it is being told, it tells it after the restart, under the same id", async (t) => {
  const shop = await system(t, { answers: [() => {}] }); // accepted, and never answered
  const { place, server } = await begin(t, shop.url);
  const chat = await Chat.begin(server, { locale: "en" });
  await chat.ask("I want to talk to a person");
  await shop.until(1);
  await server.stop("SIGKILL");
  await serve(t, place);
  const [first, second] = await shop.until(2);
  assert.equal(first.headers["webhook-id"], second.headers["webhook-id"]);
  assert.deepEqual(first.body.transcript, second.body.transcript);
});

test("killed between the hand-off and its delivery, at any time, nothing is lost", async (t) => {
  const gone = await system(t, { at: elsewhere });
  await gone.close();
  const place = folder(t, { conf: conf(gone.url) });
  for (let round = 0; round < 6; round++) {
    const server = await serve(t, place);
    const chat = await Chat.begin(server, { locale: "en" });
    await chat.ask("I want to talk to a person"); // the answer has come: it is promised
    await pause(round * 15);
    await server.stop("SIGKILL");
  }
  const shop = await system(t, { at: elsewhere, port: gone.port });
  await serve(t, place); // tells at once what waits: no other wait has grown by then
  const all = await shop.until(6);
  assert.deepEqual(new Set(types(all)), new Set(["handoff.opened"]));
  assert.equal(new Set(all.map((one) => one.body.handoff)).size, 6);
  await pause(500);
  assert.equal(shop.requests.length, 6);
});

test("what cannot be told in time stands in the queue as failed", async (t) => {
  let under; // way, when it is given up: nothing else can be
  const shop = await system(t, { answer: 500, answers: [500, (_, response) => { under = response; }] });
  const { place, server } = await begin(t, shop.url, "handoff_give_up = 15s");
  await (await Chat.begin(server, { locale: "en" })).ask("I want to talk to a person");
  await shop.until(2);
  const row = await eventually(async () => {
    const found = await openHandoff(place);
    return found.delivery === "failed" && found;
  });
  assert.match(row.trouble, /answers 500/);
  assert.equal(row.status, "waiting");
  assert.match(place.wismo("handoffs").out, /delivery failed: it answers 500/);
  under.writeHead(500).end();
  await pause(2500);
  assert.equal(shop.requests.length, 2);
  shop.answers.push(200);
  assert.equal(place.wismo("handoffs", "retry", row.id).out, "will be tried again\n");
  await eventually(async () => (await openHandoff(place)).delivery === "");
  assert.match(place.wismo("handoffs", "retry", row.id).err, /nothing of it was given up/);
});

test("one that answers 410 is left alone at once", async (t) => {
  const shop = await system(t, { answer: 410 });
  const { place, server } = await begin(t, shop.url);
  await (await Chat.begin(server, { locale: "en" })).ask("I want to talk to a person");
  await eventually(async () => (await openHandoff(place)).delivery === "failed");
  assert.equal(shop.requests.length, 1);
});

test("nobody is followed to another address", async (t) => {
  const other = await system(t);
  const shop = await system(t, { answers: [(_, response) => { response.writeHead(307, { location: `${other.url}/` }); response.end(); }] });
  const { server } = await begin(t, shop.url);
  await (await Chat.begin(server, { locale: "en" })).ask("I want to talk to a person");
  await shop.until(2);
  assert.equal(other.requests.length, 0);
});

test("a certificate that nobody vouches for ends it, one that handoff_ca vouches for is good", async (t) => {
  const place = folder(t, { conf: "" });
  const [key, cert] = ["key.pem", "cert.pem"].map((name) => join(place.path, name));
  execFileSync("openssl", ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", key, "-out", cert,
    "-days", "2", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"], { stdio: "ignore" });
  const shop = await system(t, { tls: { key: readFileSync(key), cert: readFileSync(cert) } });
  writeFileSync(join(place.path, "wismo.conf"), conf(shop.url));
  const server = await serve(t, place);
  await (await Chat.begin(server, { locale: "en" })).ask("I want to talk to a person");
  await eventually(async () => /certificate/.test((await openHandoff(place)).trouble));
  assert.equal(shop.requests.length, 0);
  await server.stop();
  writeFileSync(join(place.path, "wismo.conf"), conf(shop.url, `handoff_ca = "${cert}"`));
  await serve(t, place);
  assert.equal((await shop.until(1))[0].body.type, "handoff.opened");
});

test("a reload leads hand-offs elsewhere, those that wait too", async (t) => {
  const before = await system(t, { answer: 500 }), after = await system(t);
  const { place, server } = await begin(t, before.url);
  await (await Chat.begin(server, { locale: "en" })).ask("I want to talk to a person");
  await before.until(1);
  writeFileSync(join(place.path, "wismo.conf"), conf(after.url));
  server.child.kill("SIGHUP");
  assert.equal((await after.until(1))[0].body.type, "handoff.opened");
});
