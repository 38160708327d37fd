import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import WebSocket from "ws";
import { eventually, system } from "../outbox/system.mjs";
import { Chat, folder, serve } from "./chat.mjs";

async function watched(t, conf = "") {
  const place = folder(t, { conf: `admin_listen = "127.0.0.1:0"\n${conf}` });
  const server = await serve(t, place);
  const at = await eventually(() => server.log.map((line) => /metrics: (http:\S+)metrics/.exec(line)?.[1]).find(Boolean));
  const read = async () => {
    const answer = await fetch(`${at}metrics`);
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get("content-type"), "text/plain; version=0.0.4; charset=utf-8");
    const text = await answer.text();
    const value = (name) => { const line = text.split("\n").find((one) => one.startsWith(`${name} `)); return line && Number(line.slice(name.length + 1)); };
    return { text, value };
  };
  return { place, server, at, read };
}

// What promtool finds, "" nothing.
function judged(text) {
  const done = spawnSync("promtool", ["check", "metrics"], { input: text, encoding: "utf8" });
  if (done.error) throw new Error("promtool is missing: apt-get install prometheus");
  return done.status === 0 ? "" : done.stdout + done.stderr || "promtool failed";
}

test("promtool finds nothing wrong, before anything has happened and after much has", async (t) => {
  const { server, read } = await watched(t);
  assert.equal(judged((await read()).text), "");
  const chat = await Chat.begin(server, { locale: "fr" });
  await chat.ask("où est ma commande FR-1042 ? code postal 69003");
  await chat.ask("je veux parler à un humain");
  await new Chat(server, { origin: "https://evil.example" }).failed;
  const { text, value } = await read();
  assert.equal(judged(text), "");
  assert.notEqual(judged(`${text}# TYPE wismo_bad counter\nwismo_bad 1\n`), "", "it does judge");
  assert.equal(value('wismo_conversations_total{channel="chat"}'), 1);
  assert.equal(value('wismo_messages_total{channel="chat",intent="track.where",outcome="answer"}'), 1);
  assert.equal(value('wismo_messages_total{channel="chat",intent="human.person",outcome="handoff"}'), 1);
  assert.equal(value('wismo_handoffs_total{target="desk",reason="human.person"}'), 1);
  assert.equal(value('wismo_reply_duration_seconds_count{channel="chat"}'), 2);
  assert.equal(value('wismo_reply_duration_seconds_bucket{channel="chat",le="+Inf"}'), 2);
  assert.equal(value('wismo_ws_rejected_total{reason="origin"}'), 1);
  assert.equal(value("wismo_ws_connections"), 1);
  assert.equal(value("wismo_handoffs_waiting"), 1);
  assert.ok(value("wismo_db_changes_total") >= 3);
  assert.ok(value("process_resident_memory_bytes") > 1e6);
  assert.ok(Math.abs(value("process_start_time_seconds") - Date.now() / 1000) < 120);
  assert.match(text, /^wismo_build_info\{version="[^"]+"\} 1$/m);
});

test("what is counted names nobody: no order, address, number or conversation", async (t) => {
  const { server, read } = await watched(t);
  const chat = await Chat.begin(server, { locale: "en" });
  await chat.ask("where is my order FR-1042? camille.martin@example.fr 69003");
  await chat.ask("my phone is +33612345678, I want a refund");
  const { text } = await read();
  assert.doesNotMatch(text, new RegExp(`FR-?1042|(?<![\\d.])(1042|69003)(?!\\d)|camille|612345678|127\\.0\\.0\\.1|${chat.welcome.conversation}`, "i"));
});

test("limits that are hit are counted", async (t) => {
  const { server, read } = await watched(t, 'per_conversation = "1/2"');
  const chat = await Chat.begin(server, { locale: "en" });
  for (let i = 0; i < 30; i++) chat.send({ type: "say", id: `m${i}`, text: "hello" }); // more than a second each would take a slow machine
  await eventually(async () => (await read()).value('wismo_limiter_hits_total{limit="messages"}') >= 3);
});

test("what other systems have not been told grows old, and is gone when they have", async (t) => {
  let third; // is answered when all has been read that can be read before
  const shop = await system(t, { answers: [500, 500, (_, response) => { third = response; }] });
  const { server, at, read } = await watched(t, `shop "default" { always_open = yes handoff_to = "webhook ${shop.url} env HOOK" }`);
  await (await Chat.begin(server, { locale: "en" })).ask("I want to talk to a person");
  await eventually(async () => (await read()).value('wismo_outbox_attempts_total{target="webhook",result="failed"}') >= 1);
  const { text, value } = await read();
  assert.equal(judged(text), "");
  assert.equal(value('wismo_outbox_pending{target="webhook"}'), 1);
  assert.equal(value('wismo_handoffs_total{target="webhook",reason="human.person"}'), 1);
  const ready = await fetch(`${at}readyz`), body = await ready.json();
  assert.equal(ready.status, 200); // a shop's system that is down is no reason to send customers away
  assert.equal(body.outbox.pending, 1);
  await shop.until(3);
  third.writeHead(200).end();
  await eventually(async () => (await read()).value('wismo_outbox_pending{target="webhook"}') === 0);
  assert.equal((await read()).value('wismo_outbox_oldest_seconds{target="webhook"}'), 0);
});

test("those who watch are told here and nowhere else, and nothing else is told here", async (t) => {
  const { server, at } = await watched(t);
  for (const path of ["metrics", "readyz"]) assert.equal((await fetch(server.url + path)).status, 404);
  for (const path of ["", "demo.js", "v1/handoffs/x/reply", "chat"]) assert.equal((await fetch(at + path)).status, 404);
  assert.equal((await fetch(`${at}metrics`, { method: "POST", body: "" })).status, 405);
  assert.equal((await fetch(`${at}healthz`)).status, 200);
  const socket = new WebSocket(`${at.replace("http", "ws")}chat`, ["wismo.chat.v1"]);
  const status = await new Promise((resolve) => { socket.on("unexpected-response", (request, response) => resolve(response.statusCode)); socket.on("open", () => resolve("open")); socket.on("error", () => {}); });
  assert.equal(status, 404);
});

test("ready means that a commit goes through", async (t) => {
  const { at } = await watched(t);
  const answer = await fetch(`${at}readyz`);
  assert.deepEqual([answer.status, await answer.json()],
    [200, { ok: true, writable: true, draining: false, outbox: { pending: 0, failed: 0, oldest_seconds: 0 } }]);
});

test("a log of JSON lines is JSON, and says the same", async (t) => {
  const { server } = await watched(t, "log_format = json");
  await server.stop();
  const lines = server.log.filter((line) => line.startsWith("{")).map((line) => JSON.parse(line));
  assert.ok(lines.some((line) => line.level === "info" && line.room === "server" && /^stopping: 0 chats$/.test(line.message)), server.log.join("\n"));
  for (const line of lines) assert.match(line.time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
});

test("a disk that takes nothing more: what is stored is answered, what is not is refused, and health and readiness say so", async (t) => {
  const { server, at, read } = await watched(t);
  const first = await Chat.begin(server, { locale: "fr" });
  const said = await first.ask("bonjour");
  const fill = (bytes) => assert.equal(spawnSync("prlimit", [`--fsize=${bytes}`, `--pid=${server.child.pid}`]).status, 0);
  const asked = async (url) => { const answer = await fetch(url); return [answer.status, (await answer.json()).writable]; };
  assert.deepEqual(await asked(`${at}healthz`), [200, true]);
  fill("4096:unlimited");
  first.send({ type: "say", id: "m9", text: "où est ma commande FR-1042 ?" });
  await first.error("not_stored");
  await eventually(async () => (await asked(`${at}healthz`))[1] === false);
  assert.deepEqual(await asked(`${server.url}healthz`), [200, false]);
  assert.deepEqual(await asked(`${at}readyz`), [503, false]);
  assert.match(server.log.join("\n"), /wismo\.db: the disk (is full|reports an error)/);
  assert.ok((await read()).value("wismo_db_errors_total") >= 1);
  assert.equal((await read()).value("wismo_db_read_errors_total"), 0);
  const again = await Chat.begin(server, { resume: { token: first.welcome.token, seq: 0 } });
  assert.deepEqual([again.welcome.resumed, again.welcome.seq], [true, said.seq]);
  fill("unlimited:unlimited");
  first.send({ type: "say", id: "m9", text: "où est ma commande FR-1042 ?" });
  await first.answer("m9");
  assert.deepEqual(await asked(`${at}readyz`), [200, true]);
  assert.deepEqual(await asked(`${at}healthz`), [200, true]);
  assert.ok((await read()).value("wismo_db_changes_total") >= 2);
});
