/*
 * The help in a page of another site: a button, or an element of that page, opens search and
 * articles in a frame.
 *
 * Nothing is asked for before somebody opens it, and nothing is kept in that page. The styles are
 * set by script inside a shadow root, so that they need no room in the page's policy and neither
 * change the page nor are changed by it. One name is added to the page: `answerloop`.
 */
(() => {
  "use strict";

  const site = "kb:site"; // the build writes here which languages there are, and their words
  const script = document.currentScript;
  const root = new URL("./", script.src);
  const PATIENCE = 10000; // milliseconds that a frame may take
  const REFUSED = 2000; // the same once it has loaded something; what is refused never answers
  const phone = matchMedia("(max-width: 40em), (max-height: 30em)");
  const lang = language(script.dataset.lang || document.documentElement.lang);
  const { home, search, dir, words } = site.langs[lang];

  const STYLE = `
    :host { all: initial }
    .own, .bar { background: var(--answerloop-colour, #14463c); color: var(--answerloop-text, #fff) }
    .own, .panel { font: 16px/1.5 system-ui, sans-serif; position: fixed; z-index: 2147483647 }
    .own { border: 2px solid transparent; border-radius: 24px; cursor: pointer; font-weight: 700;
      box-shadow: 0 3px 14px #0005; min-height: 48px; padding: 0 22px }
    .own, .panel { inset-block: auto 20px; inset-inline: auto 20px }
    .panel[open] { display: flex }
    .panel { background: Canvas; border: 1px solid #8888; border-radius: 10px; box-sizing: border-box;
      box-shadow: 0 8px 40px #0006; color: CanvasText; flex-direction: column; margin: 0; padding: 0;
      height: min(700px, 100dvh - 40px); max-height: none; max-width: none; overflow: hidden;
      width: 400px }
    .bar { align-items: center; display: flex; gap: 4px; padding: 4px }
    .title { flex: 1; font-weight: 700; overflow: hidden; padding: 0 10px; text-overflow: ellipsis;
      white-space: nowrap }
    .bar :is(a, button) { background: none; border: 0; border-radius: 6px; color: inherit;
      cursor: pointer; font: 22px/44px system-ui, sans-serif; height: 44px; padding: 0;
      text-align: center; text-decoration: none; width: 44px }
    .bar :is(a, button):hover { background: #fff3 }
    :focus-visible { outline: 3px solid #ffd08f; outline-offset: -4px }
    .own:focus-visible { outline: 3px solid var(--answerloop-colour, #14463c); outline-offset: 3px }
    iframe { border: 0; flex: 1; width: 100% }
    .away { margin: 20px }
    .away a { color: LinkText }
    [hidden] { display: none }
    @media ${phone.media} {
      .panel { border: 0; border-radius: 0; height: 100dvh; inset: 0; width: 100% }
    }`;

  let panel;
  let frame;
  let opener;
  let waiting;

  function language(wanted) {
    const names = Object.keys(site.langs);
    const same = (cut) => (name) => cut(name.toLowerCase()) === cut(wanted.toLowerCase());
    return names.find(same((tag) => tag)) ?? names.find(same((tag) => tag.split("-")[0])) ?? site.first;
  }

  function element(name, attributes = {}, ...children) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...children);
    return made;
  }

  /** The page of an article by its id, of the results for a query, else the home. */
  function address({ query = "", article = "" }) {
    const path = article ? `a/${encodeURIComponent(article)}/?lang=${lang}` : query ? search : home;
    const url = new URL(path, root);
    if (query && !article) url.search = new URLSearchParams({ q: query });
    return url.href;
  }

  const framed = (wanted) =>
    element("iframe", { src: address(wanted), title: words.help, referrerpolicy: "no-referrer" });

  /* The panel. On a small screen it covers the page, which then cannot be reached behind it. */

  const around = element("div", { lang, dir });
  const shadow = around.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLE);
  shadow.adoptedStyleSheets = [sheet];

  const own = element("button", { class: "own", type: "button", "aria-haspopup": "dialog" });
  own.append(script.dataset.label || words.help);
  own.addEventListener("click", () => open());

  function build() {
    const outside = { target: "_blank", rel: "noopener", href: root.href };
    const out = element("a", { ...outside, class: "out", title: words.tab, "aria-label": words.tab });
    out.append(element("span", { "aria-hidden": "true" }, "↗"));
    const shut = element("button", { type: "button", title: words.close, "aria-label": words.close });
    shut.append(element("span", { "aria-hidden": "true" }, "×"));
    shut.addEventListener("click", close);
    const bar = element("div", { class: "bar" });
    bar.append(element("span", { class: "title" }, words.help), out, shut);
    const link = element("a", { ...outside, class: "out" }, words.tab);
    const away = element("p", { class: "away", role: "status", hidden: "" }, `${words.away} `, link);
    panel = element("dialog", { class: "panel", "aria-label": words.help }, bar, away);
    panel.addEventListener("keydown", (event) => event.key === "Escape" && leave(event));
    panel.addEventListener("cancel", leave); // a phone's own way back
    shadow.append(panel);
  }

  function leave(event) {
    event.preventDefault();
    close();
  }

  function lead(href) {
    for (const link of panel.querySelectorAll(".out")) link.href = href;
  }

  function load(wanted) {
    frame?.remove(); // a new frame leaves no step behind in the page's history
    frame = framed(wanted);
    frame.addEventListener("load", greet);
    frame.wanted = true;
    lead(frame.src);
    panel.append(frame);
    wait(PATIENCE);
  }

  /** Whether there is help is known only from its answer: of a refused frame nothing is told. */
  function wait(patience) {
    clearTimeout(waiting);
    waiting = setTimeout(() => tell(true), patience);
  }

  function tell(isAway) {
    clearTimeout(waiting);
    panel.querySelector(".away").hidden = !isAway;
    frame.hidden = isAway;
  }

  function greet() {
    wait(REFUSED);
    frame.contentWindow.postMessage({ answerloop: "hello" }, root.origin);
  }

  function focus() {
    if (shadow.activeElement === null) return; // the person has gone on in the page
    frame.focus();
    frame.contentWindow.postMessage({ answerloop: "focus" }, root.origin);
  }

  function show() {
    if (phone.matches) panel.showModal();
    else panel.show();
    own.hidden = true; // it would lie below
  }

  function open(wanted) {
    const given = typeof wanted === "string" ? { query: wanted } : wanted ?? {};
    start();
    if (!panel) build();
    if (!panel.open) {
      opener = shadow.activeElement ?? document.activeElement;
      show();
    }
    panel.querySelector("button").focus();
    if (!frame || frame.hidden || given.query || given.article) load(given);
    else focus();
  }

  function close() {
    if (!panel?.open) return;
    const isInside = shadow.activeElement !== null;
    panel.close();
    own.hidden = false;
    if (isInside) opener?.focus?.();
  }

  phone.addEventListener("change", () => {
    if (!panel?.open) return;
    panel.close();
    show();
  });

  addEventListener("message", ({ data, origin, source }) => {
    if (!frame || origin !== root.origin || source !== frame.contentWindow) return;
    if (data?.answerloop === "close") close();
    if (data?.answerloop !== "page") return;
    tell(false);
    if (new URL(data.url, root).origin === root.origin) lead(data.url);
    if (frame.wanted) focus();
    frame.wanted = false;
  });

  document.addEventListener("click", (event) => {
    const { target, ctrlKey, metaKey, shiftKey, button } = event;
    const found = target.closest?.("[data-answerloop-query], [data-answerloop-article]");
    if (!found || button || ctrlKey || metaKey || shiftKey) return;
    event.preventDefault();
    const { answerloopQuery: query, answerloopArticle: article } = found.dataset;
    open({ query, article });
  });

  function start() {
    if (around.isConnected) return; // asked to open before the page has loaded
    if (script.dataset.button !== "none") shadow.append(own);
    document.body.append(around);
    for (const place of document.querySelectorAll("[data-answerloop-place]")) {
      const inside = framed({});
      Object.assign(inside.style, { border: 0, blockSize: "100%", inlineSize: "100%" });
      place.replaceChildren(inside);
    }
  }

  if (document.body && document.readyState !== "loading") start();
  else addEventListener("DOMContentLoaded", start);

  globalThis.answerloop = Object.assign(globalThis.answerloop ?? {}, { open, close });
})();
