// What a wrong proof costs in instructions, for an order that exists and for one that does not (valgrind --tool=callgrind).
//   node tests/long/instructions.mjs build/release/wismo [tries, 150]
// Nothing is written (--memory-only), so that only reading, look-up and reply are counted; three rounds of both kinds in turn.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { folder, serve } from "./host.mjs";

const WebSocket = createRequire(new URL("../package.json", import.meta.url))("ws");
const [binary = "build/release/wismo", tries = "150"] = process.argv.slice(2);
const place = folder("instructions"), database = join(place, "wismo.db");
const number = (i) => `Z${100000 + i}`; // the even ones exist
execFileSync(binary, ["demo", "--db", database]);
const rows = ["number,email,postcode,placed_at"];
for (let i = 0; i < 8 * Number(tries) + 400; i += 2) rows.push(`${number(i)},z${i}@mail.example,75001,2026-01-01`);
writeFileSync(join(place, "orders.csv"), rows.join("\n"));
execFileSync(binary, ["import", "--db", database, join(place, "orders.csv")], { stdio: "ignore" });
const { child: server, address } = await serve("valgrind", ["--tool=callgrind", `--callgrind-out-file=${place}/cg`, binary, "serve", "--db", database, "--port", "0", "--proxies", "127.0.0.1", "--per-conversation", "0", "--log-level", "error", "--memory-only", "yes"]);

let from = 0; // an address for each, so that nothing is held back
const attempt = (index) => new Promise((resolve, reject) => {
  const socket = new WebSocket(`ws://${address}/chat`, "wismo.chat.v1", { headers: { "x-forwarded-for": `10.0.${from >> 8}.${from++ & 255}` } });
  socket.once("error", reject).once("close", resolve).once("open", () => socket.send('{"type":"hello","locale":"en"}'));
  socket.on("message", (bytes) => {
    const frame = JSON.parse(bytes);
    if (frame.type === "welcome") socket.send(JSON.stringify({ type: "say", id: "m", text: `where is my order ${number(index)}, postcode 69009` }));
    if (frame.type === "say" && frame.from === "bot") socket.close();
  });
});

const control = (word) => execFileSync("callgrind_control", [word, String(server.pid)], { stdio: "ignore" });
const spent = { exists: [], "does not": [] };
for (let i = 0; i < 60; i++) await attempt(i);
for (let round = 0, dump = 1; round < 3; round++)
  for (const [at, kind] of ["exists", "does not"].entries()) {
    control("-z");
    for (let i = 0; i < Number(tries); i++) await attempt(200 + 2 * (round * Number(tries) + i) + at);
    control("-d");
    await sleep(300);
    spent[kind].push(Math.round(Number(/^(?:totals|summary): (\d+)/m.exec(readFileSync(`${place}/cg.${dump++}`, "utf8"))[1]) / Number(tries)));
  }
for (const [kind, counts] of Object.entries(spent)) console.log(`the order ${kind}: ${counts.join(", ")} instructions a conversation`);
server.kill("SIGTERM");
await new Promise((resolve) => server.once("exit", resolve));
