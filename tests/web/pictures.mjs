// Takes the pictures of docs/images, for you to look at: WISMO_BIN=build/dev/wismo WISMO_PICTURES=/tmp/pictures node --test tests/web/pictures.mjs
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { folder, serve } from "../server/chat.mjs";
import { visit, visitor } from "./browser.mjs";

const into = process.env.WISMO_PICTURES ?? "build/pictures";
const now = "2026-03-11T09:00:00+01:00";
const desktop = { width: 1280, height: 860 }, phone = { width: 390, height: 844 };
mkdirSync(into, { recursive: true });

// UK-2087 with its second parcel three days late, as its carrier would have told since.
function late(place) {
  const all = place.wismo("demo", "--print", "--now", now);
  const order = all.out.split("\n").filter(Boolean).map((line) => JSON.parse(line)).find(({ number }) => number === "UK-2087");
  Object.assign(order.parcels[1], { estimated_to: "2026-03-15", reason: "missorted" });
  order.promised_to = "2026-03-12";
  writeFileSync(join(place.path, "late.jsonl"), `${JSON.stringify(order)}\n`);
  const done = place.wismo("import", "--now", now, "late.jsonl");
  if (done.status !== 0) throw new Error(done.err);
}

async function stage(t, { viewport, colorScheme }) {
  const place = folder(t, { now });
  late(place);
  const server = await serve(t, place, "--now", now);
  const page = await visit(await visitor(t, { viewport, colorScheme, timezoneId: "Europe/Paris", reducedMotion: "reduce", deviceScaleFactor: viewport === phone ? 2 : 1 }), `${server.url}?lang=en`);
  await page.launcher.waitFor();
  return { place, page, shot: async (name) => page.screenshot({ path: join(into, `${name}.png`) }) };
}

for (const [name, viewport, colorScheme] of [["desktop", desktop, "light"], ["phone", phone, "light"], ["dark", desktop, "dark"], ["phone-dark", phone, "dark"]])
  test(`pictures: ${name}`, async (t) => {
    const { place, page, shot } = await stage(t, { viewport, colorScheme });
    const rest = async () => { await page.evaluate(() => document.fonts.ready); await page.waitForTimeout(300); };
    await rest();
    await shot(`closed-${name}`);
    await page.openChat();
    await rest();
    await shot(`open-${name}`);
    await page.say("Where is my order UK-2087?");
    await page.log.locator(".turn.bot").waitFor();
    await page.say("LS6 2QT");
    await page.log.locator(".card").first().waitFor();
    await rest();
    await shot(`split-${name}`);
    await page.log.evaluate((log) => { log.scrollTop = log.scrollHeight; });
    await rest();
    await shot(`late-${name}`);
    await page.say("I'd like to speak to a person");
    await page.state.waitFor();
    await rest();
    await shot(`waiting-${name}`);
    const queue = JSON.parse(place.wismo("handoffs", "--json").out);
    const agent = (...words) => { const done = place.wismo("handoffs", "--agent", "Léa", ...words); if (done.status !== 0) throw new Error(done.err); };
    agent("take", queue.id);
    agent("say", queue.id, "Good morning Alice, Léa here. DPD sent your cushions to the wrong depot; they are on the van to Leeds tonight.");
    await page.answered("Léa here");
    await page.say("Thank you! Can they leave them with a neighbour?");
    await page.log.locator(".mark.delivered").waitFor();
    await rest();
    await shot(`human-${name}`);
  });
