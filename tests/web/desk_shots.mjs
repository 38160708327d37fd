// Pictures of the desk, for docs/images: node --test desk_shots.mjs writes them where WISMO_SHOTS says.
import { test } from "node:test";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { Chat, folder, serve } from "../server/chat.mjs";
import { addStaff, Agent, password, signIn } from "../server/staff.mjs";
import { visitor } from "./browser.mjs";

const where = process.env.WISMO_SHOTS;

test("the desk with a claimed conversation, light and dark", { skip: !where && "WISMO_SHOTS names no folder" }, async (t) => {
  mkdirSync(where, { recursive: true });
  const place = folder(t, { conf: 'shop "default" {\n  name = "Maison Demo"\n  always_open = yes\n}\n' });
  addStaff(place, "Léa", "--role", "manager");
  addStaff(place, "Max");
  const server = await serve(t, place);
  const say = async (chat, ...texts) => { for (const text of texts) await chat.ask(text); };
  for (const [locale, ...texts] of [
    ["en", "I want a refund for UK-2087", "LS6 2QT"], ["fr", "je veux parler à un humain"], ["de", "ich möchte mit einem Menschen sprechen"],
    ["en", "my vase arrived broken, order UK-2087, LS6 2QT"], ["es", "quiero hablar con una persona"], ["fr", "je veux changer mon adresse de livraison"], ["it", "vorrei parlare con un operatore"],
  ]) await say(await Chat.begin(server, { locale }), ...texts);
  const max = await Agent.begin(server, await signIn(server, "Max"));
  await max.until(() => max.items.size >= 4);
  const chat = await Chat.begin(server, { locale: "fr" });
  await say(chat, "où est ma commande FR-1042 ?", "69003", "et mon vase est fêlé, je veux parler à quelqu'un");
  const conversation = chat.welcome.conversation;
  const other = [...max.items.values()].find((item) => item.locale === "es");
  await max.done("claim", { conversation: other.conversation });
  for (const scheme of ["light", "dark"]) {
    const context = await visitor(t, { colorScheme: scheme, viewport: { width: 1440, height: 900 } });
    const page = await context.newPage();
    await page.goto(`${server.url}desk`);
    if (scheme === "light") await page.screenshot({ path: join(where, "desk-sign-in.png") });
    await page.fill("#name", "Léa");
    await page.fill("#password", password);
    await page.click("button[type=submit]");
    await page.locator(".link[data-state=live]").waitFor();
    if (scheme === "light") await page.screenshot({ path: join(where, "desk-queue.png") });
    else await page.click("[data-tab=mine]");
    await page.click(`[data-conversation="${conversation}"]`);
    await page.locator(".turn").first().waitFor();
    if (scheme === "light") {
      await page.click('[data-act="claim"]');
      await page.locator('[data-act="resolve"]').waitFor();
      await page.click("[data-mode=note]");
      await page.fill("#text", "Photos have arrived by mail: a crack from top to bottom. Replacement is in stock.");
      await page.keyboard.press("Control+Enter");
      await page.locator(".turn.private").waitFor();
      await page.click("[data-mode=say]");
      await page.fill("#text", "Bonjour Camille, ici Léa. Je suis désolée pour le vase : je vous envoie un nouveau dès aujourd'hui.");
      await page.keyboard.press("Control+Enter");
      await page.locator(".turn.from-agent:not(.sending)").waitFor();
      chat.send({ type: "say", id: "thanks", text: "Merci beaucoup ! Et la livraison en retard ?" });
      await page.locator(".turn.from-customer").filter({ hasText: "Merci beaucoup" }).waitFor();
    } else {
      await page.locator(".why summary").nth(1).click();
      await page.locator(".why[open]").scrollIntoViewIfNeeded();
    }
    await page.mouse.move(0, 0);
    await page.waitForTimeout(300);
    await page.screenshot({ path: join(where, `desk-${scheme}.png`) });
  }
});
