import assert from "node:assert/strict";
import { existsSync, linkSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { folder, now, objects, order } from "./wismo.mjs";

const csv = "Order number;E-mail;Postcode;Promised;Item;Tracking number;Carrier\n"
  + "70115;ana.duarte@mail.example;33000;2026-03-13;Wool blanket;6A01234567890;Colissimo\n"
  + "70116;li.wei@mail.example;75011;2026-03-16;Tea set;;\n";

test("the same orders again change nothing, others are counted as what they are", (t) => {
  const { wismo, write } = folder(t);
  write("orders.csv", csv);
  const run = () => wismo(["import", "--now", now, "orders.csv"]);
  assert.equal(run().out, "read 2, new 2, changed 0, same 0, rejected 0\n");
  const { status, out } = run();
  assert.equal(status, 0);
  assert.equal(out, "read 2, new 0, changed 0, same 2, rejected 0\n");
  write("orders.csv", csv.replace("2026-03-16", "2026-03-17"));
  assert.equal(run().out, "read 2, new 0, changed 1, same 1, rejected 0\n");
});

test("a bad row is named by its line, kept in FILE.rejects, and the others are read", (t) => {
  const { wismo, write, read, path } = folder(t);
  write("orders.csv", `${csv}70117;nobody;75011;soon;Tea set;;\n`);
  const { status, out, err } = wismo(["import", "--now", now, "orders.csv"]);
  assert.equal(status, 1);
  assert.equal(out, "read 3, new 2, changed 0, same 0, rejected 1\n");
  assert.match(err, /^orders\.csv:4: /m);
  assert.match(err, /expected .* found/);
  assert.match(read("orders.csv.rejects"), /70117;nobody/);
  assert.equal(statSync(join(path, "orders.csv.rejects")).mode & 0o777, 0o600);
  assert.doesNotMatch(read("orders.csv.rejects"), /70116;/);
  write("orders.csv", csv);
  assert.equal(wismo(["import", "--now", now, "orders.csv"]).status, 0);
  assert.ok(!existsSync(join(path, "orders.csv.rejects")), "rejects of an earlier run must go");
});

test("a date that may be two days is rejected with the flag that decides it, and read with that flag", (t) => {
  const { wismo, write } = folder(t);
  write("orders.csv", "number;placed_at\n80001;01/03/2026 12:33\n80002;13/02/2026\n");
  const { status, out, err } = wismo(["import", "--now", now, "orders.csv"]);
  assert.equal(status, 1);
  assert.equal(out, "read 2, new 1, changed 0, same 0, rejected 1\n");
  assert.match(err, /^orders\.csv:2: placed_at: expected .*--dates dmy or --dates mdy.* found "01\/03\/2026 12:33"$/m);
  const read = wismo(["import", "--now", now, "--dates", "dmy", "orders.csv"]);
  assert.equal(read.status, 0);
  assert.equal(read.out, "read 2, new 1, changed 0, same 1, rejected 0\n");
  const slip = wismo(["import", "--dates", "day", "orders.csv"]);
  assert.match(slip.err, /--dates: expected dmy or mdy, found "day"/);
});

test("an order that comes back in a file as another customer's is rejected, wherever it stands", (t) => {
  for (const made of [false, true]) {
    const { wismo, write, read } = folder(t);
    if (made) wismo(["import", "--now", now, "-"], { input: csv });
    write("orders.csv", "number,email,postcode,item\n70201,x@mail.example,75001,Mug\n70202,y@mail.example,75002,Cup\n70201,z@mail.example,75003,Plate\n70203,y@mail.example,75002,Jug\n70201,X@mail.example,75001,Bowl\n");
    const { status, out, err } = wismo(["import", "--now", now, "orders.csv"]);
    assert.equal(status, 1);
    assert.equal(out, "read 5, new 3, changed 1, same 0, rejected 1\n");
    assert.match(err, /^orders\.csv:4: email: order 70201 /m);
    assert.match(read("orders.csv.rejects"), /^70201,z@/m);
    const [line] = objects(wismo(["ask", "--json", "--now", now, "where is order 70201? x@mail.example"]).out);
    assert.equal(line.order, "70201");
  }
});

test("an event far ahead is a slip of the pen", (t) => {
  const { wismo } = folder(t);
  const input = "number,email,delivered_at,parcel_status\n1,a@mail.example,2027-01-01,delivered\n2,a@mail.example,2026-03-12,delivered\n";
  const { status, out, err } = wismo(["import", "--now", now, "-"], { input });
  assert.equal(status, 1);
  assert.match(out, /^read 2, new 1, .* rejected 1$/m);
  assert.match(err, /^-:2: delivered_at: expected .*, found "2027-01-01"$/m);
});

test("columns that nobody reads are named, and that none of them proves an order", (t) => {
  const { wismo } = folder(t);
  const run = (input) => wismo(["import", "--now", now, "-"], { input });
  const { status, out, err } = run("order;mail;color\n1;a@mail.example;red\n");
  assert.equal(status, 0);
  assert.match(out, /^read 1, new 1, .* rejected 0$/m);
  assert.match(err, /^-:1: warning: .* not read: "mail", "color"$/m);
  assert.match(err, /^-:1: warning: .* no column has an e-mail, phone or postcode/m);
  assert.equal(run("order;postcode\n2;75001\n").err, "");
  assert.equal(run("order;status\n2;shipped\n").err, "", "an order that is there may have its proof");
});

test("a folder is said to be one", (t) => {
  const { wismo } = folder(t);
  const { status, err } = wismo(["import", "."]);
  assert.equal(status, 1);
  assert.match(err, /cannot read \.: Is a directory/);
});

test("the rejects of an earlier import, which somebody may be mending, are moved aside and not lost", (t) => {
  const { wismo, write, read, path } = folder(t);
  const run = () => wismo(["import", "--now", now, "orders.csv"]);
  write("orders.csv", `${csv}70117;nobody;75011;soon;Tea set;;\n`);
  run();
  const mended = read("orders.csv.rejects").replace("soon", "2026-03-18");
  write("orders.csv.rejects", mended);
  write("orders.csv", csv);
  assert.match(run().err, /^what an earlier import rejected is in orders\.csv\.rejects~ now$/m);
  assert.equal(read("orders.csv.rejects~"), mended);
  write("orders.csv.rejects", mended);
  write("orders.csv", `${csv}70118;nobody;75011;late;Tea set;;\n`);
  assert.equal(run().status, 1);
  assert.match(read("orders.csv.rejects"), /70118/);
  assert.equal(read("orders.csv.rejects~"), mended);
  write("orders.csv", csv);
  symlinkSync("kept", join(path, "link"));
  write("kept", "");
  wismo(["import", "--rejects", "link", "orders.csv"]);
  assert.ok(existsSync(join(path, "link")), "what is no file of its own, such as /dev/null, stays");
});

test("standard input is read, and --rejects says where rejected rows go", (t) => {
  const { wismo, read } = folder(t);
  const input = `${JSON.stringify(order())}\n{"number":"9","promised_to":"soon"}\n`;
  const { status, out, err } = wismo(["import", "--format", "jsonl", "--rejects", "bad.jsonl", "--now", now, "-"], { input });
  assert.equal(status, 1);
  assert.match(out, /^read 2, new 1, .* rejected 1$/m);
  assert.match(err, /^-:2: /m);
  assert.match(read("bad.jsonl"), /"soon"/);
});

test("what was imported is what is answered", (t) => {
  const { wismo, write } = folder(t);
  write("orders.csv", csv);
  wismo(["import", "--now", now, "orders.csv"]);
  const [line] = objects(wismo(["ask", "--json", "--now", now, "where is order 70115? 33000"]).out);
  assert.equal(line.order, "70115");
  assert.match(line.replies.map((reply) => reply.text).join(" "), /13 March/);
});

test("wrong words for import are a usage error, and cost no file", (t) => {
  const { wismo, write, read, path } = folder(t);
  assert.equal(wismo(["import"]).status, 2);
  assert.match(wismo(["import"]).err, /expected a FILE/);
  assert.equal(wismo(["import", "a", "b"]).status, 2);
  assert.equal(wismo(["import", "--format", "xml", "a"]).status, 2);
  write("orders.csv", csv);
  linkSync(join(path, "orders.csv"), join(path, "linked.csv"));
  for (const rejects of ["orders.csv", "./orders.csv", join(path, "orders.csv"), "linked.csv"])
    for (const file of ["orders.csv", "./orders.csv"]) {
      assert.equal(wismo(["import", "--rejects", rejects, file]).status, 2, `${rejects} ${file}`);
      assert.equal(read("orders.csv"), csv);
    }
  const { status, err } = wismo(["import", "none.csv"]);
  assert.equal(status, 1);
  assert.match(err, /cannot read none\.csv/);
});

test("the demo orders are dated from --now, and what to type is shown", (t) => {
  const { wismo } = folder(t);
  const { status, out } = wismo(["demo", "--db", "demo.db", "--now", now]);
  assert.equal(status, 0);
  assert.match(out, /@/);
  assert.equal(wismo(["demo", "--db", "demo.db", "--show"]).out, out, "--show prints the same and changes nothing");
  const printed = (at) => objects(wismo(["demo", "--print", "--now", at]).out);
  assert.ok(printed(now).length > 15);
  assert.notDeepEqual(printed(now), printed("2026-06-11T09:00:00+02:00"));
});

test("--show makes no database", (t) => {
  const { wismo, path } = folder(t);
  assert.equal(wismo(["demo", "--db", "none.db", "--show"]).status, 1);
  assert.ok(!existsSync(join(path, "none.db")));
});
