// What a long check opens is closed when it ends, the last first, also when it fails: else the service stays alive.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export function folder(name) {
  const path = mkdtempSync(join(tmpdir(), `wismo-${name}-`));
  process.prependOnceListener("exit", () => rmSync(path, { recursive: true, force: true }));
  return path;
}

// Resolves with the process and its address once it listens.
export function serve(program, words, options) {
  const child = spawn(program, words, { ...options, stdio: ["ignore", "ignore", "pipe"] }), kill = () => child.kill("SIGKILL");
  process.prependOnceListener("exit", kill);
  return new Promise((resolve, reject) => {
    let text = "";
    child.stderr.on("data", (bytes) => {
      const at = /http:\/\/([^/\s]+)/.exec((text += bytes));
      if (at) resolve({ child, address: at[1] });
    });
    child.once("exit", () => {
      process.off("exit", kill);
      reject(new Error(`wismo serve ended: ${text}`));
    });
  });
}
