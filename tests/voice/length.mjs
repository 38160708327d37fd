// How much a caller is told at once: every demo order in every language, and what is left for whoever asks for more.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "../server/chat.mjs";
import { now, phone, turnKey } from "./phone.mjs";

const most = 200, atAll = 240; // characters: 13 s, and what a date may cost above that
// What cannot be said in 200: when the first try was, why it failed, when the next is and how late that makes it.
const longer = new Set(["en FR-1052", "es FR-1052", "de FR-1052", "it FR-1052", "nl FR-1052", "pt FR-1052", "de UK-2088", "de UK-2094"]);
const more = { fr: "la suite", en: "go on", es: "continúe", de: "weiter", it: "continui", nl: "verder", pt: "continuar" };

const length = (text) => [...text].length;
const sentences = (text) => text.split(/(?<=[.?!]) /);

test("an answer about an order is two sentences and a question, 200 characters; what is over is announced and comes when it is asked for", async (t) => {
  const server = await phone(t);
  const orders = server.place.wismo("demo", "--print", "--now", now).out.trim().split("\n").map((line) => JSON.parse(line));
  assert.ok(orders.length >= 30);
  const turn = async (body) => {
    const answer = await fetch(`${server.url}v1/turn`, { method: "POST", headers: { authorization: `Bearer ${turnKey}`, "content-type": "application/json" }, body: JSON.stringify(body) });
    assert.equal(answer.status, 200);
    return answer.json();
  };
  const wrong = [], all = [], over = new Set();
  let cut = 0;
  for (const [locale, words] of Object.entries(more)) {
    const { phrases } = JSON.parse(readFileSync(join(root, `responses/${locale}.json`), "utf8"));
    const [hint, offer, none] = ["rest.hint", "rest.offer", "rest.none"].map((name) => phrases[name].replace(" ?", "?")); // as it is spoken
    const hold = (order, say, handoff) => {
      const name = `${locale} ${order.number}`, told = sentences(say.replace(`${hint} `, "")).length - (handoff ? 2 : 1);
      all.push([length(say), name, say]);
      if (length(say) > most) over.add(name);
      if (length(say) > (longer.has(name) ? atAll : most) || told > 2 || (!handoff && !say.endsWith("?"))) wrong.push(`${name}: ${length(say)} characters, ${told} sentences: ${say}`);
    };
    for (const order of orders) {
      const base = { session: `${locale}-${order.number}`, shop: "default", locale };
      await turn(base);
      let { say, handoff } = await turn({ ...base, input: { text: `${order.number}, ${order.email}, ${order.postcode}` } });
      hold(order, say, handoff);
      for (let step = 0; say.includes(hint) || say.endsWith(offer); step++) {
        const before = sentences(say);
        ({ say, handoff } = await turn({ ...base, input: { text: words } }));
        hold(order, say, handoff);
        if (step > 3 || before.includes(sentences(say)[0])) wrong.push(`${locale} ${order.number} goes on with: ${say}`);
        cut++;
      }
      if (!handoff && !(await turn({ ...base, input: { text: words } })).say.startsWith(none)) wrong.push(`${locale} ${order.number} says more than it knows`);
    }
  }
  const lengths = all.map(([count]) => count).sort((a, b) => a - b);
  t.diagnostic(`${all.length} answers, half of them up to ${lengths[lengths.length >> 1]} characters; ${cut} had to be asked for; the longest: ${all.sort((a, b) => b[0] - a[0])[0].join(" ")}`);
  assert.deepEqual(wrong, []);
  assert.deepEqual([...longer].filter((name) => !over.has(name)), [], "no longer too long");
});
