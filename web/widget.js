// The bubble of the chat, and window.wismo (docs/widget.md). It stores nothing, and loads nothing before it is wanted.
(() => {
  if (customElements.get("wismo-chat")) return;
  const script = document.currentScript ?? document.querySelector('script[src*="/widget.js"]');
  const home = new URL(".", script.src);
  const labels = {
    en: ["Chat", "Close the chat", "unread"], fr: ["Discussion", "Fermer la discussion", "non lus"], de: ["Chat", "Chat schließen", "ungelesen"], es: ["Chat", "Cerrar el chat", "sin leer"],
    it: ["Chat", "Chiudi la chat", "non letti"], nl: ["Chat", "Chat sluiten", "ongelezen"], pt: ["Chat", "Fechar o chat", "por ler"],
  };
  const css = new CSSStyleSheet();
  css.replaceSync(`
:host { color-scheme: light dark; }
:host([theme=light]) { color-scheme: light; }
:host([theme=dark]) { color-scheme: dark; }
.launcher, .panel { all: initial; color-scheme: inherit; --accent: var(--wismo-accent, light-dark(#1f4fd1, #a9c0ff)); --on-accent: var(--wismo-on-accent, light-dark(#fff, #0d1530));
  position: fixed; inset-block-end: var(--wismo-offset, 1.25em); inset-inline-end: var(--wismo-offset, 1.25em); z-index: var(--wismo-layer, 2147483000); font-size: max(16px, 1rem); }
:host([side=start]) :is(.launcher, .panel) { inset-inline: var(--wismo-offset, 1.25em) auto; }
.launcher { box-sizing: border-box; inline-size: 3.5em; block-size: 3.5em; padding: .8em; border: 2px solid transparent; border-radius: 50%; background: var(--accent); color: var(--on-accent); cursor: pointer; box-shadow: 0 4px 16px #0005; }
.launcher:focus-visible { outline: 3px solid var(--accent); outline-offset: 3px; }
.launcher svg { display: block; fill: none; stroke: currentColor; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; }
@media print { :host { display: none; } }`);
  const shapes = { open: "M4 20l1.5-4a9 7.5 0 1 1 4 2.5zM9 11.5h.01M13 11.5h.01M17 11.5h.01", close: "M6 9l6 6 6-6" };
  const make = (name, space) => (space ? document.createElementNS("http://www.w3.org/2000/svg", name) : document.createElement(name));

  class WismoChat extends HTMLElement {
    #panel; #loading; #tries = 0; #button; #path; #news; #count = 0; #before;
    get home() { return home; }
    get shop() { return this.getAttribute("shop") ?? ""; }
    key(field) { return `wismo:${home.host}:${this.shop}:${field}`; }
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
      addEventListener("hashchange", () => this.#follow());
      this.tell("ready");
      // What was open before, or has a person at it, goes on.
      if (this.#follow()) return;
      if (this.kept("sessionStorage", "open")) this.open({ focus: false });
      else if (/waiting|human/.test(this.kept("localStorage", "handling")) && Date.now() - this.kept("localStorage", "at") < 864e5) this.#load();
    }
    // #wismo=TOKEN is not left in the address.
    #follow() {
      const [, before = "", token, after] = /^#(.*&)?wismo=([^&]+)&?(.*)/.exec(location.hash) ?? [];
      if (!token || !this.isConnected) return;
      const rest = before + after;
      history.replaceState(history.state, "", location.pathname + location.search + (rest && `#${rest}`));
      this.setToken(token);
      this.open({ focus: false });
      return true;
    }
    get opened() { return this.#panel?.opened ?? false; }
    async open({ focus = true, text } = {}) {
      const { activeElement } = document;
      this.#before = activeElement === this || activeElement === document.body ? this.#button : activeElement;
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
      this.remove();
      this.forget("localStorage");
      this.forget("sessionStorage");
    }
    kept(store, field) { try { return JSON.parse(window[store].getItem(this.key(field))); } catch { return null; } }
    forget(store) { try { for (const name in window[store]) if (name.startsWith(this.key(""))) window[store].removeItem(name); } catch { /* nothing kept */ } }
    disconnectedCallback() {
      this.#panel?.end();
      this.#panel = null;
    }
    news() {
      this.#count++;
      this.#draw();
    }
    tell(type, detail = {}) { this.dispatchEvent(new CustomEvent(`wismo:${type}`, { detail, bubbles: true })); }
    async #load() {
      try {
        const part = (name) => import(new URL(`widget-${name}.js${this.#tries ? `?${this.#tries}` : ""}`, home)); // a failure is remembered
        const [{ panel }, { converse }, { words }] = await (this.#loading ??= Promise.all(["panel", "chat", this.language].map(part)));
        if (this.isConnected) this.#panel ??= panel(this, words, converse);
        return this.#panel;
      } catch {
        this.#loading = null;
        this.#tries++;
        this.tell("error", { code: "not_loaded" });
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
    on(type, hear) {
      const listener = (event) => hear(event.detail);
      document.addEventListener(`wismo:${type}`, listener);
      return () => document.removeEventListener(`wismo:${type}`, listener);
    },
    push: (...calls) => { for (const [name, ...values] of calls) commands[name]?.(...values); },
  };
  for (const name of ["open", "close", "setToken", "destroy"]) commands[name] = (value) => chat()?.[name](value);
  const queued = Array.isArray(window.wismo) ? window.wismo : [];
  window.wismo = commands;
  commands.push(...queued.filter(([name]) => name === "on")); // first: none misses wismo:ready
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
