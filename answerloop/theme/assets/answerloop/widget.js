/*
 * "Did this answer your question?": sends the vote in place and says what became of it.
 *
 * Without this script the same forms are answered by a page. A vote that cannot be sent is kept
 * in this tab, over a reload too, and sent again; nothing is called stored before the service has
 * said so. The last word counts: while one answer is under way, only the newest of the next ones
 * is kept, and an answer in one tab takes the place of one that waits in another.
 */
(() => {
  "use strict";

  const own = document.currentScript.dataset;
  const words = JSON.parse(own.words);
  const api = new URL(own.api, location.href);
  const DEVICE = "answerloop.device";
  const FIRST_PAUSE = 2000; // milliseconds; doubles with each failure
  const LONGEST_PAUSE = 60000;
  const PATIENCE = 10000;
  const QUIET = 300; // an answer that comes sooner needs no "Sending …"
  const LONG = ["counted", "changed", "already_counted", "held", "crowded", "away", "gone"];
  const WAITING = "answerloop.waiting"; // in this tab: answers not sent yet
  const ANSWERS = "answerloop.answers"; // in this tab: what was answered where
  const ballots = new WeakMap();
  const tabs = "BroadcastChannel" in window ? new BroadcastChannel("answerloop.votes") : null;

  /** A random id, made when a person votes and never before; empty where storage is refused. */
  function device() {
    try {
      const known = localStorage.getItem(DEVICE);
      if (known) return known;
      const bytes = crypto.getRandomValues(new Uint8Array(16));
      const made = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
      localStorage.setItem(DEVICE, made);
      return made;
    } catch {
      return "";
    }
  }

  /** The search that led to this page, if searches.js noted one. */
  function search() {
    try {
      const noted = JSON.parse(sessionStorage.getItem("answerloop.search"));
      return noted?.path === location.pathname ? noted.id : "";
    } catch {
      return "";
    }
  }

  const place = ({ article, lang }) => `${lang}/${article}`;

  /** What this tab remembers under a name, by place; nothing where storage is refused. */
  function recall(name) {
    try {
      return new Map(JSON.parse(sessionStorage.getItem(name)));
    } catch {
      return new Map();
    }
  }

  function remember(name, vote, value) {
    const known = recall(name);
    if (value === undefined) known.delete(place(vote));
    else known.set(place(vote), value);
    try {
      if (known.size) sessionStorage.setItem(name, JSON.stringify([...known]));
      else sessionStorage.removeItem(name);
    } catch {
      // Without storage it is forgotten with the page.
    }
  }

  /** The reader's answers on one article: in a section of this page, or left from another page. */
  class Ballot {
    constructor(section) {
      this.section = section;
      this.reasons = section?.querySelector("[data-kb-reasons]");
      this.word = section?.querySelector("[data-kb-word]");
      this.waiting = null;
      this.sending = null;
      this.failures = 0;
    }

    /** Take an answer: `helpful`, and what was said with it. `status` is where its outcome goes. */
    cast(form, helpful, status) {
      const fields = new FormData(form);
      const vote = {
        article: fields.get("article"),
        lang: fields.get("lang"),
        revision: fields.get("revision"),
        helpful,
      };
      if (fields.get("reason")) vote.reason = fields.get("reason");
      if (fields.get("comment")?.trim()) vote.comment = fields.get("comment").trim();
      if (fields.get("contact")?.trim()) vote.contact = fields.get("contact").trim();
      if (search()) vote.search_id = search();
      if ("kbDevice" in this.section.dataset && device()) vote.device = device();
      tabs?.postMessage({ article: vote.article, lang: vote.lang, helpful });
      this.take(vote, status);
    }

    take(vote, status) {
      this.waiting = { vote, status, isRemark: Boolean(vote.reason || vote.comment || vote.contact) };
      this.failures = 0;
      this.send();
    }

    async send() {
      clearTimeout(this.timer);
      if (this.sending || !this.waiting) return;
      const letter = this.waiting;
      this.sending = letter;
      const quiet = this.failures || setTimeout(() => this.tell(letter, words.sending), QUIET);
      try {
        await this.deliver(letter);
      } finally {
        clearTimeout(quiet);
        this.sending = null;
      }
      if (this.waiting && this.waiting !== letter) this.send();
    }

    /** The page goes: what is under way outlives it (keepalive), what waits is sent once more. */
    leave() {
      if (!this.waiting) return;
      remember(WAITING, this.waiting.vote, this.waiting.vote);
      if (this.waiting !== this.sending) this.post(this.waiting.vote).catch(() => {});
    }

    async deliver(letter) {
      let response;
      let answer;
      try {
        response = await this.post(letter.vote);
        answer = await response.json(); // what is not JSON did not come from our service
      } catch {
        this.keep(letter, words.away, response);
        return;
      }
      if (response.ok && answer.outcome) {
        this.drop(letter);
        remember(ANSWERS, letter.vote, letter.vote.helpful);
        this.tell(letter, this.thanks(letter, answer), ...this.receipt(answer));
      } else if (response.status === 429) {
        this.keep(letter, words.crowded, response);
      } else if (response.ok || response.status >= 500) {
        this.keep(letter, words.away, response);
      } else {
        this.drop(letter);
        this.refuse(letter, response.status, answer);
      }
    }

    async post(vote) {
      const patience = new AbortController();
      const timer = setTimeout(() => patience.abort(), PATIENCE);
      try {
        return await fetch(api, {
          method: "POST",
          headers: { "Content-Type": "application/json", Accept: "application/json" },
          body: JSON.stringify(vote),
          keepalive: true,
          signal: patience.signal,
        });
      } finally {
        clearTimeout(timer);
      }
    }

    thanks(letter, { outcome }) {
      let said = words[outcome] ?? words.counted;
      if (letter.isRemark && outcome !== "held") {
        said = outcome === "already_counted" ? words.said_before : words.said;
      }
      return letter.vote.contact ? `${said} ${words.letter}` : said;
    }

    /** The reader's private page, where there is one: only they ever learn its address. */
    receipt(answer) {
      if (!/^\/f\/[\w-]+$/.test(answer.receipt ?? "")) return [];
      const link = document.createElement("a");
      link.href = new URL(`../../f/${answer.receipt.slice(3)}`, api);
      link.rel = "noreferrer";
      link.textContent = words.receipt;
      return [` ${words.keep} `, link];
    }

    refuse(letter, status, problem) {
      const named = words[String(problem.type).split("/").pop()];
      if (named) {
        this.tell(letter, named);
        return;
      }
      if (status === 404 || status === 409) {
        const again = document.createElement("a");
        again.href = location.pathname + location.search;
        again.textContent = words.reload;
        this.tell(letter, `${words.gone} `, again);
        return;
      }
      const why = [problem.detail || problem.title || status, problem.remedy].filter(Boolean);
      this.tell(letter, words.refused.replace("%(why)s", () => why.join(" ")));
    }

    /** Hold on to an answer that could not be sent, and try again later. */
    keep(letter, sentence, response) {
      if (this.waiting !== letter) return; // a newer answer has taken its place
      remember(WAITING, letter.vote, letter.vote);
      this.tell(letter, sentence);
      const pause = Number(response?.headers.get("Retry-After")) * 1000 || 0;
      const grown = Math.min(FIRST_PAUSE * 2 ** this.failures, LONGEST_PAUSE);
      const jitter = grown * Math.random() * 0.25;
      this.failures += 1;
      this.timer = setTimeout(() => this.send(), Math.max(pause, grown) + jitter);
    }

    drop(letter) {
      if (this.waiting !== letter) return;
      this.waiting = null;
      remember(WAITING, letter.vote);
    }

    /** The reader has answered in another tab since: that answer counts. */
    giveWay(vote) {
      clearTimeout(this.timer);
      remember(ANSWERS, vote, vote.helpful);
      this.press(vote.helpful);
      if (!this.waiting) return; // what is said here, such as a link to keep, stays
      this.drop(this.waiting);
      this.show(vote);
    }

    /** Show an answer given before, or the one that waits; opens and moves nothing. */
    show(vote) {
      const kept = recall(WAITING).get(place(vote));
      const helpful = kept ? kept.helpful : recall(ANSWERS).get(place(vote));
      if (helpful === undefined) return;
      this.press(helpful);
      const status = this.section.querySelector("[data-kb-vote] [data-kb-status]");
      if (kept) this.take(kept, status);
      else this.tell({ status }, words.yours);
    }

    tell(letter, ...what) {
      if (!this.section || (this.waiting && this.waiting !== letter)) return;
      const said = what.map((part) => part.textContent ?? part).join("");
      for (const status of this.section.querySelectorAll("[data-kb-status]")) {
        if (status !== letter.status) status.replaceChildren();
        else if (status.textContent !== said) status.replaceChildren(...what);
      }
    }

    press(helpful) {
      for (const button of this.section.querySelectorAll("button[name=helpful]")) {
        button.setAttribute("aria-pressed", String((button.value === "yes") === helpful));
      }
    }

    /** Show which answer was given and what may be added to it. What was open keeps its space. */
    choose(helpful) {
      this.press(helpful);
      this.reserve();
      const [asks, other] = helpful ? [this.word, this.reasons] : [this.reasons, this.word];
      asks.hidden = false;
      asks.classList.remove("kb-feedback__more--away");
      other.classList.add("kb-feedback__more--away");
    }

    /** Room for the longest sentence, as wide as this page is: none may push what is below it. */
    reserve() {
      const status = this.section.querySelector("[data-kb-vote] [data-kb-status]");
      const probe = status.cloneNode();
      probe.removeAttribute("role");
      probe.style.visibility = "hidden";
      status.after(probe);
      const heights = LONG.map((name) => {
        probe.textContent = words[name];
        return probe.offsetHeight;
      });
      probe.remove();
      status.style.minBlockSize = `${Math.max(...heights)}px`;
    }

    /** Lead to the reasons: the focus always, the page only when the keyboard asked for it. */
    ask({ byKeyboard }) {
      const legend = this.reasons.querySelector("legend");
      legend.focus({ preventScroll: true });
      if (byKeyboard) legend.scrollIntoView({ block: "nearest" });
    }
  }

  const all = new Set();

  function ballotOf(section) {
    if (!ballots.has(section)) ballots.set(section, new Ballot(section));
    all.add(ballots.get(section));
    return ballots.get(section);
  }

  let clicks = 0; // in a row at one place; 0 is the keyboard
  document.addEventListener("click", (event) => {
    clicks = event.detail;
  }, true);

  document.addEventListener("submit", (event) => {
    const form = event.target;
    const section = form.closest("[data-kb-feedback]");
    const button = event.submitter;
    if (!section || !button) return;
    event.preventDefault();
    const ballot = ballotOf(section);
    const status = form.querySelector("[data-kb-status]");
    if (form.matches("[data-kb-reasons], [data-kb-word]")) {
      const helpful = form.matches("[data-kb-word]");
      ballot.press(helpful);
      ballot.cast(form, helpful, status);
      return;
    }
    const isEcho = clicks > 1 && button.getAttribute("aria-pressed") === "true";
    if (isEcho) return; // of a double click: the reader has answered once
    const helpful = button.value === "yes";
    ballot.choose(helpful);
    ballot.cast(form, helpful, status);
    if (!helpful) ballot.ask({ byKeyboard: clicks === 0 });
  });

  function sendAll() {
    all.forEach((ballot) => ballot.send());
  }

  window.addEventListener("online", sendAll);
  window.addEventListener("pagehide", () => all.forEach((ballot) => ballot.leave()));
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") sendAll(); // a phone stops the timers of a hidden page
  });

  const sections = [...document.querySelectorAll("[data-kb-feedback]")];
  const asked = (section) => Object.fromEntries(new FormData(section.querySelector("form")));

  tabs?.addEventListener("message", ({ data: vote }) => {
    for (const section of sections) {
      if (place(asked(section)) === place(vote)) ballotOf(section).giveWay(vote);
    }
  });

  for (const section of sections) ballotOf(section).show(asked(section));
  const here = sections.map((section) => place(asked(section)));
  for (const [where, vote] of recall(WAITING)) {
    if (here.includes(where)) continue;
    const left = new Ballot(null); // from another page of this tab
    all.add(left);
    left.take(vote);
  }
})();
