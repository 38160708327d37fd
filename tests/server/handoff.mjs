import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { Chat, folder, serve } from "./chat.mjs";

test("a person takes over while the service runs: the bot is silent until it is handed back", async (t) => {
  const place = folder(t, { conf: 'shop "default" {\n  always_open = yes\n}\n' });
  const server = await serve(t, place);
  const chat = await Chat.begin(server, { locale: "fr" });
  const { text } = await chat.ask("je veux parler à un humain");
  assert.match(text, /votre demande est la prochaine|Personne n'attend avant vous/);
  if (!chat.beside.some((frame) => frame.type === "handoff")) chat.beside.push(await chat.next("handoff"));
  assert.equal(chat.beside.find((frame) => frame.type === "handoff").state, "waiting");

  const queue = JSON.parse(place.wismo("handoffs", "--json").out);
  assert.equal(queue.conversation, chat.welcome.conversation);
  const agent = (...words) => {
    const done = place.wismo("handoffs", "--agent", "Léa", ...words);
    assert.equal(done.status, 0, done.err);
  };
  agent("take", queue.id);
  let state = await chat.next();
  while (state.type !== "handoff" || state.state === "waiting") state = await chat.next(); // the place in the queue may be told once more
  assert.deepEqual([state.state, state.agent], ["human", "Léa"]);

  agent("say", queue.id, "Bonjour, ici Léa.");
  let said = await chat.next("say");
  while (said.from !== "agent") said = await chat.next("say");
  assert.deepEqual([said.text, said.agent], ["Bonjour, ici Léa.", "Léa"]);

  chat.send({ type: "say", id: "silent", text: "où est ma commande FR-1042 ?" });
  const own = await chat.next("say");
  assert.deepEqual([own.from, own.id], ["customer", "silent"]); // stored, and nobody but Léa answers
  assert.ok(await chat.quiet());

  agent("return", queue.id);
  for (state = await chat.next(); state.type !== "handoff"; state = await chat.next()) assert.equal(state.type, "say");
  assert.equal(state.state, "bot");
  assert.equal((await chat.ask("bonjour", "back")).from, "bot");
});

test("what an agent said while the customer was away is heard on resume", async (t) => {
  const place = folder(t);
  const server = await serve(t, place);
  const chat = await Chat.begin(server, { locale: "fr" });
  const { seq } = await chat.ask("je veux parler à un humain");
  chat.drop();
  const { id } = JSON.parse(place.wismo("handoffs", "--json").out);
  assert.equal(place.wismo("handoffs", "--agent", "Léa", "take", id).status, 0);
  assert.equal(place.wismo("handoffs", "--agent", "Léa", "say", id, "Êtes-vous encore là ?").status, 0);
  const again = await Chat.begin(server, { resume: { token: chat.welcome.token, seq } });
  assert.deepEqual([again.welcome.handling, again.welcome.agent], ["human", "Léa"]);
  let said = await again.next("say");
  while (said.from !== "agent") said = await again.next("say");
  assert.equal(said.text, "Êtes-vous encore là ?");
});

test("who waits out of hours is told when people are back instead of a place, and that they are there when they are", async (t) => {
  const open = 'shop "default" {\n  always_open = yes\n}\n', closed = 'shop "default" {\n  wed = "09:00-18:00"\n  thu = "09:00-18:00"\n}\n', never = `shop "default" {\n${["mon", "tue", "wed", "thu", "fri", "sat", "sun"].map((day) => `  ${day} = closed\n`).join("")}}\n`;
  const now = "2026-03-11T20:00:00+01:00", place = folder(t, { conf: closed, now });
  const server = await serve(t, place, "--now", now);
  const chat = await Chat.begin(server, { locale: "fr" });
  const { seq } = await chat.ask("je veux parler à un humain");
  const waits = async () => chat.beside.splice(0).findLast((frame) => frame.type === "handoff") ?? chat.next("handoff");
  assert.deepEqual(await waits(), { type: "handoff", state: "waiting", opens: "2026-03-12T09:00:00+01:00" });
  const again = await Chat.begin(server, { resume: { token: chat.welcome.token, seq } });
  assert.deepEqual([again.welcome.handling, again.welcome.opens], ["waiting", "2026-03-12T09:00:00+01:00"]);
  for (const [conf, expected] of [[open, { position: 1 }], [never, { opens: null }]]) {
    writeFileSync(join(place.path, "wismo.conf"), conf);
    server.child.kill("SIGHUP");
    assert.deepEqual(await waits(), { type: "handoff", state: "waiting", ...expected });
  }
});
