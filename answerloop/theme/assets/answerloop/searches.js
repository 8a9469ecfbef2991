/*
 * Tells the service what was searched, so that what nobody finds gets written.
 *
 * Only settled searches are told: the reader has stopped typing, and did not just go on with the
 * same words. Then: which hit was opened, and whether the reader asked again. No name goes along,
 * nothing is kept here but the search that led to the next page, for a vote there. Readers never
 * wait for any of it.
 */
(() => {
  "use strict";

  const own = document.currentScript.dataset;
  const api = new URL(own.api, location.href);
  const IDLE = 500; // milliseconds after which typing has stopped
  const TYPING = 10000; // so long a query may still be the beginning of the next
  const AGAIN = 120000; // after so long another query has nothing to do with the one before
  const NOTE = "answerloop.search";

  let latest = null; // the newest answer
  let pending = null; // settled, and not told yet
  let previous = null; // told last on this page
  let settling;
  let holding;

  const seconds = (at) => Math.max(0, Date.now() - at) / 1000;

  function send(events) {
    const type = "application/json";
    const body = JSON.stringify({ events });
    if ("keepalive" in Request.prototype) {
      const headers = { "Content-Type": type };
      fetch(api, { method: "POST", headers, body, keepalive: true }).catch(() => {});
    } else {
      navigator.sendBeacon?.(api, new Blob([body], { type }));
    }
  }

  /** The event of a search; it refines the one before, of which nothing was opened. */
  function told(search) {
    const event = {
      event: "search",
      search_id: search.id,
      query: search.query,
      lang: own.lang,
      hits: search.hits,
      ago: seconds(search.at),
    };
    const again = previous && !previous.opened && search.at - previous.at <= AGAIN;
    if (again && previous.id !== search.id) event.refines = previous.id;
    previous = search;
    return event;
  }

  function flush() {
    clearTimeout(holding);
    if (pending) send([told(pending)]);
    pending = null;
  }

  function settle(search) {
    clearTimeout(settling);
    if (search === pending || search === previous) return;
    const isLonger = pending && search.query.toLowerCase().startsWith(pending.query.toLowerCase());
    if (isLonger && search.at - pending.at <= TYPING) pending = null;
    flush();
    pending = search;
    holding = setTimeout(flush, TYPING);
  }

  function open(link) {
    const search = latest;
    if (!search) return;
    clearTimeout(settling);
    settle(search);
    const events = pending ? [told(pending)] : [];
    clearTimeout(holding);
    pending = null;
    search.opened = true;
    const { kbHit: article, kbRank: rank } = link.dataset;
    send([...events, { event: "click", search_id: search.id, article, rank: Number(rank) }]);
    try {
      const path = new URL(link.href).pathname;
      sessionStorage.setItem(NOTE, JSON.stringify({ id: search.id, path }));
    } catch {
      // Without storage a vote does not know its search: nothing else is lost.
    }
  }

  /** The page of all results tells the search itself. */
  function leave() {
    clearTimeout(settling);
    clearTimeout(holding);
    pending = null;
  }

  document.addEventListener("kb:found", ({ detail }) => {
    clearTimeout(settling);
    if (!detail.query) return;
    const isSame = latest && latest.id === detail.search_id && latest.query === detail.query;
    if (!isSame) {
      latest = { id: detail.search_id, query: detail.query, hits: detail.total, at: Date.now() };
    }
    settling = setTimeout(settle, IDLE, latest);
  });

  document.addEventListener("input", (event) => {
    if (event.target.name === "q") clearTimeout(settling);
  });

  document.addEventListener("click", ({ target }) => {
    const link = target.closest?.("a[data-kb-hit]");
    if (link) open(link);
    else if (target.closest?.(".kb-found__all")) leave();
  });
  document.addEventListener("auxclick", (event) => {
    const link = event.button === 1 && event.target.closest?.("a[data-kb-hit]");
    if (link) open(link);
  });

  document.addEventListener("submit", ({ target }) => {
    if (target.matches?.("[data-kb-search]")) leave();
  });

  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") flush();
  });
  addEventListener("pagehide", flush);

  const page = document.querySelector("[data-kb-settled]")?.dataset;
  if (page) {
    latest = { id: page.search, query: page.query, hits: Number(page.hits), at: Date.now() };
    pending = latest;
    flush();
  }
})();
