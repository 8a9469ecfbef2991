/*
 * The results page without the service's own: on a static host, or while the service is away.
 *
 * The same form leads here, so the question stands in the address. It is put to whoever answers,
 * the service if only its pages are elsewhere, else the titles of the articles.
 */
(() => {
  "use strict";

  const { Answers, search } = globalThis.answerloop;
  const { boxOf, element, safe, say, words } = search;
  const form = document.querySelector(".kb-search--page");
  const query = new URLSearchParams(location.search).get("q")?.trim();

  function item(result, place) {
    const link = element("a", { href: result.href }, result.title);
    if (result.id) Object.assign(link.dataset, { kbHit: result.id, kbRank: place + 1 });
    const row = element("li", { class: "kb-result" });
    row.append(element("h2", { class: "kb-result__title" }, link));
    if (result.breadcrumbs?.length) {
      const trail = result.breadcrumbs.map((step) => element("span", {}, step));
      row.append(element("p", { class: "kb-result__trail" }, ...trail));
    }
    const excerpt = result.excerpt ? safe(result.excerpt) : result.heading;
    if (excerpt) row.append(element("p", { class: "kb-result__excerpt" }, excerpt));
    return row;
  }

  function line(found) {
    if (found.isAway && !found.results.length) return words.away;
    if (!found.results.length) return say(words.missing, { query });
    const corrected = found.corrected ? say(words.corrected, { query: found.corrected }) : "";
    const count = say(words.count, { count: found.results.length });
    return `${found.isAway ? words.titles : corrected} ${count}`.trim();
  }

  function show(found) {
    const results = found.results.length ? found.results : found.nearest;
    const note = element("p", { class: "kb-results__line", role: "status" }, line(found));
    const list = element("ol", { class: "kb-results" }, ...results.map(item));
    document.querySelector("[data-kb-unfilled]").replaceChildren(note, list);
    form.dispatchEvent(new CustomEvent("kb:found", { bubbles: true, detail: found }));
  }

  if (query) {
    boxOf(form).input.value = query;
    document.title = `${query} - ${document.title}`;
    new Answers(show).ask(query);
  }
})();
