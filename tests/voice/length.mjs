// How much a caller is told at once: every demo order in every language.
import assert from "node:assert/strict";
import { test } from "node:test";
import { now, phone, turnKey } from "./phone.mjs";

const most = 280;
const languages = ["fr", "en", "es", "de", "it", "nl", "pt"];

test("no answer about an order is longer than a caller can take in, and it ends with a question", async (t) => {
  const server = await phone(t);
  const orders = server.place.wismo("demo", "--print", "--now", now).out.trim().split("\n").map((line) => JSON.parse(line));
  assert.ok(orders.length >= 30);
  const turn = async (body) => {
    const answer = await fetch(`${server.url}v1/turn`, { method: "POST", headers: { authorization: `Bearer ${turnKey}`, "content-type": "application/json" }, body: JSON.stringify(body) });
    assert.equal(answer.status, 200);
    return answer.json();
  };
  const wrong = [], all = [];
  for (const locale of languages)
    for (const order of orders) {
      const base = { session: `${locale}-${order.number}`, shop: "default", locale };
      await turn(base);
      const { say, handoff } = await turn({ ...base, input: { text: `${order.number}, ${order.email}, ${order.postcode}` } });
      all.push([[...say].length, locale, order.number, say]);
      if ([...say].length > most || (!handoff && !say.endsWith("?"))) wrong.push(`${[...say].length} ${locale} ${order.number}: ${say}`);
    }
  t.diagnostic(`the longest: ${all.sort((a, b) => b[0] - a[0])[0].join(" ")}`);
  assert.deepEqual(wrong, []);
});
