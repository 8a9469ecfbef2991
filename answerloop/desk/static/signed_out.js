/* Who signs out leaves nothing behind that was typed for replies. */
(() => {
  "use strict";

  try {
    for (const storage of [localStorage, sessionStorage]) {
      for (const name of Object.keys(storage)) {
        if (name.startsWith("kb-desk.")) storage.removeItem(name);
      }
    }
  } catch {
    // A browser that keeps nothing has nothing to clear.
  }
})();
