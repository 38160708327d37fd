// Calls through jambonz.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { test } from "node:test";
import { createEndpoint } from "@jambonz/sdk/websocket";
import WebSocket from "ws";
import { closing } from "../closing.mjs";
import { Gateway, spoken } from "./gateway.mjs";
import { conf, login, phone, reload } from "./phone.mjs";

const verbs = (list) => list.map((verb) => verb.verb);

test("a call from the greeting to the answer, by voice, silence and keys", async (t) => {
  const server = await phone(t);
  const call = await Gateway.call(server);
  assert.deepEqual(verbs(call.greeting), ["say", "gather"]); // that a machine answers must be heard to its end
  assert.match(spoken(call.greeting), /assistant/);
  call.tell("call:status", call.base({ call_status: "in-progress" }));
  const again = await call.silence();
  assert.notEqual(spoken(again), "");
  assert.match(spoken(await call.say("where is my order")), /order number/i);
  assert.match(spoken(await call.keys("1042")), /postcode|email|phone/i);
  const answer = await call.say("six nine zero zero three");
  assert.match(spoken(answer), /late/);
  assert.equal(answer.at(-1).verb, "gather");
  assert.equal(answer.at(-1).actionHook, "/wismo/turn");
  call.tell("call:status", call.base({ call_status: "completed", duration: 30 }));
  await new Promise((resolve) => setTimeout(resolve, 100));
  assert.equal(call.acked.length, 5);
  assert.deepEqual(call.commands, []);
  call.drop();
});

test("a yes or no is one key, an open question may be keyed as long as it takes", async (t) => {
  const server = await phone(t);
  const call = await Gateway.call(server);
  const gather = call.greeting.at(-1);
  assert.deepEqual(gather.input, ["speech", "digits"]);
  assert.equal(gather.finishOnKey, "#");
  assert.ok(gather.maxDigits >= 12 && gather.timeout >= 4);
  assert.ok(gather.recognizer.hints.includes("order number"));
  call.drop();
});

test("each kind of transfer is the verb that it needs, with the context, and an end should it fail", async (t) => {
  const server = await phone(t);
  for (const [words, kind, where] of [
    ["I want my money back", "dial", { target: [{ type: "phone", number: "+33123450000" }] }], // its queue is a task, a thing of Twilio's: here it is the others'
    ["I was charged twice", "dial", { target: [{ type: "sip", sipUri: "sip:payments@pbx.example.com" }] }],
    ["I want to make a complaint", "enqueue", { name: "complaints" }],
    ["let me talk to a person", "dial", { target: [{ type: "phone", number: "+33123450000" }] }],
  ]) {
    const call = await Gateway.call(server);
    const list = await call.say(words);
    const at = list.findIndex((verb) => verb.verb === kind);
    assert.ok(at > 0, JSON.stringify(list));
    assert.equal(list[0].verb, "say");
    for (const [name, value] of Object.entries(where)) assert.deepEqual(list[at][name], value);
    assert.match(list.find((verb) => verb.verb === "tag").data.handoff, /^[0-9A-Z]{26}$/);
    if (kind === "dial") assert.match(list[at].headers["X-Wismo-Handoff"], /^[0-9A-Z]{26}$/);
    assert.equal(list.at(-1).verb, "hangup");
    call.drop();
  }
});

test("where there are only tasks nobody is promised a colleague: a message is taken", async (t) => {
  const server = await phone(t, { conf: conf.replace("* = dial +33123450000", "* = task WWaaaabbbbccccddddeeeeffff00001111") });
  const call = await Gateway.call(server);
  const list = await call.say("I want my money back");
  assert.equal(list.at(-1).verb, "gather", JSON.stringify(list));
  assert.doesNotMatch(JSON.stringify(list), /putting you through/);
  call.drop();
});

test("another language is spoken by its own voice, whichever recogniser heard it and whatever became of the first words in it", async (t) => {
  const server = await phone(t, { conf: conf.replace("* = dial +33123450000", "* = task WWaaaabbbbccccddddeeeeffff00001111") });
  for (const words of ["où est ma commande", "je veux être remboursé"]) {
    const call = await Gateway.call(server);
    const list = await call.say(words, 0.92, "fr-FR");
    assert.equal(list[0].synthesizer?.language, "fr-FR", JSON.stringify(list));
    assert.equal(list.at(-1).recognizer.language, "fr-FR");
    call.drop();
  }
});

test("a call begins in the language of the number that was called, whatever the application's own is", async (t) => {
  const server = await phone(t), to = "+33123456789", speech = (language) => ({ synthesizer: { vendor: "google", language, voice: "x" }, recognizer: { vendor: "google", language } });
  for (const [data, told] of [[{ to }, true], [{ to, defaults: speech("fr-CA") }, false], [{ to, defaults: speech("de-DE") }, true], [{}, false]]) {
    const call = await Gateway.call(server, data);
    const config = call.greeting.filter((verb) => verb.verb === "config");
    assert.deepEqual(config.map((verb) => [verb.synthesizer.language, verb.recognizer.language]), told ? [["fr-FR", "fr-FR"]] : [], JSON.stringify(data));
    if (told) assert.equal(call.greeting[0].verb, "config");
    assert.equal(call.greeting.at(-1).recognizer.language, data.to ? "fr-FR" : "en-GB");
    call.drop();
  }
});

test("whoever is not answered is with us again; whoever was is let go", async (t) => {
  const server = await phone(t);
  for (const [name, result, taken] of [
    ["dial", { dial_call_status: "no-answer", dial_sip_status: 480 }, false],
    ["dial", { dial_call_status: "completed", dial_sip_status: 200 }, true],
    ["enqueue", { queue_sid: "queue:a:b", queue_time: 3, queue_result: "bridged" }, true],
    ["enqueue", { queue_sid: "queue:a:b", queue_time: 300, queue_result: "leave" }, false],
    ["sip-refer", { refer_status: 202, final_referred_call_status: 200 }, true],
    ["sip-refer", { refer_status: 603 }, false],
  ]) {
    const call = await Gateway.call(server);
    await call.say("let me talk to a person");
    const list = await call.transferred(name, result);
    if (taken) assert.deepEqual(verbs(list), ["hangup"], JSON.stringify(result));
    else assert.notEqual(spoken(list), "", JSON.stringify(result));
    call.drop();
  }
});

test("a socket that breaks is taken up again, and the older one hears nothing", async (t) => {
  const server = await phone(t);
  const first = await Gateway.call(server);
  await first.say("where is my order");
  await first.keys("1042");
  const again = new Gateway(server);
  again.call = first.call;
  assert.equal(await again.opened, "open");
  assert.notEqual(spoken(await again.ask("session:reconnect", again.session())), "");
  assert.equal(await first.closed, 1000);
  assert.match(spoken(await again.keys("69003")), /late/);
  again.drop();
});

test("a hook of a call that we do not know is answered as if we did", async (t) => {
  const server = await phone(t);
  const call = new Gateway(server);
  assert.equal(await call.opened, "open");
  assert.match(spoken(await call.say("where is my order")), /order number/i);
  assert.equal(call.acked.length, 1);
  call.drop();
});

test("only the login of the application opens the socket, and only its sub-protocol", async (t) => {
  const server = await phone(t);
  for (const [auth, status] of [[login, "open"], ["wismo:wrong", 401], ["", 401], [`${login}x`, 401]])
    assert.equal(await new Gateway(server, { auth }).opened, status);
  assert.equal(await new Gateway(server, { protocols: ["audio.jambonz.org"] }).opened, 400);
  assert.equal(await new Gateway(server, { protocols: [] }).opened, 400);
  const two = new WebSocket(`${server.url.replace("http", "ws")}voice/jambonz`, ["wismo.chat.v1", "ws.jambonz.org"], { auth: login });
  assert.ok(await new Promise((resolve) => two.on("open", () => resolve(false)).on("error", () => resolve(true))), "the chat's protocol was named first");
  const bare = await phone(t, { conf: "" });
  assert.equal(await new Gateway(bare, { auth: login }).opened, 401);
});

test("nothing that is heard is acked twice or left without an ack, and nothing else is", async (t) => {
  const server = await phone(t);
  const call = await Gateway.call(server);
  assert.equal(await call.ask("session:adulting", {}), undefined);
  assert.equal(await call.ask("verb:hook", { nonsense: true }, "/somewhere/else"), undefined);
  for (const data of [{}, { reason: 7 }, { reason: "dtmfDetected", digits: 1042 }, { reason: "speechDetected" }, { reason: "speechDetected", speech: "x" }, { reason: "error", details: "no" },
    { reason: "speechDetected", speech: { alternatives: [{ transcript: 7 }] } }]) {
    const one = await Gateway.call(server);
    assert.equal((await one.ask("verb:hook", data, "/wismo/turn")).at(-1).verb, "gather", JSON.stringify(data));
    one.drop();
  }
  call.drop();
  const other = await Gateway.call(server);
  assert.notEqual(spoken(await other.turn({ reason: "speechDetected", speech: { transcripts: [{ alternatives: [{ transcript: "where is my order" }] }] } })), "");
  const before = other.acked.length;
  for (const frame of ["nonsense", "[]", '{"type":"shout","msgid":"x1"}', '{"type":"jambonz:error","msgid":"x2","data":{"msg":"bad"}}', '{"type":"call:status","msgid":"x3","data":{"call_status":"ringing"}}', '{"msgid":"x4"}', '{"type":"verb:hook","hook":"/wismo/turn"}'])
    other.socket.send(frame);
  other.socket.send(JSON.stringify({ type: "verb:hook", msgid: other.acked.at(-1), hook: "/wismo/turn", data: { reason: "timeout" } })); // a msgid once more
  await new Promise((resolve) => setTimeout(resolve, 300));
  assert.equal(other.acked.length, before);
  other.drop();
});

test("a frame over the limit ends its socket with 1009, and no other call", async (t) => {
  const server = await phone(t);
  const [large, other] = [await Gateway.call(server), await Gateway.call(server)];
  large.socket.send(JSON.stringify({ type: "verb:hook", msgid: "m9", hook: "/wismo/turn", data: { reason: "speechDetected", more: "x".repeat(70000) } }));
  assert.equal(await large.closed, 1009);
  assert.match(spoken(await other.say("where is my order")), /order number/i);
  other.drop();
});

test("several hooks at once are each acked once, in their order", async (t) => {
  const server = await phone(t);
  const call = await Gateway.call(server);
  const lists = await Promise.all([call.say("where is my order"), call.keys("1042"), call.keys("69003")]);
  assert.match(spoken(lists[2]), /late/);
  assert.deepEqual(call.acked.slice(-3), ["m2", "m3", "m4"]);
  call.drop();
});

test("a brand that is added or changed by a reload answers the next call, and no call that runs is dropped", async (t) => {
  const server = await phone(t);
  const before = await Gateway.call(server);
  await before.say("where is my order");
  await reload(server, conf.replace('name = "Maison Demo"', 'name = "Maison Nouvelle"').replace("* = dial +33123450000", "* = dial +33999999999") + `shop "third" {\n name = "Third Brand"\n calls = {"+31201234567 nl"}\n}\n`);
  const third = await Gateway.call(server, { to: "+31201234567" });
  assert.match(spoken(third.greeting), /Third Brand/);
  assert.equal(third.greeting.at(-1).recognizer.language, "nl-NL");
  assert.match(spoken((await Gateway.call(server)).greeting), /Maison Nouvelle/);
  assert.match(spoken(await before.keys("1042")), /postcode/i);
  assert.equal((await before.say("let me talk to a person")).find((verb) => verb.verb === "dial").target[0].number, "+33999999999");
  assert.equal(before.socket.readyState, WebSocket.OPEN);
  before.drop();
  third.drop();
});

test("200 calls at once are each answered on their own", async (t) => {
  const server = await phone(t);
  const calls = await Promise.all(Array.from({ length: 200 }, (_, i) => Gateway.call(server, { from: `+3361234${String(i).padStart(4, "0")}` })));
  const answers = await Promise.all(calls.map((call) => call.say("where is my order")));
  for (const answer of answers) assert.match(spoken(answer), /order number/i);
  for (const call of calls) call.drop();
});

// What jambonz' own SDK serves when it does what we do: the same caller cannot tell the shapes apart.
async function reference(t) {
  const server = createServer();
  const makeService = createEndpoint({ server });
  makeService({ path: "/voice/jambonz" }).on("session:new", (session) => {
    const listen = (text) => session.gather({ input: ["speech", "digits"], actionHook: "/wismo/turn", timeout: 8, bargein: true, dtmfBargein: true, minBargeinWordCount: 1, finishOnKey: "#", interDigitTimeout: 3,
      maxDigits: 24, recognizer: { vendor: "default", language: "en-GB", hints: ["order number"] }, say: { text } });
    session.on("/wismo/turn", (result) => {
      if (result.speech?.alternatives[0].transcript.includes("person"))
        session.say({ text: "I'm putting you through." }).tag({ data: { handoff: "x", queue: "x", reason: "x", order: "" } })
          .dial({ target: [{ type: "phone", number: "+33123450000" }], headers: { "X-Wismo-Handoff": "x" }, answerOnBridge: true, timeout: 30, actionHook: "/wismo/transfer" }).say({ text: "Nobody." }).hangup().reply();
      else listen("Your order number?").reply();
    });
    session.say({ text: "Hello." });
    listen("How can I help?").send();
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing(t, () => { server.closeAllConnections(); server.close(); });
  return { url: `http://127.0.0.1:${server.address().port}/` };
}

const shape = (value) => Array.isArray(value) ? value.slice(0, 1).map(shape) : value && typeof value === "object"
  ? Object.fromEntries(Object.keys(value).sort().filter((key) => !["headers", "hints"].includes(key)).map((key) => [key, shape(value[key])])) : typeof value;

test("the same caller hears lists of the same shapes from jambonz' own server", async (t) => {
  const [ours, theirs] = await Promise.all([phone(t), reference(t)].map(async (server) => {
    const call = await Gateway.call(await server);
    const lists = [call.greeting, await call.say("where is my order"), await call.say("let me talk to a person")];
    call.drop();
    return lists.map((list) => list.map((verb) => [verb.verb, shape(verb)]));
  }));
  assert.deepEqual(ours, theirs);
});
