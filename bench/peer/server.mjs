// A peer for bench/run.mjs, as a tracking bot is put together from npm: ws, the classifier of NLP.js and better-sqlite3. It
// speaks as much of docs/chat.md as bench_load does: a hello, an order with its postcode, then the question. Prints its port.
//   npm ci --prefix bench/peer && node bench/peer/server.mjs ORDERS.db LESSONS…
// ORDERS.db: a table orders of the columns of bench/orders.awk with an index by number. LESSONS: intents/lessons/fr.*.txt.
import { containerBootstrap } from "@nlpjs/core";
import { LangFr } from "@nlpjs/lang-fr";
import { NluNeural } from "@nlpjs/nlu";
import Database from "better-sqlite3";
import { readFileSync } from "node:fs";
import { WebSocketServer } from "ws";

const [orders, ...lessons] = process.argv.slice(2);
const LESSONS_MOST = 96; // of an intent: it learns for a quarter of a minute; from 400 for a minute, and no longer knows what bench_load asks

async function classifier() {
    const corpus = [], counts = {};
    let intent = "";
    for (const line of lessons.flatMap((file) => readFileSync(file, "utf8").split("\n"))) {
        if (line.startsWith("# ")) intent = line.slice(2).trim().split(" ")[0];
        else if (line.trim() && intent && (counts[intent] = (counts[intent] ?? 0) + 1) <= LESSONS_MOST) corpus.push({ utterance: line.trim(), intent });
    }
    const container = await containerBootstrap();
    container.use(LangFr);
    const nlu = new NluNeural({ locale: "fr", container, log: false });
    await nlu.train(corpus);
    return nlu;
}

const nlu = await classifier();
const database = new Database(orders, { readonly: true });
const find = database.prepare("SELECT number, postcode, carrier, tracking_number, parcel_status, placed_at, promised_to, estimated_to FROM orders WHERE number = ?");
const day = new Intl.DateTimeFormat("fr-FR", { weekday: "long", day: "numeric", month: "long" });

function answer(order) {
    return `Votre colis de la commande ${order.number} est en route avec ${order.carrier}. Livraison prévue le ${day.format(new Date(order.estimated_to))}.`;
}

const server = new WebSocketServer({ port: 0, host: "127.0.0.1", handleProtocols: (offered) => [...offered][0] }, () => console.log(server.address().port));
server.on("connection", (socket) => {
    let seq = 0, number = null;
    const send = (frame) => socket.send(JSON.stringify(frame));
    const say = (id, text, parts) => send({ type: "say", seq: (seq += 2), re: seq - 1, from: "bot", id, text, locale: "fr", parts, at: Date.now() });
    socket.on("message", async (bytes) => {
        const message = JSON.parse(bytes);
        if (message.type === "hello") return send({ type: "welcome", resumed: false, seq, locale: "fr" });
        const proof = /(B\d{7}).*?(\d{5})$/.exec(message.text);
        const { classifications } = await nlu.process(message.text);
        if (proof && find.get(proof[1])?.postcode === proof[2]) number = proof[1];
        if (!number || (!proof && !classifications[0].intent.startsWith("track."))) return say(message.id, "Pouvez-vous le dire autrement ?");
        const order = find.get(number);
        say(message.id, answer(order), [{ kind: "timeline", order: order.number, carrier: order.carrier, tracking: order.tracking_number, status: order.parcel_status, promised: order.promised_to, due: order.estimated_to }]);
    });
});
