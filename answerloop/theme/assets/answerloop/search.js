/*
 * The search box: what answers.js finds as one types, as a list to choose from.
 *
 * A combobox after the ARIA pattern: the input keeps the focus, the arrows move through the
 * options of the list, Enter takes one. Without this script the same form leads to the results
 * page. Nothing of a result is trusted: of its excerpt only text and <mark> remain.
 */
(() => {
  "use strict";

  const own = document.currentScript.dataset;
  const words = JSON.parse(own.words);
  const { Answers, recent } = globalThis.answerloop;
  const REST = 500; // milliseconds after which nobody is interrupted by what is said
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

  /** The subjects of the page, as a way on when there are no results. */
  function subjects() {
    const links = document.querySelectorAll("[data-kb-nav] > ul > li > a");
    return [...links].slice(0, 8).map((link) => [link.href, link.textContent]);
  }

  function option(name, attributes, ...children) {
    const roles = { class: "kb-found__option", role: "option", "aria-selected": "false" };
    return element(name, { ...roles, ...attributes }, ...children);
  }

  /** An option that leads to an article; only what the service found counts as a hit of it. */
  function hit(result, place) {
    const link = option("a", { href: result.href, tabindex: "-1" });
    if (place !== undefined && result.id) {
      link.dataset.kbHit = result.id;
      link.dataset.kbRank = place + 1;
    }
    link.append(element("span", { class: "kb-found__title" }, result.title));
    if (result.breadcrumbs?.length) {
      const trail = result.breadcrumbs.map((step) => element("span", {}, step));
      link.append(element("span", { class: "kb-found__trail" }, ...trail));
    }
    const excerpt = result.excerpt ? safe(result.excerpt) : result.heading;
    if (excerpt) link.append(element("span", { class: "kb-found__excerpt" }, excerpt));
    return link;
  }

  /** A link out of the panel; the way to somebody who writes the answer stands out. */
  function way([href, text]) {
    const attributes = text === words.ask ? { href, class: "kb-found__way--main" } : { href };
    return element("li", {}, element("a", attributes, text));
  }

  /** An option that puts a question into the box. */
  const question = (query, text) => option("div", { "data-kb-question": query }, text);

  class Box {
    constructor(form) {
      this.form = form;
      this.input = form.querySelector("input[name=q]");
      this.answers = new Answers((found) => this.answer(found));
      this.build();
    }

    build() {
      const id = `${this.input.id}-found`;
      this.note = element("p", { class: "kb-found__note", hidden: "" });
      this.list = element("div", { class: "kb-found__list", id, role: "listbox", hidden: "" });
      this.ways = element("ul", { class: "kb-found__ways", hidden: "" });
      this.forget = element("button", { class: "kb-found__forget", type: "button", hidden: "" });
      this.forget.append(words.forget);
      const parts = [this.note, this.list, this.ways, this.forget];
      this.panel = element("div", { class: "kb-found", hidden: "" }, ...parts);
      this.status = element("p", { class: "kb-unseen", role: "status" });
      this.form.append(this.panel, this.status);
      const roles = { role: "combobox", "aria-expanded": "false", "aria-controls": id };
      for (const [key, value] of Object.entries({ ...roles, "aria-autocomplete": "list" })) {
        this.input.setAttribute(key, value);
      }
    }

    get query() {
      return this.input.value.trim();
    }

    get options() {
      return [...this.list.children];
    }

    get active() {
      return this.options.findIndex((option) => option.getAttribute("aria-selected") === "true");
    }

    type() {
      clearTimeout(this.resting);
      this.late = null;
      this.mark(-1);
      if (this.query) {
        this.answers.ask(this.query);
      } else {
        this.answers.stop();
        this.recall();
      }
    }

    /** Put a question into the box, as if it had been typed. */
    put(query) {
      this.input.value = query;
      this.input.dispatchEvent(new Event("input", { bubbles: true }));
      this.input.focus();
    }

    /** Nothing is typed: what was asked before may be asked again. */
    recall() {
      const queries = recent.list();
      if (!queries.length) {
        this.list.replaceChildren();
        this.close();
        return;
      }
      const options = queries.map((query) => question(query, query));
      this.open(words.recent, { options, label: words.recent, canForget: true });
    }

    /** Show what came, and let searches.js know. Who has begun to choose keeps the list. */
    answer(found) {
      if (this.active >= 0) {
        this.late = found;
        return;
      }
      this.late = null;
      this.show(found);
      this.form.dispatchEvent(new CustomEvent("kb:found", { bubbles: true, detail: found }));
    }

    show(found) {
      clearTimeout(this.resting);
      if (found.results.length) {
        this.present(found);
        return;
      }
      if (found.suggestions.length) this.suggest(found);
      // Who is in the middle of a word has not asked in vain yet, and what is being taken stays.
      this.resting = setTimeout(() => this.active < 0 && this.regret(found), REST);
    }

    present(found) {
      const { query, total, results } = found;
      const options = results.map((result, place) => hit(result, found.isAway ? undefined : place));
      if (found.likelier) {
        options.unshift(question(found.likelier, say(words.meant, { query: found.likelier })));
      }
      if (!found.isAway && total > results.length) options.push(this.all(query, total));
      const corrected = found.corrected ? say(words.corrected, { query: found.corrected }) : "";
      const note = found.isAway ? words.titles : corrected;
      this.open(note, { options, ways: found.isAway ? this.people() : [] });
      this.announce(`${note} ${say(words.count, { count: total })}`);
    }

    /** Titles that the words typed so far may be the beginning of. */
    suggest(found) {
      this.open("", { options: found.suggestions.map((result) => hit(result)) });
    }

    /** Nothing is found, or nobody answers: what is the matter, and the ways on. */
    regret(found) {
      const { query, likelier, nearest, suggestions } = found;
      const options = (nearest.length ? nearest : suggestions).map((topic) => hit(topic));
      if (likelier) options.unshift(question(likelier, say(words.meant, { query: likelier })));
      const nothing = options.length ? words.nearest : words.nothing;
      const note = found.isAway ? words.away : say(nothing, { query });
      const others = options.length ? [] : subjects();
      const people = this.people(found.isAway ? "" : query);
      this.open(note, { options, ways: [...others, ...people], label: words.topics });
      this.announce(note, 0);
    }

    /** The ways to somebody who answers: our form, with the question in it, and the operator's. */
    people(query) {
      const ways = query ? [[`${this.page(query)}#kb-ask-title`, words.ask]] : [];
      return own.contact ? [...ways, [own.contact, words.contact]] : ways;
    }

    page(query) {
      const url = new URL(this.form.action);
      url.search = new URLSearchParams({ q: query });
      return url.href;
    }

    /** The last row: every result, on the results page. */
    all(query, count) {
      const attributes = { href: this.page(query), tabindex: "-1" };
      const row = option("a", attributes, say(words.all, { count }));
      row.classList.add("kb-found__all");
      return row;
    }

    open(note, { options, ways = [], label = words.results, canForget = false }) {
      this.mark(-1);
      this.note.textContent = note;
      this.note.hidden = !note;
      this.list.replaceChildren(...options);
      this.list.setAttribute("aria-label", label);
      this.list.hidden = !options.length;
      this.list.scrollTop = 0;
      this.options.forEach((option, place) => {
        option.id = `${this.list.id}-${place}`;
      });
      this.ways.replaceChildren(...ways.map(way));
      this.ways.hidden = !ways.length;
      this.forget.hidden = !canForget;
      this.panel.hidden = !this.form.contains(document.activeElement);
      this.input.setAttribute("aria-expanded", String(!this.list.hidden && !this.panel.hidden));
    }

    close() {
      this.answers.stop(); // else a late answer would open it again
      clearTimeout(this.resting);
      clearTimeout(this.speaking);
      this.late = null;
      this.mark(-1);
      this.panel.hidden = true;
      this.input.setAttribute("aria-expanded", "false");
    }

    /** Say it to who does not see it, once the typing rests. */
    announce(text, pause = REST) {
      clearTimeout(this.speaking);
      this.speaking = setTimeout(() => {
        if (!this.panel.hidden) this.status.textContent = text.trim();
      }, pause);
    }

    /** Make the option at a place the active one; -1 gives the input back. */
    mark(place) {
      const options = this.options;
      options.forEach((option, other) => {
        option.setAttribute("aria-selected", String(other === place));
      });
      if (place < 0) {
        this.input.removeAttribute("aria-activedescendant");
        if (this.late) this.answer(this.late);
        return;
      }
      this.input.setAttribute("aria-activedescendant", options[place].id);
      options[place].scrollIntoView({ block: "nearest" });
    }

    move(step) {
      const count = this.options.length + 1;
      this.mark(((this.active + 1 + step + count) % count) - 1);
    }
  }

  function boxOf(target) {
    const form = target.closest?.("[data-kb-search]");
    if (!form) return null;
    if (!boxes.has(form)) boxes.set(form, new Box(form));
    return boxes.get(form);
  }

  globalThis.answerloop.search = { boxOf, element, safe, say, words };
})();
