// The desk with a thousand who wait and fifty who answer: time until a browser shows the queue, and of a claim.
//     WISMO_BIN=build/release/wismo node bench/desk.mjs [waiting] [agents]
import { after } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { Chat, folder, serve } from "../tests/server/chat.mjs";
import { addStaff, Agent, password, signIn } from "../tests/server/staff.mjs";
import { browser, visitor } from "../tests/web/browser.mjs";

const [waiting, agents] = [Number(process.argv[2] ?? 1000), Number(process.argv[3] ?? 50)];
const t = { after };
const middle = (numbers, part = 0.5) => [...numbers].sort((a, b) => a - b)[Math.floor((numbers.length - 1) * part)];
const print = (what, numbers) => console.log(`${what.padEnd(44)} median ${middle(numbers).toFixed(1)} ms, 99 of 100 within ${middle(numbers, 0.99).toFixed(1)} ms`);

const place = folder(t, { conf: 'sockets_per_address = 0\nper_address = "0"\nshop "default" {\n  always_open = yes\n}\n' });
addStaff(place, "Max");
const server = await serve(t, place);
for (let i = 0; i < waiting; i += 25)
  await Promise.all(Array.from({ length: Math.min(25, waiting - i) }, async () => {
    const chat = await Chat.begin(server, { locale: "en" });
    await chat.ask("I want to talk to a person");
    chat.drop();
  }));

const cookie = await signIn(server, "Max"), snapshots = [];
const seats = [];
for (let i = 0; i < agents; i++) {
  const began = performance.now();
  const agent = await Agent.begin(server, cookie);
  await agent.until(() => agent.items.size === waiting);
  snapshots.push(performance.now() - began);
  seats.push(agent);
}
print(`${waiting} waiting, read by a connection`, snapshots);

const claims = [], seen = [];
const queue = [...seats[0].items.values()].map((item) => item.conversation);
await Promise.all(seats.map(async (agent, i) => {
  for (let round = 0; round < 4; round++) {
    const conversation = queue[i * 4 + round], began = performance.now();
    await agent.done("claim", { conversation });
    claims.push(performance.now() - began);
    const other = seats[(i + 1) % seats.length];
    await other.until(() => other.item(conversation)?.status === "taken");
    seen.push(performance.now() - began);
  }
}));
print(`a claim, ${agents} agents at once`, claims);
print("… until a colleague has heard of it", seen);

const context = await visitor(t);
const page = await context.newPage();
await page.goto(`${server.url}desk`);
await page.fill("#name", "Max");
await page.fill("#password", password);
await page.click("button[type=submit]");
await page.locator(".row").first().waitFor();
const paints = [];
for (let i = 0; i < 5; i++) {
  await page.reload({ waitUntil: "commit" });
  await page.locator(".row").first().waitFor();
  paints.push(await page.evaluate(() => performance.now()));
}
print("from loading the page to the first rows", paints);
const took = await page.evaluate(async () => {
  const began = performance.now();
  globalThis.desk.queue.redraw();
  await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  return performance.now() - began;
});
print("drawing the whole queue again", [took]);
for (const agent of seats) agent.drop();
await browser.close();
await sleep(100);
await server.stop();
process.exit(0);
