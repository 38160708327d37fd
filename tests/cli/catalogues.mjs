import assert from "node:assert/strict";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { folder, now, objects, root } from "./wismo.mjs";

// The catalogues of the tree in the test's own folder, with one replacement.
function copied(t, file, from, to) {
  const place = folder(t);
  for (const room of ["intents", "responses"])
    cpSync(join(root, room), join(place.path, room), { recursive: true, filter: (path) => !/\.[ch]$/.test(path) });
  if (file) {
    const text = readFileSync(join(place.path, file), "utf8");
    assert.ok(text.includes(from), `${file} has no ${from}`);
    writeFileSync(join(place.path, file), text.replace(from, to));
  }
  return place;
}

test("the catalogues inside the binary are sound", (t) => {
  const { status, out, err } = folder(t).wismo(["check"]);
  assert.equal(out, "");
  assert.equal(status, 0);
  assert.match(err, /sound/);
});

test("so are those of the tree", (t) => {
  const { status, out } = copied(t).wismo(["check", "."]);
  assert.equal(out, "");
  assert.equal(status, 0);
});

test("an example that is not read as its intent is named by file, line and column", (t) => {
  const { wismo } = copied(t, "intents/en.json", '"examples": [', '"examples": ["the cat sat on the mat", ');
  const { status, out, err } = wismo(["check", "."]);
  assert.equal(status, 1);
  assert.match(out, /^\.?\/?intents\/en\.json:\d+:\d+: /m);
  assert.match(out, /the cat sat on the mat/);
  assert.match(err, /^\d+ faults?$/m);
});

test("an unknown name in an example is named with those that are known", (t) => {
  const { wismo } = copied(t, "intents/en.json", '"examples": [', '"examples": [{"text": "where is my order", "voise": true}, ');
  const { status, out } = wismo(["check", "."]);
  assert.equal(status, 1);
  assert.match(out, /^\.?\/?intents\/en\.json:\d+:\d+: .*"voise" is not a name that is known here; expected text, also and voice$/m);
});

test("a byte order mark before a catalogue is no fault", (t) => {
  const { status, out } = copied(t, "intents/en.json", "{", "\ufeff{").wismo(["check", "."]);
  assert.equal(out, "");
  assert.equal(status, 0);
});

test("a phrase that names a value it is not given is named by file, line and column", (t) => {
  const { wismo } = copied(t, "responses/en.json", '"status.in_transit": ', '"status.in_transit_x": {"written": "{shoe_size}"}, "status.in_transit": ');
  const { status, out } = wismo(["check", "."]);
  assert.equal(status, 1);
  assert.match(out, /^\.?\/?responses\/en\.json:\d+:\d+: /m);
});

test("a folder without catalogues is a usage error", (t) => {
  const { status, err } = folder(t).wismo(["check", "nowhere"]);
  assert.equal(status, 2);
  assert.match(err, /nowhere\/intents/);
});

test("classify gives one object for each line, blank ones included", (t) => {
  const { wismo } = folder(t);
  const { status, out } = wismo(["classify", "--locale", "en", "--now", now], { input: "where is my order 51230?\n\nI want a refund\n" });
  assert.equal(status, 0);
  const lines = objects(out);
  assert.equal(lines.length, 3);
  for (const line of lines) {
    assert.deepEqual(Object.keys(line), ["locale", "kind", "intent", "score", "also", "slots"]);
    assert.deepEqual(Object.keys(line.slots),
      ["order_number", "tracking_number", "email", "postcode", "phone", "date", "yes_no", "choice"]);
    for (const slot of Object.values(line.slots)) assert.ok(Array.isArray(slot));
    assert.ok(line.score >= 0 && line.score <= 1);
  }
  assert.equal(lines[0].kind, "track");
  assert.equal(lines[0].slots.order_number[0], "51230");
  assert.equal(lines[1].kind, "unknown");
  assert.equal(lines[1].intent, null);
  assert.equal(lines[1].score, 0);
  assert.equal(lines[2].intent, "human.refund");
  assert.equal(lines[2].kind, "human");
});

test("classify says what else was meant, and is then track when one of them is", (t) => {
  const { wismo } = folder(t);
  const [line] = objects(wismo(["classify", "--locale", "en"], { input: "I want a refund. And where is my parcel?\n" }).out);
  assert.equal(line.kind, "track");
  assert.deepEqual([line.intent, ...line.also.map((also) => also.intent)].sort(), ["human.refund", "track.where"]);
  for (const also of line.also) assert.deepEqual(Object.keys(also), ["intent", "kind"]);
});

test("--locale is a prior, not an order", (t) => {
  const { wismo } = folder(t);
  const [line] = objects(wismo(["classify", "--locale", "en"], { input: "bonjour, je voudrais savoir où est passée ma commande\n" }).out);
  assert.equal(line.locale, "fr");
  assert.equal(line.kind, "track");
});

test("a line that is not UTF-8 is named and read as a blank one", (t) => {
  const { wismo } = folder(t);
  const { status, out, err } = wismo(["classify"], { input: Buffer.from([0xc3, 0x28, 0x0a]) });
  assert.equal(status, 1);
  assert.equal(objects(out)[0].kind, "unknown");
  assert.match(err, /-:1: expected UTF-8/);
});
