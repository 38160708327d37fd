// Nothing lost, nothing doubled: reload, page change, tabs, network and service.
import assert from "node:assert/strict";
import { copyFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { Chat, folder, serve, start } from "../server/chat.mjs";
import { network, visit, visitor } from "./browser.mjs";

const always = 'shop "default" {\n  always_open = yes\n}\n'; // somebody answers, whatever the hour

// What the service has stored of the page's conversation.
async function stored(page, server) {
  const token = await page.evaluate(() => JSON.parse(Object.entries({ ...localStorage }).find(([name]) => name.endsWith(":token"))[1]));
  const chat = await Chat.begin(server, { resume: { token, seq: 0 } }), turns = [];
  while (turns.length < chat.welcome.seq) turns.push(await chat.next("say"));
  chat.drop();
  return turns;
}
const customers = (turns) => turns.filter((turn) => turn.from === "customer").map((turn) => turn.text);

// The service behind a network that the browser goes through, and that leads to it wherever it listens.
async function behind(t, place, net) {
  const server = await serve(t, place);
  net.target = server.port;
  server.exited.then(() => { if (net.target === server.port) net.target = 0; }); // its port may be another's now
  return server;
}
async function wired(t) {
  const net = await network(t);
  const place = folder(t, { conf: `shop "default" {\n  origins = {"${net.url.slice(0, -1)}"}\n}\n` });
  return { net, place, server: await behind(t, place, net) };
}

test("a reload and another page show the same conversation, the panel as it was, and what was being typed", async (t) => {
  const server = await start(t), page = await visit(await visitor(t), `${server.url}?lang=en`);
  await page.openChat();
  await page.say("where is my order FR-1042? 69003");
  await page.log.locator(".card").waitFor();
  const before = await page.turns();
  await page.input.fill("half a sent");
  await page.reload();
  await page.log.locator(".card").waitFor();
  assert.equal(await page.input.inputValue(), "half a sent");
  assert.deepEqual((await page.turns()).map(([from]) => from), before.map(([from]) => from));
  await page.goto(`${server.url}?lang=fr`);
  await page.log.locator(".card").waitFor();
  assert.equal((await page.turns()).length, before.length);
  await page.input.press("Escape");
  await page.input.waitFor({ state: "hidden" });
  await page.reload();
  await page.launcher.waitFor();
  assert.equal(await page.input.count(), 0); // closed stays closed
  await page.openChat();
  await page.log.locator(".card").waitFor();
  assert.equal((await page.turns()).length, before.length);
});

test("two tabs are one conversation, whoever writes", async (t) => {
  const server = await start(t), context = await visitor(t);
  const one = await visit(context, `${server.url}?lang=en`), two = await visit(context, `${server.url}?lang=en`);
  await Promise.all([one.openChat(), two.openChat()]);
  await one.say("hello from the first tab");
  await two.log.getByText("hello from the first tab").waitFor();
  await two.say("hello from the second tab");
  await one.log.getByText("hello from the second tab").waitFor();
  await one.log.locator(".turn.bot").nth(1).waitFor();
  await two.log.locator(".turn.bot").nth(1).waitFor();
  assert.deepEqual(await one.turns(), await two.turns());
  assert.equal((await (await fetch(`${server.url}healthz`)).json()).conversations, 1);

  await two.chat.getByRole("button", { name: "New conversation" }).click();
  await two.say("anew");
  await one.log.getByText("anew").waitFor();
  assert.deepEqual(await one.own(), ["anew"]);
});

test("a page that is not secure, or an old browser, has no locks: tabs are one conversation there, too", async (t) => {
  const server = await start(t), context = await visitor(t);
  await context.addInitScript(() => { delete Navigator.prototype.locks; });
  const one = await visit(context, `${server.url}?lang=en`), two = await visit(context, `${server.url}?lang=en`);
  await one.openChat();
  await one.say("hello from the first tab");
  await one.log.locator(".turn.bot").waitFor();
  await two.openChat();
  await two.log.getByText("hello from the first tab").waitFor();
  await two.chat.getByRole("button", { name: "New conversation" }).click();
  await two.say("anew");
  await one.log.getByText("anew").waitFor();
  assert.deepEqual(await one.own(), ["anew"]);
});

test("what is written while the network is gone is kept, up to twenty, told in words, and arrives once and in order", async (t) => {
  const { net, server } = await wired(t), context = await visitor(t), page = await visit(context, `${net.url}?lang=en`);
  await page.openChat();
  await page.say("zero");
  await page.log.locator(".turn.bot").waitFor();
  net.cut();
  await page.state.getByText("Connection lost").waitFor();
  const written = Array.from({ length: 20 }, (_, index) => `message ${index + 1}`);
  for (const text of written) await page.say(text);
  assert.equal(await page.log.locator(".mark.kept").count(), 20);
  await page.say("one too many");
  await page.log.getByText("Twenty messages are waiting").waitFor();
  assert.equal(await page.input.inputValue(), "one too many"); // and it is not lost either
  net.mend();
  await page.log.locator(".mark.delivered").waitFor();
  await page.waitForFunction(() => !document.querySelector("wismo-chat").shadowRoot.querySelector(".mark.kept, .mark.sent"), null, { timeout: 180000 });
  assert.deepEqual(await page.own(), ["zero", ...written]);
  assert.deepEqual(customers(await stored(page, server)), ["zero", ...written]);
  assert.doesNotMatch(await page.state.textContent(), /lost/);
});

test("a network that goes silent is noticed, and what was sent into it arrives once", async (t) => {
  const { net, server } = await wired(t), context = await visitor(t);
  const talk = await visit(context, `${net.url}?lang=en`);
  await talk.clock.install();
  await talk.reload();
  await talk.openChat();
  await talk.say("before");
  await talk.log.locator(".turn.bot").waitFor();
  const again = talk.waitForEvent("websocket"); // it has noticed
  net.silent = true;
  await talk.say("into the void");
  await talk.log.locator(".mark.sent").waitFor();
  await talk.clock.runFor(16000);
  await again;
  net.cut();
  net.silent = false;
  net.mend();
  await talk.log.locator(".turn.bot").nth(1).waitFor();
  assert.deepEqual(customers(await stored(talk, server)), ["before", "into the void"]);
});

test("a service that is killed in the middle and comes back finds every message once", async (t) => {
  const { net, place, server } = await wired(t), page = await visit(await visitor(t), `${net.url}?lang=en`);
  await page.openChat();
  await page.say("the first");
  await page.log.locator(".turn.bot").waitFor();
  await page.say("sent as it dies");
  await server.stop("SIGKILL");
  await page.state.getByText("Connection lost").waitFor();
  await page.say("said to nobody");
  await page.reload().catch(() => {}); // the page itself cannot be had either
  await page.waitForURL(/^chrome-error:/); // told before the browser's own page stands, which would break into the next visit
  const back = await behind(t, place, net);
  await page.goto(`${net.url}?lang=en`);
  await page.waitForFunction(() => document.querySelector("wismo-chat")?.shadowRoot.querySelectorAll(".turn.bot").length >= 3 && !document.querySelector("wismo-chat").shadowRoot.querySelector(".mark.kept, .mark.sent"));
  assert.deepEqual(await page.own(), ["the first", "sent as it dies", "said to nobody"]);
  assert.deepEqual(customers(await stored(page, back)), ["the first", "sent as it dies", "said to nobody"]);
});

test("a person takes over, is named, writes while the panel is closed, and hands back", async (t) => {
  const place = folder(t, { conf: always }), server = await serve(t, place), page = await visit(await visitor(t), `${server.url}?lang=en`);
  await page.openChat();
  await page.say("I want to talk to a person");
  await page.state.getByText("A colleague will answer you here").waitFor();
  const queue = JSON.parse(place.wismo("handoffs", "--json").out);
  const agent = (...words) => assert.equal(place.wismo("handoffs", "--agent", "Léa", ...words).status, 0);
  agent("take", queue.id);
  await page.chat.locator(".who").getByText("Léa is answering you.").waitFor();
  await page.answered(/Léa (takes over|is answering you now)/); // read: it is no news any more
  await page.keyboard.press("Escape");
  await page.reload(); // a person may answer: the closed panel listens on
  await page.launcher.waitFor();
  await page.waitForFunction(() => document.querySelector("wismo-chat").shadowRoot.querySelector(".panel"));
  agent("say", queue.id, "Good morning, this is Léa.");
  await page.chat.getByRole("button", { name: "Chat, unread: 1" }).waitFor();
  await page.openChat();
  await page.answered("Good morning, this is Léa.");
  agent("return", queue.id);
  await page.chat.locator(".who").getByText("Automated assistant").waitFor();
  await page.say("hello again");
  await page.log.locator(".turn.customer").last().locator("xpath=following-sibling::*[contains(@class,'bot')]").waitFor();
});

test("what an agent writes while no page is open is counted on the bubble of the next one", async (t) => {
  const place = folder(t, { conf: always }), server = await serve(t, place), page = await visit(await visitor(t), `${server.url}?lang=en`);
  await page.openChat();
  await page.say("I want to talk to a person");
  await page.state.getByText("A colleague will answer you here").waitFor();
  await page.input.press("Escape");
  await page.goto("about:blank");
  const queue = JSON.parse(place.wismo("handoffs", "--json").out);
  for (const words of [["take", queue.id], ["say", queue.id, "Are you there?"]]) assert.equal(place.wismo("handoffs", "--agent", "Léa", ...words).status, 0);
  await page.goto(`${server.url}?lang=en`);
  await page.chat.getByRole("button", { name: "Chat, unread: 2" }).waitFor(); // that Léa takes over, and her words
  await page.openChat();
  await page.answered("Are you there?");
  await page.input.press("Escape");
  await page.reload();
  await page.waitForFunction(() => document.querySelector("wismo-chat")?.shadowRoot.querySelector(".turn.agent"));
  assert.equal(await page.launcher.getAttribute("aria-label"), "Chat");
});

test("a message that the service does not take is marked, can be tried again, and holds up no other", async (t) => {
  const server = await start(t), page = await visit(await visitor(t), `${server.url}?lang=en`);
  await page.openChat();
  await page.say("\u2060");
  await page.log.locator(".mark.failed").getByText("Not sent").waitFor();
  await page.say("hello");
  await page.log.locator(".turn.bot").waitFor();
  await page.log.getByRole("button", { name: "Try again" }).click();
  await page.log.locator(".mark.failed").waitFor();
  assert.equal((await page.own()).length, 2);
});

test("a service that comes back with an older database goes on from what is there", async (t) => {
  const { net, place, server } = await wired(t), page = await visit(await visitor(t), `${net.url}?lang=en`);
  const database = join(place.path, "wismo.db");
  await page.openChat();
  await page.say("hello");
  await page.log.locator(".turn.bot").waitFor();
  await server.stop();
  copyFileSync(database, `${database}.kept`);
  const second = await behind(t, place, net);
  await page.say("where is my order?");
  await page.log.locator(".turn.bot").nth(1).waitFor();
  await second.stop();
  for (const tail of ["", "-wal", "-shm"]) rmSync(database + tail, { force: true });
  copyFileSync(`${database}.kept`, database);
  const third = await behind(t, place, net);
  await page.say("thank you");
  await page.waitForFunction(() => { const all = [...document.querySelector("wismo-chat").shadowRoot.querySelectorAll(".turn.customer")]; return all.length === 2 && all[1].querySelector(".mark.delivered"); });
  assert.deepEqual(await page.own(), ["hello", "thank you"]);
  assert.deepEqual(customers(await stored(page, third)), ["hello", "thank you"]);
});

test("a conversation that the service has forgotten begins anew without losing what was said", async (t) => {
  const { net, place, server } = await wired(t), page = await visit(await visitor(t), `${net.url}?lang=en`);
  await page.openChat();
  await page.say("my e-mail is gone@example.com");
  await page.log.locator(".turn.bot").waitFor();
  net.cut();
  await page.say("still here");
  const { conversation } = await (async () => ({ conversation: (await stored(page, server)).length }))();
  assert.ok(conversation > 0);
  await page.evaluate(() => { for (const key of Object.keys(localStorage)) if (key.endsWith(":token")) localStorage.setItem(key, JSON.stringify("01KKE7XYZ00000000000000000.AAAAAAAAAAAAAAAAAAAAAA")); });
  await page.goto("about:blank"); // else it might come back by itself in between
  net.mend();
  await page.goto(`${net.url}?lang=en`);
  await page.log.locator(".turn.bot").waitFor();
  assert.deepEqual(await page.own(), ["still here"]);
});

// From its next load on, what the service says to the page waits while `held` is a promise; `caught` resolves when something does.
async function slowly(page) {
  const way = { release() { way.held = undefined; way.go?.(); } };
  way.hold = () => { way.held = new Promise((resolve) => { way.go = resolve; }); way.caught = new Promise((resolve) => { way.came = resolve; }); };
  await page.routeWebSocket(/\/chat$/, (socket) => socket.connectToServer().onMessage(async (text) => {
    if (way.held) way.came();
    await way.held;
    socket.send(text);
  }));
  return way;
}
// … it is not told what other tabs store: as a page that is kept for "back", or one that is too busy.
const deaf = (page) => page.addInitScript(() => addEventListener("storage", (event) => event.stopImmediatePropagation()));

test("a tab that was not told of another's new conversation joins it when it comes back, and does not undo it", async (t) => {
  const { net } = await wired(t), context = await visitor(t), one = await visit(context, `${net.url}?lang=en`);
  await deaf(one);
  await one.reload();
  await one.openChat();
  await one.say("before");
  await one.log.locator(".turn.bot").waitFor();
  const two = await visit(context, `${net.url}?lang=en`);
  await two.openChat();
  await two.log.getByText("before").waitFor();
  await two.chat.getByRole("button", { name: "New conversation" }).click();
  await two.say("anew");
  await two.log.locator(".turn.bot").waitFor();
  net.cut();
  await one.state.getByText("Connection lost").waitFor();
  net.mend();
  await one.log.getByText("anew").waitFor();
  await one.say("together");
  await two.log.getByText("together").waitFor();
  for (const page of [one, two]) assert.deepEqual(await page.own(), ["anew", "together"]);
});

test("of two tabs whose conversation the service has forgotten, the later joins the one that the first has begun", async (t) => {
  const { net, place, server } = await wired(t), context = await visitor(t), one = await visit(context, `${net.url}?lang=en`), two = await visit(context, `${net.url}?lang=en`);
  await deaf(two);
  const way = await slowly(two);
  await two.reload();
  await one.openChat();
  await one.say("before");
  await one.log.locator(".turn.bot").waitFor();
  await two.openChat();
  await two.log.getByText("before").waitFor();
  await server.stop();
  for (const tail of ["", "-wal", "-shm"]) rmSync(join(place.path, `wismo.db${tail}`), { force: true });
  assert.equal(place.wismo("demo").status, 0);
  way.hold();
  const back = await behind(t, place, net);
  await way.caught; // that it is unknown
  await one.log.getByText("before").waitFor({ state: "detached" });
  await one.say("anew");
  await one.log.locator(".turn.bot").waitFor();
  way.release();
  await two.log.getByText("anew").waitFor();
  await two.say("together");
  await one.log.getByText("together").waitFor();
  for (const page of [one, two]) assert.deepEqual(await page.own(), ["anew", "together"]);
  assert.equal((await (await fetch(`${back.url}healthz`)).json()).conversations, 1);
});

test("without locks a tab that begins at the same time as another joins it, whatever was said there meanwhile", async (t) => {
  const server = await start(t), context = await visitor(t);
  await context.addInitScript(() => { delete Navigator.prototype.locks; });
  const one = await visit(context, `${server.url}?lang=en`), two = await visit(context, `${server.url}?lang=en`), way = await slowly(two);
  await deaf(two);
  await two.reload();
  way.hold();
  await two.openChat();
  await way.caught; // its welcome
  await one.openChat();
  await one.say("hello from the first tab");
  await one.log.locator(".turn.bot").waitFor();
  way.release();
  await two.log.getByText("hello from the first tab").waitFor();
  await two.say("together");
  await one.log.getByText("together").waitFor();
  for (const page of [one, two]) assert.deepEqual(await page.own(), ["hello from the first tab", "together"]);
});

test("what was read is no news to a page whose chat is closed before it is connected", async (t) => {
  const server = await start(t), page = await visit(await visitor(t), `${server.url}?lang=en`), way = await slowly(page);
  await page.reload();
  await page.openChat();
  await page.say("hello");
  await page.log.locator(".turn.bot").waitFor();
  way.hold();
  await page.reload();
  await page.input.press("Escape");
  await way.caught;
  way.release();
  await page.log.locator(".turn.bot").waitFor({ state: "attached" });
  assert.equal(await page.launcher.getAttribute("aria-label"), "Chat");
});
