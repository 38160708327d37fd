// What mistakes of the fingers cost: sets of messages (docs/understanding.md) read as they are, and with one mistake in each.
//     WISMO_BIN=build/release/wismo node bench/mistakes.mjs [set.tsv …]      without one: tests/eval/fresh8.tsv to fresh10.tsv
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { evaluate } from "./evaluate.mjs";

const folder = new URL("../tests/eval/", import.meta.url).pathname;
const sets = process.argv.length > 2 ? process.argv.slice(2) : [8, 9, 10].map((number) => join(folder, `fresh${number}.tsv`));

let seed = 7;
const chance = (below) => (seed = (seed * 48271) % 0x7fffffff) % below;
const letters = (least) => (word) => word.length >= least && /^\p{L}+$/u.test(word);
/** Changes one of the words that will do. */
const inOneWord = (will, change) => (text) => {
  const words = text.split(" "), may = words.flatMap((word, i) => (will(word) ? [i] : []));
  if (may.length > 0) {
    const at = may[chance(may.length)];
    words[at] = change(words[at]);
  }
  return words.join(" ");
};
const swapped = (word, at) => word.slice(0, at) + word[at + 1] + word[at] + word.slice(at + 2);
const mistakes = {
  "as they are": (text) => text,
  "two letters swapped": inOneWord(letters(5), (word) => swapped(word, 1 + chance(word.length - 3))),
  "the first two swapped": inOneWord(letters(5), (word) => swapped(word, 0)),
  "a letter missing": inOneWord(letters(5), (word) => { const at = 1 + chance(word.length - 1); return word.slice(0, at) + word.slice(at + 1); }),
  "a letter drawn out": inOneWord(letters(4), (word) => word.replace(/[aeiouyéèêàáóíúñäöü](?!.*[aeiouyéèêàáóíúñäöü])/iu, "$&$&$&$&")),
  "two words written together": (text) => {
    const words = text.split(" "), at = chance(Math.max(words.length - 1, 1));
    return words.length < 3 ? text : [...words.slice(0, at), words.slice(at, at + 2).join(""), ...words.slice(at + 2)].join(" ");
  },
  "a word torn apart": inOneWord(letters(6), (word) => `${word.slice(0, word.length / 2)} ${word.slice(word.length / 2)}`),
  "no space after signs": (text) => text.replace(/([.,!?;]) +/g, "$1"),
  "no signs at all": (text) => text.replace(/[.,!?;:]+/g, ""),
  "no apostrophes": (text) => text.replace(/['’]/g, ""),
};

const [head, ...rows] = sets.flatMap((set, i) => readFileSync(set, "utf8").split("\n").filter(Boolean).slice(i ? 1 : 0)).map((line) => line.split("\t"));
const column = head.indexOf("text");
console.log(`${rows.length} messages; recall and false answers\n\n| | fr | en | the others |\n|---|--:|--:|--:|`);
for (const [name, make] of Object.entries(mistakes)) {
  const sums = { fr: [0, 0, 0, 0], en: [0, 0, 0, 0], others: [0, 0, 0, 0] };
  const changed = rows.map((row) => row.map((field, i) => (i === column ? make(field) : field)));
  for (const { lang, hits, misses, falses, rejections } of evaluate([head, ...changed]))
    (sums[lang] ?? sums.others).forEach((_, i, sum) => (sum[i] += [hits, misses, falses, rejections][i]));
  const cells = Object.values(sums).map(([hits, misses, falses, rejections]) =>
    `${(hits / (hits + misses)).toFixed(3)}, ${((100 * falses) / (falses + rejections)).toFixed(1)} %`);
  console.log(`| ${name} | ${cells.join(" | ")} |`);
}
