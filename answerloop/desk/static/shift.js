/*
 * What an agent has typed for replies, kept for the shift, and the texts that are made of it.
 *
 * The customer's name and all that belongs to one case stay in this tab; the agent's own name and
 * choices in this browser. signed_out.js clears both. Nothing that still has a place to fill
 * leaves `fill` as a text.
 */
(() => {
  "use strict";

  const PLACE = /\{\s*[\p{L}_][\p{L}\p{N}\p{M}_ .-]{0,59}?\s*\}/u;
  const PREFIX = "kb-desk.";
  const OWN = new Set(["agent_name", "#lang", "#format"]);
  const ESCAPES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#x27;" };
  const memory = new Map(); // where the browser keeps nothing, as in some frames

  const storage = (name) => (OWN.has(name) ? localStorage : sessionStorage);

  const shift = {
    get(name) {
      try {
        return storage(name).getItem(PREFIX + name) ?? memory.get(name) ?? "";
      } catch {
        return memory.get(name) ?? "";
      }
    },
    set(name, value) {
      memory.set(name, value);
      try {
        storage(name).setItem(PREFIX + name, value);
      } catch {
        // Kept as long as the page is.
      }
    },
    /** What belongs to one customer goes. */
    forget() {
      for (const name of [...memory.keys()]) if (!OWN.has(name)) memory.delete(name);
      try {
        const kept = Object.keys(sessionStorage).filter((name) => name.startsWith(PREFIX));
        kept.forEach((name) => sessionStorage.removeItem(name));
      } catch {
        // Nothing was kept.
      }
    },
  };

  const isValue = (value) => value.trim() !== "" && !PLACE.test(value);

  function written(value, format) {
    const line = value.trim().split(/\s+/).join(" ");
    if (format === "html") return line.replace(/[&<>"']/g, (each) => ESCAPES[each]);
    return format === "markdown" ? line.replace(/[\\`*_[\]<>]/g, "\\$&") : line;
  }

  /** The blank before a place that is left out goes, where what follows would stand apart. */
  function closed(text, following) {
    const after = following.find((part) => part.text)?.text ?? "";
    const stands = text.endsWith(" ") && (!after || /^[\s,.;:!?)»”"']/.test(after));
    return stands ? text.slice(0, -1) : text;
  }

  /** The text of a piece; or, as `missing`, the places that are neither filled nor left out. */
  function fill(parts, format, leftOut) {
    const missing = [];
    let text = "";
    parts.forEach((part, number) => {
      const value = part.place ? shift.get(part.place) : "";
      if (!part.place) text += part.text;
      else if (isValue(value)) text += written(value, format);
      else if (leftOut.has(part.place)) text = closed(text, parts.slice(number + 1));
      else if (!missing.includes(part.place)) missing.push(part.place);
    });
    const left = missing.length ? null : text.match(PLACE); // one within another, or in a title
    if (left) missing.push(left[0]);
    return missing.length ? { missing } : { text, missing };
  }

  globalThis.desk = { shift, fill, isValue };
})();
