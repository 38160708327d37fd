// Bad input: an error frame that says what is wrong, or a close with the right code; the conversation goes on where it can.
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { Chat, start, validClient } from "./chat.mjs";

const wrong = [
  ["not JSON", "où est mon colis", "malformed"],
  ["nothing", "", "malformed"],
  ["an array", "[]", "malformed"],
  ["a byte order mark", "\ufeff{\"type\":\"bye\"}", "malformed"],
  ["duplicate keys", '{"type":"bye","type":"bye"}', "malformed"],
  ["33 levels", `{"type":"bye","x":${"[".repeat(33)}${"]".repeat(33)}}`, "malformed"],
  ["2,049 levels", `{"type":"bye","x":${"[".repeat(2049)}${"]".repeat(2049)}}`, "malformed"],
  ["thousands of values", `{"type":"bye","x":[${"1,".repeat(4000)}1]}`, "malformed"],
  ["a NUL escape", '{"type":"say","id":"a","text":"a\\u0000b"}', "malformed"],
  ["a lone surrogate", '{"type":"say","id":"a","text":"\\ud83d"}', "malformed"],
  ["1e999", '{"type":"rate","rating":1e999}', "malformed"],
  ["2^63", '{"type":"rate","rating":9223372036854775808}', "malformed"],
  ["no type", {}, "invalid", "type"],
  ["a type that is a number", { type: 3 }, "invalid", "type"],
  ["an unknown type", { type: "shout", id: "a" }, "unknown_type", "type"],
  ["an agent's verb", { type: "take", id: "a" }, "unknown_type", "type"],
  ["no id", { type: "say", text: "hello" }, "invalid", "id"],
  ["an id that is a number", { type: "say", id: 1, text: "hello" }, "invalid", "id"],
  ["an id with spaces", { type: "say", id: "a b", text: "hello" }, "invalid", "id"],
  ["an id of 65 characters", { type: "say", id: "a".repeat(65), text: "hello" }, "invalid", "id"],
  ["no text", { type: "say", id: "a" }, "invalid", "text"],
  ["empty text", { type: "say", id: "a", text: "" }, "invalid", "text"],
  ["spaces for text", { type: "say", id: "a", text: " \t\n " }, "invalid", "text"],
  ["2,001 characters", { type: "say", id: "a", text: "a".repeat(2001) }, "invalid", "text"],
  ["2,001 emoji", { type: "say", id: "a", text: "📦".repeat(2001) }, "invalid", "text"],
  ["text that is an object", { type: "say", id: "a", text: { a: 1 } }, "invalid", "text"],
  ["text that is null", { type: "say", id: "a", text: null }, "invalid", "text"],
  ["words in an agent's name", { type: "say", id: "a", text: "a", from: "agent" }, "invalid", "from"],
  ["a rating of 5", { type: "rate", rating: 5 }, "invalid", "rating"],
  ["a rating of true", { type: "rate", rating: true }, "invalid", "rating"],
  ["a rating of 1.5", { type: "rate", rating: 1.5 }, "invalid", "rating"],
  ["a negative seq", { type: "rate", rating: 1, seq: -1 }, "invalid", "seq"],
  ["a choice that is missing", { type: "choose", id: "a" }, "invalid", "choice"],
  ["a locale that is none", { type: "hello", locale: "français" }, "invalid", "locale"],
  ["a resume that is a token", { type: "hello", resume: "abc" }, "invalid", "resume"],
  ["a resume without seq", { type: "hello", resume: { token: "abc" } }, "invalid", "resume.seq"],
];

test("each wrong frame gets an error that names field, expected and found, and the conversation goes on", async (t) => {
  const server = await start(t);
  for (const [what, frame, code, field] of wrong) {
    const chat = await Chat.begin(server, { locale: "fr" });
    if (typeof frame === "object") assert.equal(validClient(frame), false, `${what} is within the schema`);
    chat.sendRaw(frame);
    const error = await chat.error(code);
    assert.equal(error.field, field, what);
    assert.ok(error.expected, what);
    if (typeof frame.id === "string" && /^\w{1,64}$/.test(frame.id)) assert.equal(error.re, frame.id, what);
    assert.equal((await chat.ask("bonjour")).from, "bot", what);
    chat.drop();
  }
});

test("2,000 characters of any script are taken", async (t) => {
  const chat = await Chat.begin(await start(t), { locale: "fr" });
  for (const [id, letter] of Object.entries({ a: "a", b: "é", c: "€", d: "📦" }))
    assert.equal((await chat.ask(letter.repeat(2000), id)).from, "bot");
});

test("messages before hello and a second hello are refused by name", async (t) => {
  const server = await start(t);
  const chat = await new Chat(server).open();
  for (const frame of [{ type: "say", id: "a", text: "bonjour" }, { type: "choose", id: "b", choice: "yes" }, { type: "rate", rating: 1 }, { type: "bye" }]) {
    chat.send(frame);
    assert.equal((await chat.error("hello_first")).re, frame.id);
  }
  chat.send({ type: "hello", shop: "nowhere" });
  assert.deepEqual((({ field, found }) => [field, found])(await chat.error("unknown_shop")), ["shop", "nowhere"]);
  chat.send({ type: "hello", locale: "fr" });
  await chat.next("welcome");
  chat.send({ type: "hello", locale: "fr" });
  await chat.error("hello_again");
  assert.equal((await chat.ask("bonjour")).from, "bot");
});

test("a flood is told to slow down; who waits is answered; who does not is cut off", async (t) => {
  const server = await start(t);
  const chat = await Chat.begin(server, { locale: "fr" });
  for (let i = 0; i < 40; i++) chat.send({ type: "say", id: `f${i}`, text: "bonjour" });
  const codes = new Map(), answered = new Set();
  let wait = 0;
  while (codes.size + answered.size < 40) {
    const frame = await chat.next();
    if (frame.type === "error") {
      codes.set(frame.re, frame.code);
      if (frame.code === "slow_down") wait = Math.max(wait, frame.retry_ms);
    } else if (frame.type === "say" && frame.from === "bot") answered.add(frame.id);
  }
  assert.ok([...codes.values()].includes("slow_down"));
  assert.ok([...codes.values()].every((code) => code === "slow_down" || code === "busy"));
  assert.ok(wait > 0 && wait <= 1500, `${wait}`);
  await sleep(wait + 1200);
  assert.equal((await chat.ask("bonjour", "patient")).from, "bot");
  // A hundred must be refused in a row: on a slow machine one in between may have been in time.
  for (let over = null; !over; over = await Promise.race([chat.closed, sleep(1000)]))
    for (let i = 0; i < 400; i++) chat.sendRaw("x");
  assert.equal((await chat.closed).code, 1008);
  const other = await Chat.begin(server, { resume: { token: chat.welcome.token, seq: 0 } });
  assert.equal(other.welcome.resumed, true);
});

test("what customers write does not reach the log", async (t) => {
  const server = await start(t);
  const chat = await Chat.begin(server, { locale: "fr" });
  await chat.ask("où est ma commande FR-1042, camille.martin@example.fr, 69003, +33639980001 ?");
  chat.sendRaw('{"type":"say","id":"a","text":"camille.martin@example.fr"');
  await chat.error("malformed");
  await server.stop();
  assert.doesNotMatch(server.log.join("\n"), /FR-?1042|(?<![\d.])(1042|69003)(?!\d)|camille|39980001/i);
  assert.doesNotMatch(server.log.join("\n"), new RegExp(chat.welcome.token.split(".")[1]));
});
