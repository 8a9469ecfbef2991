/*
 * What the search box shows: the service's answers as one types, and recent questions.
 *
 * The first key asks at once; the next question goes as soon as the one before is answered, so
 * that a fast service answers every key and a slow one is not flooded. Without the service the
 * titles of the articles are searched here (titles.js, loaded only then); after a pause the next
 * question tries the service again.
 */
(() => {
  "use strict";

  const script = document.currentScript;
  const own = script.dataset;
  const api = new URL(own.api, location.href);
  const root = new URL("../../", api);
  const GAP = 100; // milliseconds between the questions of somebody who types without end
  const BURST = 10; // so many may come sooner
  const OVERLAP = 150; // milliseconds that a question waits for the answer to the one before
  const PATIENCE = 4000; // milliseconds until the service counts as away
  const TRIAL = 1000; // the same when it was away the last time
  const PAUSE = 10000; // milliseconds until it is tried again
  const LIMIT = 8;
  const REMEMBERED = 100;
  const RECENT = "answerloop.recent";
  const MOST_RECENT = 5;

  let awayUntil = 0;
  let isAway = false;
  let opening; // the index of titles

  /** Where a result leads; null without an address on this site. */
  function address(result) {
    if (!result.url) return null;
    const url = new URL(String(result.url).replace(/^\/+/, ""), root);
    if (url.origin !== root.origin) return null;
    if (result.anchor) url.hash = result.anchor;
    return url.href;
  }

  const leading = (results) =>
    (results ?? []).flatMap((result) => {
      const href = address(result);
      return href ? [{ ...result, href }] : [];
    });

  async function get(name, parameters) {
    const url = new URL(name, api);
    url.search = new URLSearchParams({ ...parameters, lang: own.lang, limit: LIMIT });
    const request = new AbortController();
    const patience = setTimeout(() => request.abort(), isAway ? TRIAL : PATIENCE);
    try {
      const headers = { Accept: "application/json" };
      const response = await fetch(url, { headers, signal: request.signal });
      if (!response.ok) throw new Error(response.status);
      return await response.json();
    } finally {
      clearTimeout(patience);
    }
  }

  /** The service's answer; where it finds nothing, with the titles that the words may begin. */
  async function fromService(query) {
    const found = await get("search", { q: query });
    const suggested = found.total ? [] : (await get("suggest", { q: query })).suggestions;
    return {
      ...found,
      results: leading(found.results),
      nearest: leading(found.nearest),
      suggestions: leading(suggested.map((each) => ({ ...each, title: each.text }))),
    };
  }

  async function fromTitles(query) {
    const found = { query, isAway: true, total: 0, results: [], nearest: [], suggestions: [] };
    try {
      opening ??= import(new URL("titles.js", script.src)).then((titles) =>
        titles.open(new URL(own.titles, location.href)),
      );
      const titles = await opening;
      const results = leading(titles.search(query).slice(0, LIMIT));
      return { ...found, total: results.length, results };
    } catch {
      opening = undefined; // perhaps the next time
      return found;
    }
  }

  async function find(query) {
    if (performance.now() < awayUntil) return fromTitles(query);
    try {
      const found = await fromService(query);
      isAway = false;
      return found;
    } catch {
      isAway = true;
      awayUntil = performance.now() + PAUSE;
      return fromTitles(query);
    }
  }

  /** Asks for one box; `tell` is called with each answer that is newer than the one before. */
  class Answers {
    constructor(tell) {
      this.tell = tell;
      this.wanted = "";
      this.sent = 0;
      this.told = 0;
      this.flights = new Map(); // questions under way: number to the moment they left
      this.due = 0;
      this.remembered = new Map();
    }

    ask(query) {
      clearTimeout(this.timer);
      this.wanted = query;
      const known = this.remembered.get(query);
      if (known) {
        this.told = this.sent; // whatever is under way comes too late
        this.tell(known);
      } else {
        this.proceed();
      }
    }

    /** Want nothing more: answers under way come too late. */
    stop() {
      clearTimeout(this.timer);
      this.wanted = "";
      this.told = this.sent;
    }

    proceed() {
      clearTimeout(this.timer);
      const now = performance.now();
      const wait = Math.max(this.overlap(now), this.due - BURST * GAP - now);
      if (wait > 0) {
        this.timer = setTimeout(() => this.proceed(), wait);
      } else {
        this.due = Math.max(this.due, now) + GAP;
        this.fly(this.wanted, now);
      }
    }

    /** How long to wait for the answer to the newest question. */
    overlap(now) {
      const left = this.flights.get(this.sent);
      return left === undefined ? 0 : left + OVERLAP - now;
    }

    async fly(query, now) {
      this.sent += 1;
      const number = this.sent;
      this.flights.set(number, now);
      const found = await find(query);
      this.flights.delete(number);
      if (!found.isAway) this.remember(query, found);
      if (number > this.told && this.wanted.startsWith(query)) {
        this.told = number;
        this.tell(found);
      }
      if (this.wanted === query) clearTimeout(this.timer);
      else if (this.wanted && number === this.sent) this.proceed();
    }

    remember(query, found) {
      this.remembered.set(query, found);
      if (this.remembered.size > REMEMBERED) {
        this.remembered.delete(this.remembered.keys().next().value);
      }
    }
  }

  /** The reader's last questions: in this tab alone, until it is closed; never sent. */
  const recent = {
    list() {
      try {
        const kept = JSON.parse(sessionStorage.getItem(RECENT)) ?? [];
        return kept.filter((query) => typeof query === "string").slice(0, MOST_RECENT);
      } catch {
        return [];
      }
    },
    add(query) {
      if (!query) return;
      const others = recent.list().filter((each) => each.toLowerCase() !== query.toLowerCase());
      recent.keep([query, ...others].slice(0, MOST_RECENT));
    },
    keep(queries) {
      try {
        sessionStorage.setItem(RECENT, JSON.stringify(queries));
      } catch {
        // Without storage there are none.
      }
    },
    clear: () => recent.keep([]),
  };

  globalThis.answerloop = Object.assign(globalThis.answerloop ?? {}, { Answers, recent });
})();
