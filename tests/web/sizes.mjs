// What a visitor downloads, and that it says everything in every language. No browser is needed.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { get } from "node:http";
import { join } from "node:path";
import { test } from "node:test";
import { folder, root, serve } from "../server/chat.mjs";

const read = (name) => readFileSync(join(root, "web", name), "utf8");
const languages = ["en", "fr", "de", "es", "it", "nl", "pt"];
const words = Object.fromEntries(await Promise.all(languages.map(async (name) => [name, (await import(join(root, `web/widget-${name}.js`))).words])));

test("the loader with the bubble is at most 3 KB, and with the panel and any language at most 15 KB, gzipped", async (t) => {
  const server = await serve(t, folder(t)), size = {};
  for (const name of readdirSync(join(root, "web")).filter((name) => /^widget.*\.js$/.test(name)))
    size[name] = await new Promise((resolve) => get(server.url + name, { headers: { "accept-encoding": "gzip" } }, async (answer) => resolve(Buffer.concat(await answer.toArray()).length)));
  const loader = size["widget.js"], panel = size["widget-panel.js"] + size["widget-chat.js"], largest = Math.max(...languages.map((name) => size[`widget-${name}.js`]));
  t.diagnostic(`loader ${loader}, panel ${panel}, largest language ${largest}, together ${loader + panel + largest} bytes`);
  assert.ok(loader <= 3000, `${loader}`);
  assert.ok(loader + panel + largest <= 15000, `${loader + panel + largest}`);
});

test("the widget says everything in every language, with the same values", () => {
  const names = (object) => Object.entries(object).flatMap(([name, value]) => (typeof value === "object" ? names(value).map((inner) => `${name}.${inner}`) : [`${name} ${[...new Set(value.match(/##?/g))].sort()} ${value.split("|").length}`]));
  for (const language of languages) {
    assert.deepEqual(names(words[language]), names(words.en), language);
    for (const text of JSON.stringify(words[language]).match(/"[^"]*"/g)) assert.ok(text.length > 2, language);
  }
});

test("what is said of a message is not said of a parcel, and a last day is one that counts", () => {
  for (const language of languages) {
    assert.equal(Object.values(words[language].steps).map((step) => step.replaceAll("\u00ad", "")).includes(words[language].delivered), false, `${language}: ${words[language].delivered}`);
    assert.doesNotMatch(words[language].until, /\b(avant|antes|before|vor|prima|voor)\b|\btot #/i, language);
  }
});

test("what the widget offers to ask is understood in every language", (t) => {
  const { wismo } = folder(t);
  for (const language of languages) {
    for (const [ask, intent] of [["ask_order", /^track\.where\b/], ["ask_person", /^human\.person\b/]]) {
      const read = JSON.parse(wismo("ask", "--json", "--locale", language, words[language][ask]).out.split("\n")[0]);
      assert.match(read.intent ?? JSON.stringify(read), intent, `${language} ${ask}`);
    }
  }
});

test("every status of an order has a name", () => {
  const schema = JSON.parse(readFileSync(join(root, "db/schema/order.schema.json"), "utf8"));
  const statuses = schema.$defs.status.enum.filter((name) => name && name !== "unknown");
  assert.ok(statuses.length > 15);
  for (const name of [...statuses, "shipped"]) assert.ok(words.en.steps[name], name);
});

test("the desk says every reason, queue and status in both of its languages", async (t) => {
  globalThis.document = { documentElement: {} };
  t.after(() => delete globalThis.document);
  const { languages: own, say, setLanguage } = await import(join(root, "web/desk/words.js"));
  const json = (name) => JSON.parse(readFileSync(join(root, name), "utf8"));
  const { intents } = json("intents/domain.json"), { $defs, properties } = json("db/schema/order.schema.json"), { codes: said } = json("responses/en.json");
  const codes = {
    topic: [...intents.filter(({ kind }) => /human|action|info/.test(kind)).map(({ name }) => name), ...Object.keys(said.topic), "exception"],
    queue: ["general", ...intents.map(({ queue }) => queue)],
    status: $defs.status.enum,
    option: properties.option.enum,
    hold: Object.keys(said.hold_reason).filter((name) => name !== "other"), // which is the shop's own words
    channel: ["phone", "terminal"],
  };
  for (const language of own) {
    setLanguage(language);
    for (const [kind, names] of Object.entries(codes)) for (const name of names.filter(Boolean)) {
      const key = name.includes(".") ? name : `${kind}.${name}`;
      assert.notEqual(say(key), key, language);
    }
  }
});

test("the widget writes no HTML, evaluates nothing and names no other host", () => {
  for (const name of readdirSync(join(root, "web")).filter((name) => /^widget.*\.js$/.test(name))) {
    assert.doesNotMatch(read(name), /innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|\beval\(|new Function|\.on\w+ = |\.src = |cssText|setAttribute\("style/, name);
    assert.deepEqual((read(name).match(/\bhttps?:\/\/[a-z][\w.]*/g) ?? []).filter((url) => url !== "http://www.w3.org"), [], name);
  }
});
