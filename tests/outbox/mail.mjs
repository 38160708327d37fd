import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { simpleParser } from "mailparser";
import { SMTPServer } from "smtp-server";
import { closing } from "../closing.mjs";
import { Chat, folder, serve } from "../server/chat.mjs";
import { eventually, openHandoff, pause } from "./system.mjs";

const conf = (port, more = "", scheme = "smtp") => `smtp = "${scheme}://127.0.0.1:${port}${more}"\nmail_from = "wismo@shop.example"\n` +
  `shop "default" {\n  name = "Café \\"Zoë\\" & Söhne"\n  number_prefixes = {"FR-", "UK-"}\n  time_zone = "Europe/Paris"\n  always_open = yes\n` +
  `  handoff_to = "mail desk@shop.example"\n}\n`;

// A relay that keeps the mails it takes. `data(mail, count)` may refuse one: an Error, or "drop" once it has been taken.
async function relay(t, { options = {}, data = () => null, rcpt = () => null } = {}) {
  const it = { mails: [], tries: 0 };
  const server = new SMTPServer({
    authOptional: true, disabledCommands: ["STARTTLS"], logger: false, ...options,
    onRcptTo: (address, session, done) => done(rcpt(address)),
    onData(stream, session, done) {
      const pieces = [];
      stream.on("data", (piece) => pieces.push(piece));
      stream.on("end", async () => {
        const raw = Buffer.concat(pieces).toString();
        const how = await data(raw, ++it.tries, session);
        if (how instanceof Error) return done(how);
        it.mails.push({ raw, envelope: session.envelope, user: session.user, secure: session.secure, at: Date.now(), ...await simpleParser(raw) });
        if (how === "drop") { for (const one of server.connections) one._socket.destroy(); return; }
        if (how !== "hold") done();
      });
    },
  });
  server.on("error", () => {});
  server.listen(0, "127.0.0.1");
  await once(server.server, "listening");
  it.port = server.server.address().port;
  closing(t, () => { for (const one of server.connections) one._socket.destroy(); server.close(); });
  it.until = (count, patience) => eventually(() => it.mails.length >= count && it.mails, patience);
  return it;
}

async function begin(t, port) {
  const place = folder(t, { conf: conf(port) });
  return { place, server: await serve(t, place) };
}

const refusal = (responseCode, text) => Object.assign(new Error(text), { responseCode });

test("a hand-off is one mail that a person can answer", async (t) => {
  const post = await relay(t);
  const { server } = await begin(t, post.port);
  const chat = await Chat.begin(server, { locale: "fr" });
  await chat.ask("où est ma commande FR-1042 ? code postal 69003, camille.martin@example.fr");
  await chat.ask("je veux être remboursée !\n.\nDATA\nReason: faux");
  const [mail] = await post.until(1);
  assert.deepEqual([mail.envelope.mailFrom.address, mail.envelope.rcptTo.map((one) => one.address)], ["wismo@shop.example", ["desk@shop.example"]]);
  assert.equal(mail.from.value[0].name, 'Café "Zoë" & Söhne');
  assert.equal(mail.from.value[0].address, "wismo@shop.example");
  assert.equal(mail.to.value[0].address, "desk@shop.example");
  assert.equal(mail.replyTo.value[0].address, "camille.martin@example.fr");
  assert.equal(mail.subject, '[Café "Zoë" & Söhne] human.refund, FR-1042');
  assert.equal(mail.headers.get("auto-submitted"), "auto-generated");
  assert.match(mail.messageId, /^<[0-9A-Z]{26}\.opened@shop\.example>$/);
  assert.ok(Math.abs(mail.date - Date.now()) < 1800000); // the right hour
  assert.match(mail.text, /^Reason: human\.refund$/m);
  assert.equal(mail.text.match(/^Reason:/gm).length, 1);
  assert.match(mail.text, /^Parcel 1 of 1: in_transit.*Colissimo/m);
  assert.match(mail.text, /customer: je veux être remboursée ! \. DATA Reason: faux$/m);
  assert.match(mail.text, /An answer to this mail goes to the customer/);
  const [{ filename, content }] = mail.attachments;
  assert.equal(filename, "handoff.json");
  const body = JSON.parse(content);
  assert.deepEqual([body.type, body.order.number, body.transcript.at(-2).text.slice(0, 24)], ["handoff.opened", "FR-1042", "je veux être remboursée "]);
  for (const line of mail.raw.split("\r\n")) assert.ok(Buffer.byteLength(line) <= 998);
  assert.doesNotMatch(mail.raw.split("\r\n\r\n")[0], /[^\x00-\x7f]/);
});

test("a scan that its carrier announces is not told to a person as the last one", async (t) => {
  const post = await relay(t);
  const { place, server } = await begin(t, post.port);
  const scan = (hours, where) => ({ at: new Date(Date.now() + hours * 3600000).toISOString(), status: "in_transit", place: where });
  const file = join(place.path, "announced.jsonl");
  writeFileSync(file, JSON.stringify({ number: "FR-4712", postcode: "69003", parcels: [{ id: "1", checkpoints: [scan(-1, "Lyon"), scan(1, "Nice")] }] }));
  assert.match(place.wismo("import", file).out, /new 1/);
  const chat = await Chat.begin(server, { locale: "fr" });
  await chat.ask("où est ma commande FR-4712 ? code postal 69003");
  await chat.ask("je veux être remboursée");
  const [{ text, attachments: [{ content }] }] = await post.until(1);
  assert.match(text, /^ {2}last scan: .* in_transit, Lyon$/m);
  assert.equal(JSON.parse(content).order.parcels[0].last.place, "Lyon");
});

test("who has left no address is answered in the queue", async (t) => {
  const post = await relay(t);
  const { server } = await begin(t, post.port);
  await (await Chat.begin(server, { locale: "en" })).ask("I want to talk to a person");
  const [mail] = await post.until(1);
  assert.equal(mail.replyTo, undefined);
  assert.match(mail.text, /left no address: answer in the queue/);
});

test("a relay that refuses for now is given it again under the same Message-ID", async (t) => {
  let go;
  const read = new Promise((resolve) => { go = resolve; }); // the second refusal does not come before the first has been read
  const post = await relay(t, { data: (_, count) => (count === 1 ? refusal(451, "greylisted") : count === 2 ? read.then(() => refusal(552, "full")) : null) });
  const { place, server } = await begin(t, post.port);
  await (await Chat.begin(server, { locale: "en" })).ask("I want to talk to a person");
  await eventually(() => post.tries === 2);
  assert.match((await openHandoff(place)).trouble, /451/);
  go();
  await post.until(1);
  assert.equal(post.tries, 3);
  await eventually(async () => (await openHandoff(place)).delivery === "");
});

test("a relay that knows nobody of that name is told of", async (t) => {
  const post = await relay(t, { rcpt: () => refusal(550, "no such mailbox") });
  const { place, server } = await begin(t, post.port);
  await (await Chat.begin(server, { locale: "en" })).ask("I want to talk to a person");
  const row = await eventually(async () => { const one = await openHandoff(place); return one.trouble && one; });
  assert.match(row.trouble, /550/);
  assert.equal(row.delivery, "pending");
});

test("a relay that takes it and hangs up is given the same mail again: who reads it sees one", async (t) => {
  const post = await relay(t, { data: (_, count) => (count === 1 ? "drop" : null) });
  const { server } = await begin(t, post.port);
  await (await Chat.begin(server, { locale: "en" })).ask("I want to talk to a person");
  const [first, second] = await post.until(2);
  assert.equal(first.messageId, second.messageId);
  assert.equal(first.text, second.text);
  await pause(1500);
  assert.equal(post.mails.length, 2);
});

test("killed while the relay has it, it sends the same mail after the restart", async (t) => {
  const post = await relay(t, { data: (_, count) => (count === 1 ? "hold" : null) });
  const { place, server } = await begin(t, post.port);
  await (await Chat.begin(server, { locale: "en" })).ask("I want to talk to a person");
  await post.until(1);
  await server.stop("SIGKILL");
  await serve(t, place);
  const [first, second] = await post.until(2);
  assert.equal(first.messageId, second.messageId);
});

test("a relay that is silent holds nobody up", async (t) => {
  const called = [], told = [], silent = createServer((socket) => {
    called.push(socket);
    socket.on("close", () => told.push("broken off")).on("error", () => {}).resume();
  });
  silent.listen(0, "127.0.0.1");
  await once(silent, "listening");
  closing(t, () => { silent.close(); for (const socket of called) socket.destroy(); });
  const { server } = await begin(t, silent.address().port);
  await (await Chat.begin(server, { locale: "en" })).ask("I want to talk to a person");
  assert.deepEqual(told, [], "the customer does not wait for the relay");
  await eventually(() => called.length > 0);
  const stopping = performance.now();
  await server.stop();
  assert.ok(performance.now() - stopping < 18000, "what is under way is broken off, not waited for (20 s)");
});

test("what follows comes in one mail, not one a line, and belongs to the first", async (t) => {
  const post = await relay(t);
  const { server } = await begin(t, post.port);
  const chat = await Chat.begin(server, { locale: "en" });
  await chat.ask("I want to talk to a person");
  await post.until(1);
  const more = ["it is urgent", "my number is FR-1042", "thank you"];
  more.forEach((text, at) => chat.send({ type: "say", id: `more-${at}`, text })); // in one breath, however slow the machine
  const [first, second] = await post.until(2);
  assert.ok(second.at - first.at >= 14000);
  assert.equal(second.inReplyTo, first.messageId);
  assert.deepEqual([second.references].flat(), [first.messageId]);
  assert.notEqual(second.messageId, first.messageId);
  for (const text of more) assert.match(second.text, new RegExp(`customer: ${text}$`, "m"));
  assert.doesNotMatch(second.text, /customer: I want to talk to a person$/m);
  await pause(1500);
  assert.equal(post.mails.length, 2);
});

test("a password goes only over TLS, and only to a relay that is vouched for", async (t) => {
  const place = folder(t, { conf: "" });
  const [key, cert] = ["key.pem", "cert.pem"].map((name) => join(place.path, name));
  execFileSync("openssl", ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", key, "-out", cert,
    "-days", "2", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"], { stdio: "ignore" });
  const keys = { key: readFileSync(key), cert: readFileSync(cert) };
  const logins = [];
  const auth = { authOptional: false, disabledCommands: [], onAuth: ({ username, password }, session, done) => { logins.push([username, password]); done(null, { user: username }); } };
  const plain = await relay(t, { options: { ...auth, disabledCommands: ["STARTTLS"], allowInsecureAuth: true } });
  const upgraded = await relay(t, { options: { ...auth, ...keys } });
  const secure = await relay(t, { options: { ...auth, ...keys, secure: true } });
  place.env.RELAY = process.env.RELAY = "open sesame";
  const configure = (post, scheme, ca = "") => writeFileSync(join(place.path, "wismo.conf"), (ca && `handoff_ca = "${ca}"\n`) + conf(post.port, " wismo env RELAY", scheme));
  const trouble = async () => (await openHandoff(place)).trouble;

  configure(plain, "smtp");
  let server = await serve(t, place);
  await (await Chat.begin(server, { locale: "en" })).ask("I want to talk to a person");
  await eventually(async () => /TLS|SSL/.test(await trouble()));
  await server.stop();
  configure(upgraded, "smtp");
  server = await serve(t, place);
  await eventually(async () => /certificate/.test(await trouble()));
  await server.stop();
  assert.deepEqual(logins, []);
  configure(upgraded, "smtp", cert);
  server = await serve(t, place);
  const [mail] = await upgraded.until(1);
  assert.deepEqual([mail.secure, mail.user, logins], [true, "wismo", [["wismo", "open sesame"]]]);
  await server.stop();
  configure(secure, "smtps", cert);
  server = await serve(t, place);
  await (await Chat.begin(server, { locale: "en" })).ask("I want to talk to a person");
  assert.equal((await secure.until(1))[0].secure, true);
});
