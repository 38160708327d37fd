// `wismo serve` on demo orders, and chats with it. Every frame is held to the schemas of docs/, both ways.
import Ajv2020 from "ajv/dist/2020.js";
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import WebSocket from "ws";
import { closing } from "../closing.mjs";

const binary = process.env.WISMO_BIN;
if (!binary) throw new Error("WISMO_BIN must name the program");
export const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
export const patience = 45000; // a sanitized build on a busy machine is slow; nothing here is waited for in vain

const ajv = new Ajv2020({ allErrors: true, strict: true, strictRequired: false });
const schema = (name) => ajv.compile(JSON.parse(readFileSync(join(root, `docs/schema/chat.${name}.schema.json`), "utf8")));
export const validClient = schema("client"), validServer = schema("server");

const hold = (valid, frame) => assert.ok(valid(frame), `${JSON.stringify(frame)}: ${ajv.errorsText(valid.errors)}`);

// A folder with demo orders (dated from `now`), where `wismo` can be run; it goes with the test.
export function folder(t, { conf, now } = {}) {
  const path = mkdtempSync(join(tmpdir(), "wismo-chat-"));
  closing(t, () => rmSync(path, { recursive: true, force: true }));
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("WISMO_")));
  const wismo = (...words) => {
    const done = spawnSync(binary, words, { cwd: path, encoding: "utf8", env });
    if (done.error) throw done.error;
    return { status: done.status, out: done.stdout, err: done.stderr };
  };
  if (conf) writeFileSync(join(path, "wismo.conf"), conf);
  const made = wismo("demo", ...(now ? ["--now", now] : []));
  assert.equal(made.status, 0, made.err);
  return { path, env, wismo };
}

// The service in that folder. stop(signal) ends it and gives its exit status; all it wrote is in `log`.
export async function serve(t, place, ...words) {
  const child = spawn(binary, ["serve", "--port", "0", ...words], { cwd: place.path, env: place.env, stdio: ["ignore", "ignore", "pipe"] });
  const server = { child, log: [] };
  const exited = new Promise((resolve) => child.once("exit", (status, signal) => resolve({ status, signal })));
  server.exited = exited;
  let killed = false;
  server.stop = async (signal = "SIGTERM") => {
    killed ||= signal === "SIGKILL";
    child.kill(signal);
    const late = setTimeout(() => child.kill("SIGKILL"), 2 * patience);
    return exited.finally(() => clearTimeout(late));
  };
  closing(t, async () => {
    const ended = await server.stop();
    if (!killed) assert.deepEqual(ended, { status: 0, signal: null }, server.log.join("\n"));
  });
  server.url = await new Promise((resolve, reject) => {
    createInterface({ input: child.stderr }).on("line", (line) => {
      server.log.push(line);
      const at = line.match(/https?:\/\/\S+:\d+\//);
      if (at) resolve(at[0]);
    });
    exited.then(() => reject(new Error(`wismo serve ended: ${server.log.join("\n")}`)));
  });
  server.port = Number(new URL(server.url).port);
  return server;
}

export const start = async (t, options) => serve(t, folder(t, options));

// The same with a clock that stands, for what counts days: the demo orders are as late as they were made, also at midnight.
export const stopped = async (t, options, now = "2026-03-11T09:00:00+01:00") => serve(t, folder(t, { ...options, now }), "--now", now);

// One socket. Frames come out of next() in the order in which they arrived.
export class Chat {
  constructor(server, { origin, headers, ca, protocols = ["wismo.chat.v1"], path = "chat" } = {}) {
    this.frames = [];
    this.waiting = [];
    this.ids = 0;
    this.socket = new WebSocket(server.url.replace("http", "ws") + path, protocols, { origin, headers, ca, perMessageDeflate: false });
    this.socket.on("message", (bytes, binaryFrame) => {
      const frame = JSON.parse(bytes);
      this.fault ??= binaryFrame || !validServer(frame) ? `${bytes}: ${ajv.errorsText(validServer.errors)}` : undefined;
      (this.waiting.shift() ?? ((late) => this.frames.push(late)))(frame);
    });
    this.closed = new Promise((resolve) => this.socket.on("close", (code, why) => resolve({ code, why: String(why) })));
    this.failed = new Promise((resolve) => {
      this.socket.on("unexpected-response", (request, response) => { resolve(response.statusCode); request.destroy(); });
      this.socket.on("error", (error) => resolve(error.code ?? error.message));
    });
  }

  // Opens and says hello; gives the chat with its welcome.
  static async begin(server, hello = {}, options = {}) {
    const chat = new Chat(server, options);
    await chat.open();
    chat.send({ type: "hello", ...hello });
    chat.welcome = await chat.next("welcome");
    return chat;
  }

  async open() {
    const failure = await Promise.race([once(this.socket, "open").then(() => null), this.failed]);
    if (failure) throw new Error(`the socket did not open: ${failure}`);
    return this;
  }

  // Sends a frame that must be right; sendRaw sends anything.
  send(frame) {
    hold(validClient, frame);
    this.socket.send(JSON.stringify(frame));
  }

  sendRaw(frame, options) { this.socket.send(typeof frame === "object" && !Buffer.isBuffer(frame) ? JSON.stringify(frame) : frame, options); }

  async next(type) {
    assert.equal(this.fault, undefined);
    let timer;
    const frame = this.frames.shift() ?? await Promise.race([
      new Promise((resolve) => this.waiting.push(resolve)),
      new Promise((_, reject) => { timer = setTimeout(() => reject(new Error(`no ${type ?? "frame"} came`)), patience); }),
    ]);
    clearTimeout(timer);
    assert.equal(this.fault, undefined);
    if (type) assert.equal(frame.type, type, JSON.stringify(frame));
    return frame;
  }

  // Says it and gives the bot's answer (what is shown beside it, such as typing or a hand-off, is kept in `beside`).
  async ask(text, id = `m${++this.ids}`) {
    this.send({ type: "say", id, text });
    return this.answer(id);
  }

  async answer(id) {
    for (this.beside = []; ;) {
      const frame = await this.next();
      if (frame.type === "say" && frame.from !== "customer" && frame.id === id) return frame;
      this.beside.push(frame);
      assert.notEqual(frame.type, "error", JSON.stringify(frame));
    }
  }

  // An error for what was just sent.
  async error(code) {
    const frame = await this.next("error");
    assert.equal(frame.code, code, JSON.stringify(frame));
    return frame;
  }

  // True when nothing more has come by the time that a rating has gone there and back; ratings are not answered, so
  // a frame of no known type marks the end.
  async quiet() {
    this.sendRaw({ type: "mark" });
    const frame = await this.next();
    return frame.type === "error" && frame.code === "unknown_type";
  }

  async close() {
    this.socket.close();
    return this.closed;
  }

  drop() { this.socket.terminate(); }
}

export const sayings = (frames) => frames.filter((frame) => frame.type === "say");
