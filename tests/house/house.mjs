// Holds the tree to its own rules: node house.mjs RULE ROOT [rooms.txt]. A rule returns the breaches it finds, each a
// sentence that begins with the file.
import { execFileSync, spawnSync } from "node:child_process";
import { accessSync, constants, existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const libraries = JSON.parse(readFileSync(join(here, "libraries.json"), "utf8"));
const notOurs = /^(build|build-[^/]*|\.git|node_modules)$/;

// What is tracked and what would be with `git add`; without git (a copy, a tarball), all but what is made here.
export function files(root) {
  try {
    const listed = execFileSync(
      "git",
      ["-c", "safe.directory=*", "-C", root, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
      { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"], maxBuffer: 1 << 26 });
    return [...new Set(listed.split("\0"))].filter((path) => path && existsSync(join(root, path))).sort();
  } catch {
    const walk = (folder) => readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
      const path = folder ? `${folder}/${entry.name}` : entry.name;
      if (notOurs.test(entry.name) || /^wismo\.db/.test(path)) return [];
      return entry.isDirectory() ? walk(path) : [path];
    });
    return walk("").sort();
  }
}

const read = (root, path) => readFileSync(join(root, path), "utf8");
const isC = (path) => /\.[ch]$/.test(path);

// rooms.txt, as module() writes it: "bot/dialogue|base;intents;db/order.h|jansson".
export function readRooms(text) {
  const list = (field) => (field ? field.split(";").filter(Boolean) : []);
  return new Map(text.split("\n").filter(Boolean).map((line) => {
    const [room, uses, calls] = line.split("|");
    return [room, { uses: list(uses), calls: list(calls) }];
  }));
}

const libraryOf = (header) => Object.keys(libraries).find((name) =>
  libraries[name].headers.some((known) => (known.endsWith("/") ? header.startsWith(known) : header === known)));

const mayCall = (room, library) => libraries[library].callers.some((caller) => room === caller || room.startsWith(`${caller}/`));

// Every #include against USES and CALLS of its room, and those against the sole users of a library.
export function includes(root, rooms) {
  const breaches = [];
  for (const [room, { uses, calls }] of rooms) {
    for (const library of calls) {
      if (!libraries[library]) breaches.push(`${room}/CMakeLists.txt: ${library} is not in tests/house/libraries.json`);
      else if (!mayCall(room, library)) breaches.push(`${room}/CMakeLists.txt: ${room} may not call ${library}`);
    }
    for (const used of uses)
      if (rooms.get(used)?.uses.includes(room)) breaches.push(`${room}/CMakeLists.txt: ${room} and ${used} use each other`);
  }
  const program = files(root).filter((path) => isC(path) && /^(base|intents|responses|db|bot|web)\//.test(path));
  for (const path of program) {
    const room = dirname(path);
    const rights = rooms.get(room);
    if (!rights) {
      breaches.push(`${path}: ${room} is no room; its CMakeLists.txt must say module(${room} …)`);
      continue;
    }
    for (const [, mark, target] of read(root, path).matchAll(/^[ \t]*#[ \t]*include[ \t]*(["<])([^">\n]+)[">]/gm)) {
      if (mark === '"') {
        const from = dirname(target);
        if (!existsSync(join(root, target))) breaches.push(`${path}: "${target}" is not there; write the path from the root`);
        else if (from !== room && !rights.uses.includes(from) && !rights.uses.includes(target))
          breaches.push(`${path}: ${room} may not include ${target}`);
        continue;
      }
      const library = libraryOf(target);
      if (!library) continue;
      const { through } = libraries[library];
      if (through && path !== through) breaches.push(`${path}: <${target}> is included through ${through}`);
      else if (!rights.calls.includes(library)) breaches.push(`${path}: ${room} may not include <${target}>`);
    }
  }
  return breaches;
}

const banned = new Map([
  ["strcpy|strcat|strncpy|strncat|sprintf|vsprintf|gets", "write through base/text.h or base/buffer.h"],
  ["strtok", "use strcspn"],
  ["atoi|atol|atoll|atof|v?[fs]?scanf", "use strtol and look at where it stopped"],
  ["alloca", "use an arena"],
  ["system|popen", "no shell"],
  ["localtime|gmtime|ctime|asctime", "use base/calendar.h or the _r form"],
  ["s?rand|random", "use hash_random"],
  ["mktemp|tmpnam|tempnam", "use mkstemp or mkdtemp"],
]);

// Code without comments and without what is quoted, its lines kept.
const bare = (code) => code.replace(/\/\*[^]*?\*\/|\/\/[^\n]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'/g, (piece) =>
  piece.replace(/[^\n]+/g, (run) => (run[0] === '"' ? '""' : " ")));

export function functions(root) {
  return files(root).filter(isC).flatMap((path) => bare(read(root, path)).split("\n").flatMap((line, index) =>
    [...banned].flatMap(([names, instead]) => [...line.matchAll(new RegExp(`\\b(${names})\\s*\\(`, "g"))].map((found) =>
      `${path}:${index + 1}:${found.index + 1}: ${found[1]} is banned: ${instead}`))));
}

// Names that say nothing, and types that hide what they are.
export function names(root) {
  const empty = /(^|[/_.-])(utils?|common|core|managers?|helpers?|services?)([/_.-]|$)/; // but systemd's units are x.service
  return files(root).flatMap((path) => [
    ...(empty.test(path.replace(/\.service$/, "")) ? [`${path}: a name says what is in it`] : []),
    ...(isC(path) ? bare(read(root, path)).split("\n").flatMap((line, index) =>
      /\btypedef\s+(struct|enum|union)\b/.test(line) ? [`${path}:${index + 1}:1: structs and enums are not typedef'd`] : []) : []),
  ]);
}

const largest = 1 << 20;
const dataNames = /\.(db|sqlite3?|db-wal|db-shm|pem|key|p12|pfx|rejects|log|core|gcda|gcno|o|a|so)$|(^|\/)(\.env|id_(rsa|ecdsa|ed25519)|node_modules\/.*)$/;
const secrets = [
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  /\bAKIA[0-9A-Z]{16}\b/,
  /\bgh[pousr]_[A-Za-z0-9]{36}\b/,
  /\bxox[abprs]-[A-Za-z0-9-]{10,}/,
  /\bsk_live_[A-Za-z0-9]{16,}/,
];

export function data(root) {
  return files(root).flatMap((path) => {
    const breaches = [];
    const { size } = statSync(join(root, path));
    if (dataNames.test(path)) breaches.push(`${path}: data, keys and what is made do not belong in the tree`);
    if (size > largest) breaches.push(`${path}: ${size} bytes; a file of the tree has at most ${largest}`);
    else if (secrets.some((secret) => secret.test(read(root, path)))) breaches.push(`${path}: holds what looks like a secret`);
    return breaches;
  });
}

export function format(root) {
  const program = ["clang-format-14", "clang-format"].find((name) =>
    / 14\./.test(spawnSync(name, ["--version"], { encoding: "utf8" }).stdout ?? ""));
  if (!program) return ["clang-format 14 is missing: apt-get install clang-format"];
  const checked = files(root).filter(isC);
  if (checked.length === 0) return [];
  const run = spawnSync(program, ["--dry-run", "-Werror", "--ferror-limit=1", ...checked], { cwd: root, encoding: "utf8" });
  if (run.status === 0) return [];
  return run.stderr.split("\n").filter((line) => /error:/.test(line)).map((line) => `${line} (clang-format -i mends it)`);
}

// Scripts that start with #! can be run, and bash can read them.
export function scripts(root) {
  return files(root).flatMap((path) => {
    if (/\.[a-z]+$/.test(path) && !/\.sh$/.test(path)) return [];
    const text = read(root, path);
    if (!text.startsWith("#!")) return [];
    const breaches = [];
    try {
      accessSync(join(root, path), constants.X_OK);
      if ((statSync(join(root, path)).mode & 0o111) === 0) throw new Error();
    } catch {
      breaches.push(`${path}: cannot be run; chmod +x`);
    }
    if (/^#!.*\bbash\b/.test(text)) {
      if (!/^set -euo pipefail$/m.test(text)) breaches.push(`${path}: lacks set -euo pipefail`);
      const run = spawnSync("bash", ["-n", join(root, path)], { encoding: "utf8" });
      if (run.status !== 0) breaches.push(`${path}: ${run.stderr.trim()}`);
    }
    return breaches;
  });
}

// Every phrase is said by some line of C: by its name, or as one of a family whose last part is a value ("state.%s").
export function phrases(root) {
  const book = "responses/phrases.json";
  if (!existsSync(join(root, book))) return [];
  const words = (folder) =>
    files(root).filter((path) => isC(path) && path.startsWith(folder)).map((path) => read(root, path)).join("\n");
  const program = words("bot/"), families = words("bot/dialogue/");
  return Object.keys(JSON.parse(read(root, book)).phrases)
    .filter((name) => !program.includes(`"${name}"`) && !families.includes(`"${name.replace(/\.[^.]*$/, "")}.%s"`))
    .map((name) => `${book}: "${name}" is never said; take it out of every language or say it`);
}

const rules = { includes, functions, names, data, format, scripts, phrases };

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [name, root, table] = process.argv.slice(2);
  const breaches = rules[name](root, table && readRooms(readFileSync(table, "utf8")));
  for (const breach of breaches) console.error(breach);
  process.exit(breaches.length ? 1 : 0);
}
