import assert from "node:assert/strict";
import { test } from "node:test";
import { now, objects, stocked } from "./wismo.mjs";

function waiting(t) {
  const place = stocked(t);
  const ask = (text, conversation) => {
    const flags = conversation ? ["--conversation", conversation] : [];
    return objects(place.wismo(["ask", "--json", "--now", now, ...flags, text]).out)[0];
  };
  const { conversation } = ask("I want a refund for order 51230");
  const queue = () => objects(place.wismo(["handoffs", "--json"]).out);
  const act = (...words) => place.wismo(["handoffs", "--agent", "Kim", "--now", now, ...words]);
  return { ...place, ask, conversation, queue, act };
}

test("who waits is listed, for people and as JSON", (t) => {
  const { wismo, queue, conversation } = waiting(t);
  const [row] = queue();
  assert.equal(row.conversation, conversation);
  assert.equal(row.status, "waiting");
  assert.equal(row.queue, "returns");
  assert.equal(row.reason, "human.refund");
  assert.equal(typeof row.summary, "object");
  const { out } = wismo(["handoffs"]);
  assert.match(out, new RegExp(`^${row.id} .*waiting.*returns.*human\\.refund`, "m"));
});

test("an order that is proved behind its wish stands with it", (t) => {
  const { wismo, ask, queue, conversation } = waiting(t);
  assert.equal(queue()[0].order, "");
  ask("where is my parcel? 33000", conversation);
  const [{ order, reason, queue: desk, summary }] = queue();
  assert.deepEqual([order, reason, desk, summary.orders], ["51230", "human.refund", "returns", ["51230"]]);
  assert.match(wismo(["handoffs"]).out, /human\.refund +51230 /);
});

test("an empty queue says so", (t) => {
  const { wismo } = stocked(t);
  assert.equal(wismo(["handoffs"]).out, "nobody is waiting\n");
  assert.equal(wismo(["handoffs", "--json"]).out, "");
});

test("take, say, return: the bot is silent in between", (t) => {
  const { queue, act, ask, wismo, conversation } = waiting(t);
  const [{ id }] = queue();
  assert.equal(act("take", id).out, "taken\n");
  assert.equal(queue()[0].status, "taken");
  assert.deepEqual([queue()[0].reason, queue()[0].queue], ["human.refund", "returns"]);
  assert.equal(queue()[0].agent, "Kim");
  assert.deepEqual(ask("where is order 51230? 33000", conversation).replies, []);
  assert.equal(act("say", id, "Good", "morning,", "I am looking into it").out, "said\n");
  assert.match(wismo(["why", conversation]).out, /agent .*Good morning, I am looking into it/);
  assert.match(wismo(["ask", "--now", now, "--conversation", conversation, "ok"]).out, /\[Kim\] Good morning/);
  assert.match(act("say", id, "", " ").err, /there are no words to say/);
  assert.equal(act("return", id).out, "returned\n");
  assert.deepEqual(queue(), []);
  const answer = ask("where is order 51230? 33000", conversation);
  assert.equal(answer.order, "51230");
  assert.notDeepEqual(answer.replies, []);
});

test("a conversation's id will do, and close ends the hand-off", (t) => {
  const { queue, act, conversation } = waiting(t);
  assert.equal(act("close", conversation).status, 0);
  assert.deepEqual(queue(), []);
  const { status, err } = act("take", conversation);
  assert.equal(status, 1);
  assert.match(err, /closed already/);
});

test("what cannot be is refused with a reason", (t) => {
  const { queue, act, wismo } = waiting(t);
  const [{ id }] = queue();
  const before = act("say", id, "hello");
  assert.equal(before.status, 1);
  assert.match(before.err, /take it first/);
  act("take", id);
  const other = wismo(["handoffs", "--agent", "Lou", "--now", now, "take", id]);
  assert.equal(other.status, 1);
  assert.match(other.err, /Kim has taken it; if that is you: --agent "Kim"/);
  const long = wismo(["handoffs", "--agent", "K".repeat(64), "--now", now, "take", id]);
  assert.equal(long.status, 1);
  assert.match(long.err, /--agent: expected a name of at most 63 bytes/);
  const unknown = act("take", "01ARZ3NDEKTSV4RRFFQ69G5FAV");
  assert.equal(unknown.status, 1);
  assert.match(unknown.err, /no hand-off or conversation/);
});

test("wrong words are a usage error", (t) => {
  const { wismo } = stocked(t);
  for (const words of [["grab", "x"], ["take"], ["take", "x", "y"], ["say", "x"]])
    assert.equal(wismo(["handoffs", ...words]).status, 2, words.join(" "));
});

test("without --shop the queues of all shops are one, and an id is found in any", (t) => {
  const place = stocked(t);
  place.write("wismo.conf", 'shop "alpha" {}\nshop "beta" {}\n');
  for (const shop of ["alpha", "beta"]) place.wismo(["ask", "--shop", shop, "--now", now, "a person please"]);
  const queue = (...flags) => objects(place.wismo(["handoffs", "--json", ...flags]).out);
  assert.deepEqual(queue().map((row) => row.shop).sort(), ["alpha", "beta"]);
  const [row] = queue("--shop", "beta");
  assert.match(place.wismo(["handoffs"]).out, new RegExp(`^beta +${row.id}`, "m"));
  assert.equal(place.wismo(["handoffs", "--shop", "alpha", "take", row.id]).status, 1);
  assert.equal(place.wismo(["handoffs", "take", row.id]).out, "taken\n");
  assert.equal(queue("--shop", "beta")[0].status, "taken");
});
