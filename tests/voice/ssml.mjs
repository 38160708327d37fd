// SSML where a shop or a call asks for it and the engine takes it, plain words for all others; judged by a strict XML
// parser and by what is left without the marks.
import assert from "node:assert/strict";
import { test } from "node:test";
import { SaxesParser } from "saxes";
import { Gateway } from "./gateway.mjs";
import { Caller, conf, phone, turnKey } from "./phone.mjs";

const allowed = { speak: [], "say-as": ["interpret-as"], break: ["time"] };
const rude = `Hello, the automated assistant of R&D <Rock> *speaks* #1_a https://x.example/?a=1&b=2, [here](www.x.example) 🙂👍🏽🇫🇷.`;
const marked = (more = "") => conf.replace(`name = "Maison Demo"`, `name = "Maison Demo"\n    ssml = say-as\n    ${more}`);

// The text of a document, or a throw where a parser would refuse it.
function read(xml) {
  const parser = new SaxesParser(), marks = [];
  let text = "";
  parser.on("error", (error) => { throw new Error(`${error.message}: ${xml}`); });
  parser.on("opentag", ({ name, attributes }) => {
    assert.deepEqual(Object.keys(attributes), allowed[name], `<${name}>: ${xml}`);
    if (name === "say-as") assert.equal(attributes["interpret-as"], "characters"); // the one that Google, Amazon and Azure share
    marks.push(name);
  });
  parser.on("text", (piece) => { text += piece; });
  parser.write(xml).close();
  return { text, marks };
}
const bare = (text) => text.replace(/[ ,]/g, ""); // without the pauses, which are marks

const post = async (server, body) => (await fetch(`${server.url}v1/turn`, { method: "POST", headers: { authorization: `Bearer ${turnKey}`, "content-type": "application/json" }, body: JSON.stringify(body) })).json();

test("a relay is given SSML without a root where its engine takes it: digits by group, pauses between them", async (t) => {
  const server = await phone(t, { conf: marked("tts_provider = Google") });
  const caller = await Caller.call(server);
  await caller.say("Where's my order?");
  caller.keys("10426#");
  const words = await caller.heard(), { text, marks } = read(`<speak>${words}</speak>`);
  assert.match(words, /<say-as interpret-as="characters">104<\/say-as><break time="250ms"\/><say-as interpret-as="characters">26<\/say-as>/);
  assert.deepEqual(marks, ["speak", "say-as", "break", "say-as"]);
  assert.match(text, /^Order 10426\./);
  caller.drop();
});

test("a relay whose engine takes none, or is not known, is given plain words, and so is a call that asks for them", async (t) => {
  for (const [more, customParameters, on] of [["", {}, false], ["tts_provider = ElevenLabs", {}, false], ["tts_provider = Amazon", {}, true], ["", { tts_provider: "Amazon" }, true],
    ["tts_provider = Google", { ssml: "none" }, false], ["tts_provider = Google", { tts_provider: "ElevenLabs" }, false]]) {
    const server = await phone(t, { conf: marked(more) });
    const caller = await Caller.call(server, { customParameters });
    caller.keys("1042#");
    assert.equal((await caller.heard()).includes("<say-as"), on, JSON.stringify([more, customParameters]));
    caller.drop();
    await server.stop();
  }
  const plain = await phone(t);
  const caller = await Caller.call(plain, { customParameters: { ssml: "say-as", tts_provider: "Google" } }); // the call's own word counts
  caller.keys("1042#");
  assert.match(await caller.heard(), /<say-as/);
  caller.drop();
});

test("jambonz is given whole documents that its validators take, by the shop's setting or the application's variable", async (t) => {
  for (const [text, env_vars, on] of [[marked(), {}, true], [marked(), { ssml: "none" }, false], [conf, { ssml: "say-as" }, true], [conf, {}, false]]) {
    const server = await phone(t, { conf: text });
    const call = await Gateway.call(server, { env_vars });
    const say = (await call.keys("1042")).at(-1).say.text;
    assert.equal(say.startsWith("<speak>"), on, say);
    if (on) assert.match(read(say).text, /Order 1042\. /);
    for (const verb of call.greeting) if (on) read(verb.text ?? verb.say.text);
    call.drop();
    await server.stop();
  }
});

test("a turn over HTTP has the same twice, plain and as a document", async (t) => {
  const server = await phone(t);
  const plain = await post(server, { session: "p", locale: "en", input: { digits: "1042#" } });
  assert.equal(plain.ssml, undefined);
  const answer = await post(server, { session: "s", locale: "en", ssml: "say-as", input: { digits: "1042#" } });
  assert.equal(answer.say, plain.say);
  assert.equal(bare(read(answer.ssml).text), bare(plain.say));
  assert.equal((await post(server, { session: "t", ssml: "yes" })).detail, "ssml: expected none or say-as");
});

test("what no voice says is left out of plain words, and what stays is escaped in SSML", async (t) => {
  const server = await phone(t, { conf: conf.replace(`name = "Maison Demo"`, `name = "Maison Demo"\n    disclosure = "${rude}"`) });
  const said = (await post(server, { session: "p", locale: "en" })).say;
  assert.match(said, /^Hello, the automated assistant of R D Rock speaks 1 a, here\. /);
  const call = await Gateway.call(server, { env_vars: { ssml: "say-as" } });
  assert.match(call.greeting[0].text, /R&amp;D &lt;Rock&gt; speaks/);
  assert.match(read(call.greeting[0].text).text, /R&D <Rock> speaks/);
  call.drop();
});
