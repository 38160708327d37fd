// A second engine: the same conversation in Debian's Firefox, driven over WebDriver BiDi (w3c.github.io/webdriver-bidi).
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";
import WebSocket from "ws";
import { closing } from "../closing.mjs";
import { patience, stopped } from "../server/chat.mjs";

const ENTER = "\uE007", ESCAPE = "\uE00C";

async function firefox(t) {
  const profile = mkdtempSync(join(tmpdir(), "wismo-firefox-"));
  const child = spawn(process.env.WISMO_FIREFOX ?? "firefox-esr", ["--headless", "--no-remote", "--profile", profile, "--remote-debugging-port", "0", "about:blank"], { stdio: ["ignore", "ignore", "pipe"], detached: true, env: { ...process.env, HOME: profile } });
  const gone = new Promise((resolve) => child.once("close", resolve).once("error", resolve)); // its children too: they have its stderr
  closing(t, async () => {
    if (child.pid) process.kill(-child.pid, "SIGKILL"); // all of them: each writes into the profile
    await gone;
    rmSync(profile, { recursive: true, force: true });
  });
  const address = await new Promise((resolve, reject) => {
    createInterface({ input: child.stderr }).on("line", (line) => { const found = /BiDi listening on (ws:\S+)/.exec(line); if (found) resolve(found[1]); });
    gone.then((why) => reject(new Error(`firefox-esr has ended: ${why}`)));
  });
  const socket = new WebSocket(`${address}/session`), waiting = new Map();
  await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject));
  closing(t, () => socket.terminate());
  socket.on("message", (bytes) => {
    const { id, type, result, message } = JSON.parse(bytes);
    waiting.get(id)?.(type === "error" ? Promise.reject(new Error(message)) : result);
  });
  let ids = 0;
  const send = (method, params = {}) => new Promise((resolve) => {
    waiting.set(++ids, resolve);
    socket.send(JSON.stringify({ id: ids, method, params }));
  });
  await send("session.new", { capabilities: {} });
  const { contexts: [{ context }] } = await send("browsingContext.getTree");
  const read = async (expression) => JSON.parse((await send("script.evaluate", { expression: `JSON.stringify((() => { const root = document.querySelector("wismo-chat")?.shadowRoot; return ${expression}; })() ?? null)`, target: { context }, awaitPromise: false })).result.value);
  return {
    read,
    go: (url) => send("browsingContext.navigate", { context, url, wait: "complete" }),
    reload: () => send("browsingContext.reload", { context, wait: "complete" }),
    async until(expression) {
      for (const late = Date.now() + patience; Date.now() < late; await new Promise((resolve) => setTimeout(resolve, 50))) {
        const value = await read(expression).catch(() => null);
        if (value) return value;
      }
      throw new Error(`never: ${expression}`);
    },
    async click(selector) {
      const { x, y } = await read(`(() => { const box = root.querySelector(${JSON.stringify(selector)}).getBoundingClientRect(); return { x: Math.round(box.x + box.width / 2), y: Math.round(box.y + box.height / 2) }; })()`);
      await send("input.performActions", { context, actions: [{ type: "pointer", id: "mouse", actions: [{ type: "pointerMove", x, y }, { type: "pointerDown", button: 0 }, { type: "pointerUp", button: 0 }] }] });
    },
    type: (text) => send("input.performActions", { context, actions: [{ type: "key", id: "keys", actions: [...text].flatMap((value) => [{ type: "keyDown", value }, { type: "keyUp", value }]) }] }),
  };
}

test("in Firefox too the chat opens, shows the parcels, survives a reload, and closes with the keyboard", async (t) => {
  const [server, fox] = await Promise.all([stopped(t), firefox(t)]);
  await fox.go(`${server.url}?lang=fr`);
  await fox.until('root?.querySelector(".launcher")?.ariaLabel === "Discussion"');
  assert.equal(await fox.read("localStorage.length + sessionStorage.length"), 0);
  await fox.click(".launcher");
  await fox.until('root.activeElement?.tagName === "TEXTAREA"');
  await fox.type(`ou est ma commande FR-1042 ? 69003${ENTER}`);
  await fox.until('root.querySelector(".badge")?.textContent === "2 jours de retard"');
  assert.equal(await fox.read('root.querySelectorAll(".track li.done").length'), 3);
  assert.equal(await fox.read('getComputedStyle(root.querySelector(".panel")).position'), "fixed"); // its styles are taken
  const turns = 'root.querySelectorAll(".turn.bot, .turn.customer").length';
  assert.equal(await fox.read(turns), 2);
  await fox.reload();
  await fox.until('root?.querySelector(".badge")');
  assert.equal(await fox.read(turns), 2);
  await fox.click("textarea");
  await fox.type(`je veux parler a un humain${ENTER}`);
  await fox.until('!root.querySelector(".state").hidden');
  await fox.type(ESCAPE);
  await fox.until('root.querySelector(".panel").hidden && root.activeElement?.className === "launcher"');
});
