// The examples of README.md are run, in order, in one folder: `$ ` is typed, what follows is what must come. "…" in a line
// stands for more of it, a line "…" for more lines. `node readme.mjs --write` (with WISMO_BIN) writes what comes now.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { binary, root } from "./wismo.mjs";

const file = join(root, "README.md");
const pages = ["README.md", "CONTRIBUTING.md", "docs/architecture.md", "docs/handoff.md", "docs/tokens.md", "docs/watching.md"];

// A block as examples: what is typed, what is shown.
function examples(block) {
  const found = [];
  let typing = false;
  for (const line of block.trimEnd().split("\n")) {
    const more = typing && line.startsWith("> ");
    if (line.startsWith("$ ")) found.push({ typed: line.slice(2), shown: [] });
    else if (more) found.at(-1).typed += `\n${line.slice(2)}`;
    else found.at(-1).shown.push(line);
    typing = more || line.startsWith("$ ");
  }
  return found;
}

const escape = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
const pattern = (lines) => new RegExp(`^${lines.map((line) =>
  line === "…" ? "[^]*?" : escape(line).replaceAll("…", "[^\\n]*")).join("\\n")}\\n?$`);

// Runs every example of the text; each(example, output) may return other lines to show.
function run(text, each) {
  const path = mkdtempSync(join(tmpdir(), "wismo-readme-"));
  const own = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("WISMO_")));
  mkdirSync(join(path, "bin"));
  symlinkSync(binary, join(path, "bin/wismo"));
  cpSync(join(root, "wismo.conf.example"), join(path, "wismo.conf.example"));
  try {
    return text.replace(/```console\n([^]*?)```/g, (_, block) => {
      const lines = examples(block).flatMap((example) => {
        const { stdout, stderr, status } = spawnSync("bash", ["-c", example.typed],
          { cwd: path, encoding: "utf8", env: { ...own, PATH: `${join(path, "bin")}:${own.PATH}` } });
        assert.equal(status, 0, `${example.typed}\n${stderr}`);
        return [`$ ${example.typed.replaceAll("\n", "\n> ")}`, ...each(example, stdout)];
      });
      return `\`\`\`console\n${lines.join("\n")}\n\`\`\``;
    });
  } finally {
    rmSync(path, { recursive: true, force: true });
  }
}

function rewrite() {
  const mended = run(readFileSync(file, "utf8"), ({ shown }, out) =>
    pattern(shown).test(out) ? shown : out.trimEnd().replace(/\b0[0-9A-HJKMNP-TV-Z]{25}\b/g, "…").split("\n"));
  const table = spawnSync(binary, ["help", "--settings-table"], { encoding: "utf8" }).stdout.trim();
  writeFileSync(file, mended.replace(/\| Setting \| Flag [^]*\n\| `keys` [^\n]*/, () => table));
}

if (process.argv.includes("--write")) rewrite();
else {
  test("every example runs and shows what it says", () => {
    let count = 0;
    run(readFileSync(file, "utf8"), ({ typed, shown }, out) => {
      count++;
      assert.match(out, pattern(shown), `${typed}: README.md shows something else; node tests/cli/readme.mjs --write mends it`);
      return shown;
    });
    assert.ok(count >= 6);
  });

  test("what a page links to in the tree is there", () => {
    for (const page of pages) {
      const text = readFileSync(join(root, page), "utf8");
      for (const [, target] of text.matchAll(/\]\(([^)#:\s]+)(?:#[^)]*)?\)/g))
        assert.ok(existsSync(join(root, page, "..", target)), `${page} links to ${target}`);
    }
  });
}
