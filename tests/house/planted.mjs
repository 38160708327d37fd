// The rules themselves: a breach of each, planted in a small tree, is found, and nothing else is.
import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import test from "node:test";
import { data, files, format, functions, includes, names, readRooms, scripts, phrases } from "./house.mjs";

const rooms = readRooms("base||jansson;icu;openssl\nresponses|base|icu\ndb|base|sqlite3\nbot/dialogue|base;responses;db/order.h|\n");

const sound = {
  ".clang-format": "BasedOnStyle: LLVM\n",
  "base/text.h": "#pragma once\n#include <stdbool.h>\n#include <unicode/uchar.h>\n",
  "base/json.h": "#pragma once\n#include <jansson.h>\n",
  "db/order.h": "#pragma once\n#include \"base/text.h\"\n",
  "db/store.h": "#pragma once\n#include \"db/order.h\"\n",
  "db/sqlite.c": "#include <sqlite3.h>\n",
  "responses/x.h": "#pragma once\n#include \"base/text.h\"\n",
  "bot/dialogue/step.c": "#include \"db/order.h\"\n#include \"responses/x.h\"\n",
  "tests/db/sqlite.c": "#include <sqlite3.h>\n",
};

// The rule's breaches in a sound tree with these files laid over it.
function found(rule, planted, table = rooms) {
  const root = mkdtempSync(join(tmpdir(), "house-"));
  try {
    for (const [path, content] of Object.entries({ ...sound, ...planted })) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), content);
      if (path === "run") chmodSync(join(root, path), 0o644);
    }
    return rule(root, table);
  } finally {
    rmSync(root, { recursive: true });
  }
}

test("a sound tree has no breach", () => {
  for (const rule of [includes, functions, names, data, format, scripts]) assert.deepEqual(found(rule, {}), []);
});

test("a copy without git leaves out what is made", () => {
  const seen = found(files, { "build/x.c": "", "tests/node_modules/ajv/x.c": "", "wismo.db-wal": "" });
  assert.deepEqual(seen, Object.keys(sound).sort());
});

test("a room may not include a room that it does not use", () => {
  assert.deepEqual(found(includes, { "responses/x.h": '#include "db/store.h"\n' }),
    ["responses/x.h: responses may not include db/store.h"]);
  assert.deepEqual(found(includes, { "base/text.h": '  #  include "responses/x.h"\n' }),
    ["base/text.h: base may not include responses/x.h"]);
});

test("a room that uses one header of another may not include a second", () => {
  assert.deepEqual(found(includes, { "bot/dialogue/step.c": '#include "db/store.h"\n' }),
    ["bot/dialogue/step.c: bot/dialogue may not include db/store.h"]);
});

test("a library's header is for the rooms that call it", () => {
  assert.deepEqual(found(includes, { "responses/x.h": "#include <sqlite3.h>\n" }),
    ["responses/x.h: responses may not include <sqlite3.h>"]);
  assert.deepEqual(found(includes, { "db/sqlite.c": "#include <unicode/ucal.h>\n" }),
    ["db/sqlite.c: db may not include <unicode/ucal.h>"]);
  assert.deepEqual(found(includes, { "base/text.h": "#include <jansson.h>\n" }),
    ["base/text.h: <jansson.h> is included through base/json.h"]);
});

test("a room cannot grant itself a library that has its own room", () => {
  const table = new Map([...rooms, ["responses", { uses: ["base"], calls: ["sqlite3"] }]]);
  assert.deepEqual(found(includes, {}, table), ["responses/CMakeLists.txt: responses may not call sqlite3"]);
});

test("two rooms may not use each other", () => {
  const table = new Map([...rooms, ["base", { uses: ["db"], calls: ["jansson", "icu"] }]]);
  assert.equal(found(includes, {}, table).length, 2);
});

test("a folder that no module() names is no room", () => {
  assert.deepEqual(found(includes, { "bot/extra/x.c": "\n" }),
    ["bot/extra/x.c: bot/extra is no room; its CMakeLists.txt must say module(bot/extra …)"]);
});

test("an include is written from the root", () => {
  assert.deepEqual(found(includes, { "db/sqlite.c": '#include "order.h"\n' }),
    ['db/sqlite.c: "order.h" is not there; write the path from the root']);
});

test("a banned function is found where it is called and nowhere else", () => {
  const quiet = '/* strcpy(a, b) */\nint my_strcpy(void); // gets(x)\nconst char *s = "system(\\"x\\")";\nlocaltime_r(&a, &b);\n';
  assert.deepEqual(found(functions, { "db/sqlite.c": quiet }), []);
  for (const name of ["strcpy", "strcat", "sprintf", "vsprintf", "gets", "strtok", "atoi", "atol", "atof", "sscanf", "fscanf",
    "scanf", "alloca", "system", "popen", "strncpy", "strncat", "localtime", "gmtime", "rand"]) {
    const breaches = found(functions, { "db/sqlite.c": `int x;\n  ${name} (x);\n` });
    assert.equal(breaches.length, 1, name);
    assert.ok(breaches[0].startsWith(`db/sqlite.c:2:3: ${name} is banned`), breaches[0]);
  }
});

test("an empty name and a hidden type are found", () => {
  for (const path of ["base/util.c", "bot/core/x.h", "db/order_helpers.h"]) assert.equal(found(names, { [path]: "" }).length, 1, path);
  assert.deepEqual(found(names, { "db/x.h": "\ntypedef struct x x;\n" }), ["db/x.h:2:1: structs and enums are not typedef'd"]);
  assert.deepEqual(found(names, { "db/score.h": "typedef void each(void);\n" }), []);
});

test("data, secrets and large files are found", () => {
  for (const path of ["wismo2.db", "db/x.sqlite", "tls/server.pem", "orders.csv.rejects", ".env", "x.db-wal"])
    assert.equal(found(data, { [path]: "" }).length, 1, path);
  assert.equal(found(data, { "db/big.json": " ".repeat((1 << 20) + 1) }).length, 1);
  assert.equal(found(data, { "docs/x.md": `-----BEGIN ${"RSA PRIVATE"} KEY-----\n` }).length, 1);
  assert.equal(found(data, { "docs/x.md": `${"ghp"}_${"a1".repeat(18)}\n` }).length, 1);
});

test("a file that clang-format would change is found", () => {
  const breaches = found(format, { "db/sqlite.c": "int  x ;\n" });
  assert.equal(breaches.length, 1);
  assert.ok(breaches[0].startsWith("db/sqlite.c:1:"), breaches[0]);
});

test("a script that cannot be run or read is found", () => {
  assert.deepEqual(found(scripts, { run: "#!/usr/bin/env bash\nset -euo pipefail\n" }), ["run: cannot be run; chmod +x"]);
  const [, second, third] = found(scripts, { run: "#!/usr/bin/env bash\nif\n" });
  assert.match(second, /lacks set -euo pipefail/);
  assert.match(third, /syntax error/);
});

test("a phrase that nobody says is found", () => {
  const book = '{"phrases": {"late.yes": {}, "state.lost": {}, "late.never": {}}}';
  assert.deepEqual(
    found(phrases, { "responses/phrases.json": book, "bot/dialogue/x.c": 'say("late.yes"); format("state.%s", name);\n' }),
    ['responses/phrases.json: "late.never" is never said; take it out of every language or say it']);
});
