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

test("the page says everything in both languages and never writes HTML", () => {
  const words = script.match(/const words = (\{[\s\S]*?\n\});/)[1];
  const said = new Function(`return ${words}`)();
  const names = (object) => Object.entries(object).flatMap(([name, value]) => (typeof value === "object" ? names(value).map((inner) => `${name}.${inner}`) : [name]));
  assert.deepEqual(names(said.fr).sort(), names(said.en).sort());
  const schema = JSON.parse(readFileSync(join(root, "db/schema/order.schema.json"), "utf8"));
  const statuses = schema.$defs.status.enum.filter((name) => name && name !== "unknown");
  assert.ok(statuses.length > 15);
  for (const name of statuses) assert.ok(said.en.steps[name], name);
  for (const [, name] of readFileSync(join(root, "web/demo.html"), "utf8").matchAll(/data-text="(\w+)"/g)) assert.ok(said.en[name], name);
  assert.doesNotMatch(script, /innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|\.on\w+ = /);
});
