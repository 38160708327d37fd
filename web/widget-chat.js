// The widget's conversation: a client of wismo.chat.v1 (docs/chat.md). Nothing lost, nothing doubled, whatever becomes of the page and the network.

// What outlives the page: the conversation in localStorage for all tabs, what is unsent in sessionStorage for this one.
// Each field is an item: a tab must not put back what another has just changed.
const shelf = (store, host) => ({
  get: (field) => host.kept(store, field),
  set(fields) { try { for (const name in fields) window[store].setItem(host.key(name), JSON.stringify(fields[name])); } catch { /* it lives as long as the page */ } },
});

const OUTBOX = 20, SILENCE_MS = 15000, KEPT_MS = 24 * 3600 * 1000;

// The connection; `heard` is told what came.
export function converse(host, heard) {
  const ours = shelf("localStorage", host), mine = shelf("sessionStorage", host);
  const fresh = () => (Date.now() - ours.get("at") < KEPT_MS ? ours.get("token") : undefined);
  let token = fresh(), seq = 0, newest = 0, attempt = 0, welcomed = false, socket, timer, silence, told, release, flying, known = false;
  const asides = [];
  const failed = new Set();
  const outbox = new Map((mine.get("outbox") ?? []).map((frame) => [frame.id, frame]));
  const keep = () => mine.set({ outbox: [...outbox.values()] });

  const drop = () => {
    clearTimeout(timer);
    clearTimeout(silence);
    const old = socket;
    socket = flying = undefined;
    welcomed = false;
    release?.();
    old?.close();
  };
  const lost = () => {
    drop();
    heard.state(attempt > 4 && !known ? "refused" : "lost");
    if (attempt === 5) host.tell("error", { code: "unreachable" });
    timer = setTimeout(connect, Math.max(200, Math.random() * Math.min(30000, 1000 * 2 ** attempt++))); // not all at once after a restart
  };
  let typedAt = 0;
  const ready = () => welcomed && seq >= newest; // what was missed may say that something has arrived
  const send = (frame) => ready() && socket.send(JSON.stringify(frame));
  // One after the other: whatever is refused for a while keeps its place.
  const flush = () => {
    while (ready() && asides.length) send(asides.shift());
    const next = [...outbox.values()].find(({ id }) => !failed.has(id));
    if (!ready() || !next || next.id === flying) return;
    flying = next.id;
    send(next);
    heard.marked(next.id, "sent");
    clearTimeout(silence);
    silence = setTimeout(lost, SILENCE_MS); // the network may be gone without a word
  };
  const settled = (id) => {
    if (id === flying) flying = undefined;
    if (!outbox.delete(id)) return;
    keep();
    heard.marked(id, "delivered");
  };
  const hello = () => {
    const frame = { type: "hello", locale: host.language }, identity = host.getAttribute("token"), theirs = fresh();
    if (theirs && theirs !== token) { // another tab has begun anew
      token = theirs;
      shown();
    }
    if (host.shop) frame.shop = host.shop;
    if (identity && identity !== told) frame.token = identity;
    if (token) frame.resume = { token, seq };
    socket.send(JSON.stringify(frame));
  };
  // Two tabs that are opened at once must not begin two conversations.
  const begin = () => {
    const locks = navigator.locks, here = socket;
    release?.(); // asked again: who waits is next
    if (token || fresh() || !locks) return hello();
    locks.request(host.key("token"), () => new Promise((free) => {
      release = free;
      if (socket === here && here?.readyState === 1) hello();
      else free();
    }));
  };
  const shown = () => { // … is nothing any more
    seq = newest = 0;
    told = undefined;
    heard.began(outbox);
  };
  const forgotten = () => {
    if (ours.get("token") === token) host.forget("localStorage"); // else another tab has done so
    token = undefined;
    shown();
  };
  const frames = {
    welcome(frame) {
      if (!frame.resumed && fresh()) return connect(); // another tab has begun
      welcomed = known = true;
      attempt = 0;
      told = host.getAttribute("token");
      if (!frame.resumed) host.forget("localStorage"); // an earlier one's
      newest = frame.resumed ? frame.seq : 0;
      token = frame.token ?? token;
      ours.set({ at: Date.now(), handling: frame.handling, ...(frame.token && { token }) }); // which other tabs act on: last
      if (release) setTimeout(release, 5000); // other tabs see what was stored, or are told ("storage"), long before
      heard.state("", frame);
      heard.handoff({ ...frame, state: frame.handling });
      flush();
    },
    say(frame) {
      if (frame.seq <= seq) return; // shown already
      if (frame.id) settled(frame.id);
      const old = seq < newest;
      seq = frame.seq;
      ours.set({ at: Date.now() });
      heard.say(frame, old);
      flush();
    },
    typing(frame) { heard.typing(frame); },
    handoff(frame) {
      ours.set({ handling: frame.state });
      heard.handoff(frame, true);
    },
    error(frame) {
      const kept = outbox.get(frame.re);
      if (frame.code === "unknown_conversation") {
        forgotten();
        begin();
      } else if (frame.field === "resume.seq") { // its database is an older one: what is there counts
        shown();
        hello();
      } else if (frame.retry_ms) {
        flying = undefined;
        timer = setTimeout(welcomed ? flush : begin, frame.retry_ms + Math.random() * 500);
      } else if (kept) {
        failed.add(frame.re);
        heard.marked(frame.re, "failed");
        flying = undefined;
        flush();
      }
      if (!frame.re) host.tell("error", { code: frame.code });
      if (frame.code !== "unknown_shop" && frame.code !== "forbidden") return;
      drop();
      heard.state("refused");
    },
  };
  function connect() {
    drop();
    const here = new WebSocket(new URL("chat", host.home.href.replace(/^http/, "ws")), "wismo.chat.v1");
    socket = here;
    here.addEventListener("open", () => here === socket && begin());
    here.addEventListener("message", (event) => {
      if (here !== socket) return;
      clearTimeout(silence);
      const frame = JSON.parse(event.data);
      frames[frame.type]?.(frame);
    });
    here.addEventListener("close", () => here === socket && lost());
  }
  const now = () => { if (!socket || socket.readyState > 1) connect(); };
  const away = new AbortController(), { signal } = away;
  addEventListener("online", now, { signal });
  addEventListener("offline", () => socket && lost(), { signal });
  addEventListener("pagehide", drop, { signal }); // so that the page may be kept for "back"
  addEventListener("pageshow", (event) => event.persisted && connect(), { signal });
  document.addEventListener("visibilitychange", () => document.hidden || now(), { signal });
  addEventListener("storage", ({ key, newValue }) => newValue && key === host.key("token") && connect(), { signal });
  heard.state("connecting");
  connect();

  return {
    ours,
    mine,
    unsent: () => outbox.values(),
    full: () => outbox.size >= OUTBOX,
    say(frame) {
      outbox.set(frame.id, frame);
      keep();
      flush();
    },
    again(id) {
      failed.delete(id);
      flush();
    },
    typed() {
      if (Date.now() - typedAt < 3000) return;
      typedAt = Date.now();
      send({ type: "typing" });
    },
    rate(rating, turn) {
      asides.push({ type: "rate", rating, seq: turn });
      flush();
    },
    reconnect: connect,
    anew() {
      send({ type: "bye" });
      outbox.clear();
      keep();
      forgotten();
      connect();
    },
    end() {
      away.abort();
      drop();
    },
  };
}
