/*
 * The agent's page: articles as one types, each key one act.
 *
 * From the field, arrow down (or Enter) moves the focus to the articles; there single letters act
 * on the one that has it. In fields letters are letters. Without this script the form leads to the
 * same articles.
 */
(() => {
  "use strict";

  const { shift, fill, isValue, copy } = globalThis.desk;
  const root = document.querySelector("[data-finder]");
  const words = JSON.parse(root.dataset.said);
  const form = root.querySelector(".finder__ask");
  const input = form.elements.q;
  const lang = form.elements.lang;
  const hits = root.querySelector("[data-hits]");
  const side = root.querySelector("[data-side]");
  const miss = root.querySelector("[data-miss]");
  const blank = root.querySelector("[data-blank]");
  const status = root.querySelector("[data-status]");
  const isWide = matchMedia("(min-width: 60rem)");
  const PAUSE = 80; // milliseconds between two keys of who types
  const NAMES = new Set(["customer_name", "agent_name"]);

  let offers = [];
  let current = -1;
  let panel = null;
  let leftOut = new Set();
  let resuming = ""; // the piece that waits for its places
  let asking = Promise.resolve();
  let isActing = false; // letters that come meanwhile are meant for a field, and no acts
  let answered = ""; // what the articles that are shown were asked for
  let timer;
  let controller;

  const insert = (sentence, values) =>
    sentence.replace(/%\((\w+)\)s/g, (place, name) => values[name] ?? place);

  function element(name, attributes = {}, ...children) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...children);
    return made;
  }

  function say(sentence, isBad = false) {
    status.textContent = sentence;
    status.classList.toggle("finder__said--bad", isBad);
    clearTimeout(say.later);
    if (!isBad) say.later = setTimeout(() => (status.textContent = ""), 6000);
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

  /* What is asked ------------------------------------------------------------------------------- */

  /** An answer's body; what refused it is thrown as a sentence. */
  async function request(path, options = {}) {
    let answer;
    try {
      answer = await fetch(path, options);
    } catch (problem) {
      throw problem.name === "AbortError" ? problem : new Error(words.away);
    }
    if (answer.status === 204) return null;
    const body = await answer.json().catch(() => ({}));
    if (answer.ok) return body;
    const type = (body.type ?? "").split("/").pop();
    const name = body.field === "ticket" ? "ticket-malformed" : type;
    throw new Error(answer.status === 401 ? words.signed_out : words[name] ?? body.title ?? words.away);
  }

  const post = (path, body) =>
    request(`/api/v1/${path}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });

  const asked = () => `${lang.value} ${input.value.trim()}`;

  /** Ask, unless it is being asked already; `asking` is done once the articles are shown. */
  function ask(pause = 0) {
    clearTimeout(timer);
    controller?.abort();
    asking = new Promise((resolve) => {
      timer = setTimeout(() => resolve(search()), pause);
    });
  }

  async function search() {
    controller = new AbortController();
    const wanted = asked();
    const query = new URLSearchParams({ q: input.value.trim(), lang: lang.value });
    try {
      const found = await request(`/api/v1/desk/search?${query}`, { signal: controller.signal });
      answered = wanted;
      show(found.results, told(found));
    } catch (problem) {
      if (problem.name !== "AbortError") say(problem.message, true);
    }
  }

  /** What is said above the articles. */
  function told({ query, corrected, total, results }) {
    if (!query) return results.length ? words.sent_most : "";
    if (!total) return words.nothing;
    return insert(corrected ? words.mended : words.count, { words: corrected, count: total });
  }

  /* What is shown ------------------------------------------------------------------------------- */

  function show(found, count) {
    offers = found;
    current = -1;
    panel = null;
    side.replaceChildren();
    hits.replaceChildren(...found.map(hit));
    root.querySelector("[data-count]").textContent = count;
    const isAsked = Boolean(input.value.trim());
    blank.hidden = isAsked || found.length > 0;
    if (isWide.matches && found.length && isAsked) mark(0);
  }

  /** Its page for sending (`find`) or with all about it (`articles`). */
  const pageOf = (kind, { lang, id }) =>
    `/desk/${kind}/${encodeURIComponent(lang)}/${encodeURIComponent(id)}`;

  function hit(offer, place) {
    const address = pageOf("find", offer);
    const link = element("a", { class: "hit__link", href: address, lang: offer.lang }, offer.title);
    if (root.dataset.target) {
      link.target = root.dataset.target;
      link.rel = "noopener";
    }
    const about = element("p", { class: "hit__about" });
    if (offer.lang !== lang.value) {
      about.append(element("span", { class: "tag" }, langName(offer.lang)));
    }
    if (offer.audience === "internal") {
      about.append(" ", element("span", { class: "tag tag--warn" }, words.internal));
    }
    if (offer.breadcrumbs.length) {
      const trail = offer.breadcrumbs.join(" › ");
      about.append(" ", element("span", { class: "hit__trail", lang: offer.lang }, trail));
    }
    const made = element("li", { class: "hit", "data-number": place }, link);
    if (about.hasChildNodes()) made.append(about);
    if (offer.excerpt) {
      const excerpt = element("p", { class: "hit__excerpt", lang: offer.excerpt_lang });
      excerpt.append(safe(offer.excerpt));
      made.append(excerpt);
    }
    return made;
  }

  const langName = (tag) =>
    [...lang.options].find((option) => option.value === tag)?.textContent ?? tag;

  /** Make an article the one that keys act on. */
  function mark(place) {
    if (place === current) return;
    current = place;
    leftOut = new Set();
    resuming = "";
    panel?.remove();
    hits.querySelectorAll(".hit__link").forEach((link, other) => {
      if (other === place) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    });
    panel = open(offers[place]);
    settle();
  }

  /** The panel stands beside the list, or below its article where there is no room. */
  function settle() {
    const place = isWide.matches ? side : hits.children[current];
    if (!panel || panel.parentElement === place) return;
    panel.querySelector(".panel__title a").tabIndex = isWide.matches ? 0 : -1; // unseen there
    const focused = panel.contains(document.activeElement) ? document.activeElement : null;
    side.replaceChildren();
    place.append(panel);
    focused?.focus();
  }

  function open(offer) {
    const made = root.querySelector("template[data-panel]").content.cloneNode(true);
    const opened = made.querySelector(".panel");
    const title = opened.querySelector(".panel__title a");
    title.textContent = offer.title;
    title.lang = offer.lang;
    title.href = pageOf("articles", offer);
    if (root.dataset.target) {
      title.target = root.dataset.target;
      title.rel = "noopener";
    }
    opened.querySelector(".panel__internal").hidden = offer.audience !== "internal";
    for (const piece of ["link", "reply", "snippet"]) {
      const button = opened.querySelector(`[data-do=${piece}]`);
      button.setAttribute("aria-disabled", String(!offer[piece]));
    }
    const edit = opened.querySelector("[data-do=edit]");
    edit.setAttribute("aria-disabled", String(!offer.edit_url));
    const ticket = opened.querySelector("[data-ticket]");
    ticket.value = shift.get("#ticket");
    const format = opened.querySelector("[data-format]");
    format.value = shift.get("#format") || "html";
    const fields = places(offer).map((place, number) => field(place, number));
    opened.querySelector(".panel__fields").prepend(...fields);
    preview(opened, offer);
    return opened;
  }

  function places(offer) {
    const parts = [...(offer.reply?.text ?? []), ...(offer.snippet?.text ?? [])];
    const found = [...new Set(parts.map((part) => part.place).filter(Boolean))];
    return found.sort((one, other) => NAMES.has(other) - NAMES.has(one));
  }

  const nameOf = (place) => (NAMES.has(place) && words[place]) || place.replaceAll("_", " ");

  function field(place, number) {
    const id = `panel-place-${number}`;
    const input_ = element("input", { id, type: "text", maxlength: "500", autocomplete: "off" });
    input_.dataset.place = place;
    input_.value = shift.get(place);
    const box = element("input", { type: "checkbox", "data-leave": place });
    const leave = element("label", { class: "choice" }, box, ` ${words.leave_out}`);
    const label = element("label", { for: id }, nameOf(place));
    return element("div", { class: "field place-field" }, label, leave, input_);
  }

  /** Both texts as they would be sent; a place that is not filled is marked. */
  function preview(opened, offer) {
    for (const piece of ["reply", "snippet"]) {
      const shown = opened.querySelector(`[data-text=${piece}]`);
      const parts = offer[piece]?.text ?? [];
      shown.hidden = !parts.length;
      shown.querySelector(".preview").lang = offer.lang;
      const made = parts.map((part) => {
        if (!part.place) return part.text;
        const value = shift.get(part.place);
        if (isValue(value)) return value.trim();
        return leftOut.has(part.place) ? "" : element("mark", { class: "place" }, part.place);
      });
      shown.querySelector(".preview").replaceChildren(...made);
    }
  }

  /* What is done -------------------------------------------------------------------------------- */

  const offerNow = () => offers[current];
  const ticketNow = () => shift.get("#ticket").trim();
  const keyOf = (offer) => ({ article: offer.id, lang: offer.lang });

  async function take(piece) {
    const offer = offerNow();
    const parts = offer[piece];
    if (!parts) {
      const isPublic = offer.audience !== "internal";
      say(words[piece === "snippet" && isPublic ? "no_lead" : `no_${piece}`], true);
      return;
    }
    const format = shift.get("#format") || "html";
    const made = fill(parts[format], format, leftOut);
    if (made.missing.length) {
      demand(piece, made.missing);
      return;
    }
    resuming = "";
    const isFormatted = format === "html";
    const text = isFormatted ? fill(parts.text, "text", leftOut).text : made.text;
    const isCopied = await copy({ text, html: isFormatted ? made.text : "" });
    if (!isCopied) {
      say(words.not_copied, true);
      return;
    }
    say(words[piece]);
    try {
      await post("reuse", { ...keyOf(offer), use: piece, ticket: ticketNow() });
    } catch (problem) {
      say(insert(words.not_kept, { why: problem.message }), true);
    }
  }

  /** Nothing is copied: the first place that is missing asks to be filled. */
  function demand(piece, missing) {
    resuming = piece;
    say(insert(words.missing, { places: missing.map(nameOf).join(", ") }), true);
    panel.querySelectorAll("[data-place]").forEach((input_) => {
      const isMissing = missing.includes(input_.dataset.place);
      if (isMissing) input_.setAttribute("aria-invalid", "true");
      else input_.removeAttribute("aria-invalid");
    });
    panel.querySelector(`[data-place="${CSS.escape(missing[0])}"]`)?.focus();
  }

  async function solve() {
    try {
      await post("reuse", { ...keyOf(offerNow()), use: "solved", ticket: ticketNow() });
      say(words.solved);
    } catch (problem) {
      say(insert(words.refused, { why: problem.message }), true);
    }
  }

  function toggleFlag() {
    const flag = panel.querySelector(".panel__flag");
    flag.hidden = !flag.hidden;
    panel.querySelector("[data-do=flag]").setAttribute("aria-expanded", String(!flag.hidden));
    if (!flag.hidden) flag.elements.reason.focus();
  }

  async function sendFlag(flag) {
    const said = { reason: flag.elements.reason.value, words: flag.elements.words.value };
    try {
      await post("reports", { ...keyOf(offerNow()), ...said, ticket: ticketNow() });
      flag.reset();
      toggleFlag();
      focusHit(current);
      say(words.flagged);
    } catch (problem) {
      say(insert(words.refused, { why: problem.message }), true);
    }
  }

  async function sendMiss(sent) {
    const { text, ticket } = sent.elements;
    const said = { text: text.value, lang: lang.value || root.dataset.lang };
    try {
      const { outcome } = await post("gaps", { ...said, ticket: ticket.value.trim() });
      text.value = "";
      miss.open = false;
      input.focus();
      say(words[outcome]);
    } catch (problem) {
      say(insert(words.refused, { why: problem.message }), true);
    }
  }

  function visit(address) {
    if (address) window.open(address, "_blank", "noopener");
    else say(words.no_edit, true);
  }

  /** Nothing of the last customer goes to the next one. */
  function next() {
    shift.forget();
    input.value = "";
    show([], "");
    ask();
    input.focus();
    say(words.next);
  }

  function openMiss() {
    miss.open = true;
    const text = miss.querySelector("textarea");
    text.value ||= input.value.trim();
    text.focus();
  }

  const ACTS = {
    link: () => take("link"),
    reply: () => take("reply"),
    snippet: () => take("snippet"),
    open: () => visit(offerNow().url),
    solved: solve,
    flag: toggleFlag,
    edit: () => visit(offerNow().edit_url),
    about: () => visit(pageOf("articles", offerNow())),
  };
  const KEYS = { l: "link", r: "reply", s: "snippet", o: "open", d: "solved", f: "flag", e: "edit", a: "about" };

  /** Act on the article that has the focus, once it is there. */
  async function act(name) {
    isActing = true;
    await asking;
    isActing = false;
    if (offerNow()) ACTS[name]();
  }

  /* Keys, mouse, finger ------------------------------------------------------------------------- */

  function focusHit(place) {
    hits.querySelectorAll(".hit__link")[place]?.focus();
  }

  /** From the field to the articles; who is faster than the answer waits among them. */
  async function enter() {
    if (answered !== asked()) {
      hits.focus();
      await asking;
    }
    if (offers.length) focusHit(0);
    else input.focus();
  }

  function back() {
    input.focus();
    input.select();
  }

  function move(step) {
    if (current + step < 0) back();
    else focusHit(Math.min(current + step, offers.length - 1));
  }

  const isTyping = (target) => target.matches?.("input, textarea, select");

  function pressInField(event) {
    const { target, key } = event;
    if (target === input) {
      if (key !== "ArrowDown" && key !== "Enter") return false;
      enter();
      return true;
    }
    if (key === "Escape") {
      if (target.closest(".panel__flag")) toggleFlag();
      if (panel?.contains(target)) focusHit(current);
      else back();
      return true;
    }
    if (key === "Enter" && target.matches("[data-place]")) {
      act(resuming || "reply");
      return true;
    }
    return false;
  }

  function press(event) {
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const isAmongHits = hits.contains(event.target) || panel?.contains(event.target);
    if (isActing && key.length === 1) return true;
    if (key === "/") back();
    else if (key === "n") openMiss();
    else if (key === "c") next();
    else if (!isAmongHits) return false;
    else if (key === "ArrowDown") move(1);
    else if (key === "ArrowUp") move(-1);
    else if (key === "Escape") back();
    else if (Object.hasOwn(KEYS, key)) act(KEYS[key]);
    else return false;
    return true;
  }

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!root.contains(event.target)) return;
    if (event.repeat && event.key.length === 1 && !isTyping(event.target)) return;
    if (isTyping(event.target) ? pressInField(event) : press(event)) event.preventDefault();
  });

  hits.addEventListener("focusin", (event) => {
    const item = event.target.closest(".hit");
    if (event.target.matches(".hit__link")) mark(Number(item.dataset.number));
  });

  root.addEventListener("click", (event) => {
    const link = event.target.closest(".hit__link");
    const isPlain = !event.ctrlKey && !event.metaKey && !event.shiftKey && event.detail > 0;
    if (link && isPlain) {
      event.preventDefault(); // a finger chooses; Enter and the panel's button open
      link.focus();
    }
    const button = event.target.closest("[data-do]");
    if (button) act(button.dataset.do);
    if (event.target.closest("[data-next]")) next();
  });

  root.addEventListener("input", ({ target }) => {
    if (target === input) ask(PAUSE);
    if (target.matches("[data-ticket]")) shift.set("#ticket", target.value);
    if (target.matches("input[data-place]")) {
      shift.set(target.dataset.place, target.value);
      say(""); // it has been understood, and must not lie over what is typed
      if (isValue(target.value)) target.removeAttribute("aria-invalid");
    }
    if (panel) preview(panel, offerNow());
  });

  root.addEventListener("change", ({ target }) => {
    if (target === lang) {
      shift.set("#lang", lang.value || "any");
      ask();
    }
    if (target.matches("[data-format]")) shift.set("#format", target.value);
    if (target.matches("[data-leave]")) {
      if (target.checked) leftOut.add(target.dataset.leave);
      else leftOut.delete(target.dataset.leave);
      preview(panel, offerNow());
    }
  });

  root.addEventListener("submit", (event) => {
    event.preventDefault();
    if (event.target === form) enter();
    else if (event.target.matches(".panel__flag")) sendFlag(event.target);
    else sendMiss(event.target);
  });

  isWide.addEventListener("change", settle);

  const isChosen = new URLSearchParams(location.search).has("lang");
  const kept = shift.get("#lang");
  if (!isChosen && [...lang.options].some((option) => (option.value || "any") === kept)) {
    lang.value = kept === "any" ? "" : kept;
  }
  root.querySelector("[data-keys]").hidden = false;
  root.querySelector("[data-next]").hidden = false;
  root.classList.add("finder--live");
  ask();
})();
