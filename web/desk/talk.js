// The open conversation: what was said, why the assistant said it, what people did; and the composer.
import { at, make } from "./make.js";
import { abroad, named, say, stamp } from "./words.js";

const acts = new Set(["take", "return", "close", "transfer", "release", "assign", "lost", "nobody"]);

export class Talk {
  constructor(page) {
    this.page = page;
    this.drafts = new Map();
    this.mode = "say";
    for (const button of document.querySelectorAll("[data-mode]")) button.addEventListener("click", () => this.write(button.dataset.mode));
    at("composer").addEventListener("submit", (event) => { event.preventDefault(); this.send(); });
    at("text").addEventListener("input", () => {
      this.drafts.set(this.key(), at("text").value);
      if (this.mode === "say") this.page.live.tell({ type: "typing", conversation: this.page.conversation });
    });
    at("text").addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); this.send(); }
    });
    at("ready").addEventListener("change", () => this.insert(at("ready").value));
    at("transcript").textContent = say("choose");
    at("transcript").classList.add("empty");
  }

  key() { return `${this.page.conversation} ${this.mode}`; }

  // Shows what the server has told of it.
  show(view) {
    this.view = view;
    this.drawn = new Set();
    const log = at("transcript");
    log.classList.remove("empty");
    log.replaceChildren();
    if (!view.whole) log.append(make("p", { class: "event", text: say("not_whole") }));
    this.add(view, true);
    this.head();
    this.write(this.mode);
    this.typing();
    log.scrollTop = log.scrollHeight;
  }

  add({ turns, acts: done }, all = false) {
    const log = at("transcript"), low = log.scrollHeight - log.scrollTop - log.clientHeight < 80;
    const entries = [...turns.map((turn) => ({ at: turn.at, key: `t${turn.seq}`, turn })), ...done.map((act) => ({ at: act.at, key: JSON.stringify(act), act }))];
    if (all) entries.sort((a, b) => a.at - b.at);
    for (const { key, turn, act } of entries) {
      if (this.drawn.has(key)) continue;
      this.drawn.add(key);
      const element = turn ? this.turn(turn) : this.act(act);
      if (element) log.append(element);
    }
    if (low || all) log.scrollTop = log.scrollHeight;
  }

  // News of the open conversation.
  news(frame) {
    this.view.handling = frame.handling;
    for (const name of ["turns", "notes", "acts"]) this.view[name].push(...frame[name]);
    if (frame.turns.length) this.view.seq = frame.turns.at(-1).seq;
    this.add(frame);
    if (frame.turns.some((turn) => turn.from === "customer")) this.typing();
    this.head();
  }

  turn(turn) {
    const own = turn.from === "agent" && turn.agent === this.page.me;
    const who = turn.from === "agent" ? (own ? say("you") : turn.agent) : say(turn.from);
    return make("article", { class: `turn from-${turn.from}`, "data-seq": turn.seq },
      make("header", {}, make("strong", { text: who }), make("time", { class: "quiet", text: stamp(turn.at) })),
      make("p", { class: "words", text: turn.text, dir: "auto", lang: this.view.locale }),
      turn.from === "bot" && this.why(turn));
  }

  // Which rule, which facts and where they came from.
  why(turn) {
    const notes = () => this.view.notes.filter((note) => note.seq === (turn.re ?? turn.seq) || (turn.phrase && note.phrase === turn.phrase && note.seq === turn.re));
    const details = make("details", { class: "why" }, make("summary", { text: say("why") }));
    details.addEventListener("toggle", () => {
      if (!details.open || details.childElementCount > 1) return;
      const list = make("dl", { class: "pairs" });
      const pair = (word, value) => value && list.append(make("dt", { text: word }), make("dd", { text: value }));
      for (const note of notes()) {
        pair(say("understood"), note.intent && `${note.intent}${note.score ? ` (${say("score")} ${note.score})` : ""}`);
        pair(say("rule"), note.rule);
        for (const fact of note.facts ?? []) pair(fact.name, `${fact.value}${fact.source ? `  ← ${fact.source}` : ""}`);
      }
      pair(say("phrase"), turn.phrase);
      details.append(list);
    });
    return details;
  }

  act(act) {
    if (act.verb === "note")
      return make("article", { class: "turn private" }, make("header", {}, make("strong", { text: say("private", { name: act.agent }) }), make("time", { class: "quiet", text: stamp(act.at) })),
        make("p", { class: "words", text: act.text, dir: "auto" }));
    if (!acts.has(act.verb)) return undefined;
    const text = act.verb === "close" && act.text ? say(`reason_${act.text}`) : act.verb === "transfer" ? named("queue", act.text) : act.text ?? "";
    return make("p", { class: "event" }, make("span", { text: say(`act_${act.verb}`, { name: act.agent, text }) }), make("time", { class: "quiet", text: ` ${stamp(act.at)}` }));
  }

  head() {
    const { view, page } = this, item = page.queue.item(view.conversation), handoff = item ?? view.handoffs.at(-1);
    at("talk-head").hidden = false;
    at("talk-title").textContent = named("topic", handoff?.reason) || say("transcript");
    const state = item ? (item.status === "waiting" ? say("waits") : say("with", { name: item.agent === page.me ? say("you").toLowerCase() : item.agent })) : view.handling === "bot" ? say("with_bot") : say("ended");
    at("talk-about").textContent = [state, page.welcome.shops.length > 1 && page.shop(view.shop)?.name, named("queue", handoff?.queue), view.locale.toUpperCase(), named("channel", view.channel), view.orders[0]?.order.number ?? handoff?.order, abroad() && say("zone", { zone: abroad() })].filter(Boolean).join(" · ");
    const mine = item?.status === "taken" && item.agent === page.me, waiting = item?.status === "waiting";
    const buttons = [
      waiting && ["claim", "primary"], mine && ["resolve", "primary"], mine && ["return", ""], (mine || waiting) && ["transfer", ""], mine && ["release", ""], item && page.manager && ["assign", ""],
    ].filter(Boolean);
    const key = JSON.stringify([buttons, document.documentElement.lang]);
    if (key !== this.buttons || !at("acts").childElementCount) {
      const focused = document.activeElement?.dataset?.act;
      this.buttons = key;
      at("acts").replaceChildren(...buttons.map(([name, kind]) => make("button", { type: "button", class: kind, "data-act": name, text: say(name), on: { click: () => page.act(name) } })));
      if (focused) (at("acts").querySelector(`[data-act="${focused}"]`) ?? at("transcript")).focus();
    }
    at("composer").hidden = false;
    for (const button of document.querySelectorAll("[data-mode=say]")) button.disabled = !mine;
    if (!mine && this.mode === "say") this.write("note");
    else if (mine && !this.was) this.write("say");
    this.was = mine;
  }

  write(mode) {
    this.mode = mode;
    for (const button of document.querySelectorAll("[data-mode]")) button.setAttribute("aria-pressed", String(button.dataset.mode === mode));
    at("composer").classList.toggle("private", mode === "note");
    at("text-label").textContent = say(mode === "say" ? "reply" : "note");
    at("text").value = this.drafts.get(this.key()) ?? "";
    at("ready").hidden = mode === "note";
    this.fillReady();
  }

  async send() {
    const text = at("text").value.trim(), { conversation } = this.page, { mode } = this, key = this.key();
    if (!text || !conversation) return;
    at("text").value = "";
    this.drafts.delete(key);
    const waiting = mode === "say" ? make("article", { class: "turn from-agent sending" }, make("header", {}, make("strong", { text: say("you") }), make("span", { class: "quiet", text: say("sending") })), make("p", { class: "words", text })) : undefined;
    if (waiting) {
      at("transcript").append(waiting);
      at("transcript").scrollTop = at("transcript").scrollHeight;
    }
    const answer = await this.page.live.ask(mode, { conversation, text });
    waiting?.remove();
    if (answer.type === "done") return;
    this.page.failed(answer); // what was written comes back
    this.drafts.set(key, text);
    if (this.page.conversation === conversation && this.mode === mode) at("text").value = text;
  }

  typing(text = "") {
    clearTimeout(this.quiet);
    at("typing").textContent = text;
    if (text) this.quiet = setTimeout(() => this.typing(), 5000);
  }

  // Ready answers in the customer's language, else in the desk's.
  fillReady() {
    const all = this.page.ready, own = this.view?.locale?.slice(0, 2);
    const locale = all.some((one) => one.locale === own) ? own : "en";
    at("ready").replaceChildren(make("option", { value: "", text: say("insert") }), ...all.filter((one) => one.locale === locale).map((one) => make("option", { value: one.text, text: one.name, lang: locale })));
  }

  insert(text) {
    at("ready").value = "";
    if (!text) return;
    const order = this.view.orders[0]?.order;
    const values = { customer: order?.first_name ?? "", order: order?.number ?? "", agent: this.page.me };
    const words = text.replace(/ ?\{(customer|order|agent)\}/g, (whole, key) => (values[key] ? whole.replace(`{${key}}`, values[key]) : ""));
    const field = at("text");
    field.setRangeText(words, field.selectionStart, field.selectionEnd, "end");
    this.drafts.set(this.key(), field.value);
    field.focus();
  }
}
