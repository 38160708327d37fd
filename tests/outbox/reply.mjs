import assert from "node:assert/strict";
import { test } from "node:test";
import { Webhook } from "standardwebhooks";
import { Chat, folder, serve } from "../server/chat.mjs";
import { eventually, openHandoff, secret, silent, system } from "./system.mjs";

const conf = (url) => `shop "default" {\n  name = "Maison Demo"\n  always_open = yes\n  handoff_to = "webhook ${url} env HOOK"\n}\n`;

async function handedOff(t) {
  const shop = await system(t);
  const place = folder(t, { conf: conf(shop.url) });
  const server = await serve(t, place);
  const chat = await Chat.begin(server, { locale: "en" });
  await chat.ask("I want to talk to a person");
  const [{ body: { handoff } }] = await shop.until(1);
  let ids = 0;
  const say = async (what, { id = `msg_${++ids}`, late_s = 0, at = new Date(Date.now() - late_s * 1000), key = secret, to = handoff, changed = (text) => text, headers = {} } = {}) => {
    const text = typeof what === "string" ? what : JSON.stringify(what);
    const answer = await fetch(`${server.url}v1/handoffs/${to}/reply`, { method: "POST", body: changed(text), headers: {
      "content-type": "application/json", "webhook-id": id, "webhook-timestamp": String(Math.floor(at / 1000)),
      "webhook-signature": new Webhook(key).sign(id, at, text), ...headers } });
    const reply = await answer.text();
    return { status: answer.status, body: reply.startsWith("{") ? JSON.parse(reply) : reply };
  };
  return { shop, place, server, chat, handoff, say };
}

const fromAgent = async (chat) => {
  for (;;) { const frame = await chat.next(); if (frame.type === "say" && frame.from === "agent") return frame; }
};

test("what is replied is said in the chat by that person, once for each id", async (t) => {
  const { chat, say, shop } = await handedOff(t);
  assert.deepEqual(await say({ agent: "Kim", text: "Hello, Kim here" }, { id: "same" }), { status: 202, body: { ok: true } });
  for (let i = 0; i < 2; i++) assert.equal((await say({ agent: "Kim", text: "Hello, Kim here" }, { id: "same" })).status, 202);
  const said = await fromAgent(chat);
  assert.deepEqual([said.text, said.agent], ["Hello, Kim here", "Kim"]);
  assert.equal((await say({ agent: "Lou", text: "And Lou" })).status, 202);
  assert.deepEqual((await fromAgent(chat)).text, "And Lou");
  chat.send({ type: "say", id: "back", text: "thank you both" });
  const [one] = await shop.until(1, ({ body }) => body.message?.text === "thank you both");
  assert.equal(one.body.status, "taken");
  assert.ok(!shop.requests.some(({ body }) => body.message?.from === "agent"), "what it said itself is no news to it");
});

test("returned, the bot answers again; closed likewise; then nobody is replied for", async (t) => {
  const { chat, say, place } = await handedOff(t);
  assert.equal((await say({ agent: "Kim", action: "take" })).status, 202);
  await eventually(async () => (await openHandoff(place)).status === "taken");
  assert.equal((await say({ action: "return" })).status, 202);
  await eventually(async () => !(await openHandoff(place)));
  assert.equal((await chat.ask("where is my order?")).from, "bot");
  for (const what of [{ agent: "Kim", text: "too late" }, { action: "close" }]) {
    const { status, body } = await say(what);
    assert.equal(status, 409);
    assert.match(body.detail, /not open any more/);
  }
});

test("without the secret, with a changed body, too late or too early, nothing is said", async (t) => {
  const { chat, say } = await handedOff(t);
  const words = { agent: "Kim", text: "Hello" };
  const other = `whsec_${Buffer.from("another secret of thirty-two bytes").toString("base64")}`;
  const wrong = [
    { key: other }, { changed: (text) => text.replace("Hello", "Hallo") }, { late_s: 301 }, { late_s: -320 },
    { headers: { "webhook-id": "another" } }, { headers: { "webhook-signature": "" } }, { headers: { "webhook-timestamp": "" } },
    { to: "01ARZ3NDEKTSV4RRFFQ69G5FAV" },
  ];
  for (const one of wrong) assert.equal((await say(words, one)).status, 401, JSON.stringify(one));
  assert.equal((await say(words, { to: "nonsense" })).status, 404);
  assert.equal((await say(words, { to: "%2e%2e/x" })).status, 404);
  await silent(chat);
});

test("what makes no sense is refused with a reason", async (t) => {
  const { chat, say } = await handedOff(t);
  const cases = [
    [{ text: "who says so?" }, 422, /agent/], [{ agent: "Kim" }, 422, /text/], [{ agent: "Kim", text: "" }, 422, /text/],
    [{ agent: "Kim", text: " \u00a0\n" }, 422, /text/], [{ agent: " ", text: "Hello" }, 422, /agent/],
    [{ agent: "Kim", action: "dance" }, 422, /action/], [{ agent: "Kim", text: "a", action: "return" }, 422, /either/],
    [{ agent: "Kim", text: "a".repeat(8193) }, 422, /8192/], [{ agent: "K".repeat(64), text: "a" }, 422, /agent/],
    [{ agent: 7, text: ["a"] }, 422, /text/], ["[]", 400, /object/], ["{", 400, /body/], ['{"agent":"Kim","agent":"Lou","text":"a"}', 400, /body/],
  ];
  for (const [what, status, why] of cases) {
    const answer = await say(what);
    assert.equal(answer.status, status, JSON.stringify(what).slice(0, 80));
    assert.match(answer.body.detail, why);
  }
  await silent(chat);
});

test("what was accepted is said even if the process is killed at once", async (t) => {
  const { chat, say, server, place } = await handedOff(t);
  assert.equal((await say({ agent: "Kim", text: "are you still there?" })).status, 202);
  await server.stop("SIGKILL");
  const again = await Chat.begin(await serve(t, place), { resume: { token: chat.welcome.token, seq: 2 } });
  assert.equal((await fromAgent(again)).text, "are you still there?");
});
