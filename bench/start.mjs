// How small and how soon: size of the binary, time from start to the first answer, resident memory idle and with idle chats.
//   ./run build && npm ci --prefix tests && node bench/start.mjs build/release/wismo
import { spawn, execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const WebSocket = createRequire(join(dirname(fileURLToPath(import.meta.url)), "../tests/package.json"))("ws");
const binary = process.argv[2] ?? "build/release/wismo";
const rounds = 7, chats = 1000;
const question = "où est ma commande FR-1042 ? 69003";

const resident = (pid) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))[1]);
const median = (values) => values.sort((a, b) => a - b)[values.length >> 1];
const folder = mkdtempSync(join(tmpdir(), "wismo-bench-"));
const database = join(folder, "wismo.db");
execFileSync(binary, ["demo", "--db", database]);

function serve() {
    const service = spawn(binary, ["serve", "--db", database, "--port", "0", "--sockets-per-address", "0", "--per-address", "0"], { stdio: ["ignore", "ignore", "pipe"] });
    return new Promise((resolve, reject) => {
        service.once("error", reject);
        service.stderr.once("data", (line) => resolve([service, /http:\/\/([^/\s]+)/.exec(line)[1]]));
    });
}

function open(address) {
    return new Promise((resolve, reject) => {
        const socket = new WebSocket(`ws://${address}/chat`, "wismo.chat.v1");
        socket.once("error", reject);
        socket.once("open", () => socket.send(JSON.stringify({ type: "hello", shop: "default", locale: "fr" })));
        socket.on("message", (bytes) => JSON.parse(bytes).type === "welcome" && resolve(socket));
    });
}

const answer = (socket) => new Promise((resolve, reject) => {
    socket.on("message", (bytes) => {
        const frame = JSON.parse(bytes);
        if (frame.type === "error") reject(new Error(frame.message));
        if (frame.type === "say" && frame.from === "bot") resolve(frame.text);
    });
    socket.send(JSON.stringify({ type: "say", id: "1", text: question }));
});

const firsts = [], idles = [];
for (let round = 0; round < rounds; round++) {
    const begun = performance.now();
    const [service, address] = await serve();
    const text = await answer(await open(address));
    firsts.push(performance.now() - begun);
    if (!text.includes("Colissimo")) throw new Error(`not the answer: ${text}`);
    idles.push(resident(service.pid));
    service.kill("SIGKILL");
}

const [service, address] = await serve();
await answer(await open(address));
const before = resident(service.pid);
for (let i = 0; i < chats; i += 50) await Promise.all(Array.from({ length: 50 }, () => open(address)));
await new Promise((resolve) => setTimeout(resolve, 1000));
const perChat = (resident(service.pid) - before) / chats;
service.kill("SIGKILL");
rmSync(folder, { recursive: true });

console.log(`size of the binary: ${(statSync(binary).size / 1024 / 1024).toFixed(2)} MiB`);
console.log(`start to first answer (process, proof, look-up, commit; median of ${rounds}): ${median(firsts).toFixed(0)} ms`);
console.log(`resident memory after one answer: ${(median(idles) / 1024).toFixed(1)} MiB`);
console.log(`… and for each of ${chats} chats opened just now: ${perChat.toFixed(1)} KiB`);
