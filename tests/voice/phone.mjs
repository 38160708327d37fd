// The service with telephone numbers, and callers on it through a conversation relay.
import Ajv2020 from "ajv/dist/2020.js";
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import webhooks from "twilio/lib/webhooks/webhooks.js";
import WebSocket from "ws";
import { folder, patience, root, serve } from "../server/chat.mjs";

export const now = "2026-03-11T09:00:00+01:00"; // a Wednesday, within hours
export const token = "0123456789abcdef0123456789abcdef", relayToken = "relay-secret-of-telnyx", login = "wismo:a-long-password", turnKey = "turn-key-of-the-glue-code";
export const secrets = { TWILIO_TOKEN: token, RELAY_TOKEN: relayToken, JAMBONZ_LOGIN: login, TURN_KEY: turnKey };
export const conf = `
public_url = "https://wismo.example.com"
twilio_token = "env TWILIO_TOKEN"
relay_token = "env RELAY_TOKEN"
jambonz_login = "env JAMBONZ_LOGIN"
turn_key = "env TURN_KEY"
shop "default" {
    name = "Maison Demo"
    country = FR
    number_prefixes = {"FR-", "UK-"}
    calls = {"+33123456789 fr", "+441632960000 en"}
    transfers = {"returns = task WWaaaabbbbccccddddeeeeffff00001111", "payments = sip sip:payments@pbx.example.com", "complaints = enqueue complaints", "claims = refer sip:claims@pbx.example.com", "products = redirect https://flows.example.com/products", "* = dial +33123450000"}
}
shop "nobody" {
    name = "Nobody There"
    calls = {"+4930123456 de"}
}
`;

const ajv = new Ajv2020({ allErrors: true, strict: true, strictRequired: false, strictTypes: false });
const schema = (name) => JSON.parse(readFileSync(join(root, `docs/schema/${name}.schema.json`), "utf8"));
export const validSent = ajv.compile(schema("relay.client")), validHeard = ajv.compile(schema("relay.server"));
export const validHandoff = ajv.compile({ $ref: "https://wismo.example/schema/relay.server.schema.json#/$defs/handoff" });
export const hold = (valid, value) => assert.ok(valid(value), `${JSON.stringify(value)}: ${ajv.errorsText(valid.errors)}`);

export function place(t, { conf: text = conf } = {}) {
  const made = folder(t, { conf: text, now });
  Object.assign(made.env, secrets);
  return made;
}

export async function phone(t, { conf: text = conf, words = ["--now", now] } = {}) {
  const made = folder(t, { conf: `shop "default" { name = "x" }`, now });
  Object.assign(made.env, secrets);
  const { writeFileSync } = await import("node:fs");
  writeFileSync(join(made.path, "wismo.conf"), text);
  const server = await serve(t, made, ...words);
  server.place = made;
  return server;
}

// What the file says holds from the next call on; comes back once it has been read.
export async function reload(server, text) {
  const { writeFileSync } = await import("node:fs"), seen = server.log.length;
  writeFileSync(join(server.place.path, "wismo.conf"), text);
  server.child.kill("SIGHUP");
  while (!server.log.slice(seen).some((line) => line.includes("reloaded"))) await new Promise((resolve) => setTimeout(resolve, 20));
}

export const sign = (url, fields = {}, key = token) => webhooks.getExpectedTwilioSignature(key, url, fields);
export const socketUrl = "wss://wismo.example.com/voice/twilio";

// A caller on a conversation relay. Frames come out of next() in their order.
export class Caller {
  constructor(server, { ca, path = "voice/twilio", headers = { "X-Twilio-Signature": sign(socketUrl) }, protocols } = {}) {
    this.frames = [];
    this.waiting = [];
    this.socket = new WebSocket(server.url.replace("http", "ws") + path, protocols ?? [], { ca, headers, perMessageDeflate: false });
    this.socket.on("message", (bytes) => {
      const frame = JSON.parse(bytes);
      if (!validHeard(frame)) this.fault ??= `${bytes}: ${ajv.errorsText(validHeard.errors)}`;
      if (frame.handoffData && !validHandoff(JSON.parse(frame.handoffData))) this.fault ??= `${frame.handoffData}: ${ajv.errorsText(validHandoff.errors)}`;
      (this.waiting.shift() ?? ((late) => this.frames.push(late)))(frame);
    });
    this.closed = new Promise((resolve) => this.socket.on("close", (code, why) => resolve({ code, why: String(why) })));
    this.opened = new Promise((resolve) => {
      this.socket.on("open", () => resolve("open"));
      this.socket.on("unexpected-response", (request, response) => { resolve(response.statusCode); request.destroy(); });
      this.socket.on("error", (error) => resolve(error.code ?? error.message));
    });
  }

  static async call(server, setup = {}, options = {}) {
    const caller = new Caller(server, options);
    assert.equal(await caller.opened, "open");
    caller.send({ ...caller.setup(), ...setup });
    return caller;
  }

  setup() {
    this.call = `CA${randomBytes(16).toString("hex")}`;
    return { type: "setup", sessionId: "VX01", accountSid: "AC01", callSid: this.call, parentCallSid: "", from: "+33612345678", to: "+441632960000", forwardedFrom: "", callerName: "",
      direction: "inbound", callType: "PSTN", callStatus: "RINGING", customParameters: {} };
  }

  send(frame) { hold(validSent, frame); this.socket.send(JSON.stringify(frame)); }
  sendRaw(frame) { this.socket.send(typeof frame === "object" ? JSON.stringify(frame) : frame); }
  keys(keys) { for (const digit of keys) this.send({ type: "dtmf", digit }); }

  async next(type, ms = patience) {
    assert.equal(this.fault, undefined);
    let timer;
    const frame = this.frames.shift() ?? await Promise.race([
      new Promise((resolve) => this.waiting.push(resolve)),
      new Promise((_, reject) => { timer = setTimeout(() => reject(new Error(`no ${type ?? "frame"} came`)), ms); }),
    ]);
    clearTimeout(timer);
    assert.equal(this.fault, undefined);
    if (type) assert.equal(frame.type, type, JSON.stringify(frame));
    return frame;
  }

  // All that is said in one go, up to the one frame with last:true.
  async heard() {
    this.beside = [];
    for (let words = ""; ;) {
      const frame = await this.next();
      if (frame.type !== "text") { this.beside.push(frame); continue; }
      words += `${words ? " " : ""}${frame.token}`;
      this.last = frame;
      if (frame.last) return words;
    }
  }

  async say(voicePrompt, lang = "en-US") {
    this.send({ type: "prompt", voicePrompt, lang, last: true });
    return this.heard();
  }

  // Nothing is said for so long.
  async quiet(ms = 150) {
    await new Promise((resolve) => setTimeout(resolve, ms));
    assert.deepEqual(this.frames, []);
  }

  drop() { this.socket.terminate(); }
  hangUp() { this.socket.close(1000); }
}

// What Twilio asks over HTTP.
export async function form(server, path, fields, { signature, url = `https://wismo.example.com/${path}` } = {}) {
  return fetch(server.url + path, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded; charset=utf-8", "x-twilio-signature": signature ?? sign(url, fields) },
    body: new URLSearchParams(fields).toString(),
  });
}
