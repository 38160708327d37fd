// The connection: says hello, comes back after a drop with what it has heard, sends again what was not answered.
const first = 500, most = 15000, beat = 20000, patience = 15000;

export class Live {
  constructor({ heard, state }) {
    this.heard = heard;
    this.state = state;
    this.asked = new Map();
    this.tries = 0;
    this.ids = 0;
    this.prefix = `${Date.now().toString(36)}${Math.random().toString(36).slice(2, 8)}`;
    addEventListener("online", () => this.again(0));
    document.addEventListener("visibilitychange", () => { if (!document.hidden) this.again(0); });
    setInterval(() => { if (this.ready) this.ask("ping"); }, beat);
    this.open();
  }

  open() {
    this.state(this.tries ? "lost" : "connecting");
    const socket = this.socket = new WebSocket(`${location.origin.replace(/^http/, "ws")}/desk/live`, "wismo.desk.v1");
    const listen = (what, act) => socket.addEventListener(what, (event) => { if (socket === this.socket) act(event); });
    listen("open", () => this.put({ type: "hello", ...(this.epoch && this.seq ? { epoch: this.epoch, seq: this.seq } : {}) }));
    listen("message", ({ data }) => this.take(JSON.parse(data)));
    listen("close", ({ code }) => this.closed(code));
    this.wait();
  }

  // The network may be gone without a word: what connects or asks hears something soon.
  wait() { this.silence ??= setTimeout(() => this.closed(), patience); }
  noticed() {
    clearTimeout(this.silence);
    this.silence = undefined;
  }

  closed(code) {
    const { socket } = this;
    this.noticed();
    this.ready = false;
    this.socket = undefined;
    socket.close();
    if (code === 1008) {
      location.reload(); // signed out: the page is the door again
      return;
    }
    this.tries++;
    this.state("lost");
    const longest = Math.min(most, first * 2 ** this.tries);
    this.again(longest * (0.5 + Math.random() / 2));
    if (this.tries % 3 === 0) this.stillIn();
  }

  // A refused upgrade tells no reason: the page knows whether the session is over.
  async stillIn() {
    try {
      const page = await fetch("/desk", { credentials: "same-origin" });
      if (page.ok && !(await page.text()).includes("desk.js")) location.reload();
    } catch { /* no network: later */ }
  }

  again(wait) {
    if (this.socket) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.open(), wait);
  }

  put(frame) {
    this.socket.send(JSON.stringify(frame));
    if (frame.id) this.wait();
  }

  take(frame) {
    this.noticed();
    if (frame.type === "welcome") {
      this.epoch = frame.epoch;
      if (!frame.resumed) this.seq = 0;
      this.ready = true;
      this.tries = 0;
      this.heard(frame);
      this.state("live");
      for (const { frame: late } of this.asked.values()) this.put(late);
      return;
    }
    if (frame.type === "changes") this.seq = frame.seq;
    const asked = frame.re !== undefined && this.asked.get(frame.re);
    if (asked) {
      this.asked.delete(frame.re);
      asked.resolve(frame);
    } else this.heard(frame);
  }

  // Resolves with the answer: done, error, conversation or found. Kept until it comes, over drops.
  ask(type, fields = {}) {
    const id = `${this.prefix}.${++this.ids}`;
    const frame = { type, id, ...fields };
    return new Promise((resolve) => {
      this.asked.set(id, { frame, resolve });
      if (this.ready) this.put(frame);
    });
  }

  tell(frame) { if (this.ready) this.put(frame); }
}
