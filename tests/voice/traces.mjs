// Two whole calls, frame by frame, against the running service: docs/phone-traces.md has what passed, and is held to it.
// WISMO_WRITE=1 node --test tests/voice/traces.mjs writes it anew.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "../server/chat.mjs";
import { Gateway } from "./gateway.mjs";
import { Caller, form, phone, sign, socketUrl } from "./phone.mjs";

const page = join(root, "docs/phone-traces.md");
const order = { number: "10042", state: "preparing", placed_at: "2026-03-04", promised_to: "2026-03-13", email: "sam@mail.example", phone: "+447700900123", postcode: "BS3 4EA", country: "GB",
  lines: [{ title: "Lamp", quantity: 1, parcel: "A" }], parcels: [{ id: "A", carrier: "UPS", tracking_number: "1Z999AA10123456784", status: "in_transit", estimated_to: "2026-03-13",
    checkpoints: [{ at: "2026-03-10T10:20:00+01:00", status: "in_transit", place: "Bristol", source: "ups" }] }] };

async function shop(t) {
  const server = await phone(t);
  const file = join(server.place.path, "order.jsonl");
  writeFileSync(file, `${JSON.stringify(order)}\n`);
  assert.match(server.place.wismo("import", file).out, /new 1/);
  return server;
}

// What differs from call to call is written as it is in the documents of the platforms.
const plain = (text) => text.replace(/\b01[0-9A-HJKMNP-TV-Z]{24}\b/g, "01K…").replace(/call-[0-9a-f]+/g, "9fb35c28").replace(/\bCA[0-9a-f]{32}\b/g, "CA01");

// The block of this name on the page is what has passed.
function hold(name, lines) {
  const text = `${lines.map(plain).join("\n")}\n`, written = readFileSync(page, "utf8");
  const parts = written.split(new RegExp(`(## ${name}\n[\\s\\S]*?\`\`\`\n)([\\s\\S]*?)(\`\`\`)`));
  assert.equal(parts.length, 5, `${page} has no block of ${name}`);
  if (process.env.WISMO_WRITE) writeFileSync(page, [parts[0], parts[1], text, parts[3], parts[4]].join(""));
  else assert.equal(parts[2], text);
}

test("Twilio: a question, keys over our words, the proof, the answer, and a refund that goes to a person", async (t) => {
  const server = await shop(t), lines = [];
  const caller = new Caller(server);
  assert.equal(await caller.opened, "open");
  lines.push(`T GET /voice/twilio  Upgrade: websocket  X-Twilio-Signature: ${sign(socketUrl)}`, "S 101");
  const tell = (...frames) => { for (const frame of frames) caller.send(frame); lines.push(`T ${frames.map((frame) => JSON.stringify(frame)).join(" ")}`); };
  const hear = async () => { for (let frame; !frame?.last;) { frame = await caller.next(); lines.push(`S ${JSON.stringify(frame)}`); if (frame.type === "end") return frame; } return caller; };
  const prompt = (voicePrompt) => ({ type: "prompt", voicePrompt, lang: "en-US", last: true }), keys = (digits) => [...digits].map((digit) => ({ type: "dtmf", digit }));
  tell({ ...caller.setup(), from: "+14155550100" });
  await caller.quiet();
  lines.push("  (Twilio speaks welcomeGreeting; wismo is silent)");
  tell(prompt("Where's my order?"));
  await hear();
  tell({ type: "interrupt", utteranceUntilInterrupt: "What is your order", durationUntilInterruptMs: 1210 });
  tell(...keys("10042#"));
  await hear();
  tell(prompt("B S three, four E A."));
  await hear();
  tell({ type: "info", name: "agentSpeaking", value: "on" });
  tell({ type: "info", name: "agentSpeaking", value: "off" }); // it has heard us: speaker-events are on
  tell({ type: "info", name: "clientSpeaking", value: "on" }, prompt("Yeah, I want a refund."));
  await hear();
  const end = await hear();
  caller.hangUp();
  assert.equal((await caller.closed).code, 1000);
  const fields = { SessionId: "VX01", SessionStatus: "ended", HandoffData: end.handoffData, CallSid: caller.call, CallStatus: "in-progress", From: "+14155550100", To: "+441632960000" };
  const answer = await form(server, "voice/twilio/action", fields);
  lines.push("T close 1000", "T POST /voice/twilio/action  SessionStatus=ended&HandoffData=…&CallSid=CA01&CallStatus=in-progress", `S ${answer.status} text/xml  ${await answer.text()}`);
  hold("Twilio", lines);
});

test("jambonz: the greeting, a silence, the number, the proof, the answer, and a refund that nobody takes", async (t) => {
  const server = await shop(t), lines = [];
  const call = new Gateway(server);
  assert.equal(await call.opened, "open");
  lines.push("J GET /voice/jambonz  Sec-WebSocket-Protocol: ws.jambonz.org  Authorization: Basic …", "S 101  Sec-WebSocket-Protocol: ws.jambonz.org");
  const send = call.socket.send.bind(call.socket);
  call.socket.send = (text) => { const { b3, ...frame } = JSON.parse(text); lines.push(`J ${JSON.stringify(frame)}`); send(text); };
  call.socket.prependListener("message", (bytes) => lines.push(`S ${bytes}`));
  await call.ask("session:new", call.session());
  call.tell("call:status", call.base({ call_status: "in-progress" }));
  await call.silence();
  await call.say("order one double oh four two");
  await call.say("b s three four e a", 0.81);
  await call.say("i want a refund");
  await call.transferred("dial", { dial_call_status: "no-answer", dial_sip_status: 480 });
  await call.keys("1");
  call.tell("call:status", call.base({ call_status: "completed", duration: 60 }));
  call.socket.close(1000);
  assert.equal(await call.closed, 1000);
  assert.equal(call.acked.length, 7);
  lines.push("J close 1000");
  hold("jambonz", lines);
});
