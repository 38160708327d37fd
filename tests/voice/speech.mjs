// What recognisers have heard goes through the whole path; how much of it still gets the right answer is printed, and
// may not get worse. bench/speech/make makes the English transcripts again.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "../server/chat.mjs";
import { Caller, phone } from "./phone.mjs";

const rows = (name) => readFileSync(join(root, "tests/voice", name), "utf8").split("\n").filter((line) => line && !line.startsWith("#")).map((line) => line.split("\t"));
const grouped = (number) => [...number.replace(/^..-/, "")].join("[ ,]*"); // said in groups

// A right answer to a tracking question asks for the order or the proof; to an order number, reads it back; to another
// matter, goes to a person.
async function right(server, language, to, heard, expected) {
  const caller = await Caller.call(server, { to });
  const [kind, number] = expected.split(" ");
  if (kind === "order") await caller.say(language === "fr" ? "où est ma commande" : "where is my order");
  const words = await caller.say(heard || "…");
  const end = caller.last.interruptible === false;
  caller.drop();
  const good = kind === "human" ? end : kind === "order" ? !end && new RegExp(grouped(number)).test(words) : !end && /order number|numéro/i.test(words);
  return { good, words };
}

// The same question to its end: said again as it was heard while it is not understood, then number and postcode by keys.
async function answered(server, to, heard) {
  const caller = await Caller.call(server, { to });
  let words = await caller.say(heard);
  for (let tries = 1; tries < 2 && !/order number|numéro/i.test(words) && caller.last.interruptible !== false; tries++) words = await caller.say(heard);
  const person = caller.last.interruptible === false;
  for (const keys of person ? [] : ["1042#", "69003#"]) {
    caller.keys(keys);
    words = await caller.heard();
  }
  caller.drop();
  return !person && /two days later|deux jours après/.test(words);
}

for (const [language, file, to, least] of [["en", "speech.tsv", "+441632960000", { track: 12, order: 5, human: 4, answered: 15 }], ["fr", "speech-fr.tsv", "+33123456789", { track: 9, order: 7, human: 6, answered: 10 }]])
  test(`what was heard in ${language} is answered rightly at least as often as before`, async (t) => {
    const server = await phone(t);
    const count = { track: [0, 0], order: [0, 0], human: [0, 0], answered: [0, 0] };
    for (const [said, heard, expected] of rows(file)) {
      const kind = count[expected.split(" ")[0]];
      const { good, words } = await right(server, language, to, heard, expected);
      kind[1]++;
      if (expected === "track") {
        count.answered[1]++;
        if (await answered(server, to, heard)) count.answered[0]++;
        else t.diagnostic(`never answered: "${heard}"`);
      }
      if (good) kind[0]++;
      else t.diagnostic(`wrong: said "${said}", heard "${heard}", expected ${expected}, answered "${words}"`);
    }
    for (const [name, [good, all]] of Object.entries(count)) t.diagnostic(`${language} ${name}: ${good} of ${all}`);
    assert.ok(Object.entries(least).every(([name, number]) => count[name][0] >= number), JSON.stringify(count));
  });
