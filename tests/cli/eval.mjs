import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { folder } from "./wismo.mjs";

// Two intents, so that what is read is known beforehand.
const catalogue = (place) => {
  place.write("domain.json", JSON.stringify({ intents: [
    { name: "track.where", kind: "track", aspect: "status", meaning: "asks" },
    { name: "human.refund", kind: "human", queue: "returns", meaning: "wants money" }] }));
  place.write("en.json", JSON.stringify({ language: "en", intents: {
    "track.where": { patterns: ["where is"] }, "human.refund": { patterns: ["refund"] } } }));
};
const run = (t, text, words = []) => {
  const place = folder(t);
  catalogue(place);
  place.write("set.tsv", text);
  return { place, ...place.wismo(["eval", "--intents", ".", ...words, "set.tsv"]) };
};

const rows = `text\tlang\tlabel\tfine\tchannel
where is my vase\ten\ttracking\tstatus\tchat
where is it, I want a refund\ten\tmixed\tstatus+refund\tphone
my vase?\ten\ttracking\tstatus\tchat
a refund please\ten\tnot_tracking\trefund\tchat
where is your shop\ten\tnot_tracking\tother\tchat
`;

test("eval counts hits, misses and false answers, mixed as tracking", (t) => {
  const { status, out } = run(t, rows, ["--json"]);
  assert.equal(status, 0);
  const told = JSON.parse(out);
  assert.equal(told.rows, 5);
  const { hits, misses, falses, rejections } = told.groups[0];
  assert.deepEqual({ hits, misses, falses, rejections }, { hits: 2, misses: 1, falses: 1, rejections: 1 });
  assert.deepEqual([told.mixed, told.mixed_whole], [1, 1]);
});

test("eval gives Wilson's intervals", (t) => {
  const { groups: [all] } = JSON.parse(run(t, rows, ["--json"]).out);
  assert.deepEqual(all.recall, [0.6667, 0.2077, 0.9385]);
  assert.deepEqual(all.false_answers, [0.5, 0.0945, 0.9055]);
  assert.equal(all.f1[0], 0.6667);
});

test("eval measures each language and channel apart", (t) => {
  const { groups } = JSON.parse(run(t, rows, ["--json"]).out);
  assert.deepEqual(groups.map(({ lang, channel, hits }) => [lang, channel, hits]),
    [["", "", 2], ["en", "", 2], ["", "chat", 1], ["", "phone", 1], ["en", "chat", 1], ["en", "phone", 1]]);
});

test("eval tells which kinds were confused with which", (t) => {
  const { confusion } = JSON.parse(run(t, rows, ["--json"]).out);
  const of = (fine) => confusion.find((row) => row.fine === fine);
  assert.equal(of("refund").human, 1);
  assert.equal(of("other").track, 1);
  assert.equal(of("status").unknown, 1);
});

test("eval prints the same as a table", (t) => {
  const { out } = run(t, rows);
  assert.match(out, /^\| all \| 5 \| 3 \| 0\.667 \(0\.208–0\.939\) /m);
  assert.match(out, /^\| not_tracking \| other \| 1 \| \| 1 \|/m);
});

test("--wrong keeps the rows that were read wrongly, with what was read", (t) => {
  const { place } = run(t, rows, ["--wrong", "wrong.tsv"]);
  const wrong = place.read("wrong.tsv").trim().split("\n").map((line) => line.split("\t"));
  assert.equal(wrong[0][0], "error");
  assert.deepEqual(wrong.slice(1).map((cells) => cells.slice(0, 2)), [["missed", "my vase?"], ["false", "where is your shop"]]);
  assert.match(wrong[2].join(" "), /track\.where .*en\.json:track\.where\/1/);
});

test("ambiguous rows are left out, and other names of columns are read", (t) => {
  const { out } = run(t, "id\tour_label\tambiguous\ttext\n1\ttracking\t0\twhere is \"it\n2\ttracking\t1\tperhaps\n", ["--json"]);
  const told = JSON.parse(out);
  assert.deepEqual([told.rows, told.ambiguous, told.groups[0].hits], [1, 1, 1]);
});

test("a faulty file is named with its line and what was expected", (t) => {
  for (const [text, message] of [
    ["a\tb\n", /set\.tsv:1: expected a header with the columns text and label/],
    ["text\tlabel\nhello\tmaybe\n", /set\.tsv:2: label: expected tracking, mixed or not_tracking, found "maybe"/],
    ["text\tlabel\nhello\n", /set\.tsv:2: label: .* found ""/],
    ["text\tlabel\n", /set\.tsv: there is no row/],
    ["", /set\.tsv: there is no row/],
  ]) {
    const { status, out, err } = run(t, text);
    assert.equal(status, 1);
    assert.equal(out, "");
    assert.match(err, message);
  }
  const place = folder(t);
  assert.match(place.wismo(["eval", "missing.tsv"]).err, /cannot read missing\.tsv/);
  assert.match(place.wismo(["eval", "."]).err, /cannot read \.: Is a directory/);
  assert.equal(place.wismo(["eval"]).status, 2);
  assert.equal(existsSync(join(place.path, "wrong.tsv")), false);
});
