import assert from "node:assert/strict";
import { cpSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { eventually } from "../outbox/system.mjs";
import { folder, now, objects, root, serve, stocked } from "./wismo.mjs";

test("serve tells where it listens, and ends well when it is asked to", async (t) => {
  const { server, ended, address } = await serve(t, stocked(t));
  assert.equal((await fetch(`${address}healthz`)).status, 200);
  assert.match(await (await fetch(address)).text(), /<html/);
  server.kill("SIGTERM");
  assert.deepEqual(await ended, { status: 0, signal: null });
});

test("two servers do not share a database", async (t) => {
  const place = stocked(t);
  await serve(t, place);
  const { status, err } = place.wismo(["serve", "--port", "0"]);
  assert.equal(status, 1);
  assert.match(err, /wismo serve: .*process \d+|wismo serve: .*pid \d+|wismo serve: .*\b\d{2,}\b/);
});

test("a port that is taken and an address that is not ours are errors", async (t) => {
  const place = stocked(t);
  const { address } = await serve(t, place);
  const other = stocked(t);
  const taken = other.wismo(["serve", "--port", new URL(address).port]);
  assert.equal(taken.status, 1);
  assert.match(taken.err, new RegExp(new URL(address).port));
  assert.equal(other.wismo(["serve", "--listen", "192.0.2.1"]).status, 1);
});

test("a server without a database says what makes one", (t) => {
  const { status, err } = folder(t).wismo(["serve", "--port", "0"]);
  assert.equal(status, 1);
  assert.match(err, /wismo (demo|import)/);
});

test("what agents do is carried out by the server that has the database", async (t) => {
  const place = stocked(t);
  await serve(t, place);
  const [{ conversation }] = objects(place.wismo(["ask", "--json", "--now", now, "I want my money back"]).out);
  const act = (...words) => place.wismo(["handoffs", "--agent", "Kim", ...words]);
  assert.equal(act("say", conversation, "hello").status, 1);
  assert.equal(act("take", conversation).out, "taken\n");
  assert.equal(act("say", conversation, "hello").out, "said\n");
  assert.equal(objects(place.wismo(["handoffs", "--json"]).out)[0].agent, "Kim");
  assert.equal(act("close", conversation).out, "closed\n");
  assert.equal(place.wismo(["handoffs"]).out, "nobody is waiting\n");
});

test("a catalogue of one's own that fails its checks is refused, and the old one stays", async (t) => {
  const place = stocked(t);
  const folder = join(place.path, "own");
  mkdirSync(folder);
  for (const name of readdirSync(join(root, "intents"))) if (name.endsWith(".json")) cpSync(join(root, "intents", name), join(folder, name));
  place.write("wismo.conf", 'intents = "own"\n');
  const { server, address, log } = await serve(t, place);
  const data = JSON.parse(readFileSync(join(folder, "en.json"), "utf8"));
  data.intents["track.where"].unless = [...(data.intents["track.where"].unless ?? []), "where is my order"];
  writeFileSync(join(folder, "en.json"), JSON.stringify(data));
  server.kill("SIGHUP");
  await eventually(() => /own\/en\.json:\d+:\d+: .*in all: wismo check lists them/.test(log()), 600000); // it reads every example, which takes a busy machine long
  assert.equal((await fetch(`${address}healthz`)).status, 200);
  const refused = place.wismo(["serve", "--port", "0"]);
  assert.equal(refused.status, 1);
  assert.match(refused.err, /own\/en\.json:\d+:\d+: /);
});

test("a shop in a language that nobody understands is refused at the start", (t) => {
  const place = stocked(t);
  place.write("wismo.conf", 'shop "default" { locale = xx }\n');
  const { status, err } = place.wismo(["serve", "--port", "0"]);
  assert.equal(status, 1);
  assert.match(err, /shop "default": locale: there is no catalogue of "xx"/);
});

test("SIGHUP reads the settings again, and keeps the old ones when they are broken", async (t) => {
  const place = stocked(t);
  place.write("wismo.conf", 'shop "default" { name = "Before" }\n');
  const { server, address, log } = await serve(t, place);
  place.write("wismo.conf", 'shop "default" { nmae = "After" }\n');
  server.kill("SIGHUP");
  await eventually(() => /wismo\.conf:1: there is no setting "nmae"/.test(log()));
  assert.equal((await fetch(`${address}healthz`)).status, 200);
  place.write("wismo.conf", 'log_level = debug\nshop "default" { name = "After" }\n');
  server.kill("SIGHUP");
  await eventually(() => /info server: reloaded/.test(log()));
  assert.equal((await fetch(`${address}healthz`)).status, 200);
});

test("after SIGHUP the log names what has changed and waits for a restart, for as long as it differs", async (t) => {
  const place = stocked(t);
  const { server, log } = await serve(t, place);
  const reloaded = async (text) => {
    const from = log().length, before = log().split("server: reloaded").length;
    place.write("wismo.conf", text);
    server.kill("SIGHUP");
    await eventually(() => log().split("server: reloaded").length > before);
    return /waits for a restart: (.*)$/m.exec(log().slice(from))?.[1];
  };
  const changed = 'log_level = debug\nper_address = "1/2"\nkeep_turns = 7\nproxies = "127.0.0.1"\nagent_lost = 5m\nshop "default" { name = "After" }\n';
  assert.equal(await reloaded(changed), "per_address, agent_lost, proxies, keep_turns");
  assert.equal(await reloaded(changed), "per_address, agent_lost, proxies, keep_turns");
  assert.equal(await reloaded('shop "default" { name = "Before" }\n'), undefined);
});
