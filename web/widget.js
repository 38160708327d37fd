// The bubble of the chat, and window.wismo (docs/widget.md). It stores nothing, and asks for nothing before the chat is wanted.
(() => {
  "use strict";
  if (customElements.get("wismo-chat")) return;
  const script = document.currentScript ?? document.querySelector('script[src*="/widget.js"]');
  const home = new URL(".", script.src);
  const labels = {
    en: ["Chat", "Close the chat", "unread"], fr: ["Discussion", "Fermer la discussion", "non lus"], de: ["Chat", "Chat schließen", "ungelesen"], es: ["Chat", "Cerrar el chat", "sin leer"],
    it: ["Chat", "Chiudi la chat", "non letti"], nl: ["Chat", "Chat sluiten", "ongelezen"], pt: ["Chat", "Fechar o chat", "por ler"],
  };
  const css = new CSSStyleSheet();
  css.replaceSync(`
:host { all: initial; color-scheme: light dark; --accent: var(--wismo-accent, light-dark(#1f4fd1, #a9c0ff)); --on-accent: var(--wismo-on-accent, light-dark(#fff, #0d1530)); }
:host([theme=light]) { color-scheme: light; }
:host([theme=dark]) { color-scheme: dark; }
.launcher { position: fixed; inset-block-end: var(--wismo-offset, 1.25rem); inset-inline-end: var(--wismo-offset, 1.25rem); z-index: var(--wismo-layer, 2147483000); box-sizing: border-box;
  inline-size: 3.5rem; block-size: 3.5rem; padding: 0; border: 2px solid transparent; border-radius: 50%; background: var(--accent); color: var(--on-accent); cursor: pointer; box-shadow: 0 4px 16px #0005; }
:host([side=start]) .launcher { inset-inline: var(--wismo-offset, 1.25rem) auto; }
.launcher:focus-visible { outline: 3px solid var(--accent); outline-offset: 3px; }
.launcher svg { inline-size: 1.75rem; block-size: 1.75rem; display: block; margin: auto; fill: none; stroke: currentColor; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; }
@media (prefers-reduced-motion: no-preference) { .launcher { transition: transform .15s; } .launcher:hover { transform: scale(1.06); } }
@media print { :host { display: none; } }`);
  const shapes = { open: "M12 3c5 0 9 3.4 9 7.6s-4 7.6-9 7.6c-1 0-2-.1-2.9-.4L4 20.5l1.3-4C3.9 15 3 12.9 3 10.6 3 6.400 7 3 12 3zM8 10.6h.01M12 10.6h.01M16 10.6h.01", close: "M6 9l6 6 6-6" };
  const make = (name, space) => (space ? document.createElementNS("http://www.w3.org/2000/svg", name) : document.createElement(name));
  const kept = (store, name) => { try { return JSON.parse(window[store].getItem(name)) ?? {}; } catch { return {}; } };

  class WismoChat extends HTMLElement {
    #panel; #loading; #tries = 0; #button; #path; #news; #count = 0; #before;
    get home() { return home; }
    get shop() { return this.getAttribute("shop") ?? ""; }
    get key() { return `wismo:${home.host}:${this.shop}`; }
    get language() {
      const wanted = this.getAttribute("lang") || document.documentElement.lang || navigator.language;
      const short = wanted.slice(0, 2).toLowerCase();
      return labels[short] ? short : "en";
    }
    connectedCallback() {
      if (this.shadowRoot) return;
      const root = this.attachShadow({ mode: "open" }), icon = make("svg", 1);
      root.adoptedStyleSheets = [css];
      this.#button = make("button");
      this.#button.className = "launcher";
      this.#button.part = "launcher";
      this.#path = make("path", 1);
      this.#news = make("span");
      this.#news.className = "news";
      icon.setAttribute("viewBox", "0 0 24 24");
      icon.setAttribute("aria-hidden", "true");
      icon.append(this.#path);
      this.#button.append(icon, this.#news);
      this.#button.addEventListener("click", () => (this.opened ? this.close() : this.open()));
      root.append(this.#button);
      this.#draw();
      const link = /[#&]wismo=([\w.-]+)/.exec(location.hash);
      if (link) {
        history.replaceState(history.state, "", location.href.replace(link[0], ""));
        this.setAttribute("token", link[1]);
      }
      this.tell("ready");
      // A chat that was open on the page before, or where a person may still answer, goes on.
      if (link || kept("sessionStorage", this.key).open) this.open({ focus: false });
      else if (/waiting|human/.test(kept("localStorage", this.key).handling)) this.#load();
    }
    get opened() { return this.#panel?.opened ?? false; }
    async open({ focus = true, text } = {}) {
      this.#before = this.shadowRoot.activeElement || !document.activeElement || document.activeElement === document.body ? this.#button : document.activeElement;
      if (!(await this.#load())) return;
      if (!this.opened) this.tell("open");
      this.#count = 0;
      this.#panel.open(focus, text);
      this.#draw();
    }
    close() {
      if (!this.opened) return;
      this.#panel.close();
      this.#draw();
      (this.#before?.isConnected ? this.#before : this.#button).focus();
      this.tell("close");
    }
    setToken(token) {
      this.setAttribute("token", token);
      this.#panel?.setToken();
    }
    destroy() {
      this.#panel?.end(true);
      this.#panel = null;
      this.remove();
    }
    disconnectedCallback() {
      this.#panel?.end();
      this.#panel = null;
    }
    news() {
      this.#count++;
      this.#draw();
    }
    tell(type, detail = {}) { this.dispatchEvent(new CustomEvent(`wismo:${type}`, { detail, bubbles: true, composed: true })); }
    async #load() {
      try {
        const part = (name) => import(new URL(`widget-${name}.js${this.#tries ? `?${this.#tries}` : ""}`, home)); // an address that failed is not asked again
        const [{ panel }, { words }] = await (this.#loading ??= Promise.all([part("panel"), part(this.language)]));
        this.#panel ??= panel(this, words);
        return true;
      } catch {
        this.#loading = null;
        this.#tries++;
        this.tell("error", { code: "not_loaded" });
        return false;
      }
    }
    #draw() {
      const [open, close, unread] = labels[this.language], opened = this.opened;
      this.#button.lang = this.language;
      this.#button.ariaLabel = opened ? close : this.#count ? `${open}, ${unread}: ${this.#count}` : open;
      this.#button.ariaExpanded = opened;
      this.#news.textContent = this.#count || "";
      this.#path.setAttribute("d", shapes[opened ? "close" : "open"]);
    }
  }
  const chat = () => document.querySelector("wismo-chat");
  const commands = {
    open: (options) => chat()?.open(options), close: () => chat()?.close(), setToken: (token) => chat()?.setToken(token), destroy: () => chat()?.destroy(),
    on(type, hear) {
      const listener = (event) => hear(event.detail);
      document.addEventListener(`wismo:${type}`, listener);
      return () => document.removeEventListener(`wismo:${type}`, listener);
    },
    push: (...calls) => { for (const [name, ...values] of calls) commands[name]?.(...values); },
  };
  const queued = Array.isArray(window.wismo) ? window.wismo : [];
  window.wismo = commands;
  commands.push(...queued.filter(([name]) => name === "on")); // first, so that none misses wismo:ready
  customElements.define("wismo-chat", WismoChat);
  const start = () => {
    if (script.dataset.shop !== undefined && !chat()) {
      const made = make("wismo-chat");
      for (const name of ["shop", "lang", "token", "theme", "side"]) if (script.dataset[name]) made.setAttribute(name, script.dataset[name]);
      document.body.append(made);
    }
    commands.push(...queued.filter(([name]) => name !== "on"));
  };
  if (document.body) start();
  else document.addEventListener("DOMContentLoaded", start);
})();
