import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import { Chat, folder, serve } from "../server/chat.mjs";
import { eventually, openHandoff, pause, silent, system } from "./system.mjs";

process.env.CHATWOOT_TOKEN = "token-of-the-api";
process.env.CHATWOOT_DOOR = "door0123456789abcdef0123456789";
process.env.CHATWOOT_SIGNS = "what chatwoot signs with";

// Chatwoot's application API, as far as wismo uses it. `fault(step, count)` may say what becomes of a request that has
// been carried out ("drop": no answer; "hold": never one) or is not (a status).
async function chatwoot(t, { fault = () => null, slow = null, keepsNames = true } = {}) {
  const it = { contacts: [], conversations: [], log: [], counts: {} };
  let id = 100;
  const account = "/api/v1/accounts/7";
  const steps = [
    ["search", "GET", /^\/contacts\/search$/, ({ query }) => ({ payload: it.contacts.filter((one) =>
      [one.identifier, one.email, one.phone_number, one.name].some((value) => value?.toLowerCase().includes(query.get("q").toLowerCase()))) })],
    ["contact", "POST", /^\/contacts$/, ({ body }) => {
      for (const unique of ["identifier", "email", "phone_number"])
        if (body[unique] && it.contacts.some((one) => one[unique] === body[unique])) return [422, { message: `${unique} has already been taken` }];
      const contact = { id: ++id, ...body };
      it.contacts.push(contact);
      return { payload: { contact, contact_inbox: { source_id: "x", inbox: { id: body.inbox_id } } } };
    }],
    ["find", "GET", /^\/contacts\/(\d+)\/conversations$/, ({ found }) => ({ payload: it.conversations.filter((one) => one.contact_id === Number(found[1])) })],
    ["conversation", "POST", /^\/conversations$/, ({ body }) => {
      assert.ok(it.contacts.some((one) => one.id === body.contact_id));
      assert.equal(body.inbox_id, 3);
      const conversation = { ...body, id: ++id, messages: [] };
      it.conversations.push(conversation);
      return conversation;
    }],
    ["messages", "GET", /^\/conversations\/(\d+)\/messages$/, ({ found, query }) => ({ payload: conversation(found[1]).messages.filter((one) =>
      one.id > Number(query.get("after") ?? 0)) })],
    ["message", "POST", /^\/conversations\/(\d+)\/messages$/, ({ found, body }) => {
      const { source_id, content_attributes, ...kept } = body;
      const message = { id: ++id, ...(keepsNames ? body : kept), message_type: body.message_type === "incoming" ? 0 : 1 };
      conversation(found[1]).messages.push(message);
      return message;
    }],
    ["status", "POST", /^\/conversations\/(\d+)\/toggle_status$/, ({ found, body }) => {
      conversation(found[1]).status = body.status;
      return { payload: { success: true, current_status: body.status } };
    }],
  ];
  const conversation = (wanted) => it.conversations.find((one) => one.id === Number(wanted));
  it.server = await system(t, { answer: (request, response) => {
    const url = new URL(request.path, "http://x");
    assert.ok(url.pathname.startsWith(account), request.path);
    const path = url.pathname.slice(account.length);
    const send = async (status, body) => { await slow; response.writeHead(status, { "content-type": "application/json" }); response.end(JSON.stringify(body)); };
    if (request.headers.api_access_token !== "token-of-the-api") return send(401, {});
    const step = steps.find(([, method, form]) => method === request.method && form.test(path));
    if (!step) return send(404, {});
    const [name, , form, act] = step;
    const count = (it.counts[name] = (it.counts[name] ?? 0) + 1), how = fault(name, count);
    it.log.push(name);
    if (typeof how === "number") return send(how, { error: "no" });
    const answer = act({ body: request.body, query: url.searchParams, found: form.exec(path) });
    if (how === "drop") return response.socket.destroy();
    if (how === "hold") return undefined;
    return Array.isArray(answer) ? send(...answer) : send(200, answer);
  } });
  it.open = (count = 1, patience) => eventually(() => it.conversations.filter((one) => one.status === "open").length >= count && it.conversations, patience);
  return it;
}

const conf = (url, more = "env CHATWOOT_TOKEN env CHATWOOT_DOOR") => `shop "default" {\n  name = "Maison Demo"\n  number_prefixes = {"FR-", "UK-"}\n` +
  `  always_open = yes\n  handoff_to = "chatwoot ${url}/ 7 3 ${more}"\n}\n`;

async function begin(t, options, more) {
  const desk = await chatwoot(t, options);
  const place = folder(t, { conf: conf(desk.server.url, more) });
  return { desk, place, server: await serve(t, place) };
}

async function escalate(server, proved = true) {
  const chat = await Chat.begin(server, { locale: "en" });
  if (proved) await chat.ask("where is my order FR-1042? my postcode is 69003 and my email camille.martin@example.fr");
  await chat.ask("I want to talk to a person");
  return chat;
}

const said = ({ messages }) => messages.filter((one) => !one.private).map((one) => [one.message_type === 0 ? "in" : "out", one.content]);

// One contact, one conversation, each turn once and in order, one note, open.
function whole(desk, place) {
  const [one] = desk.conversations;
  assert.equal(desk.conversations.length, 1, "one conversation");
  assert.equal(desk.contacts.length, 1, "one contact");
  const lines = JSON.parse(place.wismo("why", "--json", one.custom_attributes.wismo_conversation).out.split("\n")[0]);
  assert.ok(lines);
  const talk = said(one);
  assert.equal(new Set(talk.map(([who, text]) => `${who} ${text}`)).size, talk.length, JSON.stringify(talk));
  assert.equal(talk.filter(([who]) => who === "in").length, 2);
  assert.equal(talk.filter(([, text]) => text === "I want to talk to a person").length, 1);
  assert.equal(one.messages.filter((message) => message.private).length, 1, "one note");
  assert.equal(one.status, "open");
}

test("a hand-off is a contact, a conversation with what was said, a private note with the facts, open at the end", async (t) => {
  const { desk, server, place } = await begin(t);
  const chat = await escalate(server);
  const [one] = await desk.open();
  const [contact] = desk.contacts;
  assert.deepEqual([contact.name, contact.email, contact.inbox_id], ["Camille", "camille.martin@example.fr", 3]);
  assert.match(contact.identifier, /^wismo-[0-9a-f]{64}$/);
  assert.deepEqual([one.custom_attributes.order_number, one.custom_attributes.wismo_reason, one.custom_attributes.wismo_language],
    ["FR-1042", "human.person", "en"]);
  assert.equal(one.custom_attributes.wismo_conversation, chat.welcome.conversation);
  const talk = said(one);
  assert.match(talk[0][1], /^where is my order FR-1042/);
  assert.deepEqual(talk.map(([who]) => who), ["in", "out", "in", "out"]);
  const note = one.messages.at(-1);
  assert.equal(note.private, true);
  assert.match(note.content, /^Order: FR-1042$/m);
  assert.match(note.content, /^Parcel 1 of 1: in_transit.*Colissimo/m);
  assert.equal(desk.log.at(-1), "status");
  whole(desk, place);
});

const steps = [["search", 1], ["contact", 1], ["conversation", 1], ["message", 1], ["message", 3], ["message", 5], ["status", 1]];

for (const [step, at] of steps) {
  test(`answered 500 at ${step} ${at}, it goes on from there and doubles nothing`, async (t) => {
    const { desk, server, place } = await begin(t, { fault: (name, count) => (name === step && count === at ? 500 : null) });
    await escalate(server);
    await desk.open();
    whole(desk, place);
  });

  test(`hung up on after ${step} ${at} was done, it finds what is there and doubles nothing`, async (t) => {
    const { desk, server, place } = await begin(t, { fault: (name, count) => (name === step && count === at ? "drop" : null) });
    await escalate(server);
    await eventually(async () => (await openHandoff(place)).delivery === "");
    whole(desk, place);
  });

  test(`killed at ${step} ${at}, it goes on after the restart and doubles nothing`, async (t) => {
    const { desk, server, place } = await begin(t, { fault: (name, count) => (name === step && count === at ? "hold" : null) });
    await escalate(server);
    await eventually(() => desk.counts[step] >= at);
    await server.stop("SIGKILL");
    await serve(t, place);
    await eventually(async () => (await openHandoff(place)).delivery === "");
    whole(desk, place);
  });
}

test("a Chatwoot that keeps no names of messages is not told twice either", async (t) => {
  const { desk, server, place } = await begin(t, { keepsNames: false, fault: (name, count) => (name === "message" && count === 3 ? "drop" : null) });
  await escalate(server);
  await desk.open();
  whole(desk, place);
});

test("a slow one holds nobody up", async (t) => {
  let answer;
  const { desk, server, place } = await begin(t, { slow: new Promise((resolve) => { answer = resolve; }) });
  await escalate(server);
  await eventually(() => desk.log.length > 0);
  assert.equal(desk.conversations.length, 0); // the customer has been answered, and it has not answered anything yet
  answer();
  await desk.open();
  whole(desk, place);
});

test("the same customer is the same contact, and an address that somebody has there is that contact's", async (t) => {
  const { desk, server } = await begin(t);
  desk.contacts.push({ id: 42, name: "Camille M.", email: "camille.martin@example.fr", identifier: null });
  await escalate(server);
  await escalate(server);
  await desk.open(2);
  assert.equal(desk.contacts.length, 1);
  assert.deepEqual(desk.conversations.map((one) => one.contact_id), [42, 42]);
});

test("a number that is another contact's there does not keep the hand-off out", async (t) => {
  const { desk, server } = await begin(t);
  desk.contacts.push({ id: 42, name: "Somebody", phone_number: "+33612345678", email: null });
  desk.contacts[0].phone_number = await knownPhone(server);
  await escalate(server);
  const [one] = await desk.open();
  assert.equal(desk.contacts.length, 2);
  assert.notEqual(one.contact_id, 42);
});

// The phone of FR-1042 as the demo has it: what a first hand-off tells.
async function knownPhone(server) {
  const { readFileSync } = await import("node:fs");
  const { join } = await import("node:path");
  const { root } = await import("../server/chat.mjs");
  const orders = readFileSync(join(root, "db/demo.jsonl"), "utf8").trim().split("\n").map((line) => JSON.parse(line));
  const { phone } = orders.find((one) => one.number === "FR-1042");
  assert.ok(phone && server);
  return phone;
}

// What Chatwoot calls.
const call = async (server, body, { door = process.env.CHATWOOT_DOOR, headers = {} } = {}) => {
  const answer = await fetch(`${server.url}v1/chatwoot/${door}`, { method: "POST", body: typeof body === "string" ? body : JSON.stringify(body),
    headers: { "content-type": "application/json", ...headers } });
  return answer.status;
};
const reply = (conversation, id, content, more = {}) => ({ event: "message_created", id, content, message_type: "outgoing", private: false,
  content_attributes: {}, source_id: null, sender: { id: 1, name: "Marie Curie", available_name: "Marie", type: "user" },
  conversation: { id: conversation, status: "open" }, account: { id: 7 }, inbox: { id: 3 }, ...more });

const fromAgent = async (chat) => {
  for (;;) { const frame = await chat.next(); if (frame.type === "say" && frame.from === "agent") return frame; }
};

test("what an agent writes there is said in the chat, what the customer answers is there, and resolved gives it back", async (t) => {
  const { desk, server, place } = await begin(t);
  const chat = await escalate(server, false);
  const [one] = await desk.open();
  assert.equal(await call(server, reply(one.id, 900, "Hello, Marie here")), 202);
  const heard = await fromAgent(chat);
  assert.deepEqual([heard.text, heard.agent], ["Hello, Marie here", "Marie"]);
  chat.send({ type: "say", id: "answer", text: "my parcel is wet" });
  await eventually(() => said(one).some(([who, text]) => who === "in" && text === "my parcel is wet"));
  assert.ok(!said(one).some(([, text]) => text === "Hello, Marie here"), "its own words do not come back to it");

  assert.equal(await call(server, reply(one.id, 901, "I am Pierre", { sender: { name: "Pierre", type: "user" } })), 202);
  assert.equal((await fromAgent(chat)).agent, "Pierre");

  assert.equal(await call(server, { event: "conversation_status_changed", id: one.id, status: "resolved" }), 202);
  await eventually(async () => !(await openHandoff(place)));
  assert.equal((await chat.ask("where is order FR-1042?")).from, "bot");
  assert.equal(await call(server, reply(one.id, 902, "too late")), 409);
  assert.equal(await call(server, { event: "conversation_status_changed", id: one.id, status: "resolved" }), 200);
  assert.equal(said(one).filter(([, text]) => text.startsWith("where is order")).length, 0, "what is said after it is not told");
});

test("the same call twice is said once; notes, our own transcript, other bots and other conversations are not said", async (t) => {
  const { desk, server } = await begin(t);
  const chat = await escalate(server, false);
  const [one] = await desk.open();
  const ignored = [
    reply(one.id, 1, "a note", { private: true }),
    reply(one.id, 2, "by the customer", { message_type: "incoming" }),
    reply(one.id, 3, "ours", { source_id: `wismo-${one.custom_attributes.wismo_handoff}-2` }),
    reply(one.id, 4, "ours", { content_attributes: { wismo: "wismo-x-2" } }),
    reply(one.id, 5, "a bot's", { sender: { name: "Bot", type: "agent_bot" } }),
    reply(999999, 6, "elsewhere"),
    reply(one.id, 7, "typing", { event: "conversation_typing_on" }),
    { event: "conversation_status_changed", id: one.id, status: "open" },
    {},
  ];
  for (const body of ignored) assert.equal(await call(server, body), 200, JSON.stringify(body));
  for (let i = 0; i < 3; i++) assert.equal(await call(server, reply(one.id, 50, "once")), 202);
  assert.equal(await call(server, reply(one.id, 51, null, { attachments: [{ data_url: "https://files.example/a.pdf" }, { data_url: "http://no.example" }] })), 202);
  assert.equal((await fromAgent(chat)).text, "once");
  assert.equal((await fromAgent(chat)).text, "https://files.example/a.pdf");
  await pause(300);
  await silent(chat);
});

test("who does not know the secret, or cannot sign, is not heard", async (t) => {
  const { desk, server } = await begin(t, {}, "env CHATWOOT_TOKEN env CHATWOOT_DOOR env CHATWOOT_SIGNS");
  const chat = await escalate(server, false);
  const [one] = await desk.open();
  const body = JSON.stringify(reply(one.id, 900, "Hello")), now = Math.floor(Date.now() / 1000);
  const signed = (text, at, key = process.env.CHATWOOT_SIGNS) => ({ "x-chatwoot-timestamp": String(at),
    "x-chatwoot-signature": `sha256=${createHmac("sha256", key).update(`${at}.${text}`).digest("hex")}` });
  for (const door of ["", "x", process.env.CHATWOOT_DOOR.slice(1), `${process.env.CHATWOOT_DOOR}/`]) assert.equal(await call(server, body, { door, headers: signed(body, now) }), 404);
  assert.equal(await call(server, body), 401);
  assert.equal(await call(server, body, { headers: signed(body, now, "another") }), 401);
  assert.equal(await call(server, body, { headers: signed(body, now - 400) }), 401);
  assert.equal(await call(server, `${body} `, { headers: signed(body, now) }), 401);
  assert.equal(await call(server, "[1", { headers: signed("[1", now) }), 400);
  assert.equal(await call(server, body, { headers: signed(body, now) }), 202);
  assert.equal((await fromAgent(chat)).text, "Hello");
});
