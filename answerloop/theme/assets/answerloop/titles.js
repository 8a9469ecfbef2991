/*
 * Searches the titles of the articles while the service is away: loaded only then.
 *
 * Each word of a question is looked up as it stands, as the beginning of a word, and with one
 * typing error (two in a long word). What a word is worth falls with the number of articles that
 * have it; an article counts if it has words worth half of the question.
 */

const SHORTEST = 4; // letters of a word that may hold a typing error
const LONG = 8; // from so many letters on two errors
const TITLE = 3; // how much a word counts by where it stands
const ASKED = 2.5;
const HEADING = 1;
const BEGUN = 0.7; // and by how it was found
const MISTYPED = 0.5;
const LEAST = 0.5; // the share of the question that an article must have
const MOST_WORDS = 16;

// Scripts that write no spaces between words: their words are pairs of neighbouring characters.
const UNSPACED = /[\p{sc=Thai}\p{sc=Lao}\p{sc=Myanmar}\p{sc=Khmer}\p{sc=Han}\p{sc=Hira}\p{sc=Kana}]/u;
const WORD = /[\p{L}\p{N}\p{M}]+/gu;
// Accents of Latin, Greek and Cyrillic, and the vowel points of Arabic and Hebrew.
const ACCENTS = /[\u0300-\u036f\u0591-\u05c7\u0640\u064b-\u065f\u0670]/g;

function words(text) {
  const folded = text.toLowerCase().normalize("NFKD").replace(ACCENTS, "").replace(/ß/g, "ss");
  return (folded.match(WORD) ?? []).flatMap((word) => {
    if (!UNSPACED.test(word)) return [word];
    const signs = [...word];
    return signs.length < 2 ? signs : signs.slice(1).map((next, at) => signs[at] + next);
  });
}

/** Which letters a word has, as bits; some letters share one. */
function letters(word) {
  let found = 0;
  for (let place = 0; place < word.length; place += 1) found |= 1 << (word.charCodeAt(place) % 32);
  return found;
}

function bits(number) {
  let count = 0;
  for (let rest = number; rest; rest &= rest - 1) count += 1;
  return count;
}

/** Whether at most `most` letters are to be dropped, added, replaced or swapped with the next. */
export function isNear(one, other, most) {
  if (Math.abs(one.length - other.length) > most) return false;
  let before = [];
  let last = Array.from({ length: other.length + 1 }, (_, place) => place);
  for (let i = 1; i <= one.length; i += 1) {
    const now = [i];
    let least = i;
    for (let j = 1; j <= other.length; j += 1) {
      const isSame = one[i - 1] === other[j - 1];
      now[j] = Math.min(last[j] + 1, now[j - 1] + 1, last[j - 1] + (isSame ? 0 : 1));
      if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]) {
        now[j] = Math.min(now[j], before[j - 2] + 1);
      }
      least = Math.min(least, now[j]);
    }
    if (least > most) return false;
    [before, last] = [last, now];
  }
  return last[other.length] <= most;
}

class Titles {
  constructor({ articles, trails }) {
    this.articles = articles;
    this.trails = trails;
    this.postings = new Map(); // word to a map of article to [weight, heading or -1]
    articles.forEach(([, title, , asked, headings], number) => {
      this.file(number, title, TITLE, -1);
      asked.forEach((text) => this.file(number, text, ASKED, -1));
      headings.forEach(([, text], place) => this.file(number, text, HEADING, place));
    });
    this.words = [...this.postings.keys()].sort();
    this.letters = this.words.map(letters);
  }

  file(number, text, weight, heading) {
    for (const word of words(text)) {
      let articles = this.postings.get(word);
      if (!articles) this.postings.set(word, (articles = new Map()));
      const known = articles.get(number);
      if (!known || known[0] < weight) articles.set(number, [weight, heading]);
    }
  }

  /** The known words that a reader's word may mean, each with what it is worth beside the word. */
  meanings(word) {
    const found = this.beginningWith(word).map((known) => [known, known === word ? 1 : BEGUN]);
    if (found.length || word.length < SHORTEST) return found;
    return this.nearTo(word).map((known) => [known, MISTYPED]);
  }

  beginningWith(word) {
    let low = 0;
    let high = this.words.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.words[middle] < word) low = middle + 1;
      else high = middle;
    }
    let end = low;
    while (end < this.words.length && this.words[end].startsWith(word)) end += 1;
    return this.words.slice(low, end);
  }

  nearTo(word) {
    const own = letters(word);
    // One error changes two bits of the letters at most: nearly all words are told apart by that.
    const near = (most) =>
      this.words.filter(
        (known, place) => bits(own ^ this.letters[place]) <= 2 * most && isNear(word, known, most),
      );
    const one = near(1);
    return one.length || word.length < LONG ? one : near(2);
  }

  /** The articles that have a word: number to [weight, heading or -1]. */
  having(word) {
    const found = new Map();
    for (const [known, worth] of this.meanings(word)) {
      for (const [number, [weight, heading]] of this.postings.get(known)) {
        const old = found.get(number);
        if (!old || old[0] < weight * worth) found.set(number, [weight * worth, heading]);
      }
    }
    return found;
  }

  /** Everything that is found, the best first. */
  search(query) {
    const asked = [...new Set(words(query))].slice(0, MOST_WORDS);
    const scores = new Map(); // article to [score, share of the question, heading]
    let whole = 0;
    for (const word of asked) {
      const having = this.having(word);
      const worth = Math.log(1 + this.articles.length / (1 + having.size));
      whole += worth;
      for (const [number, [weight, heading]] of having) {
        const known = scores.get(number) ?? [0, 0, heading];
        const place = known[2] === heading ? heading : -1;
        scores.set(number, [known[0] + worth * weight, known[1] + worth, place]);
      }
    }
    return [...scores]
      .filter(([, [, share]]) => share >= LEAST * whole)
      .map(([number, [score, share, place]]) => [number, (score * share) / whole, place])
      .sort((one, other) => other[1] - one[1] || one[0] - other[0])
      .map(([number, , place]) => this.result(number, place));
  }

  result(number, place) {
    const [url, title, trail, , headings] = this.articles[number];
    const [anchor, heading] = headings[place] ?? ["", ""];
    return { url, title, anchor, heading, breadcrumbs: this.trails[trail] };
  }
}

/** The titles that the build wrote to `url`. Throws where there are none. */
export async function open(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(response.status);
  const written = await response.json();
  if (written.format !== 1) throw new Error("another format");
  return new Titles(written);
}
