// What Twilio asks over HTTP, signed and judged by its own package.
import assert from "node:assert/strict";
import { test } from "node:test";
import twilio from "twilio";
import { Caller, form, phone, relayToken, sign, socketUrl } from "./phone.mjs";

const { VoiceResponse } = twilio.twiml;
const call = { CallSid: "CA00000000000000000000000000000000", AccountSid: "AC00000000000000000000000000000000", From: "+33612345678", To: "+441632960000", CallStatus: "in-progress" };
const action = "voice/twilio/action";
const handoff = (more) => JSON.stringify({ reasonCode: "live-agent-handoff", reason: "return", queue: "returns", handoff: "01JQ0000000000000000000000", shop: "default", locale: "en", ...more });
const dialed = "https://wismo.example.com/voice/twilio/dialed?shop=default&locale=en";

async function twiml(server, path, fields, options) {
  const answer = await form(server, path, { ...call, ...fields }, options);
  assert.equal(answer.status, 200);
  assert.match(answer.headers.get("content-type"), /^text\/xml/);
  return answer.text();
}

test("only what Twilio has signed for this very address is answered, with the port or without", async (t) => {
  const server = await phone(t);
  const good = sign(socketUrl);
  assert.ok(twilio.validateRequest("0123456789abcdef0123456789abcdef", good, socketUrl, {}));
  for (const [what, headers, status] of [
    ["signed", { "X-Twilio-Signature": good }, "open"],
    ["a header in lower case", { "x-twilio-signature": good }, "open"],
    ["signed with the port", { "X-Twilio-Signature": sign("wss://wismo.example.com:443/voice/twilio") }, "open"],
    ["forged", { "X-Twilio-Signature": sign(socketUrl, {}, "another token") }, 403],
    ["one character wrong", { "X-Twilio-Signature": (good[0] === "A" ? "B" : "A") + good.slice(1) }, 403],
    ["cut", { "X-Twilio-Signature": good.slice(0, -1) }, 403],
    ["empty", { "X-Twilio-Signature": "" }, 403],
    ["for another path", { "X-Twilio-Signature": sign("wss://wismo.example.com/voice/other") }, 403],
    ["for another host", { "X-Twilio-Signature": sign("wss://wismo.example.org/voice/twilio") }, 403],
    ["for HTTP", { "X-Twilio-Signature": sign("https://wismo.example.com/voice/twilio") }, 403],
    ["replayed on an address with more to it", { "X-Twilio-Signature": good }, 403, "voice/twilio?shop=nobody"],
  ]) {
    const caller = new Caller(server, { headers, path: headers && what.startsWith("replayed") ? "voice/twilio?shop=nobody" : "voice/twilio" });
    assert.equal(await caller.opened, status, what);
    caller.drop();
  }
});

test("without a token that relays show, nobody gets in unsigned", async (t) => {
  const server = await phone(t, { conf: `public_url = "https://wismo.example.com"\ntwilio_token = "env TWILIO_TOKEN"\n` });
  assert.equal(await new Caller(server, { headers: {} }).opened, 403);
  assert.equal(await new Caller(server, { headers: {}, path: `voice/twilio?token=${relayToken}` }).opened, 403);
  const bare = await phone(t, { conf: "" });
  assert.equal(await new Caller(bare, {}).opened, 403);
});

test("a form is refused when it is forged, changed, replayed on another address, unsigned or none", async (t) => {
  const server = await phone(t);
  const fields = { ...call, SessionStatus: "completed" };
  const status = async (sent, options, path = action) => (await form(server, path, sent, options)).status;
  assert.equal(await status(fields), 200);
  assert.equal(await status({ ...fields, Ünï: "a b&c=d+e%" }), 200); // Twilio signs whatever there is
  const signature = sign(`https://wismo.example.com/${action}`, fields);
  assert.equal(await status({ ...fields, SessionStatus: "failed" }, { signature }), 403);
  assert.equal(await status({ ...fields, More: "x" }, { signature }), 403);
  assert.equal(await status(fields, { signature }, "voice/twilio/answer"), 403);
  assert.equal(await status(fields, { signature }, `${action}?shop=nobody`), 403);
  assert.equal(await status(fields, { signature: "" }), 403);
  assert.equal(await status(fields, { url: `https://wismo.example.com:443/${action}` }), 200);
  assert.equal((await fetch(server.url + action, { method: "POST", headers: { "x-twilio-signature": signature, "content-type": "application/json" }, body: "{}" })).status, 400);
  assert.equal((await fetch(server.url + action)).status, 405);
  assert.equal(await status({ ...fields, Long: "x".repeat(70000) }), 413);
});

test("a new call is given to us in the language of the number that was called", async (t) => {
  const server = await phone(t);
  const expected = (shop, locale, language, hints, languages) => {
    const built = new VoiceResponse();
    const relay = built.connect({ action: `https://wismo.example.com/voice/twilio/action?shop=${shop}&locale=${locale}` }).conversationRelay({
      url: socketUrl, language, interruptible: "any", reportInputDuringAgentSpeech: "any", dtmfDetection: true, events: "speaker-events", hints });
    for (const code of languages) relay.language({ code });
    for (const [name, value] of [["shop", shop], ["locale", locale], ["greeting", "ours"]]) relay.parameter({ name, value });
    return built.toString();
  };
  const hints = (xml) => xml.match(/hints="([^"]*)"/)[1].replaceAll("&apos;", "'");
  const codes = (xml) => [...xml.matchAll(/<Language code="([^"]*)"/g)].map((found) => found[1]);
  for (const [To, path, shop, locale, language] of [
    ["+33123456789", "", "default", "fr", "fr-FR"],
    ["+441632960000", "", "default", "en", "en-GB"],
    ["sip:+4930123456@example.com", "", "nobody", "de", "de-DE"],
    ["+15550000000", "", "default", "en", "en-GB"],
    ["+15550000000", "?shop=nobody&locale=it", "nobody", "it", "it-IT"],
  ]) {
    const xml = await twiml(server, `voice/twilio/answer${path}`, { To });
    assert.equal(codes(xml).length, 7);
    assert.equal(xml, expected(shop, locale, language, hints(xml), codes(xml)), To);
  }
});

test("a shop that there is not answers as no other", async (t) => {
  const server = await phone(t);
  const answer = await form(server, "voice/twilio/answer?shop=typo", call);
  assert.equal(answer.status, 400);
  assert.match(await answer.text(), /unknown_shop/);
});

test("what follows the relay is what its end said: a person by the shop's settings, or nothing", async (t) => {
  const server = await phone(t);
  const built = (make) => { const response = new VoiceResponse(); make(response); return response.toString().replace("<Response/>", "<Response></Response>"); };
  const ended = (data) => twiml(server, action, { SessionStatus: "ended", ...(data ? { HandoffData: data } : {}) });
  assert.equal(await ended(handoff()), built((to) => to.enqueue({ workflowSid: "WWaaaabbbbccccddddeeeeffff00001111" }).task({}, handoff())));
  assert.equal(await ended(handoff({ queue: "payments" })), built((to) => to.dial({ action: dialed }).sip("sip:payments@pbx.example.com?X-Wismo-Handoff=01JQ0000000000000000000000")));
  assert.equal(await ended(handoff({ queue: "complaints" })), built((to) => to.enqueue("complaints")));
  assert.equal(await ended(handoff({ queue: "claims" })), built((to) => to.refer().sip("sip:claims@pbx.example.com")));
  assert.equal(await ended(handoff({ queue: "products" })), built((to) => to.redirect("https://flows.example.com/products")));
  assert.equal(await ended(handoff({ queue: "general" })), built((to) => to.dial({ action: dialed }).number("+33123450000")));
  assert.equal(await ended(), built((to) => to.hangup()));
  assert.equal(await ended("nonsense"), built((to) => to.hangup()));
  assert.equal(await twiml(server, action, { SessionStatus: "completed" }), built(() => {}));
});

test("when nobody can take the call the caller is with us again, and we are told", async (t) => {
  const server = await phone(t);
  const back = (xml, shop) => {
    assert.match(xml, /^<\?xml version="1.0" encoding="UTF-8"\?><Response><Connect /);
    assert.match(xml, /<Parameter name="unanswered" value="yes"\/>/);
    assert.match(xml, new RegExp(`<Parameter name="shop" value="${shop}"/>`));
    assert.doesNotMatch(xml, /name="greeting"/);
  };
  back(await twiml(server, action, { SessionStatus: "ended", HandoffData: handoff({ shop: "nobody" }) }), "nobody");
  for (const DialCallStatus of ["no-answer", "busy", "failed", "canceled"]) back(await twiml(server, "voice/twilio/dialed?shop=default&locale=en", { DialCallStatus }), "default");
  assert.match(await twiml(server, "voice/twilio/dialed?shop=default&locale=en", { DialCallStatus: "completed" }), /<Response><Hangup\/><\/Response>$/);
});

test("when we have failed, the caller hears so and ends with a person where there is one", async (t) => {
  const server = await phone(t);
  const built = new VoiceResponse();
  built.say({ language: "en-GB" }, "I'm sorry, something isn't working on our side.");
  built.say({ language: "en-GB" }, "I'm putting you through to a colleague.");
  built.dial({ action: dialed }).number("+33123450000");
  assert.equal(await twiml(server, action, { SessionStatus: "failed", ErrorCode: "64105", ErrorMessage: "Websocket ended" }), built.toString());
  assert.equal(await twiml(server, action, { SessionStatus: "something new" }), built.toString());
  const french = await twiml(server, action, { To: "+33123456789", SessionStatus: "failed" });
  assert.match(french, /<Say language="fr-FR">[^<]*désolé[^<]*<\/Say><Say language="fr-FR">Je vous mets en relation/);
  const alone = await twiml(server, action, { To: "+4930123456", SessionStatus: "failed" });
  assert.match(alone, /<Say language="de-DE">[^<]*<\/Say><Say language="de-DE">[^<]*später[^<]*<\/Say><Hangup\/>/);
  const told = await twiml(server, action, { SessionStatus: "ended", HandoffData: '{"reasonCode":"failed","shop":"default"}' });
  assert.doesNotMatch(told, /something isn't working/);
  assert.match(told, /<Number>\+33123450000<\/Number>/);
});

test("a relay that does not sign shows its token in every address, and so do the addresses that we give it", async (t) => {
  const server = await phone(t);
  const ask = (path) => fetch(server.url + path, { method: "POST", headers: { "content-type": "application/x-www-form-urlencoded" }, body: new URLSearchParams(call).toString() });
  assert.equal((await ask("voice/twilio/answer")).status, 403);
  assert.equal((await ask("voice/twilio/answer?token=wrong-secret-of-telnyx")).status, 403);
  const xml = await (await ask(`voice/twilio/answer?token=${relayToken}`)).text();
  assert.match(xml, new RegExp(`<Connect action="https://wismo.example.com/voice/twilio/action\\?shop=default&amp;locale=en&amp;token=${relayToken}">`));
  assert.match(xml, new RegExp(`<Parameter name="token" value="${relayToken}"/>`));
});
