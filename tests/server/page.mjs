import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "./chat.mjs";

const script = readFileSync(join(root, "web/demo.js"), "utf8");

test("the orders that the page names are demo orders, with their e-mail and postcode", () => {
  const demo = new Map(readFileSync(join(root, "db/demo.jsonl"), "utf8").trim().split("\n").map((line) => JSON.parse(line)).map((order) => [order.number, order]));
  const named = [...script.matchAll(/\["([A-Z]{2}-\d+)", "(\S+) · ([^"]+)"/g)];
  assert.ok(named.length >= 2);
  for (const [, number, email, postcode] of named) assert.deepEqual([demo.get(number)?.email, demo.get(number)?.postcode], [email, postcode], number);
});

test("the page says everything in every language that is spoken and never writes HTML", () => {
  const said = new Function(`return ${script.match(/const words = (\{[\s\S]*?\n\});/)[1]}`)();
  const orders = new Function(`return ${script.match(/const orders = (\[[\s\S]*?\n\]);/)[1]}`)();
  const languages = ["de", "en", "es", "fr", "it", "nl", "pt"];
  assert.deepEqual(Object.keys(said).sort(), languages);
  for (const name of languages) assert.deepEqual(Object.keys(said[name]).sort(), Object.keys(said.en).sort(), name);
  for (const [number, , , shows] of orders) assert.deepEqual(Object.keys(shows).sort(), languages, number);
  for (const [, name] of readFileSync(join(root, "web/demo.html"), "utf8").matchAll(/data-text="(\w+)"/g)) assert.ok(said.en[name], name);
  assert.doesNotMatch(script, /innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|\.on\w+ = /);
});
