// Debian's Chromium, shared by the tests of a file, and what they do with the widget.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { connect, createServer as listen } from "node:net";
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { after } from "node:test";
import { chromium } from "playwright-core";
import { closing } from "../closing.mjs";

const patience = 90000; // much longer than a page that was cut off may pause before it tries again (30 s)
const begin = () => chromium.launch({
  timeout: patience,
  executablePath: process.env.WISMO_CHROMIUM ?? "/usr/bin/chromium",
  args: ["--disable-gpu", ...(process.getuid?.() === 0 ? ["--no-sandbox"] : [])],
});
export const browser = await begin().catch(begin); // one that does not come up the first time tells nothing of us
// Looked at when every test has cleared its own away: a hook that fails skips the hooks after it, and a service left alone never ends.
const complaints = [];
after(async () => {
  await browser.close();
  assert.deepEqual(complaints, []);
});

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

// What a page says when a test cuts its network.
const cut = /WebSocket connection|ERR_(CONNECTION|SOCKET|EMPTY_RESPONSE|CONTENT_LENGTH|INCOMPLETE|ABORTED|INTERNET|NETWORK)/;

// A visitor with a browser profile of their own. Whatever their pages complain about fails the file.
export async function visitor(t, options = {}) {
  const context = await browser.newContext({ locale: "en-GB", viewport: { width: 1280, height: 860 }, ...options });
  context.setDefaultTimeout(patience);
  closing(t, () => context.close());
  context.on("page", (page) => {
    page.on("pageerror", (error) => complaints.push(`${t.name}: ${error}`));
    page.on("console", (line) => {
      if (line.type() === "error" && !cut.test(line.text())) complaints.push(`${t.name}: ${line.text()}`);
    });
  });
  return context;
}

// A page with the widget, and the words for what a visitor does there.
export async function visit(context, url) {
  const page = await context.newPage();
  await page.goto(url);
  return Object.assign(page, {
    chat: page.locator("wismo-chat"),
    launcher: page.locator("wismo-chat .launcher"),
    input: page.locator("wismo-chat textarea"),
    log: page.locator("wismo-chat [role=log]"),
    state: page.locator("wismo-chat .state"),
    async openChat() {
      await page.launcher.click();
      await page.input.waitFor();
    },
    async say(text) {
      await page.input.fill(text);
      await page.input.press("Enter");
    },
    turns: () => page.log.locator(".turn .text").evaluateAll((all) => all.map((one) => [one.parentElement.classList[1], one.textContent.replace(/^[^:]*: /, "")])),
    own: async () => (await page.turns()).filter(([from]) => from === "customer").map(([, text]) => text),
    answered: (words) => page.log.locator(".turn.bot, .turn.agent").filter({ hasText: words }).first().waitFor(),
    async sound(where) {
      await page.evaluate(axe);
      const { violations } = await page.evaluate(() => globalThis.axe.run(document, { rules: { "color-contrast-enhanced": { enabled: false } } }));
      assert.deepEqual(violations.map(({ id, nodes }) => `${where}: ${id}: ${nodes.map((node) => `${node.target} ${node.failureSummary}`).join("; ")}`), []);
    },
  });
}

// A shop's page on an origin of its own, with as strict a policy as there is.
export async function shop(t, { body, policy }) {
  const server = createServer((request, response) => {
    response.setHeader("content-type", "text/html; charset=utf-8");
    if (policy) response.setHeader("content-security-policy", policy());
    response.end(`<!DOCTYPE html><html lang="en"><head><title>A shop</title><link rel="icon" href="data:,"></head><body><main><h1>A shop</h1>${body()}</main></body></html>`);
  });
  await new Promise((resolve) => server.listen(0, "localhost", resolve));
  closing(t, () => { server.close(); server.closeAllConnections(); });
  return `http://localhost:${server.address().port}`;
}

// A network between browser and service: can be cut, can go silent, and outlives the service.
export async function network(t) {
  const wires = new Set();
  const net = { target: 0, up: true, silent: false };
  const server = listen((near) => {
    if (!net.up) return near.destroy();
    const far = connect(net.target, "127.0.0.1");
    for (const [from, to] of [[near, far], [far, near]]) {
      wires.add(from);
      from.on("data", (bytes) => net.silent || to.write(bytes));
      from.on("error", () => {}).on("close", () => { wires.delete(from); if (!net.silent) to.destroy(); });
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  net.url = `http://127.0.0.1:${server.address().port}/`;
  net.cut = () => { net.up = false; for (const wire of wires) wire.destroy(); };
  net.mend = () => { net.up = true; };
  closing(t, () => { net.cut(); server.close(); });
  return net;
}
