// Runs the program in a folder of its own.
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { closing } from "../closing.mjs";

export const binary = process.env.WISMO_BIN;
if (!binary) throw new Error("WISMO_BIN must name the program");
export const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
export const now = "2026-03-11T09:00:00+01:00";

// A folder, and `wismo` in it. It goes with the test.
export function folder(test) {
  const path = mkdtempSync(join(tmpdir(), "wismo-cli-"));
  closing(test, () => rmSync(path, { recursive: true, force: true }));
  const own = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("WISMO_")));
  const wismo = (words, { input = "", env = {} } = {}) => {
    const done = spawnSync(binary, words, { cwd: path, input, encoding: "utf8", env: { ...own, ...env } });
    if (done.error) throw done.error;
    return { status: done.status, out: done.stdout, err: done.stderr, both: done.stdout + done.stderr };
  };
  return {
    path, wismo, env: own,
    write: (name, text) => writeFileSync(join(path, name), text),
    read: (name) => readFileSync(join(path, name), "utf8"),
  };
}

export const objects = (text) => text.trim().split("\n").filter(Boolean).map((line) => JSON.parse(line));

export const order = (more = {}) => ({
  number: "51230", state: "preparing", placed_at: "2026-03-06", promised_to: "2026-03-13", email: "ana.duarte@mail.example",
  phone: "+33611223344", postcode: "33000", country: "FR", first_name: "Ana",
  lines: [{ title: "Wool blanket", quantity: 1, parcel: "A" }],
  parcels: [{
    id: "A", carrier: "Colissimo", tracking_number: "6A01234567890", tracking_url: "https://track.example/6A01234567890",
    status: "in_transit", estimated_to: "2026-03-12",
    checkpoints: [{ at: "2026-03-10T14:02:00+01:00", status: "in_transit", place: "Limoges", source: "colissimo" }],
  }],
  ...more,
});

// A database with these orders.
export function stocked(test, orders = [order()]) {
  const place = folder(test);
  place.write("orders.jsonl", orders.map((one) => `${JSON.stringify(one)}\n`).join(""));
  const done = place.wismo(["import", "--now", now, "orders.jsonl"]);
  if (done.status !== 0) throw new Error(done.both);
  return place;
}

// `wismo serve` on a free port until the test ends: resolves when it listens, with its address.
export function serve(test, place, words = []) {
  const server = spawn(binary, ["serve", "--port", "0", ...words], { cwd: place.path, env: place.env, stdio: ["ignore", "inherit", "pipe"] });
  const ended = new Promise((resolve) => server.on("exit", (status, signal) => resolve({ status, signal })));
  closing(test, async () => {
    server.kill("SIGTERM");
    await ended;
  });
  return new Promise((resolve, reject) => {
    let log = "";
    server.stderr.on("data", (bytes) => {
      log += bytes;
      const found = /serves (http:\S+)/.exec(log);
      if (found) resolve({ server, ended, address: found[1], log: () => log });
    });
    server.on("exit", () => reject(new Error(`wismo serve has ended: ${log}`)));
  });
}
