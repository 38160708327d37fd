// The queue: rows by hand-off, each drawn again only when it changes.
import { at, make } from "./make.js";
import { abroad, named, say, stamp, waited } from "./words.js";

const long = 5 * 60000, veryLong = 15 * 60000;

export class Queue {
  constructor(page) {
    this.page = page;
    this.items = new Map();
    this.rows = new Map();
    this.seen = new Map(); // the newest turn that was looked at, by conversation
    this.tab = "waiting";
    for (const button of document.querySelectorAll("[data-tab]")) button.addEventListener("click", () => this.show(button.dataset.tab));
    at("which").addEventListener("change", () => this.draw());
    setInterval(() => this.age(), 15000);
  }

  show(tab) {
    this.tab = tab;
    this.found = undefined;
    this.draw();
  }

  clear() {
    this.items.clear();
    this.rows.clear();
  }

  change({ items, gone }) {
    for (const id of gone) this.items.delete(id);
    for (const item of items) {
      const known = this.items.get(item.handoff);
      this.items.set(item.handoff, item);
      this.rows.delete(item.handoff);
      if (!known && item.status === "waiting") this.page.arrived(item);
    }
    this.drawSoon();
  }

  // Many changes, one drawing.
  drawSoon() {
    if (this.drawing) return;
    this.drawing = requestAnimationFrame(() => { this.drawing = undefined; this.draw(); });
  }

  tabOf(item) { return item.status === "waiting" ? "waiting" : item.agent === this.page.me ? "mine" : "others"; }

  listed() {
    if (this.found) return this.found;
    const which = at("which").value;
    return [...this.items.values()].filter((item) => this.tabOf(item) === this.tab && (!which || item.queue === which))
      .sort((a, b) => a.opened - b.opened || (a.handoff < b.handoff ? -1 : 1));
  }

  oldest() { return [...this.items.values()].filter((item) => item.status === "waiting").sort((a, b) => a.opened - b.opened)[0]; }

  item(conversation) {
    for (const item of this.items.values()) if (item.conversation === conversation) return item;
    return undefined;
  }

  look(conversation, turn) {
    this.seen.set(conversation, turn);
    const item = this.item(conversation);
    if (item) this.rows.delete(item.handoff);
    this.drawSoon();
  }

  row(item) {
    const now = this.page.now(), age = now - item.opened, waiting = item.status === "waiting";
    const unread = item.agent === this.page.me && item.last?.turn > (this.seen.get(item.conversation) ?? 0);
    const words = item.text ?? item.last?.text ?? "";
    const zone = this.page.zone(item.shop), when = this.found ? stamp(item.updated, zone) : waited(age);
    const button = make("button", {
      type: "button", class: `row${waiting && age > veryLong ? " very-long" : waiting && age > long ? " long" : ""}${unread ? " unread" : ""}`,
      "data-conversation": item.conversation, on: { click: () => this.page.open(item.conversation) },
    },
    make("span", { class: "row-top" },
      make("strong", { text: named("topic", item.reason) || say("with_bot") }),
      make("time", { class: "wait", text: when })),
    make("span", { class: "row-words", text: words, dir: "auto", lang: item.locale }),
    make("span", { class: "row-foot" },
      this.page.welcome.shops.length > 1 && make("span", { class: "chip plain", text: this.page.shop(item.shop)?.name }),
      item.queue && make("span", { class: "chip", text: named("queue", item.queue) }),
      item.order && make("span", { class: "chip plain", text: item.order }),
      make("span", { class: "chip plain", text: item.locale.toUpperCase() }),
      item.channel && item.channel !== "chat" && make("span", { class: "chip plain", text: named("channel", item.channel) }),
      item.delivery && make("span", { class: `chip ${item.delivery === "failed" ? "bad" : "plain"}`, text: item.delivery === "failed" ? "!" : "…", title: say("trouble_row", { text: item.trouble ?? "" }) }),
      item.agent && item.agent !== this.page.me && make("span", { class: "who", text: item.agent }),
      this.found && abroad(zone) && make("span", { class: "who", text: say("zone", { zone }) }),
      unread && make("span", { class: "dot", role: "img", "aria-label": say("unread") })));
    return make("li", {}, button);
  }

  draw() {
    const list = this.listed(), rows = [];
    for (const item of list) {
      const key = this.found ? `found ${item.conversation}` : item.handoff;
      if (!this.rows.has(key) || this.found) this.rows.set(key, this.row(item));
      rows.push(this.rows.get(key));
    }
    this.place(rows);
    this.mark();
    const counts = { waiting: 0, mine: 0, others: 0 };
    for (const item of this.items.values()) counts[this.tabOf(item)]++;
    for (const button of document.querySelectorAll("[data-tab]")) {
      const tab = button.dataset.tab;
      button.textContent = `${say(tab)} ${counts[tab]}`;
      button.setAttribute("aria-pressed", String(!this.found && tab === this.tab));
    }
    at("empty").hidden = rows.length > 0;
    at("empty").textContent = this.found ? say("none_found") : say(`none_${this.tab}`);
    this.page.counted(counts);
  }

  // Puts the rows in order and touches only what has moved, so that focus stays.
  place(rows) {
    const list = at("rows"), wanted = new Set(rows);
    const focused = document.activeElement?.closest?.(".row")?.dataset.conversation;
    for (const row of [...list.children]) if (!wanted.has(row)) row.remove();
    let after = list.firstChild;
    for (const row of rows) {
      if (row === after) after = after.nextSibling;
      else list.insertBefore(row, after);
    }
    if (focused && !document.activeElement?.closest?.(".row")) list.querySelector(`[data-conversation="${focused}"]`)?.focus({ preventScroll: true });
  }

  mark() {
    for (const button of at("rows").querySelectorAll(".row[aria-current]")) button.removeAttribute("aria-current");
    at("rows").querySelector(`[data-conversation="${this.page.conversation ?? "none"}"]`)?.setAttribute("aria-current", "true");
  }

  // Waiting times go on without news.
  age() {
    const now = this.page.now();
    for (const item of this.listed()) {
      const row = this.rows.get(item.handoff)?.firstChild;
      if (!row || this.found) continue;
      const age = now - item.opened;
      row.querySelector(".wait").textContent = waited(age);
      row.classList.toggle("long", item.status === "waiting" && age > long && age <= veryLong);
      row.classList.toggle("very-long", item.status === "waiting" && age > veryLong);
    }
  }

  // The one before or behind the open one, as it is shown.
  step(by) {
    const list = this.listed();
    const index = list.findIndex((item) => item.conversation === this.page.conversation);
    const item = list[Math.min(list.length - 1, Math.max(0, index < 0 ? 0 : index + by))];
    if (item) this.page.open(item.conversation);
    at("rows").querySelector(`[data-conversation="${item?.conversation}"]`)?.scrollIntoView({ block: "nearest" });
  }

  redraw() {
    this.rows.clear();
    this.draw();
  }
}
