// kill -9 at random points under load: everything that was acknowledged is there afterwards, once, and goes on.
//   node tests/long/kill.mjs build/release/wismo [rounds, 200]
// Six customers talk at once, one of them keeps asking for a person, and an import runs beside the service. What a customer has
// heard, a hand-off that was promised and a row that the import counted must be found after the restart. Needs sqlite3.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { folder, serve } from "./host.mjs";

const WebSocket = createRequire(new URL("../package.json", import.meta.url))("ws");
const [binary = "build/release/wismo", rounds = "200"] = process.argv.slice(2);
const place = folder("kill"), database = join(place, "wismo.db");
const questions = ["où est ma commande FR-1042 ?", "69003", "et quand ?", "quel transporteur ?", "bonjour", "merci"];
const counts = { rounds: 0, turns: 0, handoffs: 0, imported: 0, resumed: 0 };

writeFileSync(join(place, "wismo.conf"), 'shop "default" {\n  always_open = yes\n}\n');
execFileSync(binary, ["demo", "--db", database]);
const rows = ["number,email,postcode,placed_at"];
for (let i = 0; i < 200000; i++) rows.push(`K${i},k${i}@mail.example,69003,2026-01-01`);
writeFileSync(join(place, "orders.csv"), rows.join("\n"));

const begin = () => serve(binary, ["serve", "--db", database, "--conf", join(place, "wismo.conf"), "--port", "0", "--per-conversation", "0", "--per-address", "0", "--log-level", "error"]);

class Customer {
  constructor(index) {
    Object.assign(this, { index, seq: 0, next: 0, acknowledged: new Map(), promised: false });
  }
  // Talks until the service goes; what comes is what has been promised to be there.
  talk(address) {
    const socket = new WebSocket(`ws://${address}/chat`, "wismo.chat.v1");
    const gone = new Promise((resolve) => (socket.once("close", resolve), socket.once("error", resolve)));
    const say = () => {
      const text = this.index === 0 && this.next % 7 === 3 ? "je veux être remboursé" : questions[this.next % questions.length];
      socket.send(JSON.stringify({ type: "say", id: `m${this.next}`, text }));
    };
    socket.once("open", () => socket.send(JSON.stringify({ type: "hello", locale: "fr", ...(this.token && { resume: { token: this.token, seq: this.seq } }) })));
    socket.on("message", (bytes) => {
      const frame = JSON.parse(bytes);
      if (frame.type === "error") throw new Error(`${bytes}`);
      if (frame.type === "welcome") {
        if (this.token) (assert.equal(frame.resumed, true), counts.resumed++);
        this.token ??= frame.token;
        this.conversation = frame.conversation;
        say(); // perhaps for the second time: it counts once
      }
      if (frame.type !== "say") return;
      assert.ok(frame.seq > this.seq, `turn ${frame.seq} again`);
      this.seq = frame.seq;
      this.acknowledged.set(frame.seq, frame.text);
      if (/remboursement/.test(frame.text) && frame.from === "bot") this.promised = true;
      if (frame.from === "bot" && frame.id === `m${this.next}`) (this.next++, say());
    });
    return gone;
  }
}

// All that is stored, as a newcomer to the conversation hears it.
function everything(address, token) {
  const turns = [];
  const socket = new WebSocket(`ws://${address}/chat`, "wismo.chat.v1");
  socket.once("open", () => socket.send(JSON.stringify({ type: "hello", resume: { token, seq: 0 } })));
  return new Promise((resolve, reject) => {
    let last;
    socket.on("message", (bytes) => {
      const frame = JSON.parse(bytes);
      if (frame.type === "error") reject(new Error(`${bytes}`));
      if (frame.type === "welcome") last = frame.seq;
      if (frame.type === "say") turns.push(frame);
      if (turns.length === last || last === 0) (socket.close(), resolve(turns));
    });
  });
}

const customers = Array.from({ length: 6 }, (_, index) => new Customer(index));
for (let round = 0; round < Number(rounds); round++) {
  const { child, address } = await begin();
  const talking = customers.map((customer) => customer.talk(address));
  let counted = 0;
  const importing = spawn(binary, ["import", "--db", database, join(place, "orders.csv")], { stdio: ["ignore", "ignore", "pipe"] });
  importing.stderr.on("data", (bytes) => { for (const found of String(bytes).matchAll(/read (\d+)/g)) counted = Number(found[1]); });
  await sleep(100 + Math.random() * 900);
  importing.kill("SIGKILL");
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await Promise.all([ended, ...talking]);

  const sql = (query) => execFileSync("sqlite3", [database, query], { encoding: "utf8" }).trim();
  assert.equal(sql("PRAGMA integrity_check"), "ok");
  assert.ok(Number(sql("SELECT count(*) FROM orders WHERE number LIKE 'K%'")) >= counted, `the import had counted ${counted}`);
  const again = await begin();
  for (const customer of customers.filter((one) => one.token)) {
    const stored = await everything(again.address, customer.token);
    assert.deepEqual(stored.map((turn) => turn.seq), stored.map((_, at) => at + 1));
    const said = stored.filter((turn) => turn.from === "customer").map((turn) => turn.id);
    assert.deepEqual(said, [...new Set(said)], "a message was stored twice");
    for (const [seq, text] of customer.acknowledged) assert.equal(stored[seq - 1]?.text, text, `turn ${seq} of ${customer.conversation}`);
    if (customer.promised) assert.notEqual(sql(`SELECT count(*) FROM handoffs WHERE conversation = '${customer.conversation}'`), "0");
    counts.handoffs += customer.promised;
    counts.turns += customer.acknowledged.size;
    if (stored.length > 400) customers[customer.index] = new Customer(customer.index);
  }
  again.child.kill("SIGKILL");
  await new Promise((resolve) => again.child.once("exit", resolve));
  counts.rounds++;
  counts.imported = Number(sql("SELECT count(*) FROM orders WHERE number LIKE 'K%'"));
}
console.log(`${counts.rounds} rounds: ${counts.turns} acknowledged turns found again, ${counts.handoffs} hand-offs, ${counts.imported} imported orders, ${counts.resumed} conversations resumed; integrity_check ok each time`);
