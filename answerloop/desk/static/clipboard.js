/* Puts a text into the clipboard, formatted where that is asked for and the browser can. */
(() => {
  "use strict";

  /** The old way; it works without TLS and in frames, while a key or a click is being handled. */
  function copyByCommand({ text, html }) {
    let isDone = false;
    const put = (event) => {
      event.clipboardData.setData("text/plain", text);
      if (html) event.clipboardData.setData("text/html", html);
      event.preventDefault();
      isDone = true;
    };
    document.addEventListener("copy", put);
    document.execCommand("copy");
    document.removeEventListener("copy", put);
    return isDone;
  }

  /** Whether it could be copied. */
  async function copy({ text, html }) {
    try {
      if (html && globalThis.ClipboardItem && navigator.clipboard?.write) {
        const kinds = { "text/plain": text, "text/html": html };
        const blobs = Object.entries(kinds).map(([type, said]) => [type, new Blob([said], { type })]);
        await navigator.clipboard.write([new ClipboardItem(Object.fromEntries(blobs))]);
        return true;
      }
      if (!html && navigator.clipboard?.writeText) {
        await navigator.clipboard.writeText(text);
        return true;
      }
    } catch {
      // A frame without permission, for instance.
    }
    return copyByCommand({ text, html });
  }

  globalThis.desk.copy = copy;
})();
