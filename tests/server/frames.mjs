// RFC 6455 on raw sockets, in the groups of the Autobahn test suite, each case by name. The service is no echo: what must
// go through is a message that is answered.
import assert from "node:assert/strict";
import net from "node:net";
import { test } from "node:test";
import { patience, start } from "./chat.mjs";

const TEXT = 1, BINARY = 2, CLOSE = 8, PING = 9, PONG = 10;
const hello = '{"type":"hello","locale":"fr"}', message = '{"type":"say","id":"m","text":"où est ma commande ?"}';

function frame(opcode, payload = "", { fin = true, rsv = 0, masked = true, length } = {}) {
  const bytes = Buffer.from(payload), head = [(fin ? 0x80 : 0) | (rsv << 4) | opcode];
  const len = length ?? bytes.length, bit = masked ? 0x80 : 0;
  if (len < 126) head.push(bit | len);
  else if (len < 65536) head.push(bit | 126, len >> 8, len & 255);
  else head.push(bit | 127, 0, 0, 0, 0, (len >>> 24) & 255, (len >>> 16) & 255, (len >>> 8) & 255, len & 255);
  if (!masked) return Buffer.concat([Buffer.from(head), bytes]);
  const mask = [0x37, 0xfa, 0x21, 0x3d];
  return Buffer.concat([Buffer.from([...head, ...mask]), bytes.map((byte, i) => byte ^ mask[i & 3])]);
}

const closing = (code, why = "") => frame(CLOSE, Buffer.concat([Buffer.from([code >> 8, code & 255]), Buffer.from(why)]));
const pieces = (payload, sizes) => {
  const bytes = Buffer.from(payload), cuts = [];
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const size = sizes[i] ?? bytes.length;
    cuts.push(bytes.subarray(at, at + size));
    at += size;
  }
  return cuts.map((cut, i) => frame(i ? 0 : TEXT, cut, { fin: i === cuts.length - 1 }));
};
const say = (text) => JSON.stringify({ type: "say", id: "m", text });
const padded = (size) => hello.slice(0, -1) + " ".repeat(size - hello.length) + "}";

// A socket behind its handshake and hello; heard() waits until `enough` says so of the frames that came.
class Raw {
  static async open(port, greeted = true) {
    const raw = new Raw();
    raw.frames = [];
    raw.rest = Buffer.alloc(0);
    raw.socket = net.connect(port, "127.0.0.1");
    raw.socket.on("error", () => {});
    raw.ended = new Promise((resolve) => raw.socket.once("close", resolve)).then(() => (raw.gone = true));
    raw.socket.write(`GET /chat HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: wismo.chat.v1\r\n\r\n");
    const head = await new Promise((resolve) => {
      let text = Buffer.alloc(0);
      const some = (bytes) => {
        text = Buffer.concat([text, bytes]);
        const end = text.indexOf("\r\n\r\n");
        if (end < 0) return;
        raw.socket.off("data", some);
        raw.take(text.subarray(end + 4));
        raw.socket.on("data", (more) => raw.take(more));
        resolve(text.subarray(0, end).toString());
      };
      raw.socket.on("data", some);
    });
    assert.match(head, /^HTTP\/1.1 101 /);
    assert.match(head, /s3pPLMBiTxaQ9kYGzzhZRbK\+xOo=/);
    if (greeted) {
      raw.socket.write(frame(TEXT, hello));
      await raw.heard((frames) => frames.some((one) => one.opcode === TEXT && one.payload.includes('"welcome"')));
    }
    return raw;
  }
  take(bytes) {
    this.rest = Buffer.concat([this.rest, bytes]);
    while (this.rest.length >= 2) {
      let len = this.rest[1] & 127, head = 2;
      assert.equal(this.rest[1] & 128, 0, "a server's frames are not masked");
      if (len === 126) (len = this.rest.readUInt16BE(2)), (head = 4);
      if (this.rest.length < head + len) break;
      this.frames.push({ opcode: this.rest[0] & 15, payload: this.rest.subarray(head, head + len) });
      this.rest = this.rest.subarray(head + len);
    }
    this.changed?.();
  }
  async heard(enough) {
    const limit = Date.now() + patience;
    while (!enough(this.frames)) {
      assert.ok(Date.now() < limit && !this.gone, `heard only ${JSON.stringify(this.frames.map((one) => [one.opcode, one.payload.toString("latin1").slice(0, 40)]))}`);
      await Promise.race([new Promise((resolve) => (this.changed = resolve)), this.ended, new Promise((resolve) => setTimeout(resolve, 200))]);
    }
  }
  close() {
    const found = this.frames.find((one) => one.opcode === CLOSE);
    return found && (found.payload.length >= 2 ? found.payload.readUInt16BE(0) : "no code");
  }
}

const answered = async (raw) => raw.heard((frames) => frames.some((one) => one.opcode === TEXT && one.payload.includes('"from":"bot"')));
const pong = (payload) => async (raw) => raw.heard((frames) => frames.some((one) => one.opcode === PONG && one.payload.equals(Buffer.from(payload))));
const closes = (...codes) => async (raw) => {
  await Promise.race([raw.ended, raw.heard(() => raw.close() !== undefined)]);
  assert.ok(codes.includes(raw.close() ?? "cut"), `closed with ${raw.close() ?? "cut"}, expected ${codes.join(" or ")}`);
  assert.ok(!raw.frames.some((one) => one.opcode === TEXT && one.payload.includes('"from":"bot"')), "it was answered");
};
const bytes = (hex) => Buffer.from(hex.replaceAll(" ", ""), "hex");
const within = (hex) => Buffer.concat([Buffer.from('{"type":"say","id":"m","text":"'), bytes(hex), Buffer.from('"}')]);

const cases = [
  // 1 Framing
  ["1.1 a message of one frame", [frame(TEXT, message)], answered],
  ["1.2 a length of 16 bits", [frame(TEXT, say("où est ma commande ? ".repeat(7)))], answered],
  ["1.4 one byte at a time", [...frame(TEXT, message)].map((byte) => Buffer.from([byte])), answered],
  ["1.5 an empty message is a fault of the message", [frame(TEXT, ""), frame(TEXT, message)], answered],
  ["1.6 a length of 4 GiB is refused once more than a frame of it has come", [frame(TEXT, padded(20000), { length: 2 ** 32 - 1 })], closes(1009)],
  ["1.7 two messages in one packet", [Buffer.concat([frame(PING, "a"), frame(TEXT, message)])], answered],
  // 2 Pings and pongs
  ["2.1 an empty ping", [frame(PING)], pong("")],
  ["2.2 a ping with words", [frame(PING, "Hello, world!")], pong("Hello, world!")],
  ["2.3 a ping of bytes that are no text", [frame(PING, bytes("00 ff fe fd fc fb 00 ff"))], pong(bytes("00 ff fe fd fc fb 00 ff"))],
  ["2.4 a ping of 125 bytes", [frame(PING, "x".repeat(125))], pong("x".repeat(125))],
  ["2.5 a ping of 126 bytes", [frame(PING, "x".repeat(126))], closes(1002, "cut")],
  ["2.6 a ping of 125 bytes, one byte at a time", [...frame(PING, "y".repeat(125))].map((byte) => Buffer.from([byte])), pong("y".repeat(125))],
  ["2.7 a pong that nobody asked for, without words", [frame(PONG), frame(PING, "after")], pong("after")],
  ["2.8 a pong that nobody asked for, with words", [frame(PONG, "unsolicited"), frame(PING, "after")], pong("after")],
  ["2.9 ten pings, each when the one before is answered", [], async (raw) => { for (let i = 0; i < 10; i++) { raw.socket.write(frame(PING, `p${i}`)); await pong(`p${i}`)(raw); } }],
  // 3 Reserved bits
  ...[1, 2, 4].flatMap((rsv) => [
    [`3.1 reserved bit ${rsv} of a text`, [frame(TEXT, message, { rsv })], closes(1002, "cut")],
    [`3.2 reserved bit ${rsv} of a ping`, [frame(PING, "x", { rsv })], closes(1002, "cut")],
    [`3.3 reserved bit ${rsv} of a close`, [frame(CLOSE, bytes("03e8"), { rsv })], closes(1002, 1000, "cut")],
  ]),
  // 4 Opcodes
  ...[3, 4, 5, 6, 7].map((opcode) => [`4.1 reserved opcode ${opcode}`, [frame(opcode, "x")], closes(1002, "cut")]),
  ...[11, 12, 13, 14, 15].map((opcode) => [`4.2 reserved control opcode ${opcode}`, [frame(opcode, "x")], closes(1002, "cut")]),
  // 5 Fragmentation
  ["5.1 a ping in pieces", [frame(PING, "a", { fin: false }), frame(0, "b")], closes(1002, "cut")],
  ["5.2 a pong in pieces", [frame(PONG, "a", { fin: false }), frame(0, "b")], closes(1002, "cut")],
  ["5.3 a text in two pieces", pieces(message, [10]), answered],
  ["5.4 a text in pieces of one byte", pieces(message, Array(message.length + 2).fill(1)), answered],
  ["5.5 a text in two pieces in one packet", [Buffer.concat(pieces(message, [10]))], answered],
  ["5.6 a ping between two pieces", (([a, b]) => [a, frame(PING, "between"), b])(pieces(message, [10])), async (raw) => { await pong("between")(raw); await answered(raw); }],
  ["5.7 an empty first piece", [frame(TEXT, "", { fin: false }), frame(0, message)], answered],
  ["5.8 an empty last piece", [frame(TEXT, message, { fin: false }), frame(0, "")], answered],
  ["5.9 a continuation of nothing", [frame(0, message)], closes(1002, "cut")],
  ["5.10 a continuation of nothing, not the last", [frame(0, message, { fin: false })], closes(1002, "cut")],
  ["5.11 a continuation after a whole message", [frame(TEXT, hello.replace("hello", "bye2")), frame(0, message)], closes(1002, "cut")],
  ["5.12 a new text before the last piece of the old", [frame(TEXT, "{", { fin: false }), frame(TEXT, message)], closes(1002, "cut")],
  // 6 UTF-8
  ["6.1 text of four scripts", [frame(TEXT, say("où est ma commande ? κόσμε жизнь 注文 😀"))], answered],
  ["6.2 a code point cut over two pieces", pieces(say("où est ma commande, où ?"), [33]), answered],
  ["6.3 every byte of a text in a piece of its own", pieces(say("κόσμε où est ma commande"), Array(80).fill(1)), answered],
  ["6.4 the largest code point", [frame(TEXT, within("f4 8f bf bf"))], answered],
  ["6.5 code points that are no characters", [frame(TEXT, within("ef bf be ef bf bf"))], answered],
  ...Object.entries({
    "a continuation byte alone": "80", "two continuation bytes": "80 bf", "a first byte alone": "c3", "the first of three alone": "e2 82", "the first of four alone": "f0 9f 98",
    "an overlong slash in two bytes": "c0 af", "an overlong slash in three": "e0 80 af", "an overlong slash in four": "f0 80 80 af", "an overlong NUL": "c0 80",
    "a surrogate": "ed a0 80", "a pair of surrogates": "ed a0 80 ed bf bf", "above the largest code point": "f4 90 80 80", "five bytes": "f8 88 80 80 80", "the byte fe": "fe", "the byte ff": "ff",
  }).map(([name, hex]) => [`6.6 invalid: ${name}`, [frame(TEXT, within(hex))], closes(1007)]),
  ["6.7 an invalid byte in the second piece", [frame(TEXT, '{"type":"say","id":"m","text":"a', { fin: false }), frame(0, within("ff"))], closes(1007)],
  ["6.8 a text that ends in the midst of a code point", [frame(TEXT, bytes("e2 82"))], closes(1007)],
  // 7 Close
  ["7.1 a close is answered", [closing(1000)], closes(1000)],
  ["7.2 a close without a code", [frame(CLOSE)], closes(1000, 1005, "no code")],
  ["7.3 a close with a reason", [closing(1000, "bye")], closes(1000)],
  ["7.4 a close with a reason of 123 bytes", [closing(1000, "r".repeat(123))], closes(1000)],
  ["7.5 a close with a reason of 124 bytes", [closing(1000, "r".repeat(124))], closes(1002, "cut")],
  ["7.6 a close of one byte is answered with an empty one", [frame(CLOSE, bytes("03"))], closes("no code", 1002)],
  ["7.7 a close with a reason that is no text", [frame(CLOSE, Buffer.concat([bytes("03e8"), bytes("ce ba e1 bd b9 cf 83 ce bc ce b5 ed a0 80")]))], closes(1007, 1002, 1000, "cut")],
  ["7.8 a message behind a close is not answered", [closing(1000), frame(TEXT, message)], closes(1000)],
  ["7.9 two closes", [closing(1000), closing(1000)], closes(1000)],
  ["7.10 a close in the midst of a message", [frame(TEXT, "{", { fin: false }), closing(1000), frame(0, "}")], closes(1000)],
  ...[1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999].map((code) => [`7.11 the code ${code} is answered`, [closing(code)], closes(code)]),
  ...[0, 999, 1004, 1005, 1006, 1016, 1100, 2000, 2999].map((code) => [`7.12 the code ${code} may not be sent`, [closing(code)], closes(1002, "cut")]),
  // 9 Limits
  ["9.1 a frame of 16 KiB", [frame(TEXT, padded(16384).replace('"type":"hello"', '"type":"hells"')), frame(TEXT, message)], answered],
  ["9.2 a frame of 16 KiB and one byte", [frame(TEXT, padded(16385))], closes(1009)],
  ["9.3 pieces of 16 KiB and one byte", pieces(padded(16385), [8192]), closes(1009)],
  ["9.4 more pieces than bytes", [...Array.from({ length: 1100 }, (_, i) => frame(i ? 0 : TEXT, "", { fin: false }))], closes(1009)],
];

test("RFC 6455, case by case", async (t) => {
  const server = await start(t);
  for (const [name, sent, expected] of cases)
    await t.test(name, async () => {
      const raw = await Raw.open(server.port);
      for (const part of sent) raw.socket.write(part);
      await expected(raw);
      raw.socket.destroy();
    });
  await t.test("after all of it a new chat is answered", async () => {
    const raw = await Raw.open(server.port);
    raw.socket.write(frame(TEXT, message));
    await answered(raw);
    raw.socket.destroy();
  });
});

// What the library does otherwise than RFC 6455 says, in no way that lets anybody in. When one of these fails, it has learned.
const deviations = [
  ["a frame that is not masked is taken (5.1: closed with 1002)", [frame(TEXT, message, { masked: false })], answered],
  ["a length written longer than needed is read (5.2: the shortest)", [Buffer.concat([Buffer.from([0x81, 0xff, 0, 0, 0, 0, 0, 0, 0, Buffer.byteLength(message)]), frame(TEXT, message).subarray(2)])], answered],
  ["of ten pings at once the last may go without an answer (5.5.3)", [Buffer.concat(Array.from({ length: 10 }, (_, i) => frame(PING, `p${i}`)))], pong("p0")],
];

test("known deviations of the library", async (t) => {
  const server = await start(t);
  for (const [name, sent, expected] of deviations)
    await t.test(name, async () => {
      const raw = await Raw.open(server.port);
      for (const part of sent) raw.socket.write(part);
      await expected(raw);
      raw.socket.destroy();
    });
});
