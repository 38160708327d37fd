// Several loops: a chat goes to the loop that carries the fewest (of equals to the later), and its conversation stays
// with that loop. With two, the first chat is the second loop's, the second the first's, and so on.
import assert from "node:assert/strict";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { eventually } from "../outbox/system.mjs";
import { Chat, folder, sayings, serve } from "./chat.mjs";
import { addStaff, Agent, signIn } from "./staff.mjs";

const settings = (more = "") => `loops = 2\nadmin_listen = "127.0.0.1:0"\n${more}shop "default" {\n  always_open = yes\n}\n`;

async function loops(t, { conf = settings(), staff = {}, place = folder(t, { conf }) } = {}) {
  for (const [name, more] of Object.entries(staff)) addStaff(place, name, ...more);
  const server = await serve(t, place);
  const at = await eventually(() => server.log.map((line) => /metrics: (http:\S+)metrics/.exec(line)?.[1]).find(Boolean));
  const read = async () => (await fetch(`${at}metrics`)).text();
  const value = async (name) => Number((await read()).split("\n").find((line) => line.startsWith(`${name} `))?.slice(name.length + 1));
  // What the loops have, in their order.
  const each = async (name) => [...(await read()).matchAll(new RegExp(`^${name}\\{loop="\\d+"\\} (\\d+)$`, "gm"))].map(([, count]) => Number(count));
  return { place, server, value, chats: () => each("wismo_loop_chats"), conversations: () => each("wismo_loop_conversations") };
}

const resume = (server, chat, seq) => Chat.begin(server, { resume: { token: chat.welcome.token, seq } });

// The two, one of each loop: [of the first, of the second].
async function two(server) {
  const second = await Chat.begin(server, { locale: "fr" }), first = await Chat.begin(server, { locale: "fr" });
  return [first, second];
}

// Gone, and its loop knows it.
async function gone(service, chat) {
  const before = (await service.chats()).reduce((sum, count) => sum + count);
  chat.drop();
  await eventually(async () => (await service.chats()).reduce((sum, count) => sum + count) === before - 1);
}

async function everything(server, chat) {
  const again = await resume(server, chat, 0), said = [];
  while (said.length < again.welcome.seq) said.push(await again.next("say"));
  assert.ok(await again.quiet());
  again.drop();
  return said;
}

async function heard(chat, meant) {
  for (;;) {
    const frame = await chat.next();
    if (meant(frame)) return frame;
  }
}

test("each loop carries its share, and answers from the same orders", async (t) => {
  const service = await loops(t), { server } = service;
  const chats = [...await two(server), ...await two(server)];
  assert.deepEqual(await service.chats(), [2, 2]);
  assert.deepEqual(await service.conversations(), [2, 2]);
  const told = await Promise.all(chats.map((chat) => chat.ask("où est ma commande FR-1042 ? code postal 69003")));
  for (const answer of told) assert.deepEqual([answer.text, answer.seq], [told[0].text, 2]);
  assert.match(told[0].text, /FR-1042/);
  assert.equal(await service.value('wismo_conversations_total{channel="chat"}'), 4);
  assert.equal(await service.value('wismo_messages_total{channel="chat",intent="track.where",outcome="answer"}'), 4);
  assert.equal(await service.value('wismo_reply_duration_seconds_count{channel="chat"}'), 4);
  assert.equal(await service.value("wismo_ws_connections"), 4);
  const health = await (await fetch(new URL("/healthz", server.url))).json();
  assert.deepEqual([health.ok, health.chats, health.conversations], [true, 4, 4]);
});

test("a tab on the other loop hears both sides of a conversation, each turn once, and can speak in it", async (t) => {
  const service = await loops(t), { server } = service;
  const own = await two(server);
  const tabs = [await resume(server, own[0], 0), await resume(server, own[1], 0)]; // the first's is carried by the second loop
  assert.deepEqual(await service.chats(), [2, 2]);
  assert.deepEqual(await service.conversations(), [1, 1]);
  for (const [i, tab] of tabs.entries()) {
    assert.equal(tab.welcome.conversation, own[i].welcome.conversation);
    const answer = await own[i].ask("bonjour", "a"), echo = await tab.next("say");
    assert.deepEqual([echo.from, echo.id, echo.text, echo.seq], ["customer", "a", "bonjour", 1]);
    assert.deepEqual(await tab.next("say"), answer);
    const reply = await tab.ask("merci", "b");
    assert.equal(reply.seq, 4);
    assert.deepEqual(sayings([await own[i].next(), await own[i].next()]).map((frame) => [frame.from, frame.id, frame.seq]), [["customer", "b", 3], ["bot", "b", 4]]);
    tab.send({ type: "say", id: "a", text: "bonjour" });
    assert.ok(await tab.quiet(), "the same id is answered once, from wherever it comes");
  }
});

test("who comes back on another loop hears what was missed, in order, however long", async (t) => {
  const service = await loops(t, { conf: settings("per_conversation = 0\n") }), { server } = service;
  const [first, second] = await two(server);
  for (let i = 0; i < 40; i++)
    await first.ask(i % 2 ? "bonjour" : "📦".repeat(2000), `m${i}`);
  await gone(service, first);
  await gone(service, second);
  const again = await resume(server, first, 10); // as the loops carry the same, the second takes it
  assert.deepEqual(await service.chats(), [0, 1]);
  assert.deepEqual([again.welcome.resumed, again.welcome.seq], [true, 80]);
  for (let seq = 11; seq <= 80; seq++) assert.equal((await again.next("say")).seq, seq);
  assert.ok(await again.quiet());
  assert.equal((await again.ask("merci", "last")).seq, 82);
  again.send({ type: "bye" });
  assert.equal((await again.closed).code, 1000);
});

test("frames follow each other also where they go to another loop: none is answered before its hello", async (t) => {
  const service = await loops(t), { server } = service;
  const [first, second] = await two(server);
  await gone(service, first);
  await gone(service, second);
  const again = await new Chat(server).open();
  again.send({ type: "hello", resume: { token: first.welcome.token, seq: 0 } });
  for (let i = 0; i < 5; i++) again.send({ type: "say", id: `m${i}`, text: "bonjour" });
  await again.next("welcome");
  for (let i = 0; i < 5; i++) assert.equal((await again.answer(`m${i}`)).seq, 2 * i + 2);
});

test("a thousand messages in one breath over another loop are each answered or refused, in order", async (t) => {
  const service = await loops(t, { conf: settings("per_conversation = 0\nper_address = 0\n") }), { server } = service;
  const [first, second] = await two(server);
  await gone(service, first);
  await gone(service, second);
  const again = await resume(server, first, 0);
  for (let i = 0; i < 1000; i++) again.sendRaw({ type: "mark", id: `m${i}` });
  for (let i = 0; i < 1000; i++) assert.equal((await again.error("unknown_type")).re, `m${i}`);
  assert.equal((await again.ask("bonjour")).seq, 2);
});

test("over one socket tokens of any loop may be tried; one that holds opens, and then no other", async (t) => {
  const { server } = await loops(t);
  const [first, second] = await two(server), chat = await new Chat(server).open();
  for (const { welcome: { token } } of [first, second, first, second]) {
    chat.send({ type: "hello", resume: { token: `${token.slice(0, -1)}${token.endsWith("A") ? "B" : "A"}`, seq: 0 } });
    assert.equal((await chat.error("unknown_conversation")).field, "resume.token");
  }
  for (const own of [first, second, first]) {
    chat.send({ type: "hello", resume: { token: own.welcome.token, seq: 9 } });
    assert.equal((await chat.error("invalid")).field, "resume.seq");
  }
  chat.send({ type: "hello", resume: { token: second.welcome.token, seq: 0 } });
  assert.equal((await chat.next("welcome")).conversation, second.welcome.conversation);
  chat.send({ type: "hello", resume: { token: first.welcome.token, seq: 0 } });
  await chat.error("hello_again");
  assert.equal((await chat.ask("bonjour")).seq, 2);
});

test("a token that opened nothing may be followed by a new hello, on whichever loop it was looked for", async (t) => {
  const { server } = await loops(t);
  for (const own of await two(server)) {
    const chat = await new Chat(server).open();
    chat.send({ type: "hello", resume: { token: `${own.welcome.conversation}.AAAAAAAAAAAAAAAAAAAAAA`, seq: 0 } });
    await chat.error("unknown_conversation");
    chat.send({ type: "hello", locale: "fr" });
    chat.welcome = await chat.next("welcome");
    const answer = await chat.ask("bonjour");
    assert.deepEqual(sayings(await everything(server, chat)).at(-1).text, answer.text);
  }
});

test("people at the desk see, take and answer conversations of all loops", async (t) => {
  const { server } = await loops(t, { staff: { Léa: ["--role", "manager"], Max: [], Ida: [] } });
  for (const [i, chat] of (await two(server)).entries()) {
    const name = ["Max", "Ida"][i], agent = await Agent.begin(server, await signIn(server, name)), { conversation } = chat.welcome;
    await chat.ask("je veux parler à un humain");
    await agent.until(() => agent.item(conversation));
    await agent.ask("open", { conversation });
    await agent.done("claim", { conversation });
    assert.equal((await heard(chat, (frame) => frame.type === "handoff" && frame.state === "human")).agent, name);
    agent.send({ type: "typing", conversation });
    assert.equal((await heard(chat, (frame) => frame.type === "typing")).from, "agent");
    await agent.done("say", { conversation, id: `s-${conversation}`, text: `Bonjour, ici ${name}.` });
    const said = await heard(chat, (frame) => frame.type === "say" && frame.from === "agent");
    assert.deepEqual([said.text, said.agent], [`Bonjour, ici ${name}.`, name]);
    chat.send({ type: "say", id: "reply", text: "merci" });
    assert.equal((await agent.next((frame) => frame.type === "news" && frame.turns?.some((turn) => turn.from === "customer"))).conversation, conversation);
    chat.send({ type: "typing" });
    await agent.next((frame) => frame.type === "typing" && frame.conversation === conversation && frame.from === "customer");
    await agent.done("note", { conversation, text: "nothing to see" });
    const other = await Agent.begin(server, await signIn(server, "Léa"));
    await other.refused("taken", "claim", { conversation });
    other.drop();
    await agent.done("return", { conversation });
    await heard(chat, (frame) => frame.type === "handoff" && frame.state === "bot");
    await agent.until(() => !agent.item(conversation));
  }
});

test("a manager who looks at a conversation of any loop reads along while the assistant answers", async (t) => {
  const { server } = await loops(t, { staff: { Léa: ["--role", "manager"] } });
  const manager = await Agent.begin(server, await signIn(server, "Léa"));
  for (const chat of await two(server)) {
    const { conversation } = chat.welcome;
    await chat.ask("bonjour");
    assert.equal((await manager.ask("open", { conversation })).turns.length, 2);
    const answer = await chat.ask("merci");
    const news = await manager.next((frame) => frame.type === "news" && frame.conversation === conversation);
    assert.deepEqual(news.turns.map((turn) => turn.text), ["merci", answer.text]);
  }
});

test("places in the queue are counted over all loops", async (t) => {
  const service = await loops(t, { staff: { Max: [] } }), { server } = service;
  const agent = await Agent.begin(server, await signIn(server, "Max"));
  const chats = [...await two(server), ...await two(server)];
  for (const [i, chat] of chats.entries()) {
    chat.send({ type: "say", id: "person", text: "je veux parler à un humain" });
    const { position } = await heard(chat, (frame) => frame.type === "handoff" && frame.state === "waiting");
    assert.equal(position, i + 1);
    await agent.until(() => agent.items.size === i + 1); // the desk knows before the next one asks
  }
  await agent.done("claim", { conversation: chats[0].welcome.conversation });
  for (const [i, chat] of chats.slice(1).entries())
    await heard(chat, (frame) => frame.type === "handoff" && frame.state === "waiting" && frame.position === i + 1);
});

test("staff commands of another process reach conversations of all loops", async (t) => {
  const { server, place } = await loops(t);
  for (const chat of await two(server)) {
    await chat.ask("je veux parler à un humain");
    const queue = place.wismo("handoffs", "--json").out.trim().split("\n").map((row) => JSON.parse(row));
    const { id: handoff } = queue.find((row) => row.conversation === chat.welcome.conversation);
    assert.equal(place.wismo("handoffs", "--agent", "Sophie", "take", handoff).status, 0);
    await heard(chat, (frame) => frame.type === "handoff" && frame.agent === "Sophie");
    assert.equal(place.wismo("handoffs", "--agent", "Sophie", "say", handoff, "Bonjour !").status, 0);
    assert.equal((await heard(chat, (frame) => frame.type === "say" && frame.from === "agent")).text, "Bonjour !");
  }
});

test("after kill -9 conversations go on, with another number of loops too, and nothing is lost or doubled", async (t) => {
  const place = folder(t, { conf: settings() });
  let { server } = await loops(t, { place });
  const chats = await two(server), answered = [new Map(), new Map()];
  for (const [round, count] of [2, 3, 1, 2].entries()) {
    const again = round ? [await resume(server, chats[0], 0), await resume(server, chats[1], 0)] : chats;
    for (const [i, chat] of again.entries()) {
      if (round) for (let seq = 1; seq <= chat.welcome.seq; seq++) assert.equal((await chat.next("say")).seq, seq);
      for (let k = 0; k < 2; k++) answered[i].set(`r${round}.${k}`, (await chat.ask("bonjour", `r${round}.${k}`)).text);
      chat.send({ type: "say", id: `r${round}.cut`, text: "merci" }); // killed on the way, somewhere
    }
    await server.stop("SIGKILL");
    writeFileSync(join(place.path, "wismo.conf"), settings().replace("loops = 2", `loops = ${count}`));
    ({ server } = await loops(t, { place }));
  }
  for (const [i, chat] of chats.entries()) {
    const said = await everything(server, chat);
    assert.deepEqual(said.map((turn) => turn.seq), said.map((_, index) => index + 1));
    for (const [id, text] of answered[i]) assert.equal(said.find((turn) => turn.from === "bot" && turn.id === id)?.text, text);
    const own = said.filter((turn) => turn.from === "customer").map((turn) => turn.id);
    assert.equal(new Set(own).size, own.length);
  }
});

test("SIGTERM: chats of all loops hear 1012, nothing is lost, and the status is 0", async (t) => {
  const service = await loops(t), { server, place } = service;
  const chats = [...await two(server), ...await two(server), ...await two(server)];
  const tabs = [await resume(server, chats[0], 0), await resume(server, chats[1], 0)];
  const silent = connect(server.port, "127.0.0.1");
  silent.on("error", () => {});
  await once(silent, "connect");
  for (const chat of [...chats, ...tabs]) chat.send({ type: "say", id: `last${tabs.indexOf(chat)}`, text: "bonjour" });
  const heard = chats.map((chat) => Promise.race([chat.answer("last-1"), chat.closed.then(() => null)]));
  await heard[0];
  server.child.kill("SIGTERM");
  for (const chat of [...chats, ...tabs]) assert.equal((await chat.closed).code, 1012);
  assert.deepEqual(await server.exited, { status: 0, signal: null });
  const { server: next } = await loops(t, { place });
  for (const [index, chat] of chats.entries()) {
    const answer = await heard[index], said = await everything(next, chat);
    if (answer) assert.equal(said.find((turn) => turn.from === "bot" && turn.id === "last-1").text, answer.text);
    assert.ok(said.length % 2 === 0 && said.length <= 4); // never a question without its answer
  }
});

test("SIGHUP while chats of all loops talk: each loop takes up what is new, and every answer comes", async (t) => {
  const conf = (name) => `per_conversation = 0\nper_address = 0\n${settings().replace("{\n", `{\n  name = "${name}"\n`)}`;
  const service = await loops(t, { conf: conf("Before") }), { server, place } = service;
  const chats = [...await two(server), ...await two(server)];
  let over = false;
  const talk = Promise.all(chats.map(async (chat) => { for (let i = 0; !over; i++) assert.equal((await chat.ask("bonjour", `m${i}`)).seq, 2 * i + 2); }));
  for (let round = 0; round < 4; round++) {
    const reloads = () => server.log.filter((line) => /info server: reloaded/.test(line)).length, before = reloads();
    writeFileSync(join(place.path, "wismo.conf"), conf(`Round ${round}`));
    server.child.kill("SIGHUP");
    await eventually(() => reloads() > before);
    for (const chat of await two(server)) {
      assert.equal(chat.welcome.name, `Round ${round}`);
      await gone(service, chat);
    }
  }
  over = true;
  await talk;
});

test("limits of an address hold over all loops", async (t) => {
  const { server } = await loops(t, { conf: settings('per_address = "1/100"\nper_conversation = 0\nsockets_per_address = 2\n') });
  const chats = await two(server);
  assert.equal(await new Chat(server).failed, 429);
  // Eighty of each: either loop by itself would let all of its own in.
  for (const chat of chats) for (let i = 0; i < 80; i++) chat.send({ type: "say", id: `m${i}`, text: "bonjour" });
  await eventually(() => chats.some((chat) => chat.frames.some((frame) => frame.code === "slow_down")));
});

test("who asks for a chat and then for a page, or in pieces, or not at all, is served or cut", async (t) => {
  const service = await loops(t), { server } = service;
  const say = async (...pieces) => {
    const socket = connect(server.port, "127.0.0.1");
    let heard = "";
    socket.on("data", (bytes) => { heard += bytes; });
    socket.on("error", () => {});
    const closed = new Promise((resolve) => socket.on("close", resolve));
    await once(socket, "connect");
    for (const piece of pieces) {
      socket.write(piece);
      await new Promise((resolve) => setTimeout(resolve, 50)); // so that it comes by itself; nothing is decided by it
    }
    return { socket, closed, heard: () => heard };
  };
  const plain = await say("GET /chat HTTP/1.1\r\nHost: x\r\n\r\n");
  await plain.closed;
  assert.match(plain.heard(), /^HTTP\/1\.1 426 /);
  const mute = await say(), begun = performance.now();
  const pieces = await say("GET /c", "hat HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Protocol: wismo.chat.v1\r\n\r\n");
  await eventually(() => /^HTTP\/1\.1 101 /.test(pieces.heard()));
  pieces.socket.destroy();
  assert.equal((await fetch(server.url)).status, 200);
  assert.equal(await new Chat(server, { path: "chats" }).failed, 404);
  await mute.closed;
  assert.ok(performance.now() - begun > 5000, "nobody is hurried");
  assert.equal(mute.heard(), "");
});
