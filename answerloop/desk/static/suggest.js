/*
 * A field that names an article suggests those that the typed words find.
 *
 * Without this script it suggests what the page came with; either way the service understands an
 * id and a whole title.
 */
(() => {
  "use strict";

  const PAUSE = 150; // ms without a key before the service is asked
  const FEWEST = 2; // letters

  /** The public articles of a language that words find. */
  async function find(words, lang, signal) {
    const asked = new URLSearchParams({ q: words, lang, limit: 10 });
    const answer = await fetch(`/api/v1/desk/search?${asked}`, { signal });
    if (!answer.ok) return [];
    const { results } = await answer.json();
    return results.filter((each) => each.lang === lang && each.link);
  }

  const option = ({ id, title }) => {
    const made = document.createElement("option");
    made.value = id;
    made.textContent = title;
    return made;
  };

  for (const field of document.querySelectorAll("[data-suggest]")) {
    let waiting = 0;
    let running = new AbortController();

    const suggest = async (words) => {
      running.abort();
      running = new AbortController();
      try {
        const found = await find(words, field.dataset.lang, running.signal);
        if (found.length) field.list.replaceChildren(...found.map(option));
      } catch {
        // A newer word was typed, or the service is away: what was suggested stays.
      }
    };

    field.addEventListener("input", () => {
      clearTimeout(waiting);
      const words = field.value.trim();
      const isChosen = [...field.list.options].some((each) => each.value === words);
      if (words.length >= FEWEST && !isChosen) waiting = setTimeout(suggest, PAUSE, words);
    });
  }
})();
