// misses and replay: learning from the conversations that were held.
import assert from "node:assert/strict";
import { cpSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { now, objects, root, stocked } from "./wismo.mjs";

function held(t, conversations) {
  const place = stocked(t);
  for (const lines of conversations) {
    const done = place.wismo(["ask", "--locale", "en", "--now", now], { input: lines.map((line) => `${line}\n`).join("") });
    assert.equal(done.status, 0, done.both);
  }
  return place;
}

// The catalogues of the tree in a folder of one's own, with one file changed.
function changed(place, file, change) {
  const folder = join(place.path, "changed/intents");
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(join(root, "intents")))
    if (name.endsWith(".json")) cpSync(join(root, "intents", name), join(folder, name));
  const data = JSON.parse(readFileSync(join(folder, file), "utf8"));
  change(data);
  writeFileSync(join(folder, file), JSON.stringify(data));
  return join(place.path, "changed");
}

test("messages that were not understood stand together, the most frequent first, without who wrote them", (t) => {
  const place = held(t, [
    ["blorf zik wug 77"],
    ["blorf zik wug 88"],
    ["zzz qqq xxx"],
    ["where is my order 51230? 33000"],
  ]);
  const { status, out } = place.wismo(["misses", "--json"]);
  assert.equal(status, 0);
  const groups = objects(out);
  assert.equal(groups.length, 2);
  assert.equal(groups[0].count, 2);
  assert.equal(groups[0].not_understood, 2);
  assert.equal(groups[0].locale, "en");
  assert.match(groups[0].examples.join("\n"), /blorf zik wug/);
  assert.doesNotMatch(out, /where is my order/);
  assert.match(place.wismo(["misses"]).out, /^2 × en {2}not_understood 2\n {4}"blorf/m);
});

test("what was asked before a person was asked for counts as escalated", (t) => {
  const place = held(t, [["where is my order 51230? ana.duarte@mail.example", "I want to talk to a human"]]);
  const [group] = objects(place.wismo(["misses", "--json"]).out);
  assert.equal(group.escalated, 1);
  assert.match(group.examples[0], /where is my order 51230\? \[email\]/);
});

test("--since leaves older conversations out", (t) => {
  const place = held(t, [["blorf zik wug"]]);
  assert.equal(place.wismo(["misses", "--json", "--since", "2026-03-12T00:00:00+01:00"]).out, "");
  for (const [since, seen] of [["2026-03-11", true], ["2026-03-12", false], ["2026-03-11T09:00", true], ["2026-03-11T09:30", false]]) // by the shop's clock
    assert.equal(place.wismo(["misses", "--json", "--since", since]).out !== "", seen, since);
  assert.match(place.wismo(["misses", "--since", "yesterday"]).err, /a day such as 2026-03-11/);

  // --now goes by the same clock.
  place.wismo(["ask", "--now", "2026-03-12T08:00", "blorf zik wug"]);
  for (const [since, seen] of [["2026-03-12T08:00:00+01:00", true], ["2026-03-12T08:00:01+01:00", false]])
    assert.equal(place.wismo(["misses", "--json", "--since", since]).out !== "", seen, since);
  assert.match(place.wismo(["ask", "--now", "yesterday", "x"]).err, /a day such as 2026-03-11/);
});

test("replay finds what a bad edit would break, and nothing where nothing was changed", (t) => {
  const place = held(t, [["where is my order 51230? 33000", "thanks, bye"]]);
  const same = place.wismo(["replay", "--data", changed(place, "en.json", () => {})]);
  assert.equal(same.status, 0, same.both);
  assert.equal(same.out, "");
  const bad = changed(place, "en.json", ({ intents }) => {
    intents["human.refund"].patterns.push("where is my order");
    intents["track.where"].unless = [...(intents["track.where"].unless ?? []), "where is my order"];
  });
  const { status, out, err } = place.wismo(["replay", "--json", "--data", bad]);
  assert.equal(status, 1);
  const [row] = objects(out);
  assert.equal(row.seq, 1);
  assert.equal(row.before.read, "track.where");
  assert.match(row.after.read, /human\.refund/);
  assert.match(row.before.answer, /12 March/);
  assert.doesNotMatch(row.after.answer, /12 March/);
  assert.match(err, /1 conversations, 2 messages: 1 read differently/);
  assert.match(place.wismo(["replay", "--data", bad]).out, /read +track\.where\n +→ +human\.refund/);
});

test("replay writes nothing and says what it needs", (t) => {
  const place = held(t, [["where is my order 51230? 33000"]]);
  const before = place.wismo(["export", "--order", "51230"]).out;
  place.wismo(["replay", "--data", changed(place, "en.json", () => {})]);
  assert.equal(place.wismo(["export", "--order", "51230"]).out, before);
  assert.equal(place.wismo(["replay"]).status, 2);
  assert.match(place.wismo(["replay", "--data", "."]).err, /intents\/ or responses\//);
});
