// The chat's panel, loaded with its conversation (widget-chat.js) when the chat is first opened. Text is only ever text.

const troubles = ["on_hold", "backorder", "exception", "attempt_failed", "returning", "returned", "lost", "damaged", "cancelled", "expired"];

const css = new CSSStyleSheet();
css.replaceSync(`
.panel { --surface: var(--wismo-surface, light-dark(#fff, #171b26)); --ground: var(--wismo-ground, light-dark(#f1f3f8, #242a38)); --ink: var(--wismo-ink, light-dark(#1d2433, #e9ecf4));
  --soft: var(--wismo-soft, light-dark(#535c70, #b1b9cb)); --line: var(--wismo-line, light-dark(#d6dbe6, #3b4357)); --late: var(--wismo-late, light-dark(#b3261e, #ffb0a6));
  --good: var(--wismo-good, light-dark(#1a6b3c, #86d6a4)); --warn: var(--wismo-warn, light-dark(#84500a, #f3c577)); --radius: var(--wismo-radius, 1em); }
.news { position: absolute; inset-block-start: -.25em; inset-inline-end: -.25em; min-inline-size: 1.4em; box-sizing: border-box; padding: 0 .3em; border-radius: 1em; background: #b3261e; color: #fff; font: 700 .85em/1.4em system-ui, sans-serif; }
.news:empty { display: none; }
[hidden] { display: none !important; }
.panel, .panel * { box-sizing: border-box; margin: 0; }
.panel { inset-block-end: calc(var(--wismo-offset, 1.25em) + 4.25em); display: flex; flex-direction: column;
  inline-size: min(25.5em, 100vw - 2em); block-size: min(44em, 100dvh - 7em); overflow: auto; border: 1px solid var(--line); border-radius: var(--radius); background: var(--surface); color: var(--ink);
  box-shadow: 0 12px 48px #0004; font-family: var(--wismo-font, system-ui, sans-serif); line-height: 1.45; }
.bar { display: flex; align-items: center; gap: .25em; padding: .6em .6em .6em 1em; border-block-end: 1px solid var(--line); }
.bar div { flex: 1; min-inline-size: 0; padding-inline-start: .5em; overflow-wrap: anywhere; }
.name { font-weight: 700; line-height: 1.25; }
.who { color: var(--soft); font-size: .85em; }
.face { inline-size: 2.5em; block-size: 2.5em; padding: .5em; border-radius: 50%; background: var(--accent); color: var(--on-accent); flex: none; }
svg { display: block; inline-size: 1.5em; block-size: 1.5em; fill: none; stroke: currentColor; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; }
.panel button, .link { font: inherit; min-block-size: max(44px, 2.75em); min-inline-size: max(44px, 2.75em); padding: .4em .9em; border: 1px solid var(--accent); border-radius: calc(var(--radius) * .75); background: var(--surface); color: var(--accent); cursor: pointer; }
.panel button:hover, .link:hover { background: var(--ground); }
.panel .icon { display: grid; place-items: center; padding: 0; border-color: transparent; background: none; color: var(--soft); }
.state { padding: .5em 1em; background: var(--ground); border-block-end: 1px solid var(--line); font-size: .9em; }
.state.bad { color: var(--late); font-weight: 600; }
.log { flex: 1; min-block-size: 9em; overflow-y: auto; overscroll-behavior: contain; display: flex; flex-direction: column; gap: .6em; padding: 1em; position: relative; }
.turn { display: flex; flex-direction: column; align-items: flex-start; gap: .5em; }
.turn.customer { align-items: flex-end; }
.text { max-inline-size: 88%; padding: .55em .85em; border: 1px solid transparent; border-radius: var(--radius); border-end-start-radius: .25em; background: var(--ground); white-space: pre-line; overflow-wrap: anywhere; }
.customer .text { background: var(--accent); color: var(--on-accent); border-radius: var(--radius); border-end-end-radius: .25em; }
.customer a { color: inherit; }
.agent .text { background: none; border-color: var(--accent); }
.mark, .by, .note { color: var(--soft); font-size: .8em; }
.mark.failed { color: var(--late); font-weight: 600; }
.mark { display: flex; align-items: center; gap: .5em; }
.by { margin-block-end: -.35em; }
.note { text-align: center; padding-inline: 1em; }
a { color: var(--accent); }
.choices, .rate { display: flex; flex-wrap: wrap; align-items: center; gap: .4em; }
.rate { color: var(--soft); font-size: .85em; }
.panel .rate button { display: grid; place-items: center; padding: 0; border-color: var(--line); color: inherit; }
.rate svg { inline-size: 1.25em; block-size: 1.25em; }
.card { align-self: stretch; container-type: inline-size; padding: .85em; border: 1px solid var(--line); border-radius: var(--radius); background: var(--surface); display: flex; flex-direction: column; gap: .15em; }
.top { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 .75em; color: var(--soft); font-size: .8em; }
.head { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: .15em .75em; font-weight: 700; font-size: 1.1em; }
.badge { padding: .1em .6em; border: 1px solid; border-radius: 1em; font-size: .8em; color: var(--late); }
.dates { display: flex; flex-wrap: wrap; gap: 0 .75em; font-size: .9em; }
.dates s, .dates + .dates { color: var(--soft); }
.good { color: var(--good); } .warn { color: var(--warn); } .bad { color: var(--late); }
.track { --way: var(--accent); list-style: none; display: grid; grid: auto / auto-flow minmax(0, 1fr); padding: 0; margin-block: .7em .2em; font-size: .71em; line-height: 1.25; text-align: center; }
.track.good { --way: var(--good); } .track.warn { --way: var(--warn); } .track.bad { --way: var(--late); }
.track li { position: relative; padding-block-start: 2.45em; color: var(--soft); overflow-wrap: break-word; hyphens: auto; }
.track li::before { content: "" / ""; position: absolute; z-index: 1; inset-block-start: 0; inset-inline-start: calc(50% - .85em); inline-size: 1.7em; block-size: 1.7em; border: 2px solid var(--line); border-radius: 50%; background: var(--surface); text-align: center; }
.track li + li::after { content: "" / ""; position: absolute; inset-block-start: .72em; inset-inline: -50% 50%; border-block-start: .26em solid var(--line); }
.track .done { color: var(--ink); }
.track .done::before { content: "✓" / ""; border-color: var(--way); background: var(--way); color: var(--surface); font-weight: 700; line-height: 1.4em; }
.track li.done::after { border-color: var(--way); }
.track .current { color: var(--way); font-weight: 700; }
.track .current::before { box-shadow: 0 0 0 .2em var(--surface), 0 0 0 .4em var(--way); }
.bad .current::before, .warn .current::before { content: "!" / ""; }
.track time { display: block; font-weight: 400; color: var(--soft); }
@container (max-width: 17em) {
  .track { grid: auto-flow / 1fr; text-align: start; font-size: .85em; }
  .track li { padding: 0; padding-block-end: .9em; padding-inline-start: 3em; }
  .track li::before { inset-inline-start: .4em; }
  .track li + li::after { inset: -100% auto 100% 1.12em; block-size: 100%; border-block-start: 0; border-inline-start: .26em solid var(--line); }
}
.card .link { margin-block-start: .5em; }
.link { display: flex; align-items: center; justify-content: center; gap: .5em; text-decoration: none; font-weight: 600; }
.link svg { inline-size: 1.1em; block-size: 1.1em; flex: none; }
.key { font: 700 1.25em ui-monospace, monospace; letter-spacing: .1em; }
.typing { align-self: flex-start; display: flex; gap: .3em; padding: .8em; border-radius: var(--radius); background: var(--ground); }
.typing i { inline-size: .5em; block-size: .5em; border: .25em solid var(--soft); border-radius: 50%; }
form { display: flex; align-items: flex-end; gap: .5em; padding: .75em; border-block-start: 1px solid var(--line); }
textarea { flex: 1; min-inline-size: 0; font: inherit; color: inherit; resize: none; min-block-size: 2.75em; max-block-size: 8em; padding: .55em .85em; border: 1px solid var(--soft); border-radius: calc(var(--radius) * .75); background: var(--surface); }
.panel .send { display: grid; place-items: center; padding: 0; background: var(--accent); color: var(--on-accent); }
.panel .send:hover { background: var(--accent); filter: brightness(1.1); }
.unseen { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.log:focus-visible { outline-offset: -3px; }
textarea:focus-visible { outline-width: 2px; outline-offset: 0; }
@media (max-width: 30rem), (max-height: 30rem) {
  .panel, :host([side=start]) .panel { inset: 0; inline-size: auto; block-size: auto; border: 0; border-radius: 0; }
  .launcher[aria-expanded=true] { display: none; }
}
@media (prefers-reduced-motion: no-preference) {
  .panel { animation: come .18s ease-out; }
  @keyframes come { from { opacity: 0; transform: translateY(1em); } }
  .typing i { animation: wink 1.2s infinite; }
  .typing i:nth-child(2) { animation-delay: .2s; } .typing i:nth-child(3) { animation-delay: .4s; }
  @keyframes wink { 50% { opacity: .25; } }
}
@media (forced-colors: active) { .text, .face, .state { border: 1px solid; } .customer .text { border-width: 2px; } .track .done::before { forced-color-adjust: none; background: CanvasText; color: Canvas; } .panel .send { background: ButtonFace; color: ButtonText; border-color: ButtonText; } }`);

const shapes = {
  parcel: "M3 7.5 12 3l9 4.5v9L12 21l-9-4.5zM3 7.5l9 4.5 9-4.5M12 12v9", close: "M6 6l12 12M18 6 6 18", again: "M4 4v5h5M4.5 9a8 8 0 1 1-.5 4",
  yes: "M7 11v9H4v-9zM7 11l4-8q3 0 2.5 4L13 10h6q2 0 1.5 2.5L19 18q-.5 2-2.5 2H7", no: "M7 13V4H4v9zM7 13l4 8q3 0 2.5-4L13 14h6q2 0 1.5-2.5L19 6q-.5-2-2.5-2H7",
  send: "M5 12h14M13 6l6 6-6 6", out: "M9 5H5v14h14v-4M13 4h7v7M20 4l-9 9",
};

function make(tag, className, ...inside) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...inside.filter(Boolean));
  return made;
}

function icon(name, className = "") {
  const [svg, path] = ["svg", "path"].map((tag) => document.createElementNS("http://www.w3.org/2000/svg", tag));
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", className);
  path.setAttribute("d", shapes[name]);
  svg.append(path);
  return svg;
}

function button(className, label, press, shape) {
  const made = make("button", className, shape ? icon(shape) : label);
  made.type = "button";
  if (shape) made.ariaLabel = made.title = label;
  made.addEventListener("click", press);
  return made;
}

function link(url, className, ...inside) {
  if (!/^https:\/\/[^\s/]/.test(url)) return null;
  const made = make("a", className, ...inside);
  made.href = url;
  made.target = "_blank";
  made.rel = "noopener noreferrer";
  return made;
}

export function panel(host, words, converse) {
  const language = host.language, locale = language === "en" ? "en-GB" : language;
  const say = (name, ...values) => {
    const [one, many] = words[name].split("|");
    return (many && values[0] !== 1 ? many : one).replace("##", values[1]).replace("#", values[0]);
  };
  const step = (name) => words.steps[name] ?? name.replaceAll("_", " ");
  // As the shop's clock showed it: what stands behind the minutes is the shop's zone, not the reader's.
  const day = (moment, style = { weekday: "long", day: "numeric", month: "long" }) => {
    const [, date, time] = /^(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d))?/.exec(moment);
    return new Intl.DateTimeFormat(locale, { ...style, timeZone: "UTC", ...(time && style.weekday && { hour: "numeric", minute: "2-digit" }) }).format(new Date(`${date}T${time ?? "00:00"}Z`));
  };

  const root = host.shadowRoot;
  const title = make("p", "name", say("log")), who = make("p", "who", say("bot")), state = make("p", "state");
  const log = make("div", "log"), form = make("form"), input = make("textarea"), label = make("label", "unseen", say("label"));
  const dots = make("div", "typing", make("i"), make("i"), make("i")), intro = make("div", "turn", make("p", "text", say("intro")), make("div", "choices", ...["ask_order", "ask_person"].map((name) => button("", say(name), () => {
    input.focus();
    speak({ type: "say", id: newId(), text: say(name) });
  }))));
  const dialog = make("div", "panel",
    make("div", "bar", icon("parcel", "face"), make("div", "", title, who), button("icon", say("again"), () => { chat.anew(); input.focus(); }, "again"), button("icon", say("close"), () => host.close(), "close")),
    state, log, form);
  for (const part of dialog.children) part.dir = "ltr"; // the page says on which side, our languages how to read
  const send = button("send", say("send"), () => {}, "send");
  let bubbles = new Map(), handling = { state: "bot" }, trouble = "", outage, quiet, last;

  Object.assign(dialog, { role: "dialog", lang: language, hidden: true, tabIndex: -1 });
  dialog.part = "panel";
  title.id = "title";
  dialog.setAttribute("aria-labelledby", "title");
  Object.assign(log, { role: "log", tabIndex: 0, ariaLabel: say("log"), ariaRelevant: "additions" });
  log.part = "log";
  dots.ariaHidden = "true";
  Object.assign(input, { id: "text", rows: 1, maxLength: 2000, dir: "auto", enterKeyHint: "send", placeholder: `${say("label")}…` });
  label.htmlFor = "text";
  who.id = "who";
  input.setAttribute("aria-describedby", "who");
  send.type = "submit";
  form.part = "composer";
  form.append(label, input, send);
  root.adoptedStyleSheets.push(css);
  root.append(dialog);

  // Whoever has scrolled up to read is left there; else to the end, but not past the beginning of what has just come.
  const follow = (node, ended) => { if (ended) log.scrollTop = Math.min(log.scrollHeight, node.offsetTop - 8); };
  const atEnd = () => log.scrollHeight - log.scrollTop - log.clientHeight < 80;
  const put = (node, before = null) => {
    const ended = atEnd();
    log.insertBefore(node, before);
    follow(node, ended);
    return node;
  };
  const note = (text) => put(make("p", "note", text), firstUnsent());
  const announce = (text) => log.insertBefore(make("p", "unseen", text), firstUnsent()); // seen elsewhere, but the log is what is read aloud
  const firstUnsent = () => [...bubbles.values()].find((bubble) => bubble.unsent)?.node ?? (dots.isConnected ? dots : null);

  function status() {
    const ended = atEnd(), name = handling.agent || say("person"), { state: now, position, wait_s: wait, opens } = handling;
    const told = now === "human" ? "" : opens !== undefined ? say("away", opens ? day(opens) : 1) : now === "waiting" ? [say("waiting"), position && say("place", position), wait && say("wait", Math.ceil(wait / 60))].filter(Boolean).join(" ") : now === "closed" ? say("closed") : "";
    who.textContent = now === "human" ? say("human", name) : say("bot");
    state.textContent = trouble ? say(trouble) : told;
    state.classList.toggle("bad", trouble === "lost" || trouble === "refused");
    state.hidden = !state.textContent;
    if (ended) log.scrollTop = log.scrollHeight;
    return now === "human" ? say("human", name) : told;
  }

  function text(words) {
    const made = make("div", "text");
    made.dir = "auto";
    for (const [index, part] of words.split(/(https:\/\/[^\s<>"]+[^\s<>".,;:!?)])/).entries()) {
      const short = index % 2 ? part.replace(/^https:\/\/(?:www\.)?([^/?#]+)(.{14}).+/, "$1$2…").replace("https://", "") : "";
      made.append((index % 2 && link(part, "", short)) || part.replace(/ ([?!:;»])/g, "\u00a0$1"));
    }
    return made;
  }

  function turn(from, name, words, spoken) {
    const made = make("div", `turn ${from}`), said = text(words);
    made.part = `message ${from}`;
    if (spoken) said.lang = spoken;
    said.prepend(make("span", "unseen", `${name}: `));
    made.append(said);
    return made;
  }

  const parts = {
    choices({ choices }) {
      const group = make("div", "choices", ...choices.map(({ id, label: words }) => button("", words, () => {
        group.remove();
        input.focus();
        speak({ type: "choose", id: newId(), choice: id, text: words });
      })));
      return group;
    },
    link({ url, label: words }) {
      return link(url, "link", words, icon("out"), make("span", "unseen", `(${say("tab")})`));
    },
    timeline(part) {
      const now = part.status, tone = part.days_late || ["lost", "damaged"].includes(now) ? "bad" : troubles.includes(now) ? "warn" : now === "delivered" ? "good" : "";
      const late = part.days_late && say("late", part.days_late), came = now === "delivered" && part.steps.find((one) => one.current)?.at;
      const due = came ? day(came) : part.due && now !== "delivered" && say("due", day(part.due));
      const whole = part.count > 1 ? say("parcel", part.index, part.count) : say("order", part.order);
      const card = make("div", "card",
        make("p", "top", make("span", "", whole), part.carrier && make("span", "", part.carrier)),
        make("p", `head ${tone}`, make("span", "", step(now)), late && make("span", "badge", late)),
        (due || late) && make("p", "dates", due && make("strong", "", due), late && part.promised && make("span", "", say("promised", day(part.promised)))));
      const track = make("ol", `track ${tone}`, ...part.steps.map(({ name, at, done, current }) => {
        const point = make("li", `${done ? "done" : ""} ${current ? "current" : ""}`, step(name === "preparing" && done && !current ? "prepared" : name));
        if (at) point.append(" ", make("time", "", day(at, { day: "numeric", month: "short" })));
        point.append(make("span", "unseen", ` (${say(current ? "now" : done ? "done" : "ahead")})`));
        if (current) point.ariaCurrent = "step";
        return point;
      }));
      card.role = "group";
      card.part = "card";
      card.ariaLabel = [whole, part.carrier, step(now), late, due].filter(Boolean).join(", ");
      track.ariaLabel = whole;
      card.append(track);
      if (part.tracking) card.append(make("p", "top", make("span", "", say("tracking")), make("span", "", part.tracking)));
      return card;
    },
    pickup(part) {
      const card = make("div", "card",
        make("p", "top", say("pickup")), make("p", "head", part.name), part.address && make("p", "", part.address), part.hours && make("p", "dates", part.hours),
        part.deadline && make("p", "", make("strong", "", say("until", day(part.deadline)))),
        part.code && make("p", "head", make("span", "top", say("code")), make("span", "key", part.code)));
      card.role = "group";
      card.part = "card";
      card.ariaLabel = `${say("pickup")}, ${part.name}`;
      return card;
    },
  };

  function rating(seq) {
    const rated = chat.ours.get("rated") ?? [];
    const rate = (value) => {
      chat.rate(value, seq);
      chat.ours.set({ rated: [...rated, seq] });
      group.replaceChildren(say("thanks"));
      input.focus();
    };
    const group = make("div", "rate", make("span", "", say("helpful")), button("", say("yes"), () => rate(1), "yes"), button("", say("no"), () => rate(-1), "no"));
    group.role = "group";
    group.ariaLabel = say("helpful");
    return rated.includes(seq) ? "" : group;
  }

  function marked(id, mark) {
    const bubble = bubbles.get(id);
    if (!bubble) return;
    bubble.unsent = mark !== "delivered";
    bubble.mark.textContent = say(mark);
    bubble.mark.className = `mark ${mark}`;
    if (mark === "failed") bubble.mark.append(button("", say("retry"), () => chat.again(id)));
    if (mark !== "delivered") return;
    if (last && last !== bubble) last.mark.remove(); // only the newest says so
    last = bubble;
    log.insertBefore(bubble.node, firstUnsent());
  }

  function own(frame, before) {
    const node = turn("customer", say("you"), frame.text, ""), mark = make("p", "mark");
    node.append(mark);
    bubbles.set(frame.id, { node, mark, unsent: true });
    put(node, before);
    log.scrollTop = log.scrollHeight;
  }

  const newId = () => Array.from(crypto.getRandomValues(new Uint32Array(4)), (part) => part.toString(36)).join("-");

  function speak(frame) {
    if (chat.full()) {
      note(say("full"));
      return false;
    }
    for (const old of log.querySelectorAll(".choices")) old.remove();
    own(frame);
    marked(frame.id, "kept");
    chat.say(frame);
    return true;
  }

  let newest = 0;
  const seen = (seq) => chat.ours.set({ seen: (newest = Math.max(newest, seq, chat.ours.get("seen"))) });
  const heard = {
    say(frame, old) {
      clearTimeout(quiet);
      dots.remove();
      for (const gone of log.querySelectorAll(frame.from === "customer" ? ".choices" : ".choices, .rate")) gone.remove();
      if (frame.from === "customer") {
        if (!bubbles.has(frame.id)) own(frame, firstUnsent()); // another tab's, or from before a reload
        marked(frame.id, "delivered");
        return;
      }
      const made = turn(frame.from, frame.agent ?? say(frame.from === "agent" ? "person" : "bot"), frame.text, frame.locale);
      if (frame.from === "agent") made.prepend(make("p", "by", `${frame.agent || say("person")} · ${new Date(frame.at).toLocaleTimeString(locale, { hour: "numeric", minute: "2-digit" })}`));
      // Pictures come before the words that say the same, choices after them.
      const words = made.lastElementChild;
      for (const part of frame.parts ?? []) {
        const view = parts[part.kind]?.(part), card = words.previousElementSibling;
        if (!view) continue;
        if (part.kind === "choices") made.append(view);
        else if (part.kind === "link" && card?.className === "card") card.append(view);
        else made.insertBefore(view, words);
      }
      if (frame.parts?.some(({ kind }) => kind === "timeline" || kind === "pickup")) made.append(rating(frame.seq));
      put(made, firstUnsent());
      if (!dialog.hidden) seen(frame.seq);
      else if ((newest = frame.seq) > (chat.ours.get("seen") ?? 0)) host.news();
      if (!old) host.tell("message", { from: frame.from, text: frame.text, seq: frame.seq });
    },
    typing() {
      put(dots);
      clearTimeout(quiet);
      quiet = setTimeout(() => dots.remove(), 8000);
    },
    state(name, welcome) {
      trouble = name;
      if (welcome) title.textContent = welcome.name;
      clearTimeout(outage?.timer);
      if (name === "lost" && !outage?.told) outage = { timer: setTimeout(() => { outage.told = true; announce(say("lost")); }, 3000) };
      if (welcome && outage?.told) announce(say("back"));
      if (welcome) outage = undefined;
      status();
    },
    handoff(frame, live) {
      const before = handling.state;
      handling = frame;
      const told = status();
      if (!live) return;
      if (told && frame.state !== before) announce(told);
      host.tell("handoff", { state: frame.state, agent: frame.agent });
    },
    marked,
    began(outbox) {
      bubbles = new Map([...bubbles].filter(([id]) => outbox.has(id)));
      log.replaceChildren(intro, ...[...bubbles.values()].map(({ node }) => node));
      last = undefined;
      newest = 0;
    },
  };

  log.append(intro);
  const chat = converse(host, heard);
  for (const frame of chat.unsent()) {
    own(frame);
    marked(frame.id, "kept");
  }
  input.value = chat.mine.get("draft") ?? "";

  const grow = () => {
    input.style.blockSize = "auto";
    input.style.blockSize = `${input.scrollHeight + 2}px`;
  };
  input.addEventListener("input", () => {
    grow();
    chat.mine.set({ draft: input.value });
    if (handling.state === "human") chat.typed();
  });
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const words = input.value.trim();
    input.focus();
    if (!words || !speak({ type: "say", id: newId(), text: words })) return;
    input.value = "";
    chat.mine.set({ draft: "" });
    grow();
  });
  dialog.addEventListener("keydown", (event) => {
    if (event.key === "Escape") host.close();
  });

  return {
    get opened() { return !dialog.hidden; },
    open(focus, words) {
      if (dialog.hidden) {
        dialog.hidden = false;
        chat.mine.set({ open: true });
        seen(newest);
        log.scrollTop = log.scrollHeight;
      }
      if (words) input.value = words;
      grow();
      if (focus) (matchMedia("(pointer: coarse)").matches ? dialog : input).focus();
    },
    close() {
      dialog.hidden = true;
      chat.mine.set({ open: false });
    },
    setToken: () => chat.reconnect(),
    end: () => { chat.end(); dialog.remove(); },
  };
}
