// The demo shop's page: a plain chat over wismo.chat.v1 (docs/chat.md). Text is only ever text: nothing is parsed as HTML.
"use strict";

const words = {
  en: {
    title: "Where is my order?", intro: "This page stands for a shop. Ask the assistant about one of the demo orders:",
    order: "Order", proof: "E-mail or postcode", shows: "What it shows", example: "Try: “Where is my order?”, then the number, then the e-mail or the postcode.",
    chat: "Chat", label: "Your message", send: "Send", again: "Start a new conversation", connecting: "Connecting…", offline: "Connection lost; trying again…",
    ready: "Connected.", waiting: "Waiting for a person; the assistant goes on with tracking.", human: "You are talking with", person: "a person", closed: "This conversation is closed.",
    typing: "An answer is on its way…", failed: "not sent", you: "You", bot: "Assistant", agent: "Agent", system: "System", code: "Code", until: "Until",
    origin: "The server does not take this page's address: add it to origins in wismo.conf.", parcel: (index, count) => `Parcel ${index} of ${count}`,
    late: (days) => (days === 1 ? "1 day late" : `${days} days late`),
    steps: {
      placed: "Ordered", confirmed: "Confirmed", on_hold: "On hold", backorder: "Back-ordered", preparing: "Being prepared", info_received: "Labelled", shipped: "Shipped",
      in_transit: "On its way", customs: "In customs", exception: "Held up", out_for_delivery: "Out for delivery", attempt_failed: "Delivery attempted",
      ready_for_pickup: "Ready for pick-up", delivered: "Delivered", returning: "On its way back", returned: "Returned", lost: "Lost", damaged: "Damaged",
      cancelled: "Cancelled", expired: "No news",
    },
  },
  fr: {
    title: "Où est ma commande ?", intro: "Cette page tient lieu de boutique. Interrogez l’assistant sur une des commandes de démonstration :",
    order: "Commande", proof: "E-mail ou code postal", shows: "Ce qu’elle montre", example: "Essayez : « Où est ma commande ? », puis le numéro, puis l’e-mail ou le code postal.",
    chat: "Discussion", label: "Votre message", send: "Envoyer", again: "Nouvelle conversation", connecting: "Connexion…", offline: "Connexion perdue ; nouvel essai…",
    ready: "Connecté.", waiting: "En attente d’un conseiller ; l’assistant continue le suivi.", human: "Vous parlez avec", person: "un conseiller", closed: "Cette conversation est close.",
    typing: "La réponse arrive…", failed: "non envoyé", you: "Vous", bot: "Assistant", agent: "Conseiller", system: "Système", code: "Code", until: "Jusqu’au",
    origin: "Le serveur n’accepte pas l’adresse de cette page : ajoutez-la à origins dans wismo.conf.", parcel: (index, count) => `Colis ${index} sur ${count}`,
    late: (days) => (days === 1 ? "1 jour de retard" : `${days} jours de retard`),
    steps: {
      placed: "Commandée", confirmed: "Confirmée", on_hold: "En attente", backorder: "En réapprovisionnement", preparing: "En préparation", info_received: "Étiquetée",
      shipped: "Expédiée", in_transit: "En route", customs: "En douane", exception: "Retenue", out_for_delivery: "En cours de livraison",
      attempt_failed: "Livraison tentée", ready_for_pickup: "À retirer", delivered: "Livrée", returning: "En retour", returned: "Retournée", lost: "Perdue",
      damaged: "Abîmée", cancelled: "Annulée", expired: "Sans nouvelles",
    },
  },
};

// The orders of `wismo demo` that are worth trying first.
const orders = [
  ["FR-1042", "camille.martin@example.fr · 69003", { en: "on its way, two days late", fr: "en route, deux jours de retard" }],
  ["UK-2087", "alice.turner@example.com · LS6 2QT", { en: "two parcels: one delivered, one on its way", fr: "deux colis : un livré, un en route" }],
  ["FR-1053", "sarah.lambert@example.fr · 38000", { en: "ready in a locker", fr: "prête dans une consigne" }],
  ["UK-2093", "sophie.walker@example.com · SW9 8HE", { en: "out for delivery", fr: "en cours de livraison" }],
  ["FR-1054", "yasmine.okafor@example.fr · 44100", { en: "delivered in the letter box", fr: "livrée dans la boîte aux lettres" }],
];

const asked = new URLSearchParams(location.search).get("lang") ?? navigator.language;
const language = asked.startsWith("fr") ? "fr" : "en";
const say = words[language];
const $ = (id) => document.getElementById(id);
const log = $("log"), state = $("state"), form = $("form"), input = $("text");

document.documentElement.lang = language;
for (const element of document.querySelectorAll("[data-text]")) element.textContent = say[element.dataset.text];
for (const [number, proof, shows] of orders) {
  const row = $("orders").insertRow();
  row.insertCell().textContent = number;
  const shown = row.insertCell(), [email, postcode] = proof.split(" · "), [name, host] = email.split("@");
  shown.append(`${name}@`, document.createElement("wbr"), host, document.createElement("br"), postcode);
  row.insertCell().textContent = shows[language];
}

const store = {
  get: () => { try { return JSON.parse(sessionStorage.getItem("wismo") ?? "null"); } catch { return null; } },
  set: (value) => { try { sessionStorage.setItem("wismo", JSON.stringify(value)); } catch { /* without storage a reload begins anew */ } },
};

let token = store.get()?.token ?? null;
let seq = 0; // the last turn that is shown; a reload shows all again
let handling = "bot", agent = "";
let socket = null, welcomed = false, attempt = 0, retry = null, ended = false;
const pending = new Map(); // own messages without an answer yet: id → frame
const bubbles = new Map(); // … and how they are shown

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

// Whoever has scrolled up to read is left there.
const atEnd = () => log.scrollHeight - log.scrollTop - log.clientHeight < 60;
// To the end, but not past the beginning of what has just come.
function follow(node) { log.scrollTop = Math.min(log.scrollHeight, node.offsetTop); }

function bubble(from, text, who) {
  const made = element("div", `turn ${from}`);
  made.append(element("span", "who", `${who}: `), text.replace(/ ([?!:;»])/g, "\u00a0$1")); // French signs do not begin a line
  log.append(made);
  return made;
}

function newId() {
  return Array.from(crypto.getRandomValues(new Uint32Array(3)), (part) => part.toString(36)).join("-");
}

function sendFrame(frame) {
  if (welcomed && socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(frame));
}

function speak(frame, text) {
  const made = bubble("customer", text, say.you);
  made.classList.add("waiting");
  follow(made);
  pending.set(frame.id, frame);
  bubbles.set(frame.id, made);
  sendFrame(frame);
}

function settled(id, failed) {
  pending.delete(id);
  const made = bubbles.get(id);
  if (!made) return;
  made.classList.remove("waiting");
  if (failed) made.classList.add("failed"), made.append(` (${say.failed})`);
}

function day(text) {
  // As the shop's clock showed it: what stands behind the minutes is the shop's zone, not the reader's.
  const [, date, time] = text.match(/^(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2}))?/);
  const style = { weekday: "short", day: "numeric", month: "short", timeZone: "UTC", ...(time && { hour: "numeric", minute: "2-digit" }) };
  return new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, style).format(new Date(`${date}T${time ?? "00:00"}Z`));
}

const partViews = {
  choices(part) {
    const group = element("div", "choices");
    for (const choice of part.choices) {
      const button = element("button", "", choice.label);
      button.type = "button";
      button.addEventListener("click", () => {
        group.remove();
        input.focus();
        speak({ type: "choose", id: newId(), choice: choice.id, text: choice.label }, choice.label);
      });
      group.append(button);
    }
    return group;
  },
  link(part) {
    if (!part.url.startsWith("https://")) return null;
    const made = element("p"), anchor = element("a", "", part.label || part.url);
    anchor.href = part.url;
    anchor.rel = "noopener noreferrer";
    anchor.target = "_blank";
    made.append(anchor);
    return made;
  },
  timeline(part) {
    const group = element("div");
    if (part.count > 1) group.append(element("p", "", say.parcel(part.index, part.count)));
    const list = element("ol", "steps");
    for (const step of part.steps) {
      const name = say.steps[step.name] ?? step.name;
      list.append(element("li", `${step.done ? "done" : ""}${step.current ? " current" : ""}`, step.at ? `${name} · ${day(step.at)}` : name));
    }
    group.append(list);
    if (part.days_late) group.append(element("p", "late", say.late(part.days_late)));
    return group;
  },
  pickup(part) {
    const lines = [part.name, part.address, part.hours, part.deadline && `${say.until} ${day(part.deadline)}`, part.code && `${say.code}: ${part.code}`];
    return element("p", "turn", lines.filter(Boolean).join("\n"));
  },
};

function turn(frame) {
  if (frame.seq <= seq) return; // shown already
  seq = frame.seq;
  if (frame.id) settled(frame.id);
  if (frame.from === "customer") {
    if (!bubbles.has(frame.id)) follow(bubble("customer", frame.text, say.you)); // another tab's, or from before a reload
    return;
  }
  for (const old of log.querySelectorAll(".choices")) old.remove();
  const following = atEnd(), made = bubble(frame.from, frame.text, frame.agent ?? say[frame.from]);
  for (const part of frame.parts ?? []) {
    const view = partViews[part.kind]?.(part);
    if (view) log.append(view);
  }
  if (following) follow(made);
}

function status() {
  state.textContent = handling === "human" ? `${say.human} ${agent || say.person}.` : handling === "waiting" ? say.waiting : handling === "closed" ? say.closed : say.ready;
}

function resendLater(wait) {
  clearTimeout(retry);
  retry = setTimeout(() => { for (const frame of pending.values()) sendFrame(frame); }, wait);
}

const heard = {
  welcome(frame) {
    welcomed = true;
    attempt = 0;
    token = frame.token ?? token;
    store.set({ token });
    heard.handoff({ state: frame.handling, agent: frame.agent });
    for (const waiting of pending.values()) sendFrame(waiting); // the same id is answered once
  },
  say(frame) { turn(frame); status(); },
  typing() { state.textContent = say.typing; },
  handoff(frame) { handling = frame.state; agent = frame.agent ?? ""; status(); },
  error(frame) {
    if (frame.code === "unknown_conversation") {
      token = null;
      seq = 0;
      hello();
    } else if (frame.retry_ms) resendLater(frame.retry_ms + Math.random() * 500);
    else if (frame.re) settled(frame.re, true);
    if (!frame.re) state.textContent = frame.message;
  },
};

function hello() {
  const frame = { type: "hello", locale: language };
  if (token) frame.resume = { token, seq };
  socket.send(JSON.stringify(frame));
}

function connect() {
  let opened = false;
  state.textContent = say.connecting;
  socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/chat`, "wismo.chat.v1");
  socket.addEventListener("open", () => { opened = true; hello(); });
  socket.addEventListener("message", (event) => { const frame = JSON.parse(event.data); heard[frame.type]?.(frame); });
  socket.addEventListener("close", () => {
    welcomed = false;
    if (ended) return;
    attempt++;
    state.textContent = opened || attempt < 3 ? say.offline : say.origin;
    setTimeout(connect, Math.min(30000, 500 * 2 ** attempt) * (0.5 + Math.random() / 2)); // not all at once after a restart
  });
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const text = input.value.trim();
  if (!text) return;
  input.value = "";
  speak({ type: "say", id: newId(), text }, text);
});

$("again").addEventListener("click", () => {
  ended = true;
  sendFrame({ type: "bye" });
  store.set(null);
  location.reload();
});

connect();
