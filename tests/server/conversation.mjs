import assert from "node:assert/strict";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { Chat, folder, serve, start, stopped } from "./chat.mjs";

test("a customer asks in French and is answered from the order", async (t) => {
  const chat = await Chat.begin(await stopped(t), { locale: "fr" });
  assert.equal(chat.welcome.handling, "bot");
  assert.equal(chat.welcome.resumed, false);
  const first = await chat.ask("où est ma commande ?");
  assert.deepEqual([first.seq, first.re, first.from, first.id], [2, 1, "bot", "m1"]);
  await chat.ask("FR-1042");
  const told = await chat.ask("69003");
  assert.match(told.text, /FR-1042/);
  assert.equal(told.locale.slice(0, 2), "fr");
  const timeline = told.parts?.find((part) => part.kind === "timeline");
  assert.equal(timeline?.order, "FR-1042");
  assert.equal(timeline.days_late, 2);
});

test("a customer asks in English and is answered from the order", async (t) => {
  const chat = await Chat.begin(await start(t), { locale: "en" });
  await chat.ask("Where is my order UK-2087?");
  const told = await chat.ask("alice.turner@example.com");
  assert.equal(told.locale.slice(0, 2), "en");
  assert.match(told.text, /UK-2087|parcel/i);
  assert.ok(told.parts.filter((part) => part.kind === "timeline").length >= 1);
});

test("the card of a parcel tells no time that is still to come", async (t) => {
  const now = "2026-03-11T09:00:00+01:00", place = folder(t, { now }), file = join(place.path, "announced.jsonl");
  const checkpoints = [["08:10", "in_transit"], ["17:45", "out_for_delivery"], ["18:00", "delivered"]].map(([time, status]) => ({ at: `2026-03-11T${time}:00+01:00`, status }));
  writeFileSync(file, JSON.stringify({ number: "FR-4711", postcode: "69003", parcels: [{ id: "1", status: "delivered", checkpoints }] }));
  assert.match(place.wismo("import", "--now", now, file).out, /new 1/);
  const chat = await Chat.begin(await serve(t, place, "--now", now), { locale: "en" });
  const { steps } = (await chat.ask("where is my order FR-4711? 69003")).parts.find((part) => part.kind === "timeline");
  assert.deepEqual(steps.map(({ name, at }) => [name, at]).filter(([, at]) => at), [["shipped", "2026-03-11T08:10:00+01:00"]]);
});

test("each step of a card tells the time of what it names, or none", async (t) => {
  const now = "2026-03-11T09:00:00+01:00", place = folder(t, { now }), file = join(place.path, "steps.jsonl");
  const orders = {
    4711: { parcels: [{ id: "1", checkpoints: [["2026-02-18", "in_transit"], ["2026-03-09", "lost"]] }] },
    4712: { parcels: [{ id: "1", checkpoints: [["2026-03-06", "info_received"], ["2026-03-08", "customs"], ["2026-03-09", "in_transit"], ["2026-03-10T08:40:00+01:00", "out_for_delivery"], ["2026-03-10T12:18:00+01:00", "attempt_failed"]] }] },
    4713: { parcels: [{ id: "1", status: "delivered", delivered_at: "2026-03-10", checkpoints: [] }] },
    4714: { state: "cancelled" },
    4715: { state: "backorder" },
  };
  const lines = Object.entries(orders).map(([number, order]) => {
    for (const parcel of order.parcels ?? []) parcel.checkpoints = parcel.checkpoints.map(([at, status]) => ({ at, status }));
    return JSON.stringify({ number: `FR-${number}`, postcode: "69003", placed_at: "2026-02-14", ...order });
  });
  writeFileSync(file, lines.join("\n"));
  assert.match(place.wismo("import", "--now", now, file).out, /new 5/);
  const server = await serve(t, place, "--now", now);
  const told = async (number) => {
    const { steps } = (await (await Chat.begin(server, { locale: "en" })).ask(`where is my order FR-${number}? 69003`)).parts.find((part) => part.kind === "timeline");
    return steps.map(({ name, at = "", done }) => `${name} ${done ? at : "ahead"}`.trim());
  };
  assert.deepEqual(await told(4711), ["placed 2026-02-14", "preparing", "lost 2026-03-09"]);
  assert.deepEqual(await told(4712), ["placed 2026-02-14", "preparing", "shipped 2026-03-09", "attempt_failed 2026-03-10T12:18:00+01:00", "delivered ahead"]);
  assert.deepEqual(await told(4713), ["placed 2026-02-14", "preparing", "shipped", "out_for_delivery", "delivered 2026-03-10"]);
  assert.deepEqual(await told(4714), ["placed 2026-02-14", "cancelled"]);
  assert.deepEqual((await told(4715)).slice(0, 2), ["backorder", "preparing ahead"]);
});

test("a wrong proof and an order that does not exist are told in the same words", async (t) => {
  const server = await start(t);
  const answers = [];
  for (const number of ["FR-1042", "FR-9999"]) {
    const chat = await Chat.begin(server, { locale: "fr" });
    await chat.ask(`où est ma commande ${number} ?`);
    answers.push((await chat.ask("75020")).text.replaceAll(number, "NUMBER"));
  }
  assert.equal(answers[0], answers[1]);
  assert.doesNotMatch(answers[0], /69003|camille|martin/i);
});

test("the same id sent twice is answered once", async (t) => {
  const chat = await Chat.begin(await start(t), { locale: "fr" });
  await chat.ask("bonjour", "once");
  chat.send({ type: "say", id: "once", text: "bonjour" });
  assert.ok(await chat.quiet());
});

test("two sockets of one conversation hear the same turns, each turn once", async (t) => {
  const server = await start(t);
  const one = await Chat.begin(server, { locale: "fr" });
  const two = await Chat.begin(server, { locale: "fr", resume: { token: one.welcome.token, seq: 0 } });
  assert.equal(two.welcome.conversation, one.welcome.conversation);
  assert.equal(two.welcome.token, undefined);
  const answer = await one.ask("bonjour", "a");
  const echo = await two.next("say");
  assert.deepEqual([echo.from, echo.id, echo.text, echo.seq], ["customer", "a", "bonjour", 1]);
  assert.deepEqual(await two.next("say"), answer);
  assert.equal((await two.ask("merci", "b")).seq, 4);
  assert.deepEqual([(await one.next("say")).seq, (await one.next("say")).seq], [3, 4]);
  assert.ok(await one.quiet());
  assert.ok(await two.quiet());
});

test("what is sent behind hello without waiting is answered in order", async (t) => {
  const chat = await new Chat(await start(t)).open();
  chat.send({ type: "hello", locale: "fr" });
  for (const id of ["a", "b", "c"]) chat.send({ type: "say", id, text: "bonjour" });
  await chat.next("welcome");
  for (const id of ["a", "b", "c"]) assert.equal((await chat.answer(id)).id, id);
});

test("card numbers and IBANs never come back and are not stored", async (t) => {
  const server = await start(t);
  const chat = await Chat.begin(server, { locale: "fr" });
  const card = ["4111", "1111", "1111", "1111"].join(" "), iban = ["FR76", "3000", "6000", "0112", "3456", "7890", "189"].join(" ");
  await chat.ask(`ma carte ${card} et ${iban}`);
  const again = await Chat.begin(server, { resume: { token: chat.welcome.token, seq: 0 } });
  const said = await again.next("say");
  assert.equal(said.from, "customer");
  assert.doesNotMatch(said.text, /4111|3000 6000|0112/);
});

test("a choice is answered, a rating is taken, and bye ends with 1000", async (t) => {
  const chat = await Chat.begin(await start(t), { locale: "fr" });
  let asked = await chat.ask("xqzt blorp");
  for (let i = 0; i < 3 && !asked.parts?.some((part) => part.kind === "choices"); i++) asked = await chat.ask(`xqzt blorp ${i}`);
  const choice = asked.parts.find((part) => part.kind === "choices").choices[0];
  chat.send({ type: "choose", id: "c1", choice: choice.id, text: choice.label });
  assert.equal((await chat.answer("c1")).re, asked.seq + 1);
  chat.send({ type: "rate", rating: 1 });
  chat.send({ type: "rate", rating: -1, seq: 2 });
  assert.ok(await chat.quiet());
  chat.send({ type: "bye" });
  assert.equal((await chat.closed).code, 1000);
});

test("a customer who is forgotten in the midst of a conversation leaves no trace", async (t) => {
  const place = folder(t);
  const server = await serve(t, place);
  const chat = await Chat.begin(server, { locale: "en" });
  await chat.ask("where is UK-2087? alice.turner@example.com");
  assert.match(place.wismo("forget", "--email", "alice.turner@example.com").out, /^erased 1 orders, 1 conversations/);
  chat.send({ type: "say", id: "late", text: "and which carrier?" });
  assert.equal((await chat.error("not_stored")).re, "late");
  chat.send({ type: "say", id: "late", text: "and which carrier?" });
  await chat.error("unknown_conversation");
  chat.send({ type: "hello", locale: "en" });
  await chat.next("welcome");
  assert.doesNotMatch((await chat.ask("and which carrier?", "late")).text, /DPD/);
  await server.stop();
  for (const name of readdirSync(place.path).filter((name) => name.startsWith("wismo.db")))
    assert.doesNotMatch(readFileSync(join(place.path, name), "latin1"), /alice|UK-?2087|15501234987601V/i, name);
});
