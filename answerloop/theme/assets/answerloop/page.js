/* What every page has beside search and vote: the drawer of the navigation, and menus that close. */
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

  document.addEventListener("click", (event) => {
    if (event.target.closest?.("[data-kb-drawer]")) draw(!drawer().checked);
    closeMenus(event.target);
  });

  document.addEventListener("change", (event) => {
    if (event.target.id === "__drawer") {
      button()?.setAttribute("aria-expanded", String(event.target.checked));
    }
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
