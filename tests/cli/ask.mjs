import assert from "node:assert/strict";
import { test } from "node:test";
import { folder, now, objects, order, stocked } from "./wismo.mjs";

test("one object a customer line, with just these members", (t) => {
  const { wismo } = stocked(t);
  const { status, out } = wismo(["ask", "--json", "--now", now], { input: "where is my order?\n51230\n33000\n" });
  assert.equal(status, 0);
  const lines = objects(out);
  assert.equal(lines.length, 3);
  for (const line of lines)
    assert.deepEqual(Object.keys(line), ["conversation", "replies", "intent", "kind", "order", "handoff"]);
  assert.equal(new Set(lines.map((line) => line.conversation)).size, 1);
  assert.equal(lines[0].order, null);
  assert.equal(lines[0].kind, "track");
  assert.equal(lines[2].order, "51230");
  assert.match(lines[2].replies.map((reply) => reply.text).join(" "), /12 March/);
  assert.ok(lines[2].replies.some((reply) => reply.phrase.split("+").includes("status.in_transit_early")
    || reply.phrase.split("+").includes("status.in_transit")));
});

test("words behind the flags are one thing said", (t) => {
  const { wismo } = stocked(t);
  const lines = objects(wismo(["ask", "--json", "--now", now, "where", "is", "order", "51230,", "33000"]).out);
  assert.equal(lines.length, 1);
  assert.equal(lines[0].order, "51230");
});

test("without --json the answers are plain text, and the conversation is named beside them", (t) => {
  const { wismo } = stocked(t);
  const { out, err } = wismo(["ask", "--now", now, "--locale", "fr", "bonjour"]);
  assert.match(out, /automatique/);
  assert.doesNotMatch(out, /[{}]/);
  assert.match(err, /^conversation [0-9A-Z]{26}$/m);
});

test("a stopped clock gives the same answers again, but for the ids", (t) => {
  const { wismo } = stocked(t);
  const input = "where is my parcel\n51230\n33000\nand when?\nI want a refund\n";
  const once = wismo(["ask", "--json", "--now", now], { input }).out;
  const again = wismo(["ask", "--json", "--now", now], { input }).out;
  const bare = (text) => objects(text).map((line) => ({ ...line, conversation: "" }));
  assert.deepEqual(bare(again), bare(once));
  assert.notEqual(again, once);
});

test("a conversation goes on where it was", (t) => {
  const { wismo } = stocked(t);
  const [first] = objects(wismo(["ask", "--json", "--now", now, "where is order 51230"]).out);
  const [second] = objects(wismo(["ask", "--json", "--now", now, "--conversation", first.conversation, "33000"]).out);
  assert.equal(second.conversation, first.conversation);
  assert.equal(second.order, "51230");
});

test("a conversation that does not exist is an error", (t) => {
  const { wismo } = stocked(t);
  const { status, err } = wismo(["ask", "--conversation", "01ARZ3NDEKTSV4RRFFQ69G5FAV", "hello"]);
  assert.equal(status, 1);
  assert.match(err, /there is no conversation 01ARZ3NDEKTSV4RRFFQ69G5FAV/);
});

test("a line that is not UTF-8 or too long is named, and the conversation goes on", (t) => {
  const { wismo } = stocked(t);
  const input = Buffer.concat([Buffer.from([0xff, 0xfe, 0x0a]), Buffer.from(`${"a".repeat(2001)}\nhello\n`)]);
  const { status, out, err } = wismo(["ask", "--json", "--now", now], { input });
  assert.equal(status, 1);
  const lines = objects(out);
  assert.equal(lines.length, 3);
  assert.deepEqual(lines[0].replies, []);
  assert.deepEqual(lines[1].replies, []);
  assert.notDeepEqual(lines[2].replies, []);
  assert.match(err, /-:1: expected UTF-8/);
  assert.match(err, /-:2: expected at most 2000 characters/);
});

test("a blank line says nothing and still gives its object", (t) => {
  const { wismo } = stocked(t);
  const lines = objects(wismo(["ask", "--json", "--now", now], { input: "\nhello\n" }).out);
  assert.equal(lines.length, 2);
  assert.deepEqual(lines[0].replies, []);
});

test("a hand-off is told with its reason and queue", (t) => {
  const { wismo } = stocked(t);
  const [line] = objects(wismo(["ask", "--json", "--now", now, "I want to send it back and get a refund"]).out);
  assert.equal(line.handoff.queue, "returns");
  assert.deepEqual(Object.keys(line.handoff), ["reason", "queue"]);
});

test("a shop is chosen by name, and sees its own orders only", (t) => {
  const { wismo, write } = folder(t);
  write("wismo.conf", 'shop "one" { name = "One" }\nshop "two" { name = "Two" }\n');
  write("orders.jsonl", `${JSON.stringify(order())}\n`);
  assert.equal(wismo(["import", "--shop", "two", "--now", now, "orders.jsonl"]).status, 0);
  const asked = (shop) => objects(wismo(["ask", "--json", "--now", now, "--shop", shop, "51230, 33000, where is it?"]).out)[0];
  assert.equal(asked("two").order, "51230");
  assert.equal(asked("one").order, null);
  assert.match(wismo(["ask", "hello"]).err, /^wismo ask: for the shop "one", the first of 2; --shop ID names another$/m);
  assert.doesNotMatch(wismo(["ask", "--shop", "one", "hello"]).err, /the first of/);
  const { status, err } = wismo(["ask", "--shop", "tow", "hello"]);
  assert.equal(status, 2);
  assert.match(err, /no shop "tow"; did you mean "two"/);
});
