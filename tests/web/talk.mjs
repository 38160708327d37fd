// A conversation in the widget, as people have it: by keyboard, on any screen, in a page of any shop.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { folder, root, serve, start, stopped } from "../server/chat.mjs";
import { shop, visit, visitor } from "./browser.mjs";

const secret = "a-secret-of-at-least-thirty-two-bytes";
function token(fields) {
  const signed = `v1.a.${Buffer.from(JSON.stringify({ shop: "default", exp: Math.floor(Date.now() / 1000) + 3600, ...fields })).toString("base64url")}`;
  return `${signed}.${createHmac("sha256", secret).update(signed).digest("base64url")}`;
}

function signing(t) {
  const place = folder(t);
  writeFileSync(join(place.path, "key"), secret);
  writeFileSync(join(place.path, "wismo.conf"), 'shop "default" {\n  keys = {"a file key"}\n}\n');
  return place;
}

test("the whole conversation can be had by keyboard alone", async (t) => {
  const server = await start(t), page = await visit(await visitor(t), `${server.url}?lang=en`);
  await page.launcher.waitFor();
  const focused = () => page.evaluate(() => { const at = document.activeElement; return (at.shadowRoot?.activeElement ?? at).className || (at.shadowRoot?.activeElement ?? at).tagName; });
  for (let tabs = 0; (await focused()) !== "launcher"; tabs++) {
    assert.ok(tabs < 40, "the bubble is not reached");
    await page.keyboard.press("Tab");
  }
  await page.keyboard.press("Enter");
  await page.input.waitFor();
  await page.waitForFunction(() => document.querySelector("wismo-chat").shadowRoot.activeElement?.tagName === "TEXTAREA");
  assert.match(await page.log.textContent(), /automated assistant/); // before anything is said
  await page.keyboard.type("where is my order UK-2087? my postcode is LS6 2QT");
  await page.keyboard.press("Enter");
  await page.answered("UK-2087");
  assert.equal(await focused(), "TEXTAREA");
  await page.keyboard.press("Shift+Tab");
  assert.equal(await page.evaluate(() => document.querySelector("wismo-chat").shadowRoot.activeElement.ariaLabel), "No"); // the rating
  await page.keyboard.press("Shift+Tab");
  await page.keyboard.press("Enter");
  await page.log.getByText("Thank you for telling us.").waitFor();
  assert.equal(await focused(), "TEXTAREA");
  for (let tabs = 0; (await focused()) !== "link"; tabs++) {
    assert.ok(tabs < 5, "the carrier's link is not reached");
    await page.keyboard.press("Shift+Tab");
  }
  await page.keyboard.press("Escape");
  await page.input.waitFor({ state: "hidden" });
  assert.equal(await focused(), "launcher");
  assert.equal(await page.launcher.getAttribute("aria-expanded"), "false");
});

test("axe finds nothing: closed, open, with parcels, waiting for a person, in the dark, and in the demo shop", async (t) => {
  const server = await start(t);
  for (const [lang, colorScheme, order, refund] of [["en", "light", "where is my order UK-2087? LS6 2QT", "I want my money back"], ["fr", "dark", "où est ma commande FR-1042 ? 69003", "je veux parler à un humain"]]) {
    const page = await visit(await visitor(t, { colorScheme, reducedMotion: "reduce" }), `${server.url}?lang=${lang}`);
    await page.launcher.waitFor();
    await page.sound(`${colorScheme} closed`);
    await page.openChat();
    await page.sound(`${colorScheme} open`);
    await page.say(order);
    await page.log.locator(".card").first().waitFor();
    await page.sound(`${colorScheme} parcels`);
    await page.say(refund);
    await page.state.waitFor();
    await page.sound(`${colorScheme} waiting`);
  }
});

test("a late parcel is told in colour, in words and to screen readers; each parcel has its card and its carrier's link", async (t) => {
  const server = await stopped(t), page = await visit(await visitor(t), `${server.url}?lang=en`);
  await page.openChat();
  await page.say("where is my order FR-1042? 69003");
  const card = page.log.getByRole("group", { name: /Order FR-1042, Colissimo, On its way, 2 days late, Expected/ });
  await card.waitFor();
  assert.equal(await card.locator(".badge").textContent(), "2 days late");
  const colour = (place) => place.evaluate((one) => getComputedStyle(one).color);
  await page.say("where is my order UK-2087? LS6 2QT");
  await page.log.getByRole("group", { name: /^Parcel 1 of 2, DPD, Delivered/ }).waitFor();
  const second = page.log.getByRole("group", { name: /^Parcel 2 of 2, DPD, On its way, Expected/ });
  assert.notEqual(await colour(card.locator(".head")), await colour(second.locator(".head")));
  assert.deepEqual(await second.locator("li").evaluateAll((all) => all.map((one) => one.textContent.replaceAll("\u00ad", "").replace(/ \d.*\(/, " ("))), ["Ordered (done)", "Prepared (done)", "Shipped (now)", "Out for delivery (to come)", "Delivered (to come)"]);
  const link = second.getByRole("link", { name: /DPD/ });
  assert.match(await link.getAttribute("href"), /^https:\/\/track\.dpd/);
  assert.equal(await link.getAttribute("rel"), "noopener noreferrer");
});

test("a parcel at a pick-up point shows where, when, until when and the code", async (t) => {
  const place = signing(t);
  const server = await serve(t, place), page = await visit(await visitor(t), `${server.url}?lang=en#wismo=${token({ order: "FR-1061" })}`);
  const card = page.log.getByRole("group", { name: "Pick-up, Boutique de Nancy" });
  await card.waitFor();
  for (const words of ["8 rue Saint-Jean", "mar-sam 10h-19h", "Pick up by", "R61"]) assert.ok((await card.textContent()).includes(words), words);
});

test("whoever waits is told their place and the wait; that someone types is shown and not read aloud", async (t) => {
  const server = await start(t), context = await visitor(t);
  let tell;
  await context.routeWebSocket(/\/chat$/, (socket) => { // the service's part, frame by frame
    tell = (frame) => socket.send(JSON.stringify(frame));
    socket.onMessage((text) => JSON.parse(text).type === "hello" && tell({ type: "welcome", conversation: "01KKE7XYZ00000000000000000", token: "01KKE7XYZ00000000000000000.AAAAAAAAAAAAAAAAAAAAAA", resumed: false, seq: 0, shop: "default", name: "A shop", locale: "en", handling: "bot" }));
  });
  const page = await visit(context, `${server.url}?lang=en`);
  await page.openChat();
  await page.chat.getByText("A shop", { exact: true }).waitFor();
  tell({ type: "handoff", state: "waiting", position: 3, wait_s: 230 });
  await page.state.getByText("You are number 3. About 4 min.").waitFor();
  assert.match(await page.log.textContent(), /You are number 3/); // the log is what is read aloud
  tell({ type: "handoff", state: "waiting", position: 2, wait_s: 100 });
  await page.state.getByText("You are number 2. About 2 min.").waitFor();
  assert.doesNotMatch(await page.log.textContent(), /You are number 2/); // but not at each step
  tell({ type: "handoff", state: "human", agent: "Léa" });
  tell({ type: "typing", from: "agent" });
  const dots = page.log.locator(".typing");
  await page.log.locator('.typing[aria-hidden="true"]').waitFor();
  tell({ type: "say", seq: 1, from: "agent", agent: "Léa", text: "Good morning", at: Date.now() });
  await page.answered("Good morning");
  assert.equal(await dots.count(), 0);
  tell({ type: "handoff", state: "closed" });
  await page.state.getByText("This conversation is over.").waitFor();
});

test("whoever waits out of hours is told when somebody is back, by the shop's clock, and not that somebody will answer", async (t) => {
  const now = "2026-03-11T20:00:00+01:00", place = folder(t, { conf: 'shop "default" {\n  wed = "09:00-18:00"\n  thu = "09:00-18:00"\n}\n', now });
  const server = await serve(t, place, "--now", now), page = await visit(await visitor(t, { timezoneId: "Asia/Tokyo" }), `${server.url}?lang=en`);
  await page.openChat();
  await page.say("I want to talk to a person");
  await page.state.filter({ hasText: "Our team is back on Thursday 12 March at 9:00. You can go on asking about your delivery." }).waitFor();
  await page.reload();
  await page.state.filter({ hasText: "back on Thursday 12 March at 9:00" }).waitFor();
});

test("on a phone no step's word is broken but where its language breaks it", async (t) => {
  const server = await start(t);
  for (const language of ["en", "fr", "de", "es", "it", "nl", "pt"]) {
    const { words: { steps } } = await import(join(root, `web/widget-${language}.js`));
    const page = await visit(await visitor(t, { viewport: { width: 375, height: 740 } }), `${server.url}?lang=${language}`);
    await page.openChat();
    await page.say("FR-1042 69003");
    await page.locator("wismo-chat .track .current").first().waitFor();
    assert.deepEqual(await page.evaluate((all) => {
      const step = document.querySelector("wismo-chat").shadowRoot.querySelector(".track .current"), node = step.firstChild; // in bold: the widest
      const top = (at) => { const range = new Range(); range.setStart(node, at); range.setEnd(node, at + 1); return [...range.getClientRects()].at(-1).top; };
      return all.filter((word) => { node.data = word; return [...word.matchAll(/[^ \u00ad-]+/g)].some(({ index, 0: piece }) => top(index) !== top(index + piece.length - 1)); });
    }, Object.values(steps)), [], language);
  }
});

test("choices are buttons; what was pressed stands in the conversation", async (t) => {
  const server = await start(t), page = await visit(await visitor(t), `${server.url}?lang=en`);
  await page.openChat();
  await page.say("where are my orders? nora.belkacem@example.fr 13006");
  const choice = page.log.getByRole("button", { name: /FR-1060/ });
  await choice.click();
  await page.log.getByRole("group", { name: /FR-1060/ }).waitFor();
  assert.match((await page.own()).at(-1), /FR-1060/);
  assert.equal(await page.log.locator(".choices").count(), 0);
});

test("a link with a token opens on its order without typing, once, and leaves nothing in the address", async (t) => {
  const place = signing(t);
  const server = await serve(t, place), context = await visitor(t), signed = token({ order: "UK-2087" });
  const page = await visit(context, `${server.url}?lang=en#wismo=${signed}`);
  await page.log.getByRole("group", { name: /^Parcel 2 of 2/ }).waitFor();
  assert.equal(page.url(), `${server.url}?lang=en`);
  assert.deepEqual(await page.own(), []);
  await page.goto(`${server.url}?lang=fr#wismo=${signed}`);
  await page.log.getByRole("group", { name: /^Colis 2 sur 2/ }).waitFor();
  await page.say("merci");
  await page.log.locator(".turn.bot").nth(1).waitFor();
  assert.equal((await page.turns()).filter(([from]) => from === "bot").length, 2); // it is not told again

  await page.evaluate((other) => window.wismo.setToken(other), token({ order: "FR-1042" }));
  await page.answered("FR-1042");
});

test("a new conversation knows whom the page has signed in, and which of its answers were rated", async (t) => {
  const server = await serve(t, signing(t)), context = await visitor(t);
  const page = await visit(context, `${server.url}?lang=en#wismo=${token({ order: "FR-1042" })}`);
  const yes = page.log.getByRole("group", { name: "Was this helpful?" }).getByRole("button", { name: "Yes" });
  await yes.click();
  await yes.waitFor({ state: "detached" });
  await page.chat.getByRole("button", { name: "New conversation" }).click();
  await page.log.locator(".card").waitFor(); // nobody asks for proof
  await yes.waitFor();
});

test("it works in a shop's page of another origin, under a strict policy with Trusted Types, and asks nobody else", async (t) => {
  let service;
  const origin = await shop(t, {
    body: () => `<script async src="${service}widget.js" data-shop="default" data-lang="de"></script>`,
    policy: () => `default-src 'none'; script-src ${service}; connect-src ${service} ${service.replace("http", "ws")}; img-src data:; base-uri 'none'; require-trusted-types-for 'script'; trusted-types 'none'`,
  });
  const server = await stopped(t, { conf: `shop "default" {\n  origins = {"${origin}"}\n}\n` });
  service = server.url;
  const context = await visitor(t), asked = [];
  context.on("request", (request) => asked.push(request.url()));
  const page = await visit(context, origin);
  await page.launcher.waitFor();
  assert.deepEqual(asked.filter((url) => !url.startsWith(origin)), [`${service}widget.js`]);
  await page.openChat();
  await page.say("wo ist meine Bestellung FR-1042? 69003");
  await page.log.getByRole("group", { name: /2 Tage verspätet/ }).waitFor();
  assert.deepEqual(asked.filter((url) => !url.startsWith(origin) && !url.startsWith(service)), []);
});

test("a page hears what happens and speaks to the widget, also before it is loaded", async (t) => {
  let service;
  const origin = await shop(t, { body: () => `<script>
    window.wismo = [["on", "ready", () => heard.push("ready")], ["on", "message", (detail) => heard.push(detail)], ["open", { text: "where is my order?" }]];
    var heard = [];
    for (const type of ["open", "close", "handoff"]) document.addEventListener("wismo:" + type, (event) => heard.push(type, event.detail));
  </script><script async src="${service}widget.js"></script><wismo-chat shop="default" theme="dark"></wismo-chat>` });
  const server = await start(t, { conf: `shop "default" {\n  origins = {"${origin}"}\n}\n` });
  service = server.url;
  const page = await visit(await visitor(t), origin);
  await page.input.waitFor();
  assert.equal(await page.input.inputValue(), "where is my order?");
  await page.input.press("Enter");
  await page.log.locator(".turn.bot").waitFor();
  const heard = await page.evaluate(() => heard);
  assert.equal(heard[0], "ready");
  assert.ok(heard.includes("open"));
  assert.equal(heard.find((one) => one.from)?.from, "bot");
  await page.say("I want to talk to a person");
  await page.state.waitFor();
  assert.ok((await page.evaluate(() => heard)).some((one) => one.state === "waiting"));
  await page.evaluate(() => window.wismo.close());
  await page.input.waitFor({ state: "hidden" });
  assert.ok((await page.evaluate(() => heard)).includes("close"));
  await page.evaluate(() => window.wismo.destroy());
  assert.equal(await page.chat.count(), 0);
  assert.equal(await page.evaluate(() => localStorage.length + sessionStorage.length), 0);
});

test("nothing is stored on the device, and no conversation begun, before the chat is opened", async (t) => {
  const server = await start(t), context = await visitor(t), page = await visit(context, `${server.url}?lang=en`);
  await page.launcher.waitFor();
  const stored = async () => (await page.evaluate(async () => localStorage.length + sessionStorage.length + (await indexedDB.databases()).length)) + (await context.cookies()).length;
  await page.launcher.hover();
  await page.reload();
  await page.launcher.waitFor();
  assert.equal(await stored(), 0);
  assert.equal((await (await fetch(`${server.url}healthz`)).json()).chats, 0);
  await page.openChat();
  await page.say("hello");
  await page.log.locator(".turn.bot").waitFor();
  assert.ok((await stored()) > 0);
  assert.equal((await context.cookies()).length, 0);
});

test("what people write is text, and only https links are links", async (t) => {
  const place = folder(t), server = await serve(t, place), page = await visit(await visitor(t), `${server.url}?lang=en`);
  await page.openChat();
  await page.say("<img src=x onerror=alert(1)><b>bold</b>");
  await page.log.locator(".turn.bot").waitFor();
  assert.equal(await page.log.locator("img, b").count(), 0);
  assert.equal((await page.own())[0], "<img src=x onerror=alert(1)><b>bold</b>");
  await page.say("I want to talk to a person");
  await page.state.waitFor();
  const queue = JSON.parse(place.wismo("handoffs", "--json").out);
  for (const words of [["take", queue.id], ["say", queue.id, "javascript:alert(1) http://plain.example https://good.example/path?a=1. <i>hi</i>"]]) assert.equal(place.wismo("handoffs", "--agent", "Léa", ...words).status, 0);
  await page.answered("good.example");
  assert.deepEqual(await page.log.locator(".agent a").evaluateAll((all) => all.map((one) => one.href)), ["https://good.example/path?a=1"]);
  assert.equal(await page.log.locator("i").count(), 0);
});

test("at 320 pixels, at 400 % zoom and with large text nothing is cut off sideways; targets are 44 pixels", async (t) => {
  const server = await start(t);
  for (const viewport of [{ width: 320, height: 568 }, { width: 320, height: 256 }, { width: 1280, height: 860 }]) {
    const page = await visit(await visitor(t, { viewport }), `${server.url}?lang=de`);
    await page.openChat();
    await page.say("wo ist meine Bestellung UK-2087? LS6 2QT");
    await page.log.locator(".card").first().waitFor();
    const wide = await page.chat.evaluate((chat) => [...chat.shadowRoot.querySelectorAll(".panel, .log, .card, form, .bar, .text, .track li")].filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => `${one.className} ${one.scrollWidth} > ${one.clientWidth}`));
    assert.deepEqual(wide, [], `${viewport.width}x${viewport.height}`);
    const small = await page.chat.evaluate((chat) => [...chat.shadowRoot.querySelectorAll("button, textarea, a.link")].filter((one) => one.checkVisibility()).map((one) => [one.className, one.getBoundingClientRect()]).filter(([, box]) => box.width < 44 || box.height < 44).map(([name, box]) => `${name} ${box.width}x${box.height}`));
    assert.deepEqual(small, [], `${viewport.width}x${viewport.height}`);
    await page.input.scrollIntoViewIfNeeded();
    assert.ok(await page.input.isVisible());
  }
});

test("a page's own styles neither shrink nor restyle it; from right to left it stands in the other corner", async (t) => {
  const server = await start(t), page = await visit(await visitor(t), `${server.url}?lang=en`);
  await page.evaluate(() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync("html { font-size: 62.5%; } * { letter-spacing: 9px; text-transform: uppercase; color: #eee; line-height: 3; --accent: #eee; } button { display: none; }");
    document.adoptedStyleSheets.push(sheet);
    document.documentElement.dir = "rtl";
  });
  await page.openChat();
  await page.say("hello");
  await page.log.locator(".turn.bot").waitFor();
  const style = await page.log.locator(".bot .text").evaluate((one) => { const { fontSize, letterSpacing, textTransform, direction } = getComputedStyle(one); return { fontSize, letterSpacing, textTransform, direction }; });
  assert.deepEqual(style, { fontSize: "16px", letterSpacing: "normal", textTransform: "none", direction: "ltr" });
  const [launcher, panel] = await Promise.all([page.launcher, page.chat.locator(".panel")].map((one) => one.boundingBox()));
  assert.equal(launcher.width, 56);
  assert.ok(launcher.x < 100 && panel.x < 100, `${launcher.x} ${panel.x}`);
});

test("the widget speaks the page's language, one of seven, else English", async (t) => {
  let service;
  const origin = await shop(t, { body: () => `<script async src="${service}widget.js" data-shop=""></script>` });
  service = (await start(t, { conf: `shop "default" {\n  origins = {"${origin}"}\n}\n` })).url;
  const page = await visit(await visitor(t), origin);
  for (const [lang, label] of [["fr", "Votre message"], ["en-GB", "Your message"], ["es", "Su mensaje"], ["de-AT", "Ihre Nachricht"], ["it", "Il suo messaggio"], ["nl", "Uw bericht"], ["pt-BR", "A sua mensagem"], ["fi", "Your message"]]) {
    await page.evaluate((value) => {
      window.wismo.destroy();
      document.documentElement.lang = value;
      document.body.append(document.createElement("wismo-chat"));
    }, lang);
    await page.openChat();
    await page.chat.getByLabel(label).waitFor();
  }
});
