/*
 * "Did this answer your question?": sends the vote in place and says what became of it.
 *
 * Without this script the same forms are answered by a page. A vote that cannot be sent is kept
 * here, in the page, and sent again; nothing is called stored before the service has said so. The
 * last word counts: while one answer is under way, only the newest of the next ones is kept.
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
  const ballots = new WeakMap();

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

  class Ballot {
    constructor(section) {
      this.section = section;
      this.reasons = section.querySelector("[data-kb-reasons]");
      this.waiting = null;
      this.isSending = false;
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
      this.waiting = { vote, status, isRemark: Boolean(vote.reason || vote.comment || vote.contact) };
      this.failures = 0;
      this.send();
    }

    async send() {
      clearTimeout(this.timer);
      if (this.isSending || !this.waiting) return;
      const letter = this.waiting;
      this.isSending = true;
      const quiet = this.failures || setTimeout(() => this.tell(letter, words.sending), QUIET);
      try {
        await this.deliver(letter);
      } finally {
        clearTimeout(quiet);
        this.isSending = false;
      }
      if (this.waiting && this.waiting !== letter) this.send();
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
      this.tell(letter, sentence);
      const pause = Number(response?.headers.get("Retry-After")) * 1000 || 0;
      const grown = Math.min(FIRST_PAUSE * 2 ** this.failures, LONGEST_PAUSE);
      const jitter = grown * Math.random() * 0.25;
      this.failures += 1;
      this.timer = setTimeout(() => this.send(), Math.max(pause, grown) + jitter);
    }

    drop(letter) {
      if (this.waiting === letter) this.waiting = null;
    }

    tell(letter, ...what) {
      if (this.waiting && this.waiting !== letter) return;
      const said = what.map((part) => part.textContent ?? part).join("");
      for (const status of this.section.querySelectorAll("[data-kb-status]")) {
        if (status !== letter.status) status.replaceChildren();
        else if (status.textContent !== said) status.replaceChildren(...what);
      }
    }

    /** Show which answer was given. The reasons keep their space once they were open. */
    choose(button) {
      for (const other of this.section.querySelectorAll("button[name=helpful]")) {
        other.setAttribute("aria-pressed", String(other === button));
      }
      const asks = button.value === "no";
      if (asks) this.reasons.hidden = false;
      this.reasons.classList.toggle("kb-feedback__more--away", !asks);
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
    if (form.matches("[data-kb-reasons]")) {
      ballot.cast(form, false, status);
      return;
    }
    const isEcho = clicks > 1 && button.getAttribute("aria-pressed") === "true";
    if (isEcho) return; // of a double click: the reader has answered once
    ballot.choose(button);
    ballot.cast(form, button.value === "yes", status);
    if (button.value === "no") ballot.ask({ byKeyboard: clicks === 0 });
  });

  window.addEventListener("online", () => all.forEach((ballot) => ballot.send()));
  // The last chance: a request with keepalive outlives the page.
  window.addEventListener("pagehide", () => all.forEach((ballot) => ballot.send()));
})();
