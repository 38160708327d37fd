// A shop's own system: an HTTP server on a free port that keeps what it is sent and answers as it is told to.
import { execFile } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { createServer as createSecure } from "node:https";
import { promisify } from "node:util";
import { closing } from "../closing.mjs";

export const secret = `whsec_${Buffer.from("a secret of thirty-two bytes ...").toString("base64")}`;
process.env.HOOK = secret; // where the configurations of these tests say that it is

// Each of `answers` is for one request: a status, or (request, response) => …; afterwards everything is answered 200.
export async function system(t, { answers = [], at = "127.0.0.1", port = 0, tls, answer } = {}) {
  const it = { requests: [], answers, waiting: [] };
  const take = (request, response) => {
    let body = "";
    request.setEncoding("utf8");
    request.on("data", (piece) => { body += piece; });
    request.on("end", () => {
      const one = { method: request.method, path: request.url, headers: request.headers, text: body, at: Date.now() };
      try { one.body = JSON.parse(body); } catch { one.body = null; }
      const how = it.answers.shift() ?? answer ?? 200;
      if (typeof how === "function") how(one, response);
      else { response.writeHead(how, { "content-type": "application/json" }); response.end("{}"); }
      it.requests.push(one);
      for (const wake of it.waiting.splice(0)) wake();
    });
  };
  const server = tls ? createSecure(tls, take) : createServer(take);
  server.listen(port, at);
  await once(server, "listening");
  it.port = server.address().port;
  it.url = `http${tls ? "s" : ""}://${at}:${it.port}`;
  it.close = () => new Promise((done) => { server.close(done); server.closeAllConnections(); });
  // Resolves with the requests once there are so many (that `of` counts).
  it.until = async (count, of = () => true, patience = 45000) => {
    const late = Date.now() + patience;
    for (;;) {
      const found = it.requests.filter(of);
      if (found.length >= count) return found;
      const left = late - Date.now();
      if (left <= 0) throw new Error(`${found.length} of ${count} came: ${JSON.stringify(it.requests.map((one) => [one.method, one.path, one.body?.type]))}`);
      let timer;
      await Promise.race([new Promise((wake) => it.waiting.push(wake)), new Promise((wake) => { timer = setTimeout(wake, left); })]);
      clearTimeout(timer);
    }
  };
  closing(t, it.close);
  return it;
}

// An address of this process alone: a port there is nobody else's while nothing listens on it.
export const elsewhere = `127.${1 + (process.pid >> 16)}.${(process.pid >> 8) & 255}.${process.pid & 255}`;

export const pause = (ms) => new Promise((done) => setTimeout(done, ms));

// No agent has said anything that has not been read yet.
export async function silent(chat) {
  for (chat.sendRaw({ type: "mark" }); ;) {
    const frame = await chat.next();
    if (frame.type === "error") return;
    if (frame.from === "agent") throw new Error(`somebody says: ${frame.text}`);
  }
}

const execute = promisify(execFile);

// The hand-off that is open, as wismo handoffs shows it; undefined when none is. Asked beside this process: the system that
// is told of it lives here, and would stand still meanwhile.
export async function openHandoff({ path, env }) {
  const { stdout } = await execute(process.env.WISMO_BIN, ["handoffs", "--json"], { cwd: path, env });
  return stdout ? JSON.parse(stdout) : undefined;
}

// Asks until `get` gives something.
export async function eventually(get, patience = 45000) {
  for (const late = Date.now() + patience; ; await pause(50)) {
    const found = await get();
    if (found) return found;
    if (Date.now() > late) throw new Error(`it never came: ${get}`);
  }
}
