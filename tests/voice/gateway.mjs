// jambonz, played: connects as strictly as it does, and holds every list of verbs that it is given to both of the
// validators that its makers publish.
import Ajv2020 from "ajv/dist/2020.js";
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import WebSocket from "ws";
import { patience } from "../server/chat.mjs";
import { login } from "./phone.mjs";

const require = createRequire(import.meta.url);
const specifications = require("@jambonz/verb-specifications"), schema = require("@jambonz/schema");
const logger = { info() {}, error() {}, debug() {} };
const ajv = new Ajv2020({ strict: false });
const callbacks = join(dirname(require.resolve("@jambonz/schema")), "callbacks");
for (const file of readdirSync(callbacks)) ajv.addSchema(JSON.parse(readFileSync(join(callbacks, file), "utf8")));

const last = ["gather", "redirect", "hangup"];

// Throws where jambonz would have refused the list, or the caller would be left in silence at its end.
export function judge(verbs) {
  assert.ok(verbs.length > 0, "an empty list");
  specifications.validate(logger, verbs);
  schema.validate(logger, verbs);
  const whole = schema.validateApp(verbs);
  assert.ok(whole.valid, JSON.stringify(whole.errors));
  assert.ok(last.includes(verbs.at(-1).verb), JSON.stringify(verbs));
  for (const verb of verbs) {
    const text = verb.text ?? verb.say?.text ?? "";
    assert.ok(text.length <= 900, `${text.length} characters in one text`);
    if (!text.startsWith("<speak>")) assert.doesNotMatch(text, /https?:|[<>*#_]/);
  }
}

const fits = (name, data) => assert.ok(ajv.validate(`https://jambonz.org/schema/callbacks/${name}`, data), `${name}: ${ajv.errorsText()}`);
export const spoken = (verbs) => verbs.map((verb) => verb.text ?? verb.say?.text).filter(Boolean).join(" ");

export class Gateway {
  constructor(server, { ca, auth = login, protocols = ["ws.jambonz.org"], path = "voice/jambonz" } = {}) {
    this.ids = 0;
    this.acks = new Map();
    this.acked = [];
    this.commands = [];
    this.call = `call-${Math.random().toString(16).slice(2)}`;
    this.socket = new WebSocket(server.url.replace("http", "ws") + path, protocols, { ca, handshakeTimeout: patience, maxPayload: 24 * 1024, auth, perMessageDeflate: false });
    this.socket.on("message", (bytes) => {
      try {
        const frame = JSON.parse(bytes);
        if (frame.data !== undefined) judge(frame.data);
        if (frame.type === "ack") {
          assert.ok(!this.acked.includes(frame.msgid), `${frame.msgid} was acked twice`);
          this.acked.push(frame.msgid);
          assert.ok(this.acks.has(frame.msgid), `${frame.msgid} was never sent`);
          this.acks.get(frame.msgid)(frame.data);
        } else {
          assert.equal(frame.type, "command");
          this.commands.push(frame);
        }
      } catch (error) {
        this.fault ??= error;
      }
    });
    this.closed = new Promise((resolve) => this.socket.on("close", (code) => resolve(code)));
    this.opened = new Promise((resolve) => {
      this.socket.on("open", () => resolve("open"));
      this.socket.on("unexpected-response", (request, response) => { resolve(response.statusCode); request.destroy(); });
      this.socket.on("error", (error) => resolve(error.message));
    });
  }

  static async call(server, data = {}, options = {}) {
    const gateway = new Gateway(server, options);
    assert.equal(await gateway.opened, "open");
    gateway.greeting = await gateway.ask("session:new", gateway.session(data));
    return gateway;
  }

  base(more) { return { call_sid: this.call, account_sid: "a1", application_sid: "p1", direction: "inbound", from: "+33612345678", to: "+441632960000", call_id: "c1", call_status: "in-progress", sip_status: 200, ...more }; }

  session(more) {
    const data = this.base({ caller_name: "", call_status: "trying", sip_status: 100, sip: { headers: { from: "<sip:x@y>", "X-Order-Hint": "10042" }, method: "INVITE", uri: "sip:x@y" },
      defaults: { synthesizer: { vendor: "google", language: "en-US", voice: "x" }, recognizer: { vendor: "google", language: "en-US" } }, env_vars: {}, ...more });
    fits("session-new", data);
    return data;
  }

  // Gives the verbs of the ack, or undefined when it brings none.
  async ask(type, data, hook, msgid = `m${++this.ids}`) {
    const ack = new Promise((resolve) => this.acks.set(msgid, resolve));
    this.socket.send(JSON.stringify({ type, msgid, call_sid: this.call, b3: "1", hook, data }));
    let timer;
    const verbs = await Promise.race([ack, new Promise((_, reject) => { timer = setTimeout(() => reject(this.fault ?? new Error(`${type} was not acked`)), patience); })]);
    clearTimeout(timer);
    if (this.fault) throw this.fault;
    return verbs;
  }

  tell(type, data) { this.socket.send(JSON.stringify({ type, call_sid: this.call, data })); }

  async turn(result) {
    const data = this.base(result);
    fits("gather", data);
    return this.ask("verb:hook", data, "/wismo/turn");
  }

  say(transcript, confidence = 0.92, language_code = "en-US") { return this.turn({ reason: "speechDetected", speech: { language_code, is_final: true, alternatives: [{ transcript, confidence }] } }); }
  keys(digits) { return this.turn({ reason: "dtmfDetected", digits }); }
  silence() { return this.turn({ reason: "timeout" }); }
  transferred(name, result) { const data = this.base(result); fits(name, data); return this.ask("verb:hook", data, "/wismo/transfer"); }

  drop() { this.socket.terminate(); }
}
