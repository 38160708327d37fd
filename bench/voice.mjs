// How long a caller waits for us: from the last byte of a prompt to the first byte of our words, with 200 calls at once,
// through a conversation relay and through jambonz (its acks).
//   ./run build && npm ci --prefix tests && node bench/voice.mjs build/release/wismo
import { spawn, execFileSync } from "node:child_process";
import { createHmac } from "node:crypto";
import { createRequire } from "node:module";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const WebSocket = createRequire(join(dirname(fileURLToPath(import.meta.url)), "../tests/package.json"))("ws");
const binary = resolve(process.argv[2] ?? "build/release/wismo"), calls = 200, turns = 8, between = 2000;
const folder = mkdtempSync(join(tmpdir(), "wismo-voice-"));
const env = { ...process.env, TWILIO_TOKEN: "0123456789abcdef0123456789abcdef", JAMBONZ_LOGIN: "wismo:a-long-password" };
writeFileSync(join(folder, "wismo.conf"), `public_url = "https://wismo.example.com"\ntwilio_token = "env TWILIO_TOKEN"\njambonz_login = "env JAMBONZ_LOGIN"\nper_address = "0"\n`);
execFileSync(binary, ["demo"], { cwd: folder, env, stdio: "ignore" });
const server = spawn(binary, ["serve", "--port", "0", "--per-conversation", "0"], { cwd: folder, env, stdio: ["ignore", "ignore", "pipe"] });
const port = await new Promise((found) => server.stderr.on("data", (bytes) => { const at = /:(\d+)\/\n/.exec(bytes); if (at) found(at[1]); }));
const signature = createHmac("sha1", env.TWILIO_TOKEN).update("wss://wismo.example.com/voice/twilio").digest("base64");
const questions = ["Where is my order?", "one zero four two", "six nine zero zero three", "when will it arrive", "which carrier", "say that again", "is it late", "where is my order"];

const kinds = {
  relay: {
    open: () => new WebSocket(`ws://127.0.0.1:${port}/voice/twilio`, { headers: { "X-Twilio-Signature": signature }, perMessageDeflate: false }),
    begin: (i) => ({ type: "setup", sessionId: `VX${i}`, callSid: `CA${i}-${process.pid}`, from: `+3361234${String(i).padStart(4, "0")}`, to: "+441632960000", customParameters: { locale: "en" } }),
    ask: (words) => ({ type: "prompt", voicePrompt: words, lang: "en-US", last: true }),
    answers: (frame) => frame.type === "text", over: (frame) => frame.type === "end", greets: false,
  },
  jambonz: {
    open: () => new WebSocket(`ws://127.0.0.1:${port}/voice/jambonz`, ["ws.jambonz.org"], { auth: env.JAMBONZ_LOGIN, perMessageDeflate: false }),
    begin: (i) => ({ type: "session:new", msgid: "m0", call_sid: `c${i}-${process.pid}`, data: { call_sid: `c${i}-${process.pid}`, from: `+3361234${String(i).padStart(4, "0")}`, to: "+441632960000", env_vars: { locale: "en" } } }),
    ask: (words, n) => ({ type: "verb:hook", msgid: `m${n}`, hook: "/wismo/turn", data: { reason: "speechDetected", speech: { alternatives: [{ transcript: words, confidence: 0.9 }] } } }),
    answers: (frame) => frame.type === "ack", over: (frame) => frame.data?.at(-1).verb === "hangup", greets: true,
  },
};

async function measure(kind, spread) {
  const { open, begin, ask, answers, over, greets } = kinds[kind], times = [];
  const one = async (i) => {
    const socket = open();
    let heard, ended = false;
    socket.on("message", (bytes) => { const at = performance.now(), frame = JSON.parse(bytes); ended ||= over(frame); if (answers(frame)) heard?.(at); });
    await new Promise((opened) => socket.on("open", opened));
    const greeting = new Promise((done) => { heard = done; });
    socket.send(JSON.stringify(begin(i)));
    if (greets) await greeting;
    await sleep(500 + (spread ? Math.random() * between : 0));
    for (let n = 1; n <= turns && !ended; n++) {
      const answer = new Promise((done) => { heard = done; }), sent = performance.now();
      socket.send(JSON.stringify(ask(questions[n - 1], n)));
      times.push(await answer - sent);
      await sleep(between - (performance.now() - sent));
    }
    socket.terminate();
  };
  await Promise.all(Array.from({ length: calls }, (_, i) => one(i + (spread ? 0 : calls))));
  times.sort((a, b) => a - b);
  const at = (part) => times[Math.floor(times.length * part)].toFixed(1);
  console.log(`${kind}, ${calls} calls, ${spread ? `a turn each every ${between / 1000} s` : "all at the same moment"}: ${times.length} turns, p50 ${at(0.5)} ms, p99 ${at(0.99)} ms`);
}

for (const kind of Object.keys(kinds)) for (const spread of [true, false]) await measure(kind, spread);
server.kill();
rmSync(folder, { recursive: true });
