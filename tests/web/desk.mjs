// The desk in a browser, with a customer in another: nothing is lost when the network is cut or the service killed.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { Chat, folder, serve } from "../server/chat.mjs";
import { addStaff, password } from "../server/staff.mjs";
import { network, visit, visitor } from "./browser.mjs";

const conf = 'shop "default" {\n  always_open = yes\n}\nagent_lost = 300s\n';

async function signedIn(t, url, name, options) {
  const context = await visitor(t, options);
  const page = await visit(context, new URL("desk", url).href);
  await page.fill("#name", name);
  await page.fill("#password", password);
  await page.press("#password", "Enter");
  await page.locator(".link[data-state=live]").waitFor();
  return page;
}

test("a customer escalates, an agent answers, hands back, and the bot goes on: with the network cut and the service killed in between", async (t) => {
  const net = await network(t), street = await network(t); // the agent's, and the customer's
  const place = folder(t, { conf: conf.replace("{", `{\n  origins = {"${street.url.slice(0, -1)}"}`) });
  addStaff(place, "Max");
  const first = await serve(t, place);
  net.target = street.target = first.port;
  const customer = await visit(await visitor(t), street.url);
  const agent = await signedIn(t, net.url, "Max");
  await customer.openChat();
  await customer.say("I want to talk to a person");
  await agent.locator(".row").first().waitFor();
  await agent.keyboard.press("c"); // takes the one that has waited longest
  await agent.locator('[data-act="resolve"]').waitFor();
  await agent.fill("#text", "Hello, Max here.");
  await agent.keyboard.press("Control+Enter");
  await customer.answered("Hello, Max here.");
  await agent.locator(".turn.sending").waitFor({ state: "detached" });

  net.cut();
  await agent.locator(".link[data-state=lost]").waitFor();
  await agent.fill("#text", "Written while the network was away.");
  await agent.keyboard.press("Control+Enter");
  await agent.locator(".turn.sending").waitFor();
  net.mend();
  await customer.answered("Written while the network was away.");
  await agent.locator(".link[data-state=live]").waitFor();

  await first.stop("SIGKILL");
  net.target = street.target = (await serve(t, place)).port;
  await agent.locator(".link[data-state=live]").waitFor();
  await agent.fill("#text", "Still here <b>after</b> the restart.");
  await agent.keyboard.press("Control+Enter");
  await customer.answered("Still here <b>after</b> the restart.");
  const typing = agent.locator("#typing").filter({ hasText: "The customer is typing" }).waitFor();
  await customer.input.pressSequentially("good day", { delay: 500 }); // it is told every three seconds
  await typing;
  await customer.say("good, thank you");
  await agent.locator(".turn.from-customer").filter({ hasText: "good, thank you" }).waitFor();
  const said = await agent.locator(".turn.from-agent:not(.sending) .words").allTextContents();
  assert.deepEqual(said, ["Hello, Max here.", "Written while the network was away.", "Still here <b>after</b> the restart."]);

  await agent.click('[data-act="return"]');
  await agent.locator("#empty").waitFor();
  await customer.say("where is my order UK-2087?");
  await customer.answered(/postcode|e-mail/i);
});

// A page that is signed in over a network of its own, whose clock stands in the test's hand.
async function clocked(t) {
  const net = await network(t), place = folder(t, { conf });
  addStaff(place, "Max");
  const server = await serve(t, place);
  net.target = server.port;
  const page = await signedIn(t, net.url, "Max");
  await page.clock.install();
  const opened = page.waitForEvent("websocket");
  await page.reload();
  await page.locator(".link[data-state=live]").waitFor();
  return { net, server, page, socket: await opened };
}

test("a network that goes silent is noticed while nothing is done at the desk, and who asked for a person meanwhile is seen", async (t) => {
  const { net, server, page } = await clocked(t);
  net.silent = true;
  const customer = await visit(await visitor(t), server.url);
  await customer.openChat();
  await customer.say("I want to talk to a person");
  await customer.answered(/.+/);
  await page.clock.runFor(36000);
  await page.locator(".link[data-state=lost]").waitFor();
  net.cut();
  net.silent = false;
  net.mend();
  await page.clock.resume();
  await page.locator(".row").first().waitFor();
});

test("a desk that is quiet stays connected", async (t) => {
  const { page, socket } = await clocked(t);
  for (let asked = 0; asked < 3; asked++) {
    const answer = socket.waitForEvent("framereceived", ({ payload }) => payload.includes("done"));
    await page.clock.runFor(21000);
    await answer;
  }
  await page.locator(".link[data-state=live]").waitFor();
  assert.ok(!socket.isClosed());
});

test("a network that is back while the page is still connecting leaves it one connection", async (t) => {
  const { net, page } = await clocked(t);
  net.cut();
  await page.locator(".link[data-state=lost]").waitFor();
  net.silent = true;
  net.mend();
  await page.evaluate(() => {
    globalThis.made = [];
    globalThis.WebSocket = class extends WebSocket { constructor(...all) { super(...all); globalThis.made.push(this); } };
  });
  await page.clock.runFor(1000);
  await page.evaluate(() => dispatchEvent(new Event("online")));
  await page.clock.runFor(1000);
  assert.deepEqual(await page.evaluate(() => globalThis.made.map(({ readyState }) => readyState)), [0]);
});

test("the desk is sound for those who do not see it, in light and dark, with a dialog open, and at the door", async (t) => {
  const place = folder(t, { conf });
  addStaff(place, "Léa", "--role", "manager");
  const server = await serve(t, place);
  const customer = await visit(await visitor(t), server.url);
  await customer.openChat();
  await customer.say("my vase arrived broken, order UK-2087, LS6 2QT");
  for (const colorScheme of ["light", "dark"]) {
    const door = await visit(await visitor(t, { colorScheme }), `${server.url}desk#wrong`);
    await door.sound(`door, ${colorScheme}`);
    const page = await signedIn(t, server.url, "Léa", { colorScheme });
    await page.locator(".row").first().waitFor();
    await page.sound(`queue, ${colorScheme}`);
    await page.locator(".row").first().click();
    await page.locator(".turn").first().waitFor();
    await page.locator(".why summary").first().click();
    await page.click("[data-mode=note]");
    await page.fill("#text", "a note");
    await page.keyboard.press("Control+Enter");
    await page.locator(".turn.private").first().waitFor();
    await page.sound(`conversation, ${colorScheme}`);
    await page.locator("#transcript").focus();
    await page.keyboard.press("?");
    await page.locator("dialog[open]").waitFor();
    await page.sound(`keys, ${colorScheme}`);
    await page.keyboard.press("Escape");
    await page.selectOption("#language", "fr");
    assert.match(await page.locator("#queue-title").textContent(), /File/);
    await page.sound(`in French, ${colorScheme}`);
  }
});

test("a French desk reads no codes: reason, queue, statuses and hold are said in French", async (t) => {
  const place = folder(t, { conf }), file = join(place.path, "held.jsonl");
  addStaff(place, "Max", "--role", "manager");
  writeFileSync(file, JSON.stringify({ number: "UK-4713", postcode: "LS6 2QT", state: "on_hold", hold_reason: "fraud_check", option: "pickup_point", parcels: [{ id: "1", status: "attempt_failed" }] }));
  assert.match(place.wismo("import", file).out, /new 1/);
  const server = await serve(t, place);
  const customer = await visit(await visitor(t), server.url);
  await customer.openChat();
  await customer.say("I received the wrong item, order UK-4713, LS6 2QT");
  const page = await signedIn(t, server.url, "Max", { locale: "fr-FR" });
  await page.locator(".row").first().click();
  await page.locator(".parcel").first().waitFor();
  assert.deepEqual(await page.locator(".row strong, .row .chip").allTextContents(), ["Mauvais article", "litiges", "UK-4713", "EN"]);
  assert.match(await page.locator("#talk-about").textContent(), /^en attente · litiges · EN · chat/);
  assert.deepEqual(await page.locator("#facts .chip").allTextContents(), ["en suspens", "échec de livraison"]);
  assert.match(await page.locator("#facts .pairs").first().textContent(), /contrôle de sécurité.*point de retrait/);
  assert.deepEqual((await page.locator("#which option").allTextContents()).slice(0, 3), ["Toutes les files", "général", "livraison"]);

  // Refused: what the server writes for programs is not shown.
  const refused = async (type, more) => {
    await page.evaluate(async ([name, members]) => { globalThis.desk.failed(await globalThis.desk.live.ask(name, { conversation: globalThis.desk.conversation, ...members })); }, [type, more]);
    return page.locator("#notices p").last().textContent();
  };
  assert.equal(await refused("say", { text: "Bonjour" }), "Prenez d’abord la conversation.");
  assert.equal(await refused("assign", { agent: "Nobody" }), "Plus personne de ce nom ne travaille pour cette boutique.");
  assert.equal(await refused("note", { text: "" }), "Le bureau n’accepte pas cela : c’est vide ou trop long.");
  assert.equal(await refused("nonsense"), "Impossible : unknown_type");
});

test("rows of several shops say which, and times are those of the shop, which is said where the agent's clock differs", async (t) => {
  const zones = [["paris", "Europe/Paris", "Maison Demo"], ["york", "America/New_York", "New York"]];
  const place = folder(t, { conf: zones.map(([id, zone, name]) => `shop "${id}" {\n  name = "${name}"\n  time_zone = "${zone}"\n  always_open = yes\n}\n`).join("") });
  addStaff(place, "Max");
  const server = await serve(t, place);
  for (const [shop] of zones) await (await Chat.begin(server, { shop, locale: "en" })).ask("I want to talk to a person");
  const page = await signedIn(t, server.url, "Max", { timezoneId: "Europe/Berlin" });
  await page.locator(".row").nth(1).waitFor();
  assert.deepEqual(await page.locator(".row .chip").allTextContents(), ["Maison Demo", "general", "EN", "New York", "general", "EN"]);
  const about = page.locator("#talk-about");
  const clocks = (timeZone) => [0, 60000].map((ago) => new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone }).format(Date.now() - ago));
  for (const [i, [, zone, name]] of zones.entries()) {
    await page.locator(".row").nth(i).click();
    await about.filter({ hasText: name }).waitFor();
    assert.ok(clocks(zone).includes(await page.locator(".turn time").first().textContent()), zone);
    assert.equal((await about.textContent()).includes(`times of ${zone}`), zone === "America/New_York");
  }
});

test("every private note is shown, also where the clock stands", async (t) => {
  const now = "2026-03-11T09:00:00+01:00", place = folder(t, { conf, now });
  addStaff(place, "Max");
  const server = await serve(t, place, "--now", now);
  const customer = await visit(await visitor(t), server.url);
  await customer.openChat();
  await customer.say("I want to talk to a person");
  const page = await signedIn(t, server.url, "Max");
  await page.locator(".row").first().click();
  await page.click("[data-mode=note]");
  for (const note of ["the first note", "the second note"]) {
    await page.fill("#text", note);
    await page.keyboard.press("Control+Enter");
    await page.locator(".turn.private").filter({ hasText: note }).waitFor();
  }
});

test("how late a parcel is goes by the days of the shop, wherever the agent is", async (t) => {
  const place = folder(t, { conf }), file = join(place.path, "late.jsonl");
  addStaff(place, "Max");
  const parcels = [{ id: "1", status: "delivered", status_at: "2026-03-10T23:30:00Z" }, { id: "2", status: "delivered", status_at: "2026-03-10T22:30:00Z" }];
  writeFileSync(file, JSON.stringify({ number: "UK-4711", postcode: "LS6 2QT", promised_to: "2026-03-10", parcels }));
  assert.match(place.wismo("import", file).out, /new 1/);
  const server = await serve(t, place);
  const customer = await visit(await visitor(t), server.url);
  await customer.openChat();
  await customer.say("my vase arrived broken, order UK-4711, LS6 2QT");
  const page = await signedIn(t, server.url, "Max", { timezoneId: "Asia/Tokyo" });
  await page.locator(".row").first().click();
  await page.locator(".parcel").first().waitFor();
  assert.deepEqual(await page.locator(".parcel-top .chip.bad, .parcel-top .chip.good").allTextContents(), ["1 day late", "on time"]);
});

test("how late a parcel is counts from the first promise at the desk, too, by what still lies ahead", async (t) => {
  const place = folder(t, { conf }), file = join(place.path, "revised.jsonl");
  addStaff(place, "Max");
  const day = (days) => new Intl.DateTimeFormat("sv", { timeZone: "Europe/Paris" }).format(Date.now() + days * 86400000);
  const parcels = [{ id: "1", status: "in_transit" }, { id: "2", status: "in_transit", estimated_to: day(-2) }, { id: "3", status: "in_transit", estimated_to: day(3) }, { id: "4", status: "lost" },
    { id: "5", status: "attempt_failed", estimated_to: day(3), next_attempt: day(2) }];
  writeFileSync(file, JSON.stringify({ number: "UK-4712", postcode: "LS6 2QT", promised_to: day(-3), revised_to: day(1), parcels }));
  assert.match(place.wismo("import", file).out, /new 1/);
  const server = await serve(t, place);
  const customer = await visit(await visitor(t), server.url);
  await customer.openChat();
  await customer.say("my vase arrived broken, order UK-4712, LS6 2QT");
  const page = await signedIn(t, server.url, "Max");
  await page.locator(".row").first().click();
  await page.locator(".parcel").first().waitFor();
  assert.deepEqual(await page.locator(".parcel-top .chip.bad, .parcel-top .chip.good").allTextContents(), ["4 days late", "4 days late", "6 days late", "lost", "attempt failed", "5 days late"]);
});

test("who is at the desk is told of the queues and colleagues of settings that are read again", async (t) => {
  const place = folder(t, { conf });
  addStaff(place, "Léa", "--role", "manager");
  const server = await serve(t, place);
  const customer = await visit(await visitor(t), server.url);
  await customer.openChat();
  await customer.say("I want to talk to a person");
  const page = await signedIn(t, server.url, "Léa");
  await page.locator(".row").first().click();
  await page.locator(".turn").first().waitFor();
  await page.selectOption("#which", "general");
  addStaff(place, "Max");
  writeFileSync(join(place.path, "wismo.conf"), conf.replace("{", '{\n  queues = {"claims = after-sales", "general = front"}'));
  server.child.kill("SIGHUP");
  await page.locator('#which option[value="after-sales"]').waitFor({ state: "attached" });
  assert.equal(await page.locator("#which").inputValue(), ""); // the one that was shown is no more
  await page.locator(".row").first().waitFor();
  const choices = async (act) => {
    await page.click(`[data-act="${act}"]`);
    const names = await page.locator("dialog[open] option").allTextContents();
    await page.keyboard.press("Escape");
    return names;
  };
  assert.ok((await choices("transfer")).includes("front"));
  assert.deepEqual(await choices("assign"), ["Léa", "Max"]);
});

test("everything is done by keyboard alone: take, answer, resolve", async (t) => {
  const place = folder(t, { conf });
  addStaff(place, "Max", "--role", "manager");
  const server = await serve(t, place);
  const customer = await visit(await visitor(t), server.url);
  await customer.openChat();
  await customer.say("I want to talk to a person");
  const page = await signedIn(t, server.url, "Max");
  await page.locator(".row").first().waitFor();
  await page.keyboard.press("j");
  await page.locator(".turn").first().waitFor();
  await page.keyboard.press("c");
  await page.locator('[data-act="resolve"]').waitFor();
  await page.locator("textarea:focus").waitFor();
  await page.keyboard.type("All by keys");
  await page.keyboard.press("Control+Enter");
  await customer.answered("All by keys");
  await page.keyboard.press("Escape");
  await page.keyboard.press("e");
  await page.locator("dialog[open] select:focus").waitFor();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter"); // Cancel
  await page.locator("dialog[open]").waitFor({ state: "detached" });
  await page.locator('[data-act="resolve"]').waitFor();
  await page.keyboard.press("e");
  await page.locator("dialog[open] select:focus").waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.locator(".event").filter({ hasText: "Max resolved it: " }).waitFor();
  await page.locator("#empty").waitFor();

  // A ready answer: Enter in a field saves, too.
  await page.locator("#answers").click();
  await page.locator("dialog[open] input").fill("greeting");
  await page.locator("dialog[open] textarea").fill("Hello!");
  await page.locator("dialog[open] input").press("Enter");
  await page.locator("#told").filter({ hasText: "Saved." }).waitFor();
  await page.keyboard.press("/");
  await page.keyboard.type("All by keys");
  await page.keyboard.press("Enter");
  await page.locator(".row").filter({ hasText: "All by keys" }).waitFor();
});

test("a colleague who looks at the same conversation is seen, and cannot answer over the one who has it", async (t) => {
  const place = folder(t, { conf });
  addStaff(place, "Max");
  addStaff(place, "Ida");
  const server = await serve(t, place);
  const customer = await visit(await visitor(t), server.url);
  await customer.openChat();
  await customer.say("I want to talk to a person");
  const [max, ida] = [await signedIn(t, server.url, "Max"), await signedIn(t, server.url, "Ida")];
  await max.locator(".row").first().click();
  await max.locator('[data-act="claim"]').click();
  await max.locator('[data-act="resolve"]').waitFor();
  await ida.click("[data-tab=others]");
  await ida.locator(".row").first().click();
  await ida.locator("#watchers").filter({ hasText: "Max" }).waitFor();
  await ida.locator(".turn").first().waitFor();
  assert.ok(await ida.locator("[data-mode=say]").isDisabled());
  assert.equal(await ida.locator("[data-act]").count(), 0);
});
