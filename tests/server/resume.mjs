import assert from "node:assert/strict";
import { test } from "node:test";
import { Chat, folder, serve, start } from "./chat.mjs";

const everything = async (server, token) => {
  const chat = await Chat.begin(server, { resume: { token, seq: 0 } });
  const said = [];
  while (said.length < chat.welcome.seq) said.push(await chat.next("say"));
  assert.ok(await chat.quiet());
  chat.drop();
  return said;
};

test("after a dropped connection the client hears what it missed, and only that", async (t) => {
  const server = await start(t);
  const chat = await Chat.begin(server, { locale: "fr" });
  await chat.ask("bonjour", "a");
  chat.send({ type: "say", id: "b", text: "merci" });
  chat.drop(); // the answer may or may not have come
  let again;
  for (;;) {
    again = await Chat.begin(server, { resume: { token: chat.welcome.token, seq: 2 } });
    if (again.welcome.seq === 4) break;
    again.drop(); // the message may still be on its way through the server
  }
  assert.equal(again.welcome.resumed, true);
  const missed = [await again.next("say"), await again.next("say")];
  assert.deepEqual(missed.map((turn) => [turn.seq, turn.from, turn.id]), [[3, "customer", "b"], [4, "bot", "b"]]);
  assert.ok(await again.quiet());
  assert.equal((await again.ask("merci", "c")).seq, 6);
});

test("after kill -9 nothing that was answered is lost and nothing is doubled", async (t) => {
  const place = folder(t);
  let server = await serve(t, place);
  const chat = await Chat.begin(server, { locale: "fr" });
  const token = chat.welcome.token;
  const answered = new Map();
  let seq = 0;
  for (let round = 0; round < 4; round++) {
    const socket = round ? await Chat.begin(server, { resume: { token, seq } }) : chat;
    for (let i = 0; i < 3; i++) {
      const answer = await socket.ask("bonjour", `r${round}.${i}`);
      answered.set(answer.id, answer);
      seq = answer.seq;
    }
    socket.send({ type: "say", id: `r${round}.cut`, text: "merci" }); // killed on the way, somewhere
    await server.stop("SIGKILL");
    server = await serve(t, place);
    const resumed = await Chat.begin(server, { resume: { token, seq } });
    resumed.send({ type: "say", id: `r${round}.cut`, text: "merci" }); // a client that is not sure sends it again
    const answer = await resumed.answer(`r${round}.cut`);
    answered.set(answer.id, answer);
    seq = answer.seq;
    resumed.drop();
  }
  const said = await everything(server, token);
  assert.deepEqual(said.map((turn) => turn.seq), said.map((_, index) => index + 1));
  const own = said.filter((turn) => turn.from === "customer").map((turn) => turn.id);
  assert.equal(new Set(own).size, own.length);
  assert.equal(own.length, 16);
  for (const [id, answer] of answered) {
    const stored = said.find((turn) => turn.from === "bot" && turn.id === id);
    assert.equal(stored.text, answer.text);
    assert.equal(stored.seq, answer.seq);
  }
});

test("the conversation goes on where it was: what was proved before the kill is still proved", async (t) => {
  const place = folder(t);
  let server = await serve(t, place);
  const chat = await Chat.begin(server, { locale: "fr" });
  await chat.ask("où est ma commande FR-1042 ?");
  const told = await chat.ask("69003");
  await server.stop("SIGKILL");
  server = await serve(t, place);
  const again = await Chat.begin(server, { resume: { token: chat.welcome.token, seq: told.seq } });
  assert.match((await again.ask("et c'est quel transporteur ?", "later")).text, /Colissimo|Chronopost|Mondial|DPD|GLS|DHL|UPS/i);
});

test("SIGTERM closes with 1012, loses nothing, and leaves with status 0", async (t) => {
  const place = folder(t);
  const server = await serve(t, place);
  const chats = await Promise.all(Array.from({ length: 10 }, () => Chat.begin(server, { locale: "fr" })));
  for (const chat of chats) chat.send({ type: "say", id: "last", text: "bonjour" });
  const heard = chats.map((chat) => Promise.race([chat.answer("last"), chat.closed.then(() => null)]));
  await heard[0];
  server.child.kill("SIGTERM");
  for (const chat of chats) assert.equal((await chat.closed).code, 1012);
  assert.deepEqual(await server.exited, { status: 0, signal: null });
  const next = await serve(t, place);
  for (const [index, chat] of chats.entries()) {
    const answer = await heard[index], said = await everything(next, chat.welcome.token);
    if (answer) assert.equal(said.find((turn) => turn.from === "bot").text, answer.text);
    assert.ok(said.length === 0 || said.length === 2); // never a question without its answer
  }
});

test("a long conversation is given back whole, in order", async (t) => {
  const server = await start(t);
  const chat = await Chat.begin(server, { locale: "fr" });
  const text = "📦".repeat(2000);
  for (let i = 0; i < 18; i++) await chat.ask(i % 2 ? "bonjour" : text);
  const said = await everything(server, chat.welcome.token);
  assert.deepEqual(said.map((turn) => turn.seq), Array.from({ length: 36 }, (_, index) => index + 1));
  assert.equal(said[0].text, text);
});

test("forged, foreign and broken tokens open nothing, and a new hello may follow", async (t) => {
  const server = await start(t);
  const one = await Chat.begin(server, { locale: "fr" }), two = await Chat.begin(server, { locale: "fr" });
  const [id] = one.welcome.token.split("."), [, secret] = two.welcome.token.split(".");
  const chat = await new Chat(server).open();
  for (const token of [`${id}.${secret}`, id, `${id}.`, "x", one.welcome.token.slice(0, -1), `${one.welcome.token}A`, "00000000000000000000000000.aaaaaaaaaaaaaaaaaaaaaa"]) {
    chat.send({ type: "hello", resume: { token, seq: 0 } });
    assert.equal((await chat.error("unknown_conversation")).field, "resume.token");
  }
  chat.send({ type: "hello", resume: { token: one.welcome.token, seq: 99 } });
  assert.equal((await chat.error("invalid")).field, "resume.seq");
  chat.send({ type: "hello", resume: { token: one.welcome.token, seq: 0 } });
  assert.equal((await chat.next("welcome")).conversation, one.welcome.conversation);
});
