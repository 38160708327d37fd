import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { binary, folder, root } from "./wismo.mjs";

const verbs = ["serve", "ask", "import", "check", "classify", "eval", "why", "handoffs", "forget", "export", "demo", "help", "version"];

test("help lists every verb", (t) => {
  const { wismo } = folder(t);
  for (const words of [["help"], ["--help"], ["-h"]]) {
    const { status, out } = wismo(words);
    assert.equal(status, 0);
    for (const verb of verbs) assert.match(out, new RegExp(`^  ${verb} `, "m"));
  }
});

test("every verb explains itself, and help VERB says the same", (t) => {
  const { wismo } = folder(t);
  for (const verb of verbs) {
    const { status, out } = wismo([verb, "--help"]);
    assert.equal(status, 0);
    assert.match(out, new RegExp(`^wismo ${verb} `));
    assert.match(out, /--conf FILE/);
    assert.equal(wismo(["help", verb]).out, out);
  }
});

test("version is the one of the build", (t) => {
  const { wismo } = folder(t);
  const [, version] = /project\(wismo VERSION (\S+)/.exec(readFileSync(join(root, "CMakeLists.txt"), "utf8"));
  assert.equal(wismo(["version"]).out, `wismo ${version}\n`);
  assert.equal(wismo(["--version"]).out, `wismo ${version}\n`);
});

test("an unknown verb is answered with the one that was meant, and exit 2", (t) => {
  const { wismo } = folder(t);
  const { status, err, out } = wismo(["imprt"]);
  assert.equal(status, 2);
  assert.equal(out, "");
  assert.match(err, /there is no verb "imprt": did you mean import\?/);
  assert.equal(wismo(["xyzzy"]).status, 2);
  assert.doesNotMatch(wismo(["xyzzy"]).err, /did you mean/);
});

test("no verb at all is a usage error that lists them", (t) => {
  const { status, err } = folder(t).wismo([]);
  assert.equal(status, 2);
  assert.match(err, /classify/);
});

test("an unknown flag is answered with the one that was meant, and exit 2", (t) => {
  const { wismo } = folder(t);
  const { status, err } = wismo(["ask", "--jsn", "hello"]);
  assert.equal(status, 2);
  assert.match(err, /--jsn is no flag of ask: did you mean --json\?/);
  assert.match(err, /wismo ask --help/);
  assert.match(wismo(["serve", "--json"]).err, /--json is no flag of serve/);
  assert.match(wismo(["ask", "--locale"]).err, /--locale needs a value/);
});

test("a broken configuration is named with its line, and exit 2", (t) => {
  const { wismo, write } = folder(t);
  write("wismo.conf", 'db = "x.db"\nshop "a" {\n  time_zone = "Moon/Base"\n}\n');
  const { status, err } = wismo(["ask", "hello"]);
  assert.equal(status, 2);
  assert.match(err, /wismo\.conf:3: time_zone: /);
  assert.match(wismo(["version"], { env: { WISMO_PORT: "x" } }).err + wismo(["serve"], { env: { WISMO_CONF: "none.conf" } }).err, /none\.conf/);
});

test("a shop in a language that nobody speaks, or whose first words hide the machine, is refused", (t) => {
  const { wismo, write } = folder(t);
  const refused = (setting) => {
    write("wismo.conf", `db = "x.db"\nshop "a" {\n  ${setting}\n}\n`);
    const { status, err } = wismo(["ask", "hello"]);
    assert.notEqual(status, 0, setting);
    return err;
  };
  assert.match(refused('locale = "xx"'), /shop "a": locale: there is no catalogue of "xx"/);
  assert.match(refused('disclosure = "Hi, I am Lisa from the bottle shop"'), /shop "a": disclosure: .* does not say that an automated assistant/);
  write("wismo.conf", 'db = "x.db"\nshop "a" {\n  disclosure = "Ici le robot de la boutique."\n}\n');
  assert.doesNotMatch(wismo(["ask", "hello"]).err, /disclosure/);
});

test("a database that is not there is named with what makes one", (t) => {
  const { wismo } = folder(t);
  for (const words of [["ask", "hello"], ["why", "x"], ["handoffs"], ["forget", "--order", "1234"], ["export", "--order", "1234"]]) {
    const { status, err } = wismo([...words, "--db", "none.db"]);
    assert.equal(status, 1, words.join(" "));
    assert.match(err, /none\.db/);
    assert.match(err, /wismo (demo|import)/);
  }
});

test("the README's settings are those of the program", (t) => {
  const { wismo } = folder(t);
  const table = wismo(["help", "--settings-table"]).out;
  assert.match(table, /`time_zone`/);
  const readme = readFileSync(join(root, "README.md"), "utf8");
  assert.ok(readme.includes(table.trim()), "node tests/cli/readme.mjs --write mends it");
});

test("the files inside the program stand before what is touched to load it, around which a disk reads megabytes", () => {
  const program = readFileSync(binary), begin = Number(program.readBigUInt64LE(32)), size = program.readUInt16LE(54);
  const segments = Array.from({ length: program.readUInt16LE(56) }, (_, i) => begin + i * size);
  const code = segments.find((at) => program.readUInt32LE(at) === 1 && program.readUInt32LE(at + 4) & 1);
  const file = program.indexOf(readFileSync(join(root, "intents/domain.json")));
  assert.ok(file > 0 && file < Number(program.readBigUInt64LE(code + 8)));
});
