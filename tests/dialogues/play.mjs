// Plays conversations through `wismo ask --json` and `wismo call --json`: node play.mjs WISMO FILE… README.md tells how they are written.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const settings = new Set(["title", "now", "locale", "shop", "order", "channel", "from"]);
const claims = new Set(["has", "hasnt", "has~", "phrase", "nophrase", "intent", "kind", "about", "handoff", "silent", "new",
  "listens", "transfer", "ends", "seconds"]);

// What a caller says or does, as wismo call reads it; G is the greeting, before anything is said.
const caller = {
  C: (value) => value, K: (value) => `[keys ${value}]`, S: (value) => `[silence ${value} s]`,
  I: (value) => `[interrupts "${value}"]`, H: () => "[hangs up]", P: (value) => `[${value}]`,
};

export function read(text, file) {
  const title = { value: "" }, steps = [];
  text.split("\n").forEach((line, index) => {
    const place = `${file}:${index + 1}`;
    if (!line.trim() || line.startsWith("#")) return;
    const found = /^([a-z]+~?|[AKSIHPG]|C(?: x\d+)?):(?: (.*))?$/.exec(line);
    if (!found) throw new Error(`${place}: expected "NAME: …", found "${line}"`);
    const [, name, value = ""] = found;
    if (name === "title") title.value = value;
    else if (settings.has(name)) steps.push({ place, name, value });
    else if (name[0] === "C")
      for (let times = Number(name.slice(3) || 1); times > 0; times--) steps.push({ place, name: "C", value, claims: [] });
    else if (/^[A-Z]$/.test(name)) steps.push({ place, name, value, claims: [] });
    else if (!claims.has(name)) throw new Error(`${place}: there is no "${name}:"; README.md lists them`);
    else if (!steps.at(-1)?.claims) throw new Error(`${place}: "${name}:" must follow what somebody says`);
    else steps.at(-1).claims.push({ place, name, value });
  });
  if (!title.value) throw new Error(`${file}: has no "title:"`);
  if (!steps.some((step) => step.claims?.length)) throw new Error(`${file}: claims nothing`);
  return { title: title.value, steps };
}

// Thin and hard spaces are a matter of typography, case one of the sentence.
const plain = (text) => text.normalize("NFC").replace(/[\s  ]+/g, " ").replaceAll("’", "'").toLowerCase();

const names = (pattern, name) => pattern.endsWith("*") ? name.startsWith(pattern.slice(0, -1)) : name === pattern;

const checks = {
  "has": (answer, value) => plain(answer.text).includes(plain(value)),
  "hasnt": (answer, value) => !plain(answer.text).includes(plain(value)),
  "has~": (answer, value) => value.split("|").some((part) => plain(answer.text).includes(plain(part.trim()))),
  "phrase": (answer, value) => answer.phrases.some((phrase) => names(value, phrase)),
  "nophrase": (answer, value) => !answer.phrases.some((phrase) => names(value, phrase)),
  "intent": (answer, value) => answer.intent === value,
  "kind": (answer, value) => answer.kind === value,
  "about": (answer, value) => (answer.order ?? "none") === value,
  "handoff": (answer, value) => {
    const [reason, queue] = value.split("@").map((part) => part.trim());
    if (reason === "none") return !answer.handoff;
    return answer.handoff?.reason === reason && (!queue || answer.handoff.queue === queue);
  },
  "silent": (answer) => answer.text === "",
  "listens": (answer, value) => (answer.listen?.expects ?? "none") === value,
  "transfer": (answer, value) => (answer.transfer?.queue ?? "none") === value,
  "ends": (answer) => answer.end,
  "seconds": (answer, value) => answer.seconds <= Number(value),
  "new": (answer, _, before) => plain(answer.text) !== plain(before?.text ?? ""),
};

const shown = (answer) => [
  `  the answer was: ${answer.text || "(nothing)"}`,
  `  phrases ${answer.phrases.join("+") || "-"}; intent ${answer.intent}; kind ${answer.kind}; about ${answer.order}; handoff ${
    answer.handoff ? `${answer.handoff.reason} @ ${answer.handoff.queue}` : "none"}`,
  ...(answer.seconds === undefined ? [] : [`  ${answer.seconds} s; listens ${answer.listen?.expects ?? "none"}; transfer ${
    answer.transfer?.queue ?? "none"}; ${answer.end ? "ends" : "goes on"}`]),
].join("\n");

function answerOf({ replies, say, ...object }) {
  const said = replies ?? say;
  return {
    ...object,
    text: said.map((reply) => reply.text).join("\n"),
    phrases: said.flatMap((reply) => (reply.phrase ?? "").split("+")).filter(Boolean),
  };
}

class Play {
  constructor(wismo, folder) {
    Object.assign(this, { wismo, folder, now: "2026-03-11T09:00:00+01:00", locale: "", shop: [], conversation: "", faults: [], log: [] });
  }

  run(place, verb, flags, input, words = []) {
    const own = ["--conf", join(this.folder, "wismo.conf"), "--db", join(this.folder, "wismo.db")];
    const done = spawnSync(this.wismo, [verb, ...own, ...flags, ...words], { input, encoding: "utf8" });
    if (done.error) throw done.error;
    if (done.status !== 0) throw new Error(`${place}: wismo ${verb} ends with ${done.status ?? done.signal}\n${done.stderr}`);
    return done.stdout;
  }

  configure() {
    writeFileSync(join(this.folder, "wismo.conf"),
      `log_level = error\nshop "default" {\n  name = "Demo Shop"\n${this.shop.map((line) => `  ${line}\n`).join("")}}\n`);
  }

  import(steps) {
    this.run(steps[0]?.place ?? "", "import", ["--format", "jsonl", "--now", this.now], steps.map((step) => `${step.value}\n`).join(""), ["-"]);
  }

  // Lines in one go, as a person would type them.
  say(steps) {
    const flags = ["--json", "--now", this.now];
    if (this.locale) flags.push("--locale", this.locale);
    if (this.conversation) flags.push("--conversation", this.conversation);
    const out = this.run(steps[0].place, "ask", flags, steps.map((step) => `${step.value}\n`).join("")).trim().split("\n");
    if (out.length !== steps.length) throw new Error(`${steps[0].place}: ${steps.length} lines gave ${out.length} objects`);
    steps.forEach((step, index) => {
      const object = JSON.parse(out[index]);
      this.conversation = object.conversation;
      this.judge(step, answerOf(object));
    });
  }

  // A call in one go: its clock moves by itself.
  call(steps) {
    const flags = ["--json", "--now", this.now];
    if (this.locale) flags.push("--locale", this.locale);
    if (this.from) flags.push("--from", this.from);
    const greeting = steps.find((step) => step.name === "G"), lines = steps.filter((step) => step.name !== "G");
    const input = lines.map((step) => `${caller[step.name](step.value)}\n`).join("");
    const out = this.run(steps[0].place, "call", flags, input).trim().split("\n").map((line) => answerOf(JSON.parse(line)));
    if (out.length !== lines.length + 1) throw new Error(`${steps[0].place}: ${lines.length} lines gave ${out.length} objects`);
    if (greeting) this.judge(greeting, out[0]);
    lines.forEach((step, index) => this.judge(step, out[index + 1]));
  }

  act(step) {
    const [verb, ...words] = step.value.split(" ");
    const before = this.turns().length;
    this.run(step.place, "handoffs", ["--agent", "Alex", "--now", this.now], "", [verb, this.conversation, ...words]);
    const told = this.turns().slice(before);
    this.judge(step, {
      text: told.map((turn) => turn.text).join("\n"),
      phrases: told.flatMap((turn) => (turn.phrase ?? "").split("+")).filter(Boolean),
    });
  }

  turns() {
    return JSON.parse(this.run("", "why", ["--json"], "", [this.conversation])).turns;
  }

  judge(step, answer) {
    this.log.push(`${step.name}: ${step.value}`, `   ${answer.text.replaceAll("\n", "\n   ")}`, `   (${answer.phrases.join("+")})`);
    for (const claim of step.claims)
      if (!checks[claim.name](answer, claim.value, this.before))
        this.faults.push(`${claim.place}: "${claim.name}: ${claim.value}" does not hold after "${step.value}"\n${shown(answer)}`);
    this.before = answer;
  }
}

export function play(wismo, file) {
  const { title, steps } = read(readFileSync(file, "utf8"), file);
  const folder = mkdtempSync(join(tmpdir(), "wismo-dialogue-"));
  const game = new Play(wismo, folder);
  try {
    game.shop = steps.filter((step) => step.name === "shop").map((step) => step.value);
    game.configure();
    if (!steps.some((step) => step.name === "order")) game.import([]); // a database without orders
    for (let at = 0; at < steps.length; at++) {
      const step = steps[at];
      let end = at;
      while (steps[end + 1]?.name === step.name) end++;
      if (["now", "locale", "channel", "from"].includes(step.name)) game[step.name] = step.value;
      else if (game.channel === "phone" && step.claims) {
        const rest = steps.slice(at);
        const call = rest.slice(0, rest.findIndex((other) => !other.claims) >>> 0);
        game.call(call);
        at += call.length - 1;
      } else if (step.name === "A") game.act(step);
      else if (step.name === "order" || step.name === "C") {
        game[step.name === "C" ? "say" : "import"](steps.slice(at, end + 1));
        at = end;
      }
    }
  } catch (error) {
    game.faults.push(error.message);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return { title, faults: game.faults, log: game.log };
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const [wismo, ...rest] = process.argv.slice(2);
  const loud = rest[0] === "--show";
  let failed = 0;
  for (const file of rest.filter((name) => name.endsWith(".txt") && !name.endsWith("CMakeLists.txt"))) {
    const { title, faults, log } = play(wismo, file);
    if (loud) console.log(`${log.join("\n")}\n`);
    console.log(`${faults.length ? "not ok" : "ok"} ${title}`);
    for (const fault of faults) console.log(fault);
    failed += faults.length > 0;
  }
  process.exitCode = failed ? 1 : 0;
}
