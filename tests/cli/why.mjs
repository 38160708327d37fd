import assert from "node:assert/strict";
import { test } from "node:test";
import { now, objects, stocked } from "./wismo.mjs";

function asked(t, lines) {
  const place = stocked(t);
  const answers = objects(place.wismo(["ask", "--json", "--now", now], { input: lines.map((line) => `${line}\n`).join("") }).out);
  return { ...place, id: answers[0].conversation };
}

test("each answer is traced to its rule, its facts with their source, and its phrase", (t) => {
  const { wismo, id } = asked(t, ["where is my order 51230?", "33000"]);
  const { status, out } = wismo(["why", id]);
  assert.equal(status, 0);
  assert.match(out, new RegExp(`^conversation ${id}$`, "m"));
  assert.match(out, /track\.where \(\d\.\d\d\)/);
  assert.match(out, /en\.json:track\.where\/\d+/);
  assert.match(out, /status\.in_transit/);
  assert.match(out, /= 2026-03-12 .*\(order 51230 .*estimate.*\)/);
  assert.match(out, /checkpoint 2026-03-10T14:02:00\+01:00 colissimo/);
});

test("the customer's words are shown without what says who it was", (t) => {
  const { wismo, id } = asked(t,
    ["I am Ana, where is my order 51230?", "ana.duarte@mail.example", "or call +33611223344, I live in 33000", "my card is 4111 1111 1111 1111"]);
  for (const words of [["why", id], ["why", "--json", id]]) {
    const { out } = wismo(words);
    assert.match(out, /51230/);
    assert.match(out, /\[email\]/);
    assert.match(out, /\[phone\]/);
    assert.match(out, /\[postcode\]/);
    assert.match(out, /\[name\]/);
    assert.doesNotMatch(out, /ana\.duarte|\+33611223344|33000|\bAna\b|4111 1111/);
  }
});

test("a second order's wrong proof is told as such, though the first was proved by the same words", (t) => {
  const { wismo, id } = asked(t, ["where are 51230 and 51999? 33000"]);
  assert.match(wismo(["why", id]).out, /proof +failed/);
});

test("--json is one object with turns and their notes", (t) => {
  const { wismo, id } = asked(t, ["where is my order 51230?", "33000"]);
  const [trace] = objects(wismo(["why", "--json", id]).out);
  assert.equal(trace.conversation, id);
  assert.equal(trace.channel, "terminal");
  assert.deepEqual([...new Set(trace.turns.map((turn) => turn.from))], ["customer", "bot"]);
  assert.deepEqual(trace.turns.map((turn) => turn.seq), trace.turns.map((_, index) => index + 1));
  const notes = trace.turns.flatMap((turn) => turn.notes);
  const answer = notes.find((note) => note.order === "51230");
  assert.ok(answer.facts.length > 0);
  for (const fact of answer.facts) assert.ok(fact.name && fact.source, JSON.stringify(fact));
});

test("a conversation that does not exist is an error, none at all a usage error", (t) => {
  const { wismo } = stocked(t);
  assert.equal(wismo(["why", "01ARZ3NDEKTSV4RRFFQ69G5FAV"]).status, 1);
  assert.match(wismo(["why", "01ARZ3NDEKTSV4RRFFQ69G5FAV"]).err, /there is no conversation/);
  assert.equal(wismo(["why"]).status, 2);
});
