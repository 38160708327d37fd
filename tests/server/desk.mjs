// The desk from outside: who gets in, who may do what, and that nothing is lost between people.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { Chat, folder, serve } from "./chat.mjs";
import { addStaff, Agent, password, post, signIn } from "./staff.mjs";

const open = 'shop "default" {\n  always_open = yes\n}\n';

async function desk(t, { conf = open, staff = { Léa: ["--role", "manager"], Max: [] }, words = [] } = {}) {
  const place = folder(t, { conf });
  for (const [name, more] of Object.entries(staff)) addStaff(place, name, ...more);
  return { place, server: await serve(t, place, ...words) };
}

// A customer who waits for a person.
async function waiting(server, words = "je veux parler à un humain") {
  const chat = await Chat.begin(server, { locale: "fr" });
  await chat.ask(words);
  return chat;
}

// What the customer hears next of this kind.
async function heard(chat, meant) {
  for (;;) {
    const frame = await chat.next();
    if (meant(frame)) return frame;
  }
}

test("who works there signs in, and nobody else; the cookie is for the desk alone", async (t) => {
  const { place, server } = await desk(t);
  assert.match(place.wismo("staff", "add", "Ж".repeat(40)).err, /at most 63 bytes/); // customers would read half of it
  const reply = await post(server, "/desk/login", { name: "Léa", password });
  assert.match(reply.headers.get("set-cookie"), /^wismo_desk=[\w-]{43}; Path=\/desk; Max-Age=43200; HttpOnly; SameSite=Strict$/);
  for (const [name, word] of [["Léa", "wrong password"], ["Nobody", password], ["", ""], ["Léa", ""]]) {
    const refused = await post(server, "/desk/login", { name, password: word });
    assert.deepEqual([refused.status, refused.headers.get("location"), refused.headers.get("set-cookie")], [303, "/desk#wrong", null], name);
  }
  const behind = await post(server, "/desk/login", { name: "Léa", password }, { "x-forwarded-proto": "https" });
  assert.match(behind.headers.get("set-cookie"), /; Secure$/);
});

test("a form or socket of another page does nothing", async (t) => {
  const { server } = await desk(t);
  for (const origin of ["https://evil.example", "null", `${new URL(server.url).origin}.evil.example`, "http://127.0.0.1"])
    assert.equal((await post(server, "/desk/login", { name: "Léa", password }, { origin })).status, 403, origin);
  const none = await fetch(new URL("/desk/login", server.url), { method: "POST", body: new URLSearchParams({ name: "Léa", password }), redirect: "manual" });
  assert.equal(none.status, 403);
  const cookie = await signIn(server, "Léa");
  assert.equal((await post(server, "/desk/logout", {}, { origin: "https://evil.example", cookie })).status, 403);
  for (const origin of ["https://evil.example", "null", undefined])
    assert.equal(await new Agent(server, cookie, { origin: origin ?? "" }).opened, 403, origin);
  assert.equal(await new Agent(server, undefined).opened, 401);
  assert.equal(await new Agent(server, "wismo_desk=forged").opened, 401);
  assert.equal(await new Agent(server, cookie, { protocols: ["wismo.chat.v1"] }).opened, 400);
});

test("who tries too often waits, whoever is asked for", async (t) => {
  const { server } = await desk(t), begun = performance.now();
  let tries = 0, where;
  const guess = async () => (await post(server, "/desk/login", { name: `n${tries}`, password: "guess guess guess" })).headers.get("location");
  for (; (where = await guess()) === "/desk#wrong"; tries++);
  assert.equal(where, "/desk#wait");
  const free = 20 + (performance.now() - begun) / 5000; // so many at once, then one in five seconds
  assert.ok(tries >= 20 && tries <= free, `${tries} of ${free}`);
});

test("signing out ends the session and closes its sockets", async (t) => {
  const { server } = await desk(t);
  const cookie = await signIn(server, "Max");
  const agent = await Agent.begin(server, cookie);
  const page = await (await fetch(new URL("/desk", server.url), { headers: { cookie } })).text();
  assert.match(page, /desk\.js/);
  assert.equal((await post(server, "/desk/logout", {}, { cookie })).status, 303);
  assert.equal(await agent.closed, 1008);
  assert.equal(await new Agent(server, cookie).opened, 401);
  assert.doesNotMatch(await (await fetch(new URL("/desk", server.url), { headers: { cookie } })).text(), /desk\.js/);
});

test("who is removed, or gets a new password, is out", async (t) => {
  const { place, server } = await desk(t);
  const agent = await Agent.begin(server, await signIn(server, "Max"));
  assert.equal(place.wismo("staff", "remove", "Max").status, 0);
  assert.equal(await agent.closed, 1008);
});

test("an agent claims, answers, notes and hands back; the customer hears what is meant for them", async (t) => {
  const { place, server } = await desk(t);
  const agent = await Agent.begin(server, await signIn(server, "Max"));
  const chat = await waiting(server);
  const conversation = chat.welcome.conversation;
  const item = await agent.until(() => agent.item(conversation));
  assert.deepEqual([item.status, item.reason, item.locale, item.last.text], ["waiting", "human.person", "fr", "je veux parler à un humain"]);
  await agent.refused("not_taken", "say", { conversation, text: "Bonjour" });
  await agent.done("claim", { conversation });
  await agent.until(() => agent.item(conversation).status === "taken" && agent.item(conversation).agent === "Max");
  assert.deepEqual((({ state, agent: name }) => [state, name])(await heard(chat, (frame) => frame.type === "handoff" && frame.state === "human")), ["human", "Max"]);
  const view = await agent.ask("open", { conversation });
  assert.deepEqual(view.turns.map((turn) => turn.seq), view.turns.map((_, i) => i + 1));
  assert.equal(view.turns[0].text, "je veux parler à un humain");
  assert.ok(view.notes.some((note) => note.intent === "human.person" && note.rule));
  await agent.done("note", { conversation, text: "VIP, be kind" });
  await agent.done("say", { conversation, text: "Bonjour, ici <b>Max</b>." });
  const said = await heard(chat, (frame) => frame.type === "say");
  assert.deepEqual([said.from, said.agent, said.text, said.id], ["agent", "Max", "Bonjour, ici <b>Max</b>.", undefined]);
  chat.send({ type: "typing" });
  assert.equal((await agent.next((frame) => frame.type === "typing")).from, "customer");
  agent.send({ type: "typing", conversation });
  assert.equal((await heard(chat, (frame) => frame.type === "typing")).from, "agent");
  chat.send({ type: "say", id: "q", text: "où est ma commande FR-1042 ?" });
  assert.equal((await heard(chat, (frame) => frame.type === "say")).from, "customer"); // nobody but Max answers
  const news = await agent.next((frame) => frame.type === "news" && frame.turns.some((turn) => turn.from === "customer"));
  assert.equal(news.turns[0].text, "où est ma commande FR-1042 ?");
  await agent.done("return", { conversation });
  await agent.until(() => !agent.item(conversation));
  assert.equal((await heard(chat, (frame) => frame.type === "handoff")).state, "bot");
  assert.equal((await chat.ask("où est ma commande FR-1042 ?", "again")).from, "bot");
  const record = (await agent.ask("open", { conversation })).acts.map(({ agent: who, verb, text }) => [who, verb, text]);
  assert.deepEqual(record, [["Max", "take", undefined], ["Max", "note", "VIP, be kind"], ["Max", "say", undefined], ["Max", "return", undefined]]);
  const transcript = place.wismo("why", conversation);
  assert.doesNotMatch(transcript.out, /VIP/);
});

test("of two who claim at once exactly one has it; the other cannot answer, transfer, or end it", async (t) => {
  const { server } = await desk(t, { staff: { Max: [], Ida: [] } });
  const [max, ida] = [await Agent.begin(server, await signIn(server, "Max")), await Agent.begin(server, await signIn(server, "Ida"))];
  for (let round = 0; round < 8; round++) {
    const conversation = (await waiting(server)).welcome.conversation;
    await Promise.all([max, ida].map((agent) => agent.until(() => agent.item(conversation))));
    const answers = await Promise.all([max, ida].map((agent) => agent.ask("claim", { conversation })));
    assert.deepEqual(answers.map((answer) => answer.code ?? "done").sort(), ["done", "taken"]);
    const [winner, loser] = answers[0].type === "done" ? [max, ida] : [ida, max];
    await loser.refused("taken", "say", { conversation, text: "me too" });
    await loser.refused("taken", "transfer", { conversation, queue: "claims" });
    await loser.refused("taken", "return", { conversation });
    await loser.refused("taken", "resolve", { conversation, reason: "answered" });
    await loser.refused("forbidden", "assign", { conversation, agent: "Ida" });
    await winner.done("say", { conversation, text: "mine" });
  }
});

test("what an agent sends twice, not knowing whether it arrived, is said or noted once, also when the service died in between", async (t) => {
  const { place, server } = await desk(t);
  const agent = await Agent.begin(server, await signIn(server, "Max"));
  const chat = await waiting(server);
  const conversation = chat.welcome.conversation;
  await agent.done("claim", { conversation });
  await agent.done("claim", { conversation });
  await agent.done("say", { conversation, id: "same", text: "Bonjour" });
  await agent.done("note", { conversation, id: "remark", text: "VIP" });
  const again = await Agent.begin(server, await signIn(server, "Max"));
  await again.done("say", { conversation, id: "same", text: "Bonjour" });
  await again.done("note", { conversation, id: "remark", text: "VIP" });
  await server.stop("SIGKILL");
  const risen = await serve(t, place), third = await Agent.begin(risen, await signIn(risen, "Max"));
  await third.done("say", { conversation, id: "same", text: "Bonjour" });
  await third.done("note", { conversation, id: "remark", text: "VIP" });
  const { turns, acts } = await third.ask("open", { conversation });
  assert.equal(turns.filter((turn) => turn.from === "agent").length, 1);
  assert.equal(acts.filter((act) => act.verb === "note").length, 1);
  assert.equal(turns.filter((turn) => turn.phrase === "handoff.taken").length, 1);
});

test("a conversation opens whatever was noted on it, and whatever its order holds", async (t) => {
  const { place, server } = await desk(t);
  const label = "é".repeat(280), checkpoints = Array.from({ length: 900 }, (_, i) => ({ at: new Date(1773000000000 + i * 1000).toISOString(), status: "in_transit", label }));
  const file = join(place.path, "long.jsonl");
  const told = (...scans) => { writeFileSync(file, JSON.stringify({ number: "FR-4711", postcode: "69003", parcels: [{ id: "1", checkpoints: scans }] })); return place.wismo("import", file).out; };
  assert.match(told(...checkpoints), /new 1/);
  const agent = await Agent.begin(server, await signIn(server, "Max"));
  const chat = await waiting(server), long = await waiting(server, "où est ma commande FR-4711 ? 69003");
  await long.ask("je veux parler à un humain");
  const view = await agent.ask("open", { conversation: long.welcome.conversation });
  assert.ok(view.turns.length > 0);
  const scans = ({ orders: [{ cut, order }] }) => { assert.ok(cut); return order.parcels[0].checkpoints.map(({ at }) => Date.parse(at)); };
  assert.deepEqual(scans(view), checkpoints.slice(-40).map(({ at }) => Date.parse(at)));
  const at = Date.parse("2026-03-11T10:00:00Z");
  assert.match(told({ at: new Date(at).toISOString(), status: "out_for_delivery" }), /changed 1/);
  assert.equal(scans(await agent.next((frame) => frame.type === "orders")).at(-1), at);
  const { conversation } = chat.welcome;
  for (let i = 0; i < 60; i++) await agent.done("note", { conversation, text: "é".repeat(4000) });
  assert.equal((await agent.ask("open", { conversation })).acts.at(-1).text.length, 4000);
});

test("of an order too long even with four scans of each parcel the first parcels are shown, and how many there are", async (t) => {
  const { place, server } = await desk(t);
  const checkpoints = Array.from({ length: 6 }, (_, i) => ({ at: new Date(1773000000000 + i * 1000).toISOString(), status: "in_transit", label: "é".repeat(280) }));
  const file = join(place.path, "wide.jsonl");
  writeFileSync(file, JSON.stringify({ number: "FR-4713", postcode: "69003", parcels: Array.from({ length: 200 }, (_, i) => ({ id: String(i + 1), checkpoints })) }));
  assert.match(place.wismo("import", file).out, /new 1/);
  const agent = await Agent.begin(server, await signIn(server, "Max"));
  const wide = await waiting(server, "où est ma commande FR-4713 ? 69003");
  await wide.ask("je veux parler à un humain");
  const { orders: [{ cut, parcels, late, order }] } = await agent.ask("open", { conversation: wide.welcome.conversation });
  assert.deepEqual([cut, parcels, late.length, order.number, order.parcels.map(({ id }) => id)], [true, 200, 4, "FR-4713", ["1", "2", "3", "4"]]);
});

test("how late each parcel is is told by the days of the shop's zone, and anew when the zone or the order changes", async (t) => {
  const { place, server } = await desk(t);
  const file = join(place.path, "late.jsonl"), parcels = [{ status: "delivered", status_at: "2026-03-10T23:30:00Z" }, { status: "delivered", status_at: "2026-03-10T22:30:00Z" }, { status: "lost" }];
  const told = () => { writeFileSync(file, JSON.stringify({ number: "FR-4714", postcode: "69003", promised_to: "2026-03-10", parcels: parcels.map((parcel, i) => ({ id: String(i + 1), ...parcel })) })); return place.wismo("import", file).out; };
  assert.match(told(), /new 1/);
  const agent = await Agent.begin(server, await signIn(server, "Max"));
  const chat = await waiting(server, "où est ma commande FR-4714 ? 69003");
  await chat.ask("je veux parler à un humain");
  const late = ({ orders: [order] }) => order.late, news = async () => late(await agent.next((frame) => frame.type === "orders"));
  assert.deepEqual(late(await agent.ask("open", { conversation: chat.welcome.conversation })), [1, 0, null]);
  writeFileSync(join(place.path, "wismo.conf"), open.replace("{", "{\n  time_zone = Europe/London"));
  server.child.kill("SIGHUP");
  assert.deepEqual(await news(), [0, 0, null]);
  parcels[2] = { status: "ready_for_pickup", status_at: "2026-03-13T12:00:00Z" };
  assert.match(told(), /changed 1/);
  assert.deepEqual(await news(), [0, 0, 3]);
  for (const parcel of parcels) Object.assign(parcel, { status: "cancelled", status_at: "2026-03-13T13:00:00Z" });
  assert.match(told(), /changed 1/);
  assert.deepEqual(await news(), [null, null, null], "labels that were voided are neither late nor on time");
});

test("settings that are read again are told to who is signed in", async (t) => {
  const { place, server } = await desk(t);
  const agent = await Agent.begin(server, await signIn(server, "Max"));
  writeFileSync(join(place.path, "wismo.conf"), open.replace("{", '{\n  queues = {"claims = after-sales"}\n  time_zone = Europe/London'));
  server.child.kill("SIGHUP");
  const { shops, staff } = await agent.next((frame) => frame.type === "shops");
  const { queues, ...rest } = shops[0], before = agent.welcome.shops[0];
  assert.deepEqual(queues, before.queues.map((name) => (name === "claims" ? "after-sales" : name)));
  assert.deepEqual([shops.length, rest, staff], [1, { id: "default", name: before.name, time_zone: "Europe/London", open: true }, agent.welcome.staff]);
});

test("after a drop an agent hears what has changed since, and no more", async (t) => {
  const { server } = await desk(t);
  const cookie = await signIn(server, "Max");
  const first = await Agent.begin(server, cookie);
  const one = (await waiting(server)).welcome.conversation, two = (await waiting(server)).welcome.conversation;
  await first.until(() => first.items.size === 2);
  const { epoch } = first.welcome, { seq } = first;
  first.drop();
  await first.closed;
  const other = await Agent.begin(server, await signIn(server, "Léa"));
  await other.done("claim", { conversation: one });
  await other.done("resolve", { conversation: one, reason: "answered" });
  const three = (await waiting(server)).welcome.conversation;
  const again = await Agent.begin(server, cookie, { epoch, seq });
  assert.equal(again.welcome.resumed, true);
  assert.deepEqual([...again.items.values()].map((item) => item.conversation), [three]);
  const strange = await Agent.begin(server, cookie, { epoch: "elsewhere", seq });
  assert.equal(strange.welcome.resumed, false);
  assert.deepEqual([...strange.items.values()].map((item) => item.conversation).sort(), [two, three].sort());
});

test("when an agent's connection stays lost, the conversation waits again and the customer is told; a short drop is none", async (t) => {
  const { server } = await desk(t, { conf: `agent_lost = 5s\n${open}`, staff: { Max: [], Ida: [] } });
  const cookie = await signIn(server, "Max");
  const chat = await waiting(server), other = (await waiting(server)).welcome.conversation;
  const conversation = chat.welcome.conversation;
  const first = await Agent.begin(server, cookie), ida = await Agent.begin(server, await signIn(server, "Ida"));
  await first.done("claim", { conversation });
  await ida.done("claim", { conversation: other });
  const agent = new Agent(server, cookie);
  assert.equal(await agent.opened, true); // at the door: however slow the machine, the drop is short
  first.drop();
  agent.send({ type: "hello" });
  await agent.next((frame) => frame.type === "changes" && !frame.more);
  ida.drop();
  await agent.until(() => agent.item(other).status === "waiting"); // Ida, who dropped later and stays away, has lost hers
  assert.equal(agent.item(conversation).agent, "Max");
  await agent.done("claim", { conversation: other });
  await agent.done("resolve", { conversation: other, reason: "answered" });
  agent.drop();
  await heard(chat, (frame) => frame.type === "handoff" && frame.state === "human");
  const told = await heard(chat, (frame) => frame.type === "handoff" && frame.state === "waiting");
  assert.equal(told.position, 1);
  const max = await Agent.begin(server, cookie);
  const item = await max.until(() => max.item(conversation));
  assert.deepEqual([item.status, item.agent], ["waiting", undefined]);
  const { turns } = await max.ask("open", { conversation });
  assert.match(turns.at(-1).phrase, /handoff\.lost/);
  await max.done("claim", { conversation });
});

test("the queue and who has what survive kill -9; a message that was acknowledged is there", async (t) => {
  const { place, server } = await desk(t, { conf: `agent_lost = 20s\n${open}`, staff: { Max: [], Ida: [] } });
  const chat = await waiting(server), other = await waiting(server), left = (await waiting(server)).welcome.conversation;
  const conversation = chat.welcome.conversation;
  const cookie = await signIn(server, "Max");
  const agent = await Agent.begin(server, cookie), ida = await Agent.begin(server, await signIn(server, "Ida"));
  await ida.done("claim", { conversation: left });
  await agent.done("claim", { conversation });
  await agent.done("say", { conversation, text: "before the end" });
  assert.equal((await server.stop("SIGKILL")).signal, "SIGKILL");
  const again = await serve(t, place);
  const max = await Agent.begin(again, cookie);
  assert.deepEqual([max.item(conversation).agent, max.item(other.welcome.conversation).status], ["Max", "waiting"]);
  await max.until(() => max.item(left).status === "waiting"); // for Ida does not come back
  assert.equal(max.item(conversation).agent, "Max"); // it is kept, for Max is there
  await max.done("say", { conversation, text: "after it" });
  const said = (await max.ask("open", { conversation })).turns.filter((turn) => turn.from === "agent").map((turn) => turn.text);
  assert.deepEqual(said, ["before the end", "after it"]);
});

test("transferred, it waits in the other queue; resolved with a reason, it opens again when the customer goes on", async (t) => {
  const { server } = await desk(t);
  const agent = await Agent.begin(server, await signIn(server, "Max"));
  const chat = await waiting(server);
  const conversation = chat.welcome.conversation;
  await agent.done("claim", { conversation });
  await agent.done("transfer", { conversation, queue: "claims" });
  await agent.until(() => agent.item(conversation).queue === "claims" && agent.item(conversation).status === "waiting");
  await agent.done("claim", { conversation });
  await agent.refused("invalid", "resolve", { conversation, reason: "because" });
  await agent.done("resolve", { conversation, reason: "answered" });
  await agent.until(() => !agent.item(conversation));
  await chat.ask("mais le mur est toujours bleu", "more");
  const item = await agent.until(() => agent.item(conversation));
  assert.deepEqual([item.status, item.reason], ["waiting", "human.person"]);
  const { acts, handoffs } = await agent.ask("open", { conversation });
  assert.ok(acts.some((act) => act.verb === "close" && act.text === "answered"));
  assert.deepEqual(handoffs.map((handoff) => handoff.status), ["closed", "waiting"]);
});

test("a customer for whom nobody comes in time is asked for a contact, once", async (t) => {
  const { server } = await desk(t, { conf: open.replace("}", "  answer_within = 2s\n}") });
  const chat = await waiting(server);
  const told = await heard(chat, (frame) => frame.type === "say" && frame.from === "bot");
  assert.match(told.text, /e-mail|téléphone/);
  const taken = await chat.ask("camille@mail.example", "contact");
  assert.match(taken.text, /camille@mail\.example/);
  const agent = await Agent.begin(server, await signIn(server, "Max"));
  assert.equal(agent.item(chat.welcome.conversation).contact, "camille@mail.example");
});

test("who waits is told how many are before, and it is brought up to date", async (t) => {
  const { server } = await desk(t);
  const first = await waiting(server);
  const second = await Chat.begin(server, { locale: "fr" });
  const answer = await second.ask("je veux parler à un humain");
  assert.match(answer.text, /1 personne (attend )?avant vous/);
  const state = second.beside.find((frame) => frame.type === "handoff") ?? await heard(second, (frame) => frame.type === "handoff");
  assert.equal(state.position, 2);
  const again = await Chat.begin(server, { resume: { token: second.welcome.token, seq: 0 } });
  assert.equal(again.welcome.position, 2); // the page was loaded again
  const agent = await Agent.begin(server, await signIn(server, "Max"));
  await agent.done("claim", { conversation: first.welcome.conversation });
  await heard(second, (frame) => frame.type === "handoff" && frame.position === 1);
});

test("a customer who is forgotten while waiting, or while a person answers, is gone from the queue", async (t) => {
  const { place, server } = await desk(t), agent = await Agent.begin(server, await signIn(server, "Max"));
  const talks = [["alice.turner@example.com", "UK-2087"], ["camille.martin@example.fr", "FR-1042"]];
  for (const [email, order] of talks) {
    const chat = await waiting(server, `${order} ${email}`), { conversation } = chat.welcome;
    await chat.ask("I want to talk to a person");
    await agent.until(() => agent.item(conversation));
    if (order === "FR-1042") await agent.done("claim", { conversation });
    assert.match(place.wismo("forget", "--email", email).out, /1 conversations.* 1 hand-offs/);
    await agent.until(() => !agent.item(conversation));
    await agent.refused("not_open", "claim", { conversation });
  }
});

test("agents see what was handed over in their shop, managers every conversation of theirs", async (t) => {
  const conf = ["default", "other"].map((name) => `shop "${name}" {\n  always_open = yes\n}\n`).join("");
  const { server } = await desk(t, { conf, staff: { Max: ["--shop", "other"], Ida: ["--shop", "default"], Léa: ["--role", "manager"] } });
  const chat = await waiting(server);
  const bot = await Chat.begin(server, { locale: "fr" });
  await bot.ask("bonjour");
  const conversation = chat.welcome.conversation;
  const [max, ida, lea] = await Promise.all(["Max", "Ida", "Léa"].map(async (name) => Agent.begin(server, await signIn(server, name))));
  assert.deepEqual([max.items.size, ida.items.size, lea.items.size], [0, 1, 1]);
  await max.refused("unknown", "open", { conversation });
  await max.refused("forbidden", "claim", { conversation });
  await max.refused("not_open", "note", { conversation: bot.welcome.conversation, text: "x" });
  await ida.refused("unknown", "open", { conversation: bot.welcome.conversation });
  assert.equal((await lea.ask("open", { conversation: bot.welcome.conversation })).type, "conversation");
  await ida.done("claim", { conversation });
  await lea.refused("taken", "say", { conversation, text: "I am the manager" });
  await lea.refused("nobody", "assign", { conversation, agent: "Nobody" });
  await lea.refused("nobody", "assign", { conversation, agent: "Max" }); // could not even open it
  assert.deepEqual([max, ida, lea].map((agent) => agent.welcome.staff), [["Léa", "Max"], ["Ida", "Léa"], ["Ida", "Léa", "Max"]]);
  await lea.done("assign", { conversation, agent: "Léa" });
  await lea.done("say", { conversation, text: "now I may" });
  await ida.refused("taken", "say", { conversation, text: "and I not" });
  await ida.refused("forbidden", "canned", { name: "hello", locale: "fr", text: "Bonjour !" });
  await lea.done("canned", { name: "hello", locale: "fr", text: "Bonjour !" });
  assert.deepEqual((await ida.next((frame) => frame.type === "canned")).canned, [{ name: "hello", locale: "fr", text: "Bonjour !" }]);
});

test("the search finds words, order numbers and ids, within what one may see", async (t) => {
  const { server } = await desk(t);
  const chat = await waiting(server, "je veux parler à un humain, le vase est fêlé");
  const bot = await Chat.begin(server, { locale: "fr" });
  await bot.ask("bonjour petit vase");
  const [max, lea] = [await Agent.begin(server, await signIn(server, "Max")), await Agent.begin(server, await signIn(server, "Léa"))];
  const rows = async (agent, text) => (await agent.ask("search", { text })).rows.map((row) => row.conversation);
  const conversation = chat.welcome.conversation;
  assert.deepEqual(await rows(max, "FÊLÉ".toLowerCase()), [conversation]);
  assert.deepEqual(await rows(max, "vase"), [conversation]);
  assert.deepEqual((await rows(lea, "vase")).sort(), [conversation, bot.welcome.conversation].sort());
  assert.deepEqual(await rows(max, conversation), [conversation]);
  assert.deepEqual(await rows(max, "%"), []);
  assert.deepEqual(await rows(max, "nothing of the kind"), []);
});

test("a row shows what the customer said last and the order's number as the shop writes it, also after a restart", async (t) => {
  const { place, server } = await desk(t);
  const chat = await waiting(server, "où est ma commande FR-1042 ? 69003"), { conversation } = chat.welcome;
  await chat.ask("je veux parler à un humain");
  await chat.ask("mon vase est fêlé");
  const shown = (agent) => { const { last, order, turn } = agent.item(conversation); return [last.text, last.turn < turn, order]; };
  const expected = ["mon vase est fêlé", true, "FR-1042"];
  const before = await Agent.begin(server, await signIn(server, "Max"));
  assert.deepEqual(shown(before), expected);
  assert.equal((await before.ask("search", { text: "fêlé" })).rows[0].order, "FR-1042");
  await server.stop();
  const again = await serve(t, place), after = await Agent.begin(again, await signIn(again, "Max"));
  assert.deepEqual(shown(after), expected);
  assert.equal((await after.ask("open", { conversation })).handoffs[0].order, "FR-1042");
});

test("frames that are wrong are refused by name, and nothing before hello is done", async (t) => {
  const { server } = await desk(t);
  const agent = new Agent(server, await signIn(server, "Max"));
  assert.equal(await agent.opened, true);
  agent.send({ type: "claim", id: "x", conversation: "01ARZ3NDEKTSV4RRFFQ69G5FAV" });
  assert.equal((await agent.next((frame) => frame.type === "error")).code, "hello_first");
  for (const [frame, code, field] of [
    ["{", "malformed"], ["[]", "malformed"], [{ type: "nonsense" }, "unknown_type", "type"], [{ type: "say", id: "a", conversation: "c" }, "invalid", "text"],
    [{ type: "say", id: "a", conversation: "c", text: "   " }, "invalid", "text"], [{ type: "claim", id: "a b", conversation: "c" }, "invalid", "id"],
    [{ type: "claim", id: "a", conversation: "c", agent: "Léa" }, "invalid", "agent"], [{ type: "note", id: "a", conversation: "c", text: "x".repeat(4001) }, "invalid", "text"],
  ]) {
    agent.sendRaw(frame);
    const error = await agent.next((one) => one.type === "error");
    assert.deepEqual([error.code, error.field], [code, field], JSON.stringify(frame));
  }
  agent.send({ type: "hello" });
  await agent.next((frame) => frame.type === "welcome");
  await agent.done("ping");
  await agent.refused("unknown", "open", { conversation: "01ARZ3NDEKTSV4RRFFQ69G5FAV" });
  await agent.refused("not_open", "claim", { conversation: "nobody" });
});

test("a key of one door opens no other", async (t) => {
  const place = folder(t, { conf: open });
  place.env.TURN_KEY = "turn-key-of-the-glue-code";
  addStaff(place, "Max");
  const server = await serve(t, place, "--turn-key", "env TURN_KEY");
  const chat = await waiting(server), cookie = await signIn(server, "Max");
  const session = cookie.split("=")[1], token = chat.welcome.token;
  for (const other of [token, place.env.TURN_KEY]) assert.equal(await new Agent(server, `wismo_desk=${other}`).opened, 401);
  const turn = async (headers) => (await fetch(`${server.url}v1/turn`, { method: "POST", headers: { "content-type": "application/json", ...headers }, body: '{"session":"s1"}' })).status;
  assert.equal(await turn({ authorization: `Bearer ${place.env.TURN_KEY}` }), 200);
  for (const headers of [{ cookie }, { authorization: `Bearer ${session}` }, { authorization: `Bearer ${token}` }, { authorization: place.env.TURN_KEY }])
    assert.equal(await turn(headers), 401, JSON.stringify(headers));
  for (const other of [session, place.env.TURN_KEY, token.slice(0, -1), `${token}x`, chat.welcome.conversation]) {
    const stranger = await new Chat(server, { headers: { cookie } }).open();
    stranger.send({ type: "hello", resume: { token: other, seq: 0 } });
    await stranger.error("unknown_conversation");
  }
});
