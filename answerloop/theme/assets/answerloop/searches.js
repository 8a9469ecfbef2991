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
  const NOTE = "answerloop.search"; // the search that led to the next page
  const LEFT = "answerloop.left"; // the search that a results page may refine
  const PAGE = "answerloop.results"; // the search whose results go on over several pages

  let latest = null; // the newest answer
  let pending = null; // settled, and not told yet
  let previous = null; // told last on this page
  let settling;
  let holding;

  /* Kept in this tab only. Without storage a page knows nothing of the one before: no more is lost. */

  function keep(name, value) {
    try {
      sessionStorage.setItem(name, JSON.stringify(value));
    } catch {
      // see above
    }
  }

  function kept(name) {
    try {
      return JSON.parse(sessionStorage.getItem(name));
    } catch {
      return null;
    }
  }

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
    keep(NOTE, { id: search.id, path: new URL(link.href).pathname });
  }

  /** The results page tells of `query` itself; what that search may refine goes along. */
  function leave(query) {
    clearTimeout(settling);
    clearTimeout(holding);
    if (pending && !query.toLowerCase().startsWith(pending.query.toLowerCase())) flush();
    pending = null;
    const isOpen = previous && !previous.opened;
    keep(LEFT, isOpen ? { id: previous.id, query: previous.query, at: previous.at } : null);
  }

  document.addEventListener("kb:found", ({ detail }) => {
    clearTimeout(settling);
    if (!detail.search_id) {
      latest = null; // found among the titles while the service was away: nobody is told
      return;
    }
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
    else if (target.closest?.(".kb-found__all")) leave(latest?.query ?? "");
  });
  document.addEventListener("auxclick", (event) => {
    const link = event.button === 1 && event.target.closest?.("a[data-kb-hit]");
    if (link) open(link);
  });

  document.addEventListener("submit", ({ target }) => {
    if (target.matches?.("[data-kb-search]")) leave(target.elements.q.value.trim());
  });

  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") flush();
  });
  addEventListener("pagehide", flush);

  /* The results page: its first page is a search, which the next ones go on with. */

  const page = document.querySelector("[data-kb-settled]")?.dataset;
  if (page) {
    const left = kept(LEFT);
    if (left && left.id !== page.search) previous = left;
    latest = { id: page.search, query: page.query, hits: Number(page.hits), at: Date.now() };
    keep(PAGE, latest);
    pending = latest;
    flush();
  }
  const further = document.querySelector("[data-kb-further]")?.dataset;
  if (further && kept(PAGE)?.query === further.query) {
    latest = kept(PAGE);
    previous = latest;
  }
  if (page || further) keep(LEFT, null);
})();
