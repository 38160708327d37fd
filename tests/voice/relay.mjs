// Calls through a conversation relay: every frame is held to docs/schema, both ways.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Caller, conf, form, phone, relayToken, reload } from "./phone.mjs";

const handoffOf = (frame) => JSON.parse(frame.handoffData);

test("a call from the question to the answer, with the turn of proof, by voice and by keys", async (t) => {
  const server = await phone(t);
  const caller = await Caller.call(server);
  await caller.quiet(); // the platform greets
  assert.match(await caller.say("Where's my order?"), /order number/i);
  caller.send({ type: "interrupt", utteranceUntilInterrupt: "Sure.", durationUntilInterruptMs: 1210 });
  caller.keys("1042#");
  assert.match(await caller.heard(), /postcode|email|phone/i);
  caller.keys("69003#");
  const words = await caller.heard();
  assert.match(words, /late/);
  assert.doesNotMatch(words, /https?:|[<>*#_]|1042/);
  assert.equal(caller.last.last, true);
  await caller.quiet();
  caller.hangUp();
});

test("what is not about tracking goes to a person: the sentence is heard, then the call goes with what is known", async (t) => {
  const server = await phone(t);
  const caller = await Caller.call(server);
  const begun = Date.now();
  const words = await caller.say("I want my money back");
  assert.ok(words.length > 10);
  assert.equal(caller.last.interruptible, false);
  const end = await caller.next("end");
  assert.ok(Date.now() - begun > 1000, "the end came before the words can have been heard");
  const handoff = handoffOf(end);
  assert.equal(handoff.reasonCode, "live-agent-handoff");
  assert.equal(handoff.queue, "returns");
  assert.equal(handoff.shop, "default");
  assert.match(server.place.wismo("handoffs").out, new RegExp(handoff.handoff.slice(0, 10)));
  caller.send({ type: "prompt", voicePrompt: "hello?", lang: "en-US", last: true }); // too late
  await caller.quiet();
  const xml = await (await form(server, "voice/twilio/action", { CallSid: caller.call, SessionStatus: "ended", HandoffData: end.handoffData, To: "+441632960000" })).text();
  assert.match(xml, /<Enqueue workflowSid="WW/);
});

test("a platform that tells when our words have been heard need not be waited for longer", async (t) => {
  const server = await phone(t);
  let waited = Infinity; // the least of some tries: a busy machine may stand still at any moment
  for (let tries = 0; tries < 5 && waited >= 1000; tries++) {
    const caller = await Caller.call(server);
    await caller.say("I want my money back"); // takes some seconds to say, as the test above has it
    const told = performance.now();
    for (const value of ["on", "off"]) caller.send({ type: "info", name: "agentSpeaking", value });
    await caller.next("end");
    waited = Math.min(waited, performance.now() - told);
    caller.hangUp();
  }
  assert.ok(waited < 1000, `the end came ${waited} ms after the words had been heard`);
});

test("partial words, unknown types and fields of the wrong type do not count, and end nothing", async (t) => {
  const server = await phone(t);
  const caller = await Caller.call(server);
  for (const frame of ["nonsense", "[]", "{}", '{"type":3}', '{"type":"prompt"}', '{"type":"prompt","voicePrompt":7,"last":true}', '{"type":"prompt","voicePrompt":"   ","last":true}',
    '{"type":"dtmf"}', '{"type":"dtmf","digit":"77"}', '{"type":"dtmf","digit":"x"}', '{"type":"shout","voicePrompt":"where is my order","last":true}', '{"type":"setup","callSid":"CAother"}',
    '{"type":"error","description":"Invalid message received, code: 64107"}', '{"type":"info","name":"tokensPlayed","value":7}', '{"type":"prompt","type":"prompt"}'])
    caller.sendRaw(frame);
  caller.send({ type: "prompt", voicePrompt: "Where", lang: "en-US", last: false });
  caller.send({ type: "prompt", voicePrompt: "Where's my", lang: "en-US", last: false });
  await caller.quiet();
  assert.match(await caller.say("Where's my order?"), /order number/i);
  caller.sendRaw('{"type":"dtmf","digit":1}'); // a number where a string is due
  caller.keys("042#");
  assert.match(await caller.heard(), /postcode|email|phone/i);
  caller.hangUp();
});

test("a frame over the limit ends the socket with 1009", async (t) => {
  const server = await phone(t);
  const caller = await Caller.call(server);
  caller.sendRaw({ type: "prompt", voicePrompt: "a".repeat(70000), last: true });
  assert.equal((await caller.closed).code, 1009);
});

test("a call that drops and comes back goes on, and its earlier socket hears nothing any more", async (t) => {
  const server = await phone(t);
  const first = await Caller.call(server);
  first.send({ type: "prompt", voicePrompt: "where is my order", lang: "en-US", last: true });
  await first.heard();
  first.keys("1042#");
  await first.heard();
  const again = await Caller.call(server, { callSid: first.call, sessionId: "VX02", callStatus: "IN_PROGRESS" });
  assert.equal((await first.closed).code, 1000);
  await again.heard(); // that it is back, and what was asked
  again.keys("69003#");
  assert.match(await again.heard(), /late/);
  again.drop();
});

test("each number has its shop and its language, and another language is spoken when the caller does", async (t) => {
  const server = await phone(t);
  const french = await Caller.call(server, { to: "+33123456789", customParameters: { greeting: "ours" } });
  assert.match(await french.heard(), /assistant/);
  assert.match(await french.say("Où est ma commande ?", "fr-FR"), /numéro/);
  assert.match(await french.say("Sorry, can you speak English please? Where is my order?", "fr-FR"), /order/);
  assert.deepEqual(french.beside[0], { type: "language", ttsLanguage: "en-GB", transcriptionLanguage: "en-GB" });
  const english = await Caller.call(server);
  assert.match(await english.say("Où est ma commande ?", "fr-FR"), /numéro/); // what was heard says nothing of the voice
  assert.deepEqual(english.beside[0], { type: "language", ttsLanguage: "fr-FR", transcriptionLanguage: "fr-FR" });
  english.drop();
  const german = await Caller.call(server, { to: "+4930123456", customParameters: { greeting: "ours" } });
  assert.match(await german.heard(), /Nobody There/);
  french.drop();
  german.drop();
});

test("an unknown shop ends with trouble, said aloud, and a person; not with silence", async (t) => {
  const server = await phone(t);
  const caller = await Caller.call(server, { customParameters: { shop: "acme" } });
  assert.match(await caller.heard(), /something isn't working/);
  assert.equal(handoffOf(await caller.next("end")).reasonCode, "failed");
});

test("a call that is one too many to begin ends with trouble, said aloud, and a person; not with silence", async (t) => {
  const server = await phone(t, { conf: `per_address = "1/1"\n${conf}` });
  const callers = await Promise.all(Array.from({ length: 12 }, () => Caller.call(server)));
  let slowed;
  while (!(slowed = callers.find(({ frames }) => frames.length))) await new Promise((resolve) => setTimeout(resolve, 20));
  assert.match(await slowed.heard(), /something isn't working/);
  assert.equal(handoffOf(await slowed.next("end")).reasonCode, "failed");
  for (const caller of callers) caller.drop();
});

test("a relay that does not sign is believed by its token, in the address or as a parameter, and has fewer fields", async (t) => {
  const server = await phone(t);
  for (const [path, customParameters] of [[`voice/twilio?token=${relayToken}`, {}], ["voice/twilio", { token: relayToken }]]) {
    const caller = new Caller(server, { headers: {}, path });
    assert.equal(await caller.opened, "open");
    caller.send({ type: "setup", sessionId: "v2:abc-1", callControlId: "v3:xyz", from: "+33612345678", to: "+441632960000", callStatus: "active", customParameters });
    assert.match(await caller.say("Where is my order?", "en"), /order number/i);
    caller.drop();
  }
  const stranger = new Caller(server, { headers: {} });
  assert.equal(await stranger.opened, "open");
  stranger.send({ type: "setup", sessionId: "v2:abc-2", customParameters: { token: "wrong-secret-of-telnyx" } });
  assert.equal((await stranger.closed).code, 1008);
});

test("a reload changes a brand's line for the next call and drops none", async (t) => {
  const server = await phone(t);
  const before = await Caller.call(server);
  await before.say("Where's my order?");
  await reload(server, conf.replace('"+4930123456 de"', '"+4930123456 de", "+390212345678 it"'));
  const italian = await Caller.call(server, { to: "+390212345678", customParameters: { greeting: "ours" } });
  assert.match(await italian.heard(), /Nobody There/);
  before.keys("1042#");
  assert.match(await before.heard(), /postcode|email|phone/i);
  before.drop();
  italian.drop();
});

test("200 calls at once are each answered on their own", async (t) => {
  const server = await phone(t);
  const callers = await Promise.all(Array.from({ length: 200 }, (_, i) => Caller.call(server, { from: `+3361234${String(i).padStart(4, "0")}` })));
  const answers = await Promise.all(callers.map((caller) => caller.say("Where's my order?")));
  for (const answer of answers) assert.match(answer, /order number/i);
  for (const caller of callers) caller.drop();
});
