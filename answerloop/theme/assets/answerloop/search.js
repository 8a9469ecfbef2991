/*
 * The search box: results from the service as one types.
 *
 * A combobox after the ARIA pattern: the input keeps the focus, the arrows move through the links
 * of the list, Enter opens one. Without this script, or without the service, the same form leads
 * to the results page. Nothing of a result is trusted: of its excerpt only text and <mark> remain.
 */
(() => {
  "use strict";

  const own = document.currentScript.dataset;
  const words = JSON.parse(own.words);
  const api = new URL(own.api, location.href);
  const root = new URL("../../", api);
  const PAUSE = 120; // milliseconds after the last key
  const PATIENCE = 6000; // milliseconds until the service counts as away
  const LIMIT = 8;
  const REMEMBERED = 50;
  const boxes = new WeakMap();

  const say = (sentence, values) =>
    sentence.replace(/%\((\w+)\)s/g, (place, name) => values[name] ?? place);

  function element(name, attributes = {}, ...children) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...children);
    return made;
  }

  /** The excerpt's text and its marks; whatever else it may hold is dropped. */
  function safe(html) {
    const parsed = new DOMParser().parseFromString(html, "text/html");
    const kept = document.createDocumentFragment();
    for (const node of parsed.body.childNodes) {
      const text = node.textContent;
      kept.append(node.nodeName === "MARK" ? element("mark", {}, text) : text);
    }
    return kept;
  }

  /** Where a result leads; null without an address on this site. */
  function address(result) {
    if (!result.url) return null;
    const url = new URL(String(result.url).replace(/^\/+/, ""), root);
    if (url.origin !== root.origin) return null;
    if (result.anchor) url.hash = result.anchor;
    return url.href;
  }

  /** The subjects of the navigation, as a way on when there are no results. */
  function subjects() {
    const links = document.querySelectorAll("[data-kb-nav] > ul > li > a");
    return [...links].slice(0, 8).map((link) => [link.href, link.textContent]);
  }

  class Box {
    constructor(form) {
      this.form = form;
      this.input = form.querySelector("input[name=q]");
      this.asked = 0;
      this.remembered = new Map();
      this.build();
    }

    build() {
      const id = `${this.input.id}-found`;
      this.note = element("p", { class: "kb-found__note", hidden: "" });
      this.list = element("div", { class: "kb-found__list", id, role: "listbox", hidden: "" });
      this.list.setAttribute("aria-label", words.results);
      this.ways = element("ul", { class: "kb-found__ways", hidden: "" });
      this.panel = element("div", { class: "kb-found", hidden: "" }, this.note, this.list, this.ways);
      this.status = element("p", { class: "kb-unseen", role: "status" });
      this.form.append(this.panel, this.status);
      const roles = { role: "combobox", "aria-expanded": "false", "aria-controls": id };
      for (const [key, value] of Object.entries({ ...roles, "aria-autocomplete": "list" })) {
        this.input.setAttribute(key, value);
      }
    }

    get options() {
      return [...this.list.children];
    }

    get active() {
      return this.options.findIndex((option) => option.getAttribute("aria-selected") === "true");
    }

    type() {
      clearTimeout(this.timer);
      const query = this.input.value.trim();
      if (!query) {
        this.close();
        this.stop();
        return;
      }
      this.timer = setTimeout(() => this.ask(query), PAUSE);
    }

    /** Forget the question that is under way: its answer comes too late. */
    stop() {
      this.asked += 1;
      this.request?.abort();
    }

    async ask(query) {
      this.stop();
      const asked = this.asked;
      const known = this.remembered.get(query);
      if (known) {
        this.answer(known);
        return;
      }
      try {
        const found = await this.fetch(query);
        if (asked !== this.asked) return;
        if (this.remembered.size >= REMEMBERED) this.remembered.clear();
        this.remembered.set(query, found);
        this.answer(found);
      } catch {
        if (asked === this.asked) this.tell(words.away, query);
      }
    }

    async fetch(query) {
      const url = new URL(api);
      url.search = new URLSearchParams({ q: query, lang: own.lang, limit: LIMIT });
      this.request = new AbortController();
      const patience = setTimeout(() => this.request.abort(), PATIENCE);
      try {
        const response = await fetch(url, {
          headers: { Accept: "application/json" },
          signal: this.request.signal,
        });
        if (!response.ok) throw new Error(response.status);
        return await response.json();
      } finally {
        clearTimeout(patience);
      }
    }

    /** Show what came, and let searches.js know. */
    answer(found) {
      this.show(found);
      this.form.dispatchEvent(new CustomEvent("kb:found", { bubbles: true, detail: found }));
    }

    show(found) {
      const results = found.results.filter(address);
      if (!results.length) {
        this.tell(words.nothing, found.query);
        return;
      }
      const corrected = found.corrected ? say(words.corrected, { query: found.corrected }) : "";
      this.list.replaceChildren(...results.map((result, place) => this.option(result, place)));
      if (found.total > results.length) this.list.append(this.all(found));
      this.options.forEach((option, place) => {
        option.id = `${this.list.id}-${place}`;
      });
      this.open(corrected, { list: true });
      this.announce(`${corrected} ${say(words.count, { count: found.total })}`);
    }

    option(result, place) {
      const attributes = { href: address(result), role: "option", "aria-selected": "false" };
      const link = element("a", { class: "kb-found__option", tabindex: "-1", ...attributes });
      link.dataset.kbHit = result.id;
      link.dataset.kbRank = place + 1;
      if (result.breadcrumbs?.length) {
        const trail = result.breadcrumbs.map((step) => element("span", {}, step));
        link.append(element("span", { class: "kb-found__trail" }, ...trail));
      }
      link.append(element("span", { class: "kb-found__title" }, result.title));
      if (result.excerpt) {
        link.append(element("span", { class: "kb-found__excerpt" }, safe(result.excerpt)));
      }
      return link;
    }

    /** The last row: every result, on the results page. */
    all(found) {
      const url = new URL(this.form.action);
      url.search = new URLSearchParams({ q: found.query });
      const attributes = { href: url, role: "option", "aria-selected": "false", tabindex: "-1" };
      const text = say(words.all, { count: found.total });
      return element("a", { class: "kb-found__option kb-found__all", ...attributes }, text);
    }

    /** Instead of results: what is the matter, and the ways on. */
    tell(sentence, query) {
      this.list.replaceChildren();
      const ways = subjects();
      if (own.contact) ways.push([own.contact, words.contact]);
      const items = ways.map(([href, text]) => element("li", {}, element("a", { href }, text)));
      this.ways.replaceChildren(...items);
      const said = say(sentence, { query });
      this.open(said, { list: false });
      this.announce(said);
    }

    open(note, { list }) {
      this.mark(-1);
      this.note.textContent = note;
      this.note.hidden = !note;
      this.list.hidden = !list;
      this.ways.hidden = list;
      this.panel.hidden = !this.form.contains(document.activeElement);
      this.list.scrollTop = 0;
      this.input.setAttribute("aria-expanded", String(list && !this.panel.hidden));
    }

    close() {
      this.mark(-1);
      this.panel.hidden = true;
      this.input.setAttribute("aria-expanded", "false");
    }

    announce(text) {
      if (!this.panel.hidden) this.status.textContent = text.trim();
    }

    /** Make the option at a place the active one; -1 gives the input back. */
    mark(place) {
      const options = this.options;
      options.forEach((option, other) => {
        option.setAttribute("aria-selected", String(other === place));
      });
      if (place < 0) {
        this.input.removeAttribute("aria-activedescendant");
        return;
      }
      this.input.setAttribute("aria-activedescendant", options[place].id);
      options[place].scrollIntoView({ block: "nearest" });
    }

    move(step) {
      const count = this.options.length + 1;
      this.mark(((this.active + 1 + step + count) % count) - 1);
    }

    press(event) {
      const isOpen = !this.panel.hidden;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        if (isOpen) this.move(event.key === "ArrowDown" ? 1 : -1);
        else this.type();
      } else if (event.key === "Enter" && isOpen && this.active >= 0) {
        event.preventDefault();
        this.options[this.active].click();
      } else if (event.key === "Escape" && isOpen) {
        event.preventDefault();
        this.input.focus();
        this.close();
      } else if (event.key === "Escape") {
        hide(this.form);
      }
    }
  }

  function boxOf(target) {
    const form = target.closest?.("[data-kb-search]");
    if (!form) return null;
    if (!boxes.has(form)) boxes.set(form, new Box(form));
    return boxes.get(form);
  }

  /* On a small screen the box of the header lies over it, and only when it is asked for. */

  const opener = () => document.querySelector("[data-kb-search-open]");

  function reveal(form) {
    form.classList.add("kb-search--shown");
    const input = form.querySelector("input[name=q]");
    input.focus();
    input.select();
  }

  function hide(form) {
    if (!form.classList.contains("kb-search--shown")) return;
    form.classList.remove("kb-search--shown");
    opener()?.focus();
  }

  const isTyping = (target) => target.closest?.("input, textarea, select, [contenteditable]");

  function isShortcut(event) {
    if (event.altKey) return false;
    if (event.ctrlKey || event.metaKey) return event.key.toLowerCase() === "k";
    return event.key === "/" && !isTyping(event.target);
  }

  document.addEventListener("input", (event) => {
    if (event.target.name === "q") boxOf(event.target)?.type();
  });

  document.addEventListener("keydown", (event) => {
    const form = document.querySelector("[data-kb-search]");
    if (form && isShortcut(event)) {
      event.preventDefault();
      reveal(form);
      return;
    }
    boxOf(event.target)?.press(event);
  });

  document.addEventListener("focusin", (event) => {
    const box = event.target.name === "q" ? boxOf(event.target) : null;
    if (box && box.options.length && box.input.value.trim()) box.type();
  });

  document.addEventListener("focusout", (event) => {
    const form = event.target.closest?.("[data-kb-search]");
    if (!form || form.contains(event.relatedTarget)) return;
    boxes.get(form)?.close();
    if (event.relatedTarget) form.classList.remove("kb-search--shown");
  });

  document.addEventListener("mousedown", (event) => {
    // A click on a result must not take the focus first, which would close the list under it.
    if (event.target.closest?.(".kb-found__option")) event.preventDefault();
    document.querySelectorAll(".kb-search--shown").forEach((form) => {
      if (!form.contains(event.target)) form.classList.remove("kb-search--shown");
    });
  });

  document.addEventListener("click", (event) => {
    const close = event.target.closest?.("[data-kb-search-close]");
    if (close) hide(close.form);
    if (!event.target.closest?.("[data-kb-search-open]")) return;
    const form = document.querySelector("[data-kb-search]");
    if (!form || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    reveal(form);
  });
})();
