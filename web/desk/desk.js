// The page: what is open, what is asked, what is told.
import { at, make } from "./make.js";
import { Live } from "./live.js";
import { drawOrders } from "./order.js";
import { Queue } from "./queue.js";
import { Talk } from "./talk.js";
import { knows, languages, named, say, setLanguage, setZone, spell } from "./words.js";

const kept = (name, value) => {
  try {
    if (value === undefined) return localStorage.getItem(`wismo.desk.${name}`);
    localStorage.setItem(`wismo.desk.${name}`, value);
  } catch { /* not kept, then */ }
  return value;
};

class Page {
  constructor() {
    setLanguage(kept("language") ?? languages.find((name) => navigator.language.startsWith(name)) ?? "en");
    at("language").value = document.documentElement.lang;
    spell();
    this.ahead = 0;
    this.ready = [];
    this.standard = [];
    this.queue = new Queue(this);
    this.talk = new Talk(this);
    this.wire();
    this.live = new Live({ heard: (frame) => this[`on_${frame.type}`]?.(frame), state: (state) => this.state(state) });
    fetch("/desk/canned.json").then((reply) => reply.json()).then((list) => { this.standard = list; this.answers(this.own ?? []); });
  }

  now() { return Date.now() + this.ahead; }

  shop(id) { return this.welcome.shops.find((shop) => shop.id === id); }

  // Undefined, the agent's own, where the browser knows none of this name.
  zone(id) {
    const timeZone = this.shop(id)?.time_zone;
    try { Intl.DateTimeFormat("en", { timeZone }); } catch { return undefined; }
    return timeZone;
  }

  state(state) {
    at("link").dataset.state = state;
    at("link").textContent = say(state);
  }

  // What the server says.

  on_welcome(frame) {
    this.me = frame.agent;
    this.manager = frame.role === "manager";
    this.ahead = frame.now - Date.now();
    this.welcome = frame;
    at("me").textContent = frame.agent;
    at("answers").hidden = !this.manager;
    if (!frame.resumed) this.queue.clear();
    this.answers(frame.canned);
    this.queues();
    this.first = !frame.resumed;
    if (this.conversation) this.open(this.conversation, false);
  }

  queues() {
    const chosen = at("which").value, names = [...new Set(this.welcome.shops.flatMap((shop) => shop.queues))];
    at("which").replaceChildren(make("option", { value: "", text: say("all_queues") }), ...names.map((name) => make("option", { value: name, text: named("queue", name) })));
    at("which").value = names.includes(chosen) ? chosen : "";
  }

  on_shops({ shops, staff }) {
    Object.assign(this.welcome, { shops, staff });
    this.queues();
    this.queue.redraw();
    if (this.talk.view) this.show(this.talk.view);
  }

  on_changes(frame) {
    this.queue.change(frame);
    if (!frame.more) this.first = false;
    if (!this.conversation) return;
    const item = this.queue.item(this.conversation);
    if (this.talk.view?.conversation === this.conversation) this.talk.head();
    if (item && this.talk.view) this.queue.look(item.conversation, item.turn);
  }

  on_presence({ agents }) {
    this.agents = agents;
    at("agents").textContent = say("agents_here", { count: new Set(agents.map((agent) => agent.name)).size });
    this.watchers();
  }

  watchers() {
    const names = [...new Set((this.agents ?? []).filter((agent) => agent.watching === this.conversation && agent.name !== this.me).map((agent) => agent.name))];
    at("watchers").hidden = !this.conversation || names.length === 0;
    at("watchers").textContent = say("watch", { names: names.join(", ") });
  }

  on_news(frame) {
    if (frame.conversation !== this.talk.view?.conversation) return;
    this.talk.news(frame);
    const said = frame.turns.findLast((turn) => turn.from === "customer");
    if (said) this.alertFor(say("news_said", { text: said.text }), frame.conversation, document.hidden);
  }

  on_orders(frame) {
    if (frame.conversation !== this.talk.view?.conversation) return;
    this.talk.view.orders = frame.orders;
    this.facts();
  }

  on_typing(frame) {
    if (frame.conversation === this.conversation) this.talk.typing(frame.from === "customer" ? say("types") : say("agent_types", { name: frame.agent }));
  }

  on_canned(frame) { this.answers(frame.canned); }

  on_error(frame) { this.failed(frame); }

  // The shop's own answers win over those that come with the desk.
  answers(own) {
    this.own = own;
    const all = new Map([...this.standard, ...own].map((one) => [`${one.locale} ${one.name}`, one]));
    this.ready = [...all.values()];
    if (this.talk.view) this.talk.fillReady();
  }

  arrived(item) {
    if (this.first) return;
    this.alertFor(say("news_waiting", { text: `${named("topic", item.reason)}${item.order ? ` · ${item.order}` : ""}` }), item.conversation, true);
  }

  counted({ waiting }) {
    const failed = [...this.queue.items.values()].filter((item) => item.delivery).length;
    document.title = `${waiting ? `(${waiting}) ` : ""}${say("title")} · WISMO`;
    at("trouble").hidden = failed === 0;
    at("trouble").textContent = say("trouble", { count: failed });
  }

  // Said to who listens, shown and sounded to who wants that.
  alertFor(text, conversation, loud) {
    at("told").textContent = text;
    if (!loud) return;
    if (kept("notify") === "yes" && globalThis.Notification?.permission === "granted" && document.hidden) {
      const notification = new Notification(say("title"), { body: text, tag: conversation, icon: "/desk/icon.svg" });
      notification.onclick = () => { focus(); this.open(conversation); };
    }
    if (kept("sound") === "yes") this.beep();
  }

  beep() {
    this.audio ??= new AudioContext();
    const tone = this.audio.createOscillator(), volume = this.audio.createGain();
    tone.frequency.value = 660;
    volume.gain.setValueAtTime(0.12, this.audio.currentTime);
    volume.gain.exponentialRampToValueAtTime(0.001, this.audio.currentTime + 0.35);
    tone.connect(volume).connect(this.audio.destination);
    tone.start();
    tone.stop(this.audio.currentTime + 0.35);
  }

  // What is asked.

  async open(conversation, focus = true) {
    this.conversation = conversation;
    this.queue.mark();
    const view = await this.live.ask("open", { conversation });
    if (this.conversation !== conversation) return;
    if (view.type === "error") {
      this.failed(view);
      return;
    }
    this.show(view);
    this.watchers();
    this.queue.look(conversation, view.seq);
    if (focus && !document.activeElement?.closest?.(".row")) at("transcript").focus();
  }

  show(view) {
    setZone(this.zone(view.shop));
    this.talk.show(view);
    this.facts();
  }

  facts() {
    const { view } = this.talk;
    drawOrders(view.orders, this.queue.item(view.conversation) ?? view.handoffs.at(-1));
  }

  async act(name) {
    const { conversation } = this;
    const ask = { resolve: () => this.choose("why_resolve", "resolve", this.welcome.reasons, (reason) => say(`reason_${reason}`)),
      transfer: () => this.choose("to_queue", "transfer", this.shop(this.talk.view.shop)?.queues ?? [], (name) => named("queue", name)),
      assign: () => this.choose("to_agent", "assign", this.welcome.staff) }[name];
    const member = { resolve: "reason", transfer: "queue", assign: "agent" }[name];
    const chosen = ask ? await ask() : "";
    if (ask && !chosen) return;
    const answer = await this.live.ask(name, { conversation, ...(member ? { [member]: chosen } : {}) });
    if (answer.type === "error") this.failed(answer);
    else if (name === "claim") {
      at("told").textContent = say("claimed");
      if (this.queue.tab === "waiting" && !this.queue.found) this.queue.show("mine");
      at("text").focus();
    }
  }

  async claim() {
    const open = this.conversation && this.queue.item(this.conversation);
    const item = open?.status === "waiting" ? open : this.queue.oldest();
    if (!item) return;
    if (item.conversation !== this.conversation) await this.open(item.conversation);
    await this.act("claim");
  }

  failed({ code }) {
    const text = knows(`err_${code}`) ? say(`err_${code}`) : say("err_other", { text: code });
    const notice = make("p", { text });
    at("notices").append(notice);
    setTimeout(() => notice.remove(), 8000);
  }

  async find(text) {
    if (!text) {
      this.queue.show(this.queue.tab);
      return;
    }
    const answer = await this.live.ask("search", { text });
    if (answer.type === "error") this.failed(answer);
    else {
      this.queue.found = answer.rows;
      this.queue.draw();
      at("told").textContent = `${say("found")}: ${answer.rows.length}`;
    }
  }

  // Dialogs.

  dialog(title, yes, ...body) {
    const dialog = at("dialog");
    at("dialog-title").textContent = title;
    at("dialog-body").replaceChildren(...body);
    at("dialog-yes").textContent = yes;
    spell(dialog);
    return new Promise((resolve) => {
      dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
      dialog.returnValue = "no";
      dialog.showModal();
    });
  }

  async choose(title, yes, values, label = (value) => value) {
    const select = make("select", { "aria-label": say(title) }, ...values.map((value) => make("option", { value, text: label(value) })));
    return (await this.dialog(say(title), say(yes), select)) ? select.value : undefined;
  }

  help() {
    const keys = [["j  k", "key_next"], ["c", "key_claim"], ["r", "key_reply"], ["n", "key_note"], ["a", "key_ready"], ["Ctrl + Enter", "key_send"], ["b", "return"], ["e", "resolve"], ["t", "transfer"], ["/", "key_search"], ["Esc", "key_esc"], ["?", "key_help_row"]];
    const list = make("dl", { class: "keys" });
    for (const [key, word] of keys) list.append(make("dt", {}, ...key.split("  ").map((one) => make("kbd", { text: one }))), make("dd", { text: say(word) }));
    this.dialog(say("key_help"), say("close"), list);
  }

  async edit() {
    const name = make("input", { maxlength: "40", required: true, list: "canned-names" }), text = make("textarea", { rows: "5", maxlength: "4000" });
    const locale = make("select", {}, ...["en", "fr", "es", "de", "it", "nl", "pt"].map((one) => make("option", { value: one, text: one.toUpperCase() })));
    const fill = () => { text.value = this.ready.find((one) => one.name === name.value && one.locale === locale.value)?.text ?? text.value; };
    name.addEventListener("change", fill);
    locale.addEventListener("change", fill);
    const field = (word, element) => make("label", { class: "field" }, make("span", { text: say(word) }), element);
    const done = await this.dialog(say("answers"), say("save"), field("canned_name", name), make("datalist", { id: "canned-names" }, ...[...new Set(this.ready.map((one) => one.name))].map((value) => make("option", { value }))),
      field("language", locale), field("canned_text", text));
    if (!done || !name.value.trim()) return;
    const words = text.value.trim();
    const answer = await this.live.ask("canned", { name: name.value.trim(), locale: locale.value, ...(words ? { text: words } : {}) });
    if (answer.type === "error") this.failed(answer);
    else at("told").textContent = say("saved");
  }

  // Controls.

  wire() {
    at("search").addEventListener("submit", (event) => { event.preventDefault(); this.find(at("words").value.trim()); });
    at("words").addEventListener("search", () => this.find(at("words").value.trim()));
    at("help").addEventListener("click", () => this.help());
    at("answers").addEventListener("click", () => this.edit());
    at("language").addEventListener("change", () => {
      setLanguage(kept("language", at("language").value));
      spell();
      this.state(at("link").dataset.state);
      if (this.welcome) this.queues();
      this.queue.redraw();
      this.on_presence({ agents: this.agents ?? [] });
      if (this.talk.view) this.show(this.talk.view);
      else at("transcript").textContent = say("choose");
    });
    for (const name of ["notify", "sound"]) {
      at(name).setAttribute("aria-pressed", String(kept(name) === "yes"));
      at(name).addEventListener("click", async () => {
        let on = kept(name) !== "yes";
        if (name === "notify" && on) on = globalThis.Notification !== undefined && (await Notification.requestPermission()) === "granted";
        kept(name, on ? "yes" : "no");
        at(name).setAttribute("aria-pressed", String(on));
        if (name === "sound" && on) this.beep();
      });
    }
    at("dialog-no").addEventListener("click", () => at("dialog").close("no"));
    at("dialog").addEventListener("keydown", (event) => { // of a list, Enter takes what is chosen, as in any field
      if (event.key !== "Enter" || !event.target.matches("select")) return;
      event.preventDefault();
      at("dialog-yes").click();
    });
    addEventListener("keydown", (event) => this.key(event));
    addEventListener("beforeunload", (event) => { if (this.live.asked.size && [...this.live.asked.values()].some(({ frame }) => frame.type === "say")) event.preventDefault(); });
  }

  key(event) {
    const field = event.target.closest("input, textarea, select, dialog");
    if (event.key === "Escape" && field && !event.target.closest("dialog")) {
      if (field === at("words")) { at("words").value = ""; this.find(""); }
      field.blur();
      at("transcript").focus();
      return;
    }
    if (field || event.ctrlKey || event.metaKey || event.altKey) return;
    const write = (mode) => { if (this.talk.view) { this.talk.write(mode); at("text").focus(); } };
    const press = (name) => at("acts").querySelector(`[data-act="${name}"]`)?.click();
    const keys = { j: () => this.queue.step(1), k: () => this.queue.step(-1), c: () => this.claim(), r: () => { if (this.talk.was) write("say"); }, n: () => write("note"), a: () => at("ready").focus(),
      b: () => press("return"), e: () => press("resolve"), t: () => press("transfer"), "/": () => at("words").focus(), "?": () => this.help() };
    if (!keys[event.key]) return;
    event.preventDefault();
    keys[event.key]();
  }
}

globalThis.desk = new Page();
