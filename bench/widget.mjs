// What the widget costs a page: main-thread time of its script before the chat is opened, bytes before and after, and time from the
// press on the bubble to a field that can be written in. In Debian's Chromium, as it is and slowed four times (a cheap phone).
//   ./run build && npm ci --prefix tests && node bench/widget.mjs build/release/wismo
import { spawn, execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const { chromium } = createRequire(join(dirname(fileURLToPath(import.meta.url)), "../tests/package.json"))("playwright-core");
const binary = process.argv[2] ?? "build/release/wismo", rounds = 11;
const median = (values) => values.sort((a, b) => a - b)[values.length >> 1];
const folder = mkdtempSync(join(tmpdir(), "wismo-bench-")), database = join(folder, "wismo.db");
execFileSync(binary, ["demo", "--db", database]);
const service = spawn(binary, ["serve", "--db", database, "--port", "0"], { stdio: ["ignore", "ignore", "pipe"] });
const url = await new Promise((resolve) => service.stderr.once("data", (line) => resolve(/http:\/\/\S+:\d+\//.exec(line)[0])));
const browser = await chromium.launch({ executablePath: process.env.WISMO_CHROMIUM ?? "/usr/bin/chromium", args: ["--disable-gpu", ...(process.getuid?.() === 0 ? ["--no-sandbox"] : [])] });

// Compiling and running, where the trace says that it is this file; time of the thread, not of a busy machine.
function spent(trace) {
  const mine = trace.traceEvents.filter(({ name, args, dur }) => dur && ["v8.compile", "EvaluateScript", "FunctionCall", "v8.compileModule", "v8.evaluateModule"].includes(name) && /\/widget[\w-]*\.js/.test(args?.data?.url ?? args?.fileName ?? ""));
  const outer = mine.filter((one) => !mine.some((other) => other !== one && other.tid === one.tid && other.ts <= one.ts && other.ts + other.dur >= one.ts + one.dur));
  return outer.reduce((sum, { dur, tdur }) => sum + (tdur ?? dur), 0) / 1000;
}

for (const slower of [1, 4]) {
  const before = [], opening = [];
  let bytes = [0, 0];
  for (let round = 0; round < rounds; round++) {
    const context = await browser.newContext({ locale: "en-GB" }), page = await context.newPage(), tool = await context.newCDPSession(page);
    await tool.send("Emulation.setCPUThrottlingRate", { rate: slower });
    await tool.send("Network.enable");
    const sizes = new Map(), names = new Map();
    tool.on("Network.responseReceived", ({ requestId, response }) => names.set(requestId, response.url));
    tool.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => sizes.set(names.get(requestId), encodedDataLength));
    const sum = () => [...sizes].filter(([name]) => /\/widget[\w-]*\.js/.test(name)).reduce((all, [, size]) => all + size, 0);
    await browser.startTracing(page, { categories: ["devtools.timeline", "v8"] });
    await page.goto(`${url}?lang=en`, { waitUntil: "networkidle" });
    before.push(spent(JSON.parse(await browser.stopTracing())));
    const first = sum();
    opening.push(await page.evaluate(() => new Promise((resolve) => {
      const root = document.querySelector("wismo-chat").shadowRoot, begun = performance.now();
      root.querySelector(".launcher").click();
      const look = () => (root.activeElement?.tagName === "TEXTAREA" ? resolve(performance.now() - begun) : requestAnimationFrame(look));
      look();
    })));
    await page.waitForTimeout(200);
    bytes = [first, sum()];
    await context.close();
  }
  console.log(`${slower}× slower: ${median(before).toFixed(2)} ms of main thread before it is opened, ${median(opening).toFixed(0)} ms from press to writing; ${bytes[0]} bytes before, ${bytes[1]} after, with heads`);
}
await browser.close();
service.kill("SIGKILL");
rmSync(folder, { recursive: true, force: true });
