/*
 * What every page has beside search and vote: the drawer of the navigation, menus that close, the
 * keys of the search box, links to copy, and the words of an address that leads nowhere.
 */
(() => {
  "use strict";

  const drawer = () => document.getElementById("__drawer");
  const button = () => document.querySelector("[data-kb-drawer]");

  /** Material's drawer is a checkbox; the button makes it known to keyboards and screen readers. */
  function draw(isOpen) {
    drawer().checked = isOpen;
    drawer().dispatchEvent(new Event("change", { bubbles: true }));
    if (isOpen) document.querySelector("[data-kb-nav] a")?.focus({ preventScroll: true });
    else button().focus();
  }

  function closeMenus(except) {
    document.querySelectorAll("details[data-kb-menu][open]").forEach((menu) => {
      if (!menu.contains(except)) menu.open = false;
    });
  }

  /** Copies the address of the page or of the part that a link names, and says so. */
  async function copy(address) {
    const said = document.querySelector("[data-kb-copy] [role=status]");
    try {
      await navigator.clipboard.writeText(address);
      said.textContent = said.dataset.copied;
    } catch {
      said.textContent = said.dataset.failed; // the browser forbids it, or asks and hears no
    }
    clearTimeout(copy.later);
    copy.later = setTimeout(() => (said.textContent = ""), 4000);
  }

  /** The page's own address, without what somebody was looking for. */
  const here = () => location.origin + location.pathname;

  /** The words of an address that leads nowhere are likely what its reader looks for. */
  function search(box) {
    box.value ||= new URLSearchParams(location.search).get("q")?.trim().slice(0, 300) ?? "";
    try {
      const last = decodeURIComponent(location.pathname).split("/").filter(Boolean).pop() ?? "";
      box.value ||= last.replace(/\.\w+$/, "").replace(/[-_+.]+/g, " ").trim().slice(0, 100);
    } catch {
      // Not even an address.
    }
  }

  document.querySelectorAll("[data-kb-copy]").forEach((part) => (part.hidden = false));
  document.querySelectorAll("[data-kb-lost] input[type=search]").forEach(search);

  document.addEventListener("click", (event) => {
    const anchor = event.target.closest?.("[data-kb-anchor]");
    if (anchor) copy(here() + anchor.hash);
    else if (event.target.closest?.("[data-kb-copy] button")) copy(here());
    if (event.target.closest?.("[data-kb-drawer]")) draw(!drawer().checked);
    closeMenus(event.target);
  });

  document.addEventListener("change", (event) => {
    if (event.target.id === "__drawer") {
      button()?.setAttribute("aria-expanded", String(event.target.checked));
    }
  });

  /** What is wider than the page can be moved by keyboard, in browsers that do not see to it. */
  function reach() {
    for (const part of document.querySelectorAll(".md-typeset__scrollwrap, .md-typeset pre > code")) {
      if (part.scrollWidth > part.clientWidth) part.tabIndex = 0;
      else part.removeAttribute("tabindex");
    }
  }

  addEventListener("load", reach);
  addEventListener("resize", reach);

  addEventListener("beforeprint", () => {
    const printed = document.querySelector("[data-kb-address]");
    if (printed) printed.textContent ||= here();
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    if (drawer()?.checked && button()) draw(false);
    const menu = document.querySelector("details[data-kb-menu][open]");
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });

  document.addEventListener("focusin", (event) => {
    closeMenus(event.target);
    if (drawer()?.checked && button() && !event.target.closest("[data-kb-nav], [data-kb-drawer]")) {
      drawer().checked = false;
      button().setAttribute("aria-expanded", "false");
    }
  });
})();

/* What search.js shows is opened, moved through and taken by keyboard, mouse and finger. */
(() => {
  "use strict";

  const { recent, search } = globalThis.answerloop;
  const { boxOf } = search;

  const first = () => document.querySelector("[data-kb-search]");

  /* On a small screen the box of the header lies over it, and only when it is asked for. */

  function reveal(form) {
    form.classList.add("kb-search--shown");
    const input = form.querySelector("input[name=q]");
    input.focus();
    input.select();
  }

  function hide(form) {
    if (!form.classList.contains("kb-search--shown")) return;
    form.classList.remove("kb-search--shown");
    document.querySelector("[data-kb-search-open]")?.focus();
  }

  const isTyping = (target) => target.closest?.("input, textarea, select, [contenteditable]");

  function isShortcut(event) {
    if (event.altKey) return false;
    if (event.ctrlKey || event.metaKey) return event.key.toLowerCase() === "k";
    return event.key === "/" && !isTyping(event.target);
  }

  function arrow(box, step) {
    if (box.panel.hidden) box.type();
    else box.move(step);
  }

  function take(box) {
    if (box.active < 0) return false; // the form goes its way
    box.options[box.active].click();
    return true;
  }

  function jump(box, place) {
    if (box.active < 0) return false; // the caret's key
    box.mark(place);
    return true;
  }

  function escape(box) {
    if (box.panel.hidden) {
      hide(box.form);
      return false;
    }
    box.input.focus();
    box.close();
    return true;
  }

  const KEYS = {
    ArrowDown: (box) => arrow(box, 1) ?? true,
    ArrowUp: (box) => arrow(box, -1) ?? true,
    ArrowLeft: (box) => box.mark(-1) ?? false,
    ArrowRight: (box) => box.mark(-1) ?? false,
    Home: (box) => jump(box, 0),
    End: (box) => jump(box, box.options.length - 1),
    Enter: (box) => !box.panel.hidden && take(box),
    Escape: escape,
  };

  /** Keys in the box; in the rest of its panel only Escape is ours. */
  function press(box, event) {
    const isOurs = event.target === box.input || event.key === "Escape";
    if (!isOurs || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (KEYS[event.key]?.(box)) event.preventDefault();
  }

  document.addEventListener("input", (event) => {
    if (event.target.name === "q") boxOf(event.target)?.type();
  });

  document.addEventListener("keydown", (event) => {
    const form = first();
    if (form && isShortcut(event)) {
      event.preventDefault();
      reveal(form);
      return;
    }
    const box = boxOf(event.target);
    if (box) press(box, event);
  });

  document.addEventListener("focusin", (event) => {
    const box = event.target.name === "q" ? boxOf(event.target) : null;
    if (box && box.panel.hidden && (!box.query || box.options.length)) box.type();
  });

  document.addEventListener("focusout", (event) => {
    const form = event.target.closest?.("[data-kb-search]");
    if (!form || form.contains(event.relatedTarget)) return;
    boxOf(form).close();
    if (event.relatedTarget) form.classList.remove("kb-search--shown");
  });

  document.addEventListener("mousedown", (event) => {
    // A click on a result must not take the focus first, which would close the list under it.
    if (event.target.closest?.(".kb-found")) event.preventDefault();
    document.querySelectorAll(".kb-search--shown").forEach((form) => {
      if (!form.contains(event.target)) form.classList.remove("kb-search--shown");
    });
  });

  document.addEventListener("submit", ({ target }) => {
    if (target.matches?.("[data-kb-search]")) recent.add(boxOf(target).query);
  });

  function clickInside(box, target) {
    const row = target.closest(".kb-found__option");
    if (row?.dataset.kbQuestion) box.put(row.dataset.kbQuestion);
    else if (row) recent.add(box.query);
    if (target.closest("[data-kb-search-close]")) hide(box.form);
    if (target.closest(".kb-found__forget")) {
      recent.clear();
      box.input.focus();
      box.close();
    }
  }

  document.addEventListener("click", (event) => {
    const box = event.target.closest ? boxOf(event.target) : null;
    if (box) clickInside(box, event.target);
    if (!event.target.closest?.("[data-kb-search-open]")) return;
    const form = first();
    if (!form || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    reveal(form);
  });
})();
