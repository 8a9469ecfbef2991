/*
 * A page in a frame of another site, which embed.js made: the two speak to each other, Escape
 * closes the frame, and what does not belong into it opens outside.
 *
 * Elsewhere it does nothing. Only the origins that the settings allow are answered.
 */
(() => {
  "use strict";

  if (parent === self) return;
  document.documentElement.classList.add("kb-framed");

  const own = document.currentScript.dataset;
  const root = new URL(own.root, location.href).pathname;
  const origins = own.framers.split(" ").map((each) => new URL(each).origin);
  let host; // known as soon as it has said hello

  const say = (what) => host && parent.postMessage(what, host);

  /** The search box where the page has a big one; else the text, for keys and screen readers. */
  function focus() {
    const box = document.querySelector(":is(.kb-search--big, .kb-search--page) input[name=q]");
    (box ?? document.getElementById("kb-content"))?.focus({ preventScroll: true });
  }

  addEventListener("message", ({ data, origin, source }) => {
    if (source !== parent || !origins.includes(origin)) return;
    host = origin;
    if (data?.answerloop === "hello") say({ answerloop: "page", url: location.href });
    if (data?.answerloop === "focus") focus();
  });

  addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented || event.isComposing) return;
    say({ answerloop: "close" });
  });

  /** Other sites, a reader's private page, and the address of a part, to be copied or kept. */
  function isOutside(link) {
    if (!link.protocol.startsWith("http")) return false; // mail and telephone open by themselves
    const isOurs = link.origin === location.origin && link.pathname.startsWith(root);
    return !isOurs || link.pathname.startsWith(`${root}f/`) || "kbAnchor" in link.dataset;
  }

  addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href]");
    if (!link || !isOutside(link)) return;
    Object.assign(link, { target: "_blank", rel: "noopener" });
    if ("kbAnchor" in link.dataset) event.stopPropagation(); // a frame may not write to the clipboard
  }, true);
})();
