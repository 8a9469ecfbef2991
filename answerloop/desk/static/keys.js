/*
 * Shortcuts of the queue and of an item in it: J and K go from card to card, one key each acts.
 *
 * A key acts on what has the focus, and on nothing in a field or with Ctrl, Alt or Meta. An act
 * that needs words opens its form: no single key changes anything.
 */
(() => {
  "use strict";

  const main = document.querySelector("main");
  const list = document.querySelector("[data-keys]");
  const opener = document.querySelector("[data-keys-open]");
  const acts = JSON.parse(list.dataset.acts); // key → act, as far as this person may
  const titles = [...main.querySelectorAll(".card__title a")];

  const isTyping = (target) => target.matches?.("input, textarea, select, [contenteditable]");

  function toggleList() {
    if (list.open) list.close();
    else list.showModal();
  }

  /** To the next title, from wherever the focus is in a card; to the first from outside. */
  function move(from, step) {
    const card = from.closest?.(".card");
    const place = titles.findIndex((title) => card?.contains(title));
    const next = place < 0 ? 0 : Math.min(Math.max(place + step, 0), titles.length - 1);
    titles[next]?.focus();
  }

  /** The form of an act, opened, its first field ready. */
  function unfold(summary) {
    const form = summary.parentElement;
    form.open = true;
    form.querySelector("textarea, input:not([type=hidden])").focus();
  }

  function act(key, scope) {
    const part = scope.querySelector(`[data-key="${key}"]`);
    const title = scope.querySelector(".card__title a");
    if (part?.matches("summary")) unfold(part);
    else if (part?.matches("button")) part.focus();
    else if (part) part.click();
    else if (title && Object.hasOwn(acts, key)) {
      const address = new URL(title.href);
      address.searchParams.set("do", acts[key]);
      location.assign(address);
    } else return false;
    return true;
  }

  function press({ key, target }) {
    const letter = key.toLowerCase();
    const scope = titles.length ? target.closest?.(".card") : main;
    if (key === "?") toggleList();
    else if (list.open) return false;
    else if (titles.length && letter === "j") move(target, 1);
    else if (titles.length && letter === "k") move(target, -1);
    else if (!/^[a-z]$/.test(letter) || !scope?.contains(target)) return false;
    else return act(letter, scope);
    return true;
  }

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (isTyping(event.target)) return;
    if (event.repeat && !/^[jk]$/i.test(event.key)) return;
    if (press(event)) event.preventDefault();
  });

  opener.addEventListener("click", toggleList);
  list.querySelector("[data-keys-close]").addEventListener("click", toggleList);
  opener.hidden = false;
  if (!titles.length && document.activeElement === document.body) {
    const wanted = main.querySelector("[autofocus]"); // what the browser is about to focus
    (wanted ?? main).focus({ preventScroll: !wanted });
  }
})();
