/* Light or dark: what the reader's system prefers, until the reader chooses; only then is it kept.

   Runs before anything is painted. Reads and writes what Material's own script would. */
(() => {
  "use strict";

  const NAMES = ["scheme", "primary", "accent"];
  const inputs = [...document.querySelectorAll("[data-kb-palette] input")];

  function colours(input) {
    const value = (name) => input.getAttribute(`data-md-color-${name}`);
    return Object.fromEntries(["media", ...NAMES].map((name) => [name, value(name)]));
  }

  function show(input) {
    input.checked = true;
    for (const name of NAMES) {
      document.body.setAttribute(`data-md-color-${name}`, colours(input)[name]);
    }
    // The button that stands beside an input leads to the next one.
    for (const each of inputs) {
      const button = each.nextElementSibling;
      if (button?.matches("label")) button.hidden = each !== input;
    }
  }

  function chosen() {
    try {
      return inputs[__md_get("__palette")?.index];
    } catch {
      return undefined; // the browser keeps nothing, or what it kept is damaged
    }
  }

  const prefers = (input) => input.dataset.mdColorMedia && matchMedia(input.dataset.mdColorMedia);

  function follow() {
    const input = chosen() ?? inputs.find((each) => prefers(each).matches) ?? inputs[0];
    if (input) show(input);
  }

  follow();
  for (const input of inputs) prefers(input)?.addEventListener?.("change", follow);

  document.addEventListener("change", (event) => {
    const index = inputs.indexOf(event.target);
    if (index < 0) return;
    show(event.target);
    __md_set("__palette", { index, color: colours(event.target) });
  });

  document.addEventListener("keydown", (event) => {
    const index = inputs.indexOf(event.target);
    if (index < 0 || event.key !== "Enter") return;
    event.preventDefault(); // or the form would be sent, and the page loaded anew
    const next = inputs[(index + 1) % inputs.length];
    next.click();
    next.focus();
  });
})();
