// The desk of a served folder: people who work there, signed in over HTTP, each over a socket of their own. Every
// frame is held to the schemas of docs/, both ways.
import Ajv2020 from "ajv/dist/2020.js";
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import WebSocket from "ws";
import { patience, root } from "./chat.mjs";

export const password = "a good long password";
const ajv = new Ajv2020({ allErrors: true, strict: true, strictRequired: false });
const schema = (name) => ajv.compile(JSON.parse(readFileSync(join(root, `docs/schema/desk.${name}.schema.json`), "utf8")));
const validClient = schema("client"), validServer = schema("server");

export function addStaff(place, name, ...words) {
  const done = spawnSync(process.env.WISMO_BIN, ["staff", "add", name, ...words], { cwd: place.path, env: place.env, input: `${password}\n`, encoding: "utf8" });
  assert.equal(done.status, 0, done.stderr);
}

export const post = (server, path, fields, headers = {}) => fetch(new URL(path, server.url), {
  method: "POST", body: new URLSearchParams(fields), redirect: "manual",
  headers: { origin: new URL(server.url).origin, ...headers },
});

// Signs in; the cookie.
export async function signIn(server, name, word = password) {
  const reply = await post(server, "/desk/login", { name, password: word });
  assert.deepEqual([reply.status, reply.headers.get("location")], [303, "/desk"]);
  return reply.headers.get("set-cookie").split(";")[0];
}

// One connection of somebody at the desk. What it has been told of the queue is in `items`, by hand-off.
export class Agent {
  constructor(server, cookie, { origin = new URL(server.url).origin, protocols = ["wismo.desk.v1"] } = {}) {
    this.items = new Map();
    this.frames = [];
    this.sleepers = [];
    this.ids = 0;
    this.seq = 0;
    this.socket = new WebSocket(`${server.url.replace("http", "ws")}desk/live`, protocols, { origin, headers: cookie ? { cookie } : {}, perMessageDeflate: false });
    this.socket.on("message", (bytes) => this.take(JSON.parse(bytes)));
    this.closed = new Promise((resolve) => this.socket.on("close", (code) => { this.over = true; resolve(code); this.wake(); }));
    this.failed = new Promise((resolve) => {
      this.socket.on("unexpected-response", (request, response) => { resolve(response.statusCode); request.destroy(); });
      this.socket.on("error", (error) => resolve(error.code ?? error.message));
    });
    this.opened = Promise.race([new Promise((resolve) => this.socket.on("open", () => resolve(true))), this.failed]);
  }

  static async begin(server, cookie, hello = {}, options) {
    const agent = new Agent(server, cookie, options);
    assert.equal(await agent.opened, true);
    agent.send({ type: "hello", ...hello });
    agent.welcome = await agent.next((frame) => frame.type === "welcome");
    await agent.next((frame) => frame.type === "changes" && !frame.more);
    return agent;
  }

  take(frame) {
    this.fault ??= validServer(frame) ? undefined : `${JSON.stringify(frame)}: ${ajv.errorsText(validServer.errors)}`;
    if (frame.type === "changes") {
      if (frame.seq < this.seq) this.fault ??= `seq ${frame.seq} after ${this.seq}`;
      this.seq = frame.seq;
      for (const id of frame.gone) this.items.delete(id);
      for (const item of frame.items) this.items.set(item.handoff, item);
    }
    this.frames.push(frame);
    this.wake();
  }

  wake() { for (const resolve of this.sleepers.splice(0)) resolve(); }

  send(frame) {
    assert.ok(validClient(frame), `${JSON.stringify(frame)}: ${ajv.errorsText(validClient.errors)}`);
    this.socket.send(JSON.stringify(frame));
  }

  sendRaw(frame) { this.socket.send(typeof frame === "string" ? frame : JSON.stringify(frame)); }

  // The first frame, of those that nobody has asked for yet, that is meant.
  async next(meant) {
    return this.until(() => {
      const at = this.frames.findIndex(meant);
      return at < 0 ? undefined : this.frames.splice(at, 1)[0];
    }, meant);
  }

  async until(look, what = look) {
    for (const end = Date.now() + patience; ;) {
      assert.equal(this.fault, undefined);
      const found = look();
      if (found !== undefined && found !== false) return found;
      if (this.over) throw new Error(`the socket has closed: ${what}`);
      const rest = end - Date.now();
      if (rest <= 0) throw new Error(`not within ${patience} ms: ${what}\n${JSON.stringify(this.frames.slice(-4))}`);
      let timer;
      await new Promise((resolve) => { this.sleepers.push(resolve); timer = setTimeout(resolve, rest); });
      clearTimeout(timer);
    }
  }

  // Does something and gives the answer: done, error, conversation or found.
  async ask(type, fields = {}) {
    const id = fields.id ?? `a${++this.ids}`;
    this.send({ type, id, ...fields });
    return this.next((frame) => frame.re === id);
  }

  async done(type, fields) {
    const answer = await this.ask(type, fields);
    assert.equal(answer.type, "done", JSON.stringify(answer));
  }

  async refused(code, type, fields) {
    const answer = await this.ask(type, fields);
    assert.deepEqual([answer.type, answer.code], ["error", code], JSON.stringify(answer));
  }

  item(conversation) { return [...this.items.values()].find((item) => item.conversation === conversation); }

  drop() { this.socket.terminate(); }
}
