/*
 * What every page has beside search and vote: the drawer of the navigation, menus that close,
 * links to copy, and the words of an address that leads nowhere.
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
