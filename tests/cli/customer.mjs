import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { now, objects, order, stocked } from "./wismo.mjs";

const other = order({ number: "60001", email: "li.wei@mail.example", phone: "+33699887766", postcode: "75011", first_name: "Li" });

function talked(t) {
  const place = stocked(t, [order(), other]);
  place.wismo(["ask", "--now", now], { input: "where is order 51230?\nana.duarte@mail.example\nI want a refund\n" });
  place.wismo(["ask", "--now", now], { input: "where is order 60001?\nli.wei@mail.example\n" });
  return place;
}

test("export gives all that is stored on a customer, and nothing of another", (t) => {
  const { wismo } = talked(t);
  for (const flags of [["--email", "Ana.Duarte@mail.example"], ["--phone", "06 11 22 33 44"], ["--order", "#51230"]]) {
    const { status, out } = wismo(["export", ...flags]);
    assert.equal(status, 0, flags.join(" "));
    const [all] = objects(out);
    const text = JSON.stringify(all);
    assert.match(text, /51230/);
    assert.match(text, /Wool blanket/);
    assert.match(text, /I want a refund/);
    assert.doesNotMatch(text, /60001|li\.wei/);
  }
});

test("forget erases a customer from everything, and leaves the others", (t) => {
  const { wismo, path } = talked(t);
  const { status, out } = wismo(["forget", "--email", "ana.duarte@mail.example"]);
  assert.equal(status, 0);
  assert.match(out, /^erased 1 orders, 1 conversations, \d+ turns, \d+ notes, 1 hand-offs$/m);
  for (const name of readdirSync(path).filter((name) => name.startsWith("wismo.db")))
    assert.ok(!readFileSync(join(path, name)).includes("ana.duarte"), `${name} still names the customer`);
  assert.equal(objects(wismo(["ask", "--json", "--now", now, "51230, 33000, where is it?"]).out)[0].order, null);
  assert.equal(objects(wismo(["ask", "--json", "--now", now, "60001, 75011, where is it?"]).out)[0].order, "60001");
});

test("of several shops none is guessed: the customer of another stays until it is named", (t) => {
  const { wismo, write } = stocked(t);
  write("wismo.conf", 'shop "default" {\n}\nshop "other" {\n}\n');
  wismo(["import", "--shop", "other", "--now", now, "orders.jsonl"]);
  for (const verb of ["forget", "export"]) {
    const { status, out, err } = wismo([verb, "--order", "51230"]);
    assert.equal(status, 2, verb);
    assert.equal(out, "");
    assert.match(err, /expected --shop, which names one of default, other/);
  }
  const erased = (shop) => wismo(["forget", "--order", "51230", "--shop", shop]).out;
  assert.match(erased("other"), /^erased 1 orders/);
  assert.match(erased("other"), /^erased 0 orders/);
  assert.match(erased("default"), /^erased 1 orders/);
});

test("nobody at all, two at once, or what is no address is a usage error", (t) => {
  const { wismo } = stocked(t);
  for (const verb of ["forget", "export"]) {
    assert.match(wismo([verb]).err, /expected one of --email, --phone and --order/);
    assert.equal(wismo([verb]).status, 2);
    assert.equal(wismo([verb, "--email", "a@b.example", "--order", "12"]).status, 2);
    assert.equal(wismo([verb, "--email", "nobody"]).status, 2);
    assert.equal(wismo([verb, "--phone", "x"]).status, 2);
    assert.equal(wismo([verb, "--order", "##"]).status, 2);
  }
});
