/* In a frame some browsers give the session's cookie only when the person says so. */
(() => {
  "use strict";

  const offer = document.querySelector("[data-access]");
  if (window === window.top || !document.requestStorageAccess) return;
  offer.hidden = false;
  offer.querySelector("button").addEventListener("click", async () => {
    try {
      await document.requestStorageAccess();
      location.reload();
    } catch {
      offer.hidden = true; // it said no: what is left is the tab
    }
  });
})();
