import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { Chat, root, start } from "./chat.mjs";

// What comes back on a bare connection until it is closed.
const raw = (server, ...lines) => new Promise((resolve) => {
  let heard = "";
  const socket = connect(server.port, "127.0.0.1");
  socket.on("data", (bytes) => { heard += bytes; }).on("close", () => resolve(heard)).on("error", () => {});
  socket.write([...lines, "", ""].join("\r\n"));
});

// As it stands in the tree; scripts without what only we read: indentation and lines of comment.
function served(file) {
  const text = readFileSync(join(root, "web", file), "utf8");
  return file.endsWith(".js") ? text.replace(/^ *\/\/ .*\n/gm, "").replace(/^ +/gm, "") : text;
}

test("the pages are those of the tree, with a strict policy and no script of their own", async (t) => {
  const server = await start(t);
  for (const [path, file, type] of [["", "demo.html", "text/html"], ["demo.js", "demo.js", "text/javascript"], ["demo.css", "demo.css", "text/css"], ["demo.svg", "demo.svg", "image/svg+xml"]]) {
    const answer = await fetch(server.url + path);
    assert.equal(answer.status, 200);
    assert.ok(answer.headers.get("content-type").startsWith(`${type}; charset=utf-8`), path);
    assert.match(answer.headers.get("content-security-policy"), /^default-src 'none'; script-src 'self';/);
    assert.doesNotMatch(answer.headers.get("content-security-policy"), /unsafe|\*/);
    assert.equal(answer.headers.get("x-content-type-options"), "nosniff");
    assert.equal(answer.headers.get("referrer-policy"), "no-referrer");
    assert.equal(await answer.text(), served(file));
  }
  const page = await (await fetch(server.url)).text();
  assert.doesNotMatch(page, /<script(?![^>]*\bsrc=)|\son\w+=|style=|javascript:/i);
});

test("the widget may be embedded anywhere, is gzipped for who takes it, and is not sent again unchanged", async (t) => {
  const server = await start(t);
  for (const file of ["widget.js", "widget-panel.js", "widget-chat.js", "widget-fr.js"]) {
    const text = served(file), tags = new Set();
    for (const [accepted, encoding] of [["gzip, br", "gzip"], ["identity", null], ["gzip;q=0", null]]) {
      const answer = await fetch(server.url + file, { headers: { "accept-encoding": accepted } });
      assert.equal(answer.headers.get("content-encoding"), encoding, accepted);
      assert.equal(answer.headers.get("vary"), "accept-encoding");
      assert.equal(answer.headers.get("access-control-allow-origin"), "*");
      assert.equal(answer.headers.get("cross-origin-resource-policy"), "cross-origin");
      assert.match(answer.headers.get("cache-control"), /^public, max-age=\d+/);
      assert.equal(await answer.text(), text);
      const etag = answer.headers.get("etag"), again = await fetch(server.url + file, { headers: { "accept-encoding": accepted, "if-none-match": `"other", ${etag}` } });
      assert.deepEqual([again.status, await again.text(), again.headers.get("etag")], [304, "", etag]);
      tags.add(etag);
    }
    assert.equal(tags.size, 2); // gzipped or not, they are not the same bytes
  }
  const page = await fetch(server.url);
  assert.equal(page.headers.get("access-control-allow-origin"), null);
  assert.equal(page.headers.get("cross-origin-resource-policy"), "same-origin");
  assert.equal((await fetch(server.url, { headers: { "if-none-match": page.headers.get("etag") } })).status, 304);
});

test("health says that the database can be read and how many chats there are", async (t) => {
  const server = await start(t);
  const chat = await Chat.begin(server, { locale: "fr" });
  const answer = await fetch(`${server.url}healthz`);
  assert.equal(answer.status, 200);
  const health = await answer.json();
  assert.deepEqual([health.ok, health.db, health.draining, health.chats, health.conversations], [true, true, false, 1, 1]);
  assert.equal(typeof health.queue, "number");
  chat.drop();
});

test("what is not there is 404, other methods are 405, and HEAD has no body", async (t) => {
  const server = await start(t);
  for (const path of ["nothing", "demo", "../wismo.db", "%2e%2e/wismo.db", "wismo.db", "demo.html", "widget.js.gz", "widget-xx.js", "healthz/"])
    assert.equal((await fetch(server.url + path)).status, 404, path);
  for (const method of ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"]) {
    const answer = await fetch(server.url, { method });
    assert.equal(answer.status, 405, method);
    assert.equal(answer.headers.get("allow"), "GET, HEAD");
  }
  const head = await fetch(server.url, { method: "HEAD" });
  assert.equal(head.status, 200);
  assert.equal(await head.text(), "");
  assert.equal((await fetch(`${server.url}chat`)).status, 426);
});

test("no upgrade but to a WebSocket is taken up", async (t) => {
  const server = await start(t);
  const upgrade = (what) => raw(server, "GET /chat HTTP/1.1", "Host: x", "Connection: Upgrade, HTTP2-Settings", `Upgrade: ${what}`, "HTTP2-Settings: AAMAAABkAAQAAP__");
  for (const what of ["h2c", "foo", "TLS/1.0"]) assert.doesNotMatch(await upgrade(what), /^HTTP\/1\.1 101/, what);
  assert.doesNotMatch(await raw(server, "PRI * HTTP/2.0", "", "SM"), /101|\x04\x00\x00\x00\x00\x00/);
});

test("requests with bodies, nonsense and smuggled requests are answered once or not at all", async (t) => {
  const server = await start(t);
  for (const lines of [
    ["GET / HTTP/1.1", "Host: x", "Content-Length: 5", "", "hello"],
    ["GET / HTTP/1.1", "Host: x", "Content-Length: -1"],
    ["GET / HTTP/1.1", "Host: x", "Content-Length: 99999999999999999999"],
    ["GET / HTTP/1.1", "Host: x", "Transfer-Encoding: chunked", "Content-Length: 5", "", "0", "", "GET /healthz HTTP/1.1", "Host: x"],
    ["POST / HTTP/1.1", "Host: x", "Content-Length: 40", "", "GET /healthz HTTP/1.1"],
    ["nonsense"],
    [`GET /${"a".repeat(9000)} HTTP/1.1`, "Host: x"],
    ["GET / HTTP/1.1", "Host: x", `X: ${"a".repeat(20000)}`],
    ["GET / HTTP/1.1", "Host: x", "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Protocol: wismo.chat.v1"],
    ["GET /chat HTTP/1.1", "Host: x", "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Protocol: wismo.chat.v1"],
    ["\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"],
  ]) {
    const heard = await raw(server, ...lines);
    assert.ok((heard.match(/HTTP\/1\.1 \d/g) ?? []).length <= 1, `${lines[0]}: ${heard}`);
    assert.doesNotMatch(heard, /HTTP\/1\.1 (101|200)/, lines.join("|"));
  }
  assert.equal((await fetch(`${server.url}healthz`)).status, 200);
  assert.equal(server.log.length, 1, server.log.join("\n")); // strangers do not fill the log
});
