// One turn of a call over HTTP, held to docs/openapi.yaml, and the glue of docs/phone/.
import Ajv2020 from "ajv/dist/2020.js";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { parse } from "yaml";
import { root } from "../server/chat.mjs";
import { conf, phone, reload, turnKey } from "./phone.mjs";

const api = parse(readFileSync(join(root, "docs/openapi.yaml"), "utf8"));
const ajv = new Ajv2020({ allErrors: true, strict: false });
ajv.addSchema(api, "openapi");
const hold = (name, value) => assert.ok(ajv.validate({ $ref: `openapi#/components/schemas/${name}` }, value), `${JSON.stringify(value)}: ${ajv.errorsText()}`);
const operation = api.paths["/v1/turn"].post;

const post = (server, body, { key = turnKey, ...more } = {}) => fetch(`${server.url}v1/turn`, {
  method: "POST", headers: { ...(key ? { authorization: `Bearer ${key}` } : {}), "content-type": "application/json" }, body: typeof body === "string" ? body : JSON.stringify(body), ...more });

async function turn(server, body) {
  hold("Turn", body);
  const answer = await post(server, body);
  const json = await answer.json();
  assert.equal(answer.status, 200, JSON.stringify(json));
  assert.equal(answer.headers.get("cache-control"), "no-store");
  hold("Answer", json);
  return json;
}

async function problem(server, body, status, detail, options) {
  const answer = await post(server, body, options);
  const json = await answer.json();
  assert.equal(answer.status, status, JSON.stringify(json));
  assert.ok(operation.responses[status], `${status} is not in the description`);
  assert.match(answer.headers.get("content-type"), /^application\/problem\+json/);
  hold("Problem", json);
  assert.match(json.detail, detail);
}

test("a call, turn by turn, from the greeting to the answer and to a person", async (t) => {
  const server = await phone(t);
  const base = { session: "c-7f3a", shop: "default", channel: "connect" };
  const greeting = await turn(server, { ...base, caller: "+33612345678", locale: "en" });
  assert.match(greeting.say, /assistant/);
  assert.equal(greeting.listen.expects, "open");
  assert.match((await turn(server, { ...base, input: { text: "where is my order", confidence: 0.87 } })).say, /order number/i);
  assert.notEqual((await turn(server, { ...base, input: { noinput: true } })).say, "");
  assert.match((await turn(server, { ...base, input: { digits: "1042#" } })).say, /postcode|email|phone/i);
  assert.match((await turn(server, { ...base, input: { digits: "69003#" } })).say, /late/);
  const person = await turn(server, { ...base, input: { text: "let me talk to a person" } });
  assert.deepEqual(person.handoff.transfer, { how: "dial", to: "+33123450000" });
  assert.equal(person.interruptible, false);
  assert.match(server.place.wismo("handoffs").out, new RegExp(person.handoff.id.slice(0, 10)));
  assert.notEqual((await turn(server, { ...base, input: { unanswered: true } })).say, "");
  assert.equal((await turn(server, { ...base, input: { bye: true } })).end, true);
});

test("who is heard before the greeting is greeted with the answer, in the language of the number", async (t) => {
  const server = await phone(t);
  const answer = await turn(server, { session: "s1", called: "+33123456789", input: { text: "où est ma commande" } });
  assert.equal(answer.locale, "fr-FR");
  assert.match(answer.say, /assistant.*numéro/s);
});

test("keys typed ahead of their question answer it", async (t) => {
  const server = await phone(t);
  const base = { session: "ahead", shop: "default", locale: "en" };
  await turn(server, base);
  await turn(server, { ...base, input: { text: "where is my order" } });
  assert.match((await turn(server, { ...base, input: { digits: "1042#69003#" } })).say, /late/);
  assert.doesNotMatch((await turn(server, { ...base, input: { digits: "#" } })).say, /order number/i);
  const other = { ...base, session: "pause" };
  await turn(server, other);
  await turn(server, { ...other, input: { text: "where is my order" } });
  assert.match((await turn(server, { ...other, input: { digits: "1042#69003" } })).say, /late/);
  const corrected = await turn(server, { ...base, session: "corrected", input: { digits: "99*1042#" } });
  assert.match(corrected.say, /1 0, 4 2|1 0 4 2/);
});

test("sessions do not hear each other, nor does one shop's those of another", async (t) => {
  const server = await phone(t);
  await turn(server, { session: "same", shop: "default", input: { text: "where is my order FR-1042" } });
  const other = await turn(server, { session: "same", shop: "nobody", locale: "en", input: { digits: "69003#" } });
  assert.doesNotMatch(other.say, /late|1 0, 4 2/);
});

test("a brand that a reload adds answers the next session, and a session that runs goes on", async (t) => {
  const server = await phone(t);
  const base = { session: "running", shop: "default", locale: "en" };
  await turn(server, { ...base, input: { text: "where is my order" } });
  await reload(server, `${conf}shop "third" {\n name = "Third Brand"\n calls = {"+31201234567 nl"}\n}\n`);
  assert.match((await turn(server, { session: "new", called: "+31201234567" })).say, /Third Brand/);
  assert.match((await turn(server, { ...base, input: { digits: "1042#" } })).say, /postcode/i);
});

test("200 sessions at once are each answered on their own", async (t) => {
  const server = await phone(t, { conf: `per_address = "0"\n${conf}` });
  const answers = await Promise.all(Array.from({ length: 200 }, (_, i) => turn(server, { session: `s-${i}`, shop: "default", locale: "en", input: { text: i % 2 ? "where is my order" : "let me talk to a person" } })));
  answers.forEach((answer, i) => {
    assert.equal(answer.session, `s-${i}`);
    assert.equal(Boolean(answer.handoff), i % 2 === 0);
  });
});

test("without the key nothing is answered", async (t) => {
  const server = await phone(t);
  for (const key of ["", "wrong", `${turnKey}x`, turnKey.slice(0, -1)]) await problem(server, { session: "s" }, 401, /Authorization/, { key });
  const bare = await phone(t, { conf: "" });
  await problem(bare, { session: "s" }, 401, /turn_key/);
  assert.equal((await fetch(`${server.url}v1/turn`)).status, 405);
});

test("what is wrong with a request is said, and nothing of it counts", async (t) => {
  const server = await phone(t);
  for (const [body, detail] of [
    ["nonsense", /body/], ["[]", /object/], ["{}", /session/], [{ session: 7 }, /session/], [{ session: "" }, /session/], [{ session: "a b" }, /session/], [{ session: "a".repeat(101) }, /session/],
    [{ session: "s", shop: 7 }, /shop/], [{ session: "s", tenant: "x" }, /tenant/], [{ session: "s", input: "where" }, /input/], [{ session: "s", input: { text: 7 } }, /input\.text/],
    [{ session: "s", input: { text: " " } }, /input\.text/], [{ session: "s", input: { text: "a".repeat(2001) } }, /input\.text/], [{ session: "s", input: { digits: 1042 } }, /input\.digits/],
    [{ session: "s", input: { digits: "10A" } }, /input\.digits/], [{ session: "s", input: { noinput: false } }, /input/], [{ session: "s", input: { text: "a", digits: "1" } }, /one of/],
    [{ session: "s", input: { words: "a" } }, /words/], [{ session: "s", input: { text: "a", confidence: 2 } }, /confidence/], ['{"session":"s","session":"t"}', /duplicate/], [{ session: "s", shop: "acme", input: { text: "hello" } }, /unknown_shop/],
  ]) await problem(server, body, 400, detail);
  const large = await post(server, { session: "s", input: { text: "a".repeat(17000) } });
  assert.equal(large.status, 413);
});

test("two turns of one session at once are not mixed, and too many are slowed down", async (t) => {
  const server = await phone(t, { conf: `per_conversation = "1/5"\n${conf}` });
  await turn(server, { session: "s" });
  const statuses = (await Promise.all(Array.from({ length: 60 }, () => post(server, { session: "s", input: { text: "where is my order" } })))).map((answer) => answer.status);
  assert.ok(statuses.includes(200));
  for (const status of statuses) assert.ok([200, 409, 429].includes(status), status);
  for (let i = 0; i < 40; i++) statuses.push((await post(server, { session: "s", input: { text: "where is my order" } })).status);
  assert.ok(statuses.includes(429), statuses.join(" "));
});

test("a call whose first turn was one too many begins with the next", async (t) => {
  const server = await phone(t, { conf: `per_address = "1/1"\n${conf}` });
  const greet = (session) => post(server, { caller: "+33612345678", locale: "en", session });
  const statuses = (await Promise.all(Array.from({ length: 20 }, (_, i) => greet(`s${i}`)))).map((answer) => answer.status);
  const slowed = `s${statuses.indexOf(429)}`;
  let answer;
  while ((answer = await greet(slowed)).status === 429) await new Promise((resolve) => setTimeout(resolve, 200));
  assert.equal(answer.status, 200);
  assert.match((await answer.json()).say, /assistant/);
});

test("whoever goes away before the answer does no harm", async (t) => {
  const server = await phone(t);
  for (let i = 0; i < 20; i++) await post(server, { session: `gone-${i}`, input: { text: "where is my order" } }, { signal: AbortSignal.timeout(1) }).catch(() => {});
  let answer;
  do answer = await post(server, { session: "gone-1", input: { text: "where is my order" } }); // 409 while the turn before is being answered
  while (answer.status === 409);
  assert.match((await answer.json()).say, /order/i);
});

test("each example of the description is as it says", () => {
  const media = (content) => Object.entries(content).flatMap(([, body]) => Object.values(body.examples ?? {}).map((example) => [body.schema.$ref.split("/").at(-1), example.value]));
  const examples = [...media(operation.requestBody.content), ...media(operation.responses["200"].content)];
  assert.ok(examples.length >= 9);
  for (const [name, value] of examples) hold(name, value);
});

test("the requests of the description are answered by the service", async (t) => {
  const server = await phone(t);
  for (const { value } of Object.values(operation.requestBody.content["application/json"].examples)) await turn(server, value);
});

test("the glue for Amazon Connect plays a call, and its flow gets the caller to a person when we are gone", async (t) => {
  const server = await phone(t);
  process.env.WISMO_URL = server.url.slice(0, -1);
  process.env.WISMO_TURN_KEY = turnKey;
  t.mock.method(AbortSignal, "timeout", () => new AbortController().signal); // a slow machine takes longer than a caller is kept waiting
  const { handler } = await import(join(root, "docs/phone/connect.mjs"));
  const ask = (parameters) => handler({ Details: { ContactData: { ContactId: "5ca32fbd-8f92-46af-92a5-6b0f970f0efe", CustomerEndpoint: { Address: "+33612345678" }, SystemEndpoint: { Address: "+441632960000" } }, Parameters: parameters } });
  const flat = (answer) => { for (const value of Object.values(answer)) assert.equal(typeof value, "string"); return answer; }; // Connect takes a flat map of strings
  assert.match(flat(await ask({})).say, /assistant/);
  assert.equal(flat(await ask({ text: "where is my order" })).next, "listen");
  await ask({ digits: "1042" });
  assert.match(flat(await ask({ digits: "69003" })).say, /late/);
  const person = flat(await ask({ text: "let me talk to a person" }));
  assert.deepEqual([person.next, person.to], ["handoff", "+33123450000"]);
  process.env.WISMO_TURN_KEY = "no longer the key";
  assert.equal(flat(await ask({ text: "hello" })).next, "failed");
  await server.stop();
  assert.equal(flat(await ask({ text: "hello" })).next, "failed");
});

test("what callers say, key and are called by stands in no log, however much is told", async (t) => {
  const server = await phone(t, { conf: `log_level = debug\n${conf}` });
  const base = { session: "c-secret", caller: "+33612345678", locale: "en" };
  for (const input of [undefined, { text: "where is my order FR-1042, camille.martin@example.fr" }, { digits: "69003#" }, { text: "let me talk to a person" }])
    await turn(server, { ...base, ...(input && { input }) });
  await problem(server, { ...base, input: { text: "camille", what: 1 } }, 400, /there is no such field/);
  await problem(server, base, 401, /./, { key: "camille-key" });
  await server.stop();
  assert.notEqual(server.log.length, 0);
  assert.doesNotMatch(server.log.join("\n"), new RegExp(`FR-?1042|(?<![\\d.])(1042|69003)(?!\\d)|camille|612345678|${turnKey}`, "i"));
});
