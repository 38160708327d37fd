// TLS of our own: what is refused at the start, what is spoken, and how a certificate is renewed.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import https from "node:https";
import net from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import tls from "node:tls";
import { eventually } from "../outbox/system.mjs";
import { Gateway, spoken } from "../voice/gateway.mjs";
import { Caller, conf as telephone, secrets } from "../voice/phone.mjs";
import { Chat, folder, serve } from "./chat.mjs";

// A key and a certificate of its own for localhost, as files of this name.
function issue(place, name, ...words) {
  const [key, certificate] = ["key", "cert"].map((kind) => join(place.path, `${name}.${kind}.pem`));
  execFileSync("openssl", ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", key, "-out", certificate,
    "-days", "30", "-subj", `/CN=${name}`, "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", ...words], { stdio: "ignore" });
  return { key, certificate, ca: readFileSync(certificate) };
}

const settings = ({ certificate, key }, more = "") => `tls_certificate = "${certificate}"\ntls_key = "${key}"\n${more}`;

// The service with a certificate; `more` are other lines of wismo.conf.
async function secured(t, more) {
  const place = folder(t);
  Object.assign(place.env, secrets);
  const identity = issue(place, "first");
  writeFileSync(join(place.path, "wismo.conf"), settings(identity, more));
  return { place, identity, server: await serve(t, place) };
}

const get = (server, path, ca) => new Promise((resolve, reject) => {
  https.get(new URL(path, server.url), { ca, agent: false }, (response) => {
    let body = "";
    response.on("data", (bytes) => (body += bytes)).on("end", () => resolve({ status: response.statusCode, headers: response.headers, body }));
  }).on("error", reject);
});

// The name in the certificate that is shown to who connects now, and how it is spoken.
const shown = (server, options = {}) => new Promise((resolve, reject) => {
  const socket = tls.connect({ port: server.port, host: "127.0.0.1", rejectUnauthorized: false, ...options }, () => {
    resolve({ name: socket.getPeerCertificate().subject.CN, protocol: socket.getProtocol(), alpn: socket.alpnProtocol });
    socket.destroy();
  });
  socket.once("error", reject);
});

async function logged(server, pattern) {
  const line = await eventually(() => server.log.find((one) => pattern.test(one)));
  server.log.splice(server.log.indexOf(line), 1);
  return line;
}

test("pages come over https and chats over wss, by TLS 1.2 or 1.3 and nothing older", async (t) => {
  const { identity: { ca }, server } = await secured(t);
  assert.match(server.url, /^https:/);
  const health = await get(server, "/healthz", ca);
  assert.equal(health.status, 200);
  assert.equal(JSON.parse(health.body).ok, true);
  const widget = await get(server, "/widget.js", ca);
  assert.ok(widget.body.length > 1000);
  for (const version of ["TLSv1.2", "TLSv1.3"]) {
    const found = await shown(server, { ca, rejectUnauthorized: true, servername: "localhost", minVersion: version, maxVersion: version });
    assert.deepEqual([found.protocol, found.name], [version, "first"]);
  }
  for (const version of ["TLSv1", "TLSv1.1"])
    await assert.rejects(shown(server, { minVersion: version, maxVersion: version, ciphers: "ALL:@SECLEVEL=0" }), version);
  assert.equal((await shown(server, { ALPNProtocols: ["h2", "http/1.1"] })).alpn, "http/1.1");
  const chat = await Chat.begin(server, { locale: "fr" }, { ca, origin: `https://localhost:${server.port}` });
  assert.match((await chat.ask("où est ma commande FR-1042 ? code postal 69003")).text, /Colissimo/);
  assert.equal(await new Chat(server, { ca, origin: `http://localhost:${server.port}` }).failed, 403);
  const again = await Chat.begin(server, { resume: { token: chat.welcome.token, seq: 0 } }, { ca });
  assert.equal(again.welcome.resumed, true);
  assert.equal((await chat.close()).code, 1005);
  again.drop();
});

test("a long frame and a long answer pass whole", async (t) => {
  const { identity: { ca }, server } = await secured(t);
  const chat = await Chat.begin(server, { locale: "en" }, { ca });
  const text = `where is my order? ${"é".repeat(1900)}`;
  chat.send({ type: "say", id: "long", text });
  await chat.answer("long");
  chat.drop();
  const again = await Chat.begin(server, { resume: { token: chat.welcome.token, seq: 0 } }, { ca });
  assert.equal((await again.next("say")).text, text);
  again.drop();
});

test("calls of Twilio and jambonz come over wss, and a page's cookie is for TLS alone", async (t) => {
  const { place, identity: { ca }, server } = await secured(t, telephone);
  const caller = await Caller.call(server, {}, { ca });
  assert.match(await caller.say("Where's my order?"), /order number/i);
  caller.hangUp();
  const gateway = await Gateway.call(server, {}, { ca });
  assert.match(spoken(await gateway.say("where is my order")), /order number/i);
  gateway.drop();
  execFileSync(process.env.WISMO_BIN, ["staff", "add", "Max"], { cwd: place.path, env: place.env, input: "a good long password\n" });
  const cookie = await new Promise((resolve, reject) => {
    const body = "name=Max&password=a+good+long+password", origin = new URL(server.url).origin;
    https.request(new URL("/desk/login", server.url), { ca, method: "POST", headers: { origin, "content-type": "application/x-www-form-urlencoded", "content-length": body.length } },
      (response) => resolve(String(response.resume().headers["set-cookie"]))).on("error", reject).end(body);
  });
  assert.match(cookie, /^wismo_desk=.*; Secure$/);
});

test("who speaks no TLS is hung up on, takes nobody's place and floods no log", async (t) => {
  const { identity: { ca }, server } = await secured(t, "connections = 8\n");
  const strange = (bytes) => new Promise((resolve) => {
    const socket = net.connect(server.port, "127.0.0.1", () => socket.end(bytes));
    socket.on("error", () => {}).on("close", resolve).resume();
  });
  for (const bytes of ["GET / HTTP/1.1\r\nHost: x\r\n\r\n", "\x16\x03\x01\xff\xff", "", "\0".repeat(3000), "SSH-2.0-x\r\n"])
    for (let i = 0; i < 10; i++) await strange(bytes);
  assert.equal((await get(server, "/healthz", ca)).status, 200);
  const noise = server.log.filter((line) => !/wismo serves/.test(line));
  assert.ok(noise.length <= 1, noise.join("\n"));
});

test("SIGHUP shows a renewed certificate to those who come and drops none who is there", async (t) => {
  const { place, identity, server } = await secured(t, 'admin_listen = "127.0.0.1:0"\n');
  const watch = /http:\S+metrics/.exec(await logged(server, /metrics: http:/))[0];
  const expires = /^wismo_tls_certificate_expires_seconds (\S+)$/m.exec(await (await fetch(watch)).text())[1];
  assert.ok(Math.abs(expires - Date.now() / 1000 - 30 * 86400) < 3600, expires);
  const chat = await Chat.begin(server, { locale: "fr" }, { ca: identity.ca });
  const other = issue(place, "second");
  writeFileSync(identity.certificate, readFileSync(other.certificate));
  writeFileSync(identity.key, readFileSync(other.key));
  assert.equal((await shown(server)).name, "first");
  server.child.kill("SIGHUP");
  await logged(server, /info server: the certificate was read again/);
  assert.equal((await shown(server)).name, "second");
  assert.match((await chat.ask("bonjour")).text, /./);
  const third = issue(place, "third");
  writeFileSync(join(place.path, "wismo.conf"), settings(third));
  server.child.kill("SIGHUP");
  await logged(server, /info server: the certificate was read again/);
  assert.equal((await shown(server)).name, "third");
  assert.match((await chat.ask("merci")).text, /./);
  chat.drop();
});

test("a bad new certificate is refused: the old one stays, and the log says why", async (t) => {
  const { place, identity, server } = await secured(t);
  const chat = await Chat.begin(server, { locale: "fr" }, { ca: identity.ca });
  const good = readFileSync(identity.certificate), other = issue(place, "other");
  const refused = async (why) => {
    server.child.kill("SIGHUP");
    assert.match(await logged(server, /error server: the certificate that is shown stays the old one/), why);
    assert.equal((await shown(server)).name, "first");
  };
  writeFileSync(identity.certificate, readFileSync(other.certificate));
  await refused(/tls_key: .*first\.key\.pem is not the key of the certificate in .*first\.cert\.pem/);
  writeFileSync(identity.certificate, good.subarray(0, 200));
  await refused(/tls_certificate: .*first\.cert\.pem: expected certificates in PEM/);
  writeFileSync(identity.certificate, Buffer.concat([good, good.subarray(0, 200)]));
  await refused(/tls_certificate: .*first\.cert\.pem: expected certificates in PEM/);
  writeFileSync(identity.certificate, good);
  writeFileSync(join(place.path, "wismo.conf"), "shop {"); // a broken file does not keep a good certificate out
  server.child.kill("SIGHUP");
  await logged(server, /error server: not reloaded/);
  await logged(server, /info server: the certificate was read again/);
  assert.match((await chat.ask("bonjour")).text, /./);
  chat.drop();
});

test("what is wrong with the files is said at the start, with the setting, the file and what to do", (t) => {
  const place = folder(t);
  const good = issue(place, "good"), other = issue(place, "other"), at = (name) => join(place.path, name);
  const refused = (files, why, ...words) => {
    writeFileSync(at("wismo.conf"), settings({ ...good, ...files }));
    const done = place.wismo("serve", "--port", "0", ...words);
    assert.notEqual(done.status, 0);
    assert.match(done.err, why);
  };
  refused({ certificate: at("none.pem") }, /tls_certificate: cannot read .*none\.pem: No such file/);
  refused({ key: at("none.pem") }, /tls_key: cannot read .*none\.pem: No such file/);
  refused({ key: place.path }, /tls_key: .*: expected a private key in PEM/);
  refused({ certificate: good.key }, /tls_certificate: .*good\.key\.pem: expected certificates in PEM/);
  refused({ key: good.certificate }, /tls_key: .*good\.cert\.pem: expected a private key in PEM/);
  refused({ key: other.key }, /tls_key: .*other\.key\.pem is not the key of the certificate in .*good\.cert\.pem/);
  execFileSync("openssl", ["pkey", "-in", good.key, "-aes256", "-passout", "pass:secret", "-out", at("locked.pem")], { stdio: "ignore" });
  refused({ key: at("locked.pem") }, /tls_key: .*locked\.pem is locked with a password; store it without one/);
  writeFileSync(at("wismo.conf"), `tls_certificate = "${good.certificate}"\n`);
  assert.match(place.wismo("serve", "--port", "0").err, /tls_certificate is set without tls_key: TLS needs both files/);
});
