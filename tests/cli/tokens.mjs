// docs/tokens.md: what it shows makes tokens that are believed.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { now, objects, order, root, stocked } from "./wismo.mjs";

const page = readFileSync(join(root, "docs/tokens.md"), "utf8");
const snippet = (language) => new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``).exec(page)[1];
const secret = "a-secret-of-at-least-thirty-two-bytes";
const hour = Math.floor(Date.parse(now) / 1000) + 3600;
const fields = { shop: "default", exp: hour, email: "ana.duarte@mail.example" };

// Each prints the token for fields read from standard input as JSON.
const makers = {
  js: ["node", ["--input-type=module", "-e", `${snippet("js")}
    import { readFileSync } from "node:fs";
    process.stdout.write(wismoToken("2026a", ${JSON.stringify(secret)}, JSON.parse(readFileSync(0, "utf8"))));`]],
  php: ["php", ["-r", `${snippet("php")} echo wismo_token('2026a', '${secret}', json_decode(file_get_contents('php://stdin'), true));`]],
  python: ["python3", ["-c", `${snippet("python")}\nimport sys\nprint(wismo_token("2026a", "${secret}", json.load(sys.stdin)), end="")`]],
};

function token(language, of) {
  const [program, words] = makers[language];
  const done = spawnSync(program, words, { input: JSON.stringify(of), encoding: "utf8" });
  if (done.error?.code === "ENOENT") return null;
  assert.equal(done.status, 0, done.stderr);
  return done.stdout;
}

function asked(t, signed, text = "where is my parcel?") {
  const place = stocked(t, [order(), order({ number: "60001", email: "li.wei@mail.example" })]);
  place.write("wismo.conf", 'shop "default" { keys = {"2026a env KEY", "2026b env KEY_B"} }\n');
  const env = { KEY: secret, KEY_B: "another-secret-that-is-also-long-enough" };
  const { status, out, err } = place.wismo(["ask", "--json", "--now", now, "--token", signed, text], { env });
  assert.equal(status, 0, err);
  return objects(out)[0];
}

for (const language of Object.keys(makers))
  test(`a token made in ${language} is proof enough`, (t) => {
    const signed = token(language, fields);
    if (signed === null) return t.skip(`${makers[language][0]} is not installed`);
    assert.equal(asked(t, signed).order, "51230");
  });

test("a token for one order opens that order", (t) => {
  assert.equal(asked(t, token("js", { shop: "default", exp: hour, order: "60001" })).order, "60001");
});

test("a token tells details too", (t) => {
  const { replies } = asked(t, token("js", fields), "what is in the parcel?");
  assert.match(replies.map((reply) => reply.text).join(" "), /Wool blanket/);
});

test("a token that is expired, changed, for another shop or signed with another key is nothing", (t) => {
  const good = token("js", fields);
  const forged = {
    expired: token("js", { ...fields, exp: hour - 7200 }),
    "of another shop": token("js", { ...fields, shop: "other" }),
    "of another key": good.replace("2026a", "2026b"),
    changed: good.replace(/.$/, (last) => (last === "A" ? "B" : "A")),
    "with a changed payload": good.replace(/\.ey./, ".eyX"),
    empty: "v1...",
  };
  for (const [name, signed] of Object.entries(forged)) {
    const { order: told, replies } = asked(t, signed);
    assert.equal(told, null, name);
    assert.doesNotMatch(JSON.stringify(replies), /51230|Colissimo/, name);
  }
});
