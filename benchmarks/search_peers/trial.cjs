// One engine in a Node of its own: builds its index, or answers the questions.
//
//   node --expose-gc trial.cjs build|ask lunr|minisearch ARTICLES|QUESTIONS FOLDER
//
// Prints one JSON object, with the same keys and units as trial.py. Times are CPU time of the
// process, all its threads included; memory is what it holds beyond an empty Node.

"use strict";

const fs = require("node:fs");
const path = require("node:path");

const TOP = 10;
const TITLE_WEIGHT = 3;
const MOST_PASSES = 6;
const PATIENCE = 4000; // CPU milliseconds after which no further pass begins

function cpu() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function resident() {
  global.gc();
  global.gc();
  return process.memoryUsage().rss / 1e6;
}

// lunr stems English; for other languages its pipeline is left without stems and stop words,
// with a trimmer that knows letters beyond ASCII.
function lunrEngine(lang) {
  const lunr = require("lunr");
  const trim = (token) =>
    token.update((word) => word.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, ""));
  lunr.Pipeline.registerFunction(trim, "trim");
  return {
    build(articles) {
      const index = lunr(function () {
        this.ref("number");
        this.field("title", { boost: TITLE_WEIGHT });
        this.field("text");
        if (lang !== "en") {
          this.pipeline.reset();
          this.pipeline.add(trim);
          this.searchPipeline.reset();
          this.searchPipeline.add(trim);
        }
        articles.forEach(({ title, text }, number) => this.add({ number, title, text }));
      });
      return JSON.stringify({ index, titles: articles.map((article) => article.title) });
    },
    load(json) {
      const { index, titles } = JSON.parse(json);
      const opened = lunr.Index.load(index);
      return (words) => opened.search(words).slice(0, TOP).map((hit) => titles[hit.ref]);
    },
  };
}

function minisearchEngine() {
  const MiniSearch = require("minisearch");
  const options = { idField: "number", fields: ["title", "text"], storeFields: ["title"] };
  return {
    build(articles) {
      const index = new MiniSearch(options);
      index.addAll(articles.map(({ title, text }, number) => ({ number, title, text })));
      return JSON.stringify(index);
    },
    load(json) {
      const opened = MiniSearch.loadJSON(json, options);
      const boost = { boost: { title: TITLE_WEIGHT } };
      return (words) => opened.search(words, boost).slice(0, TOP).map((hit) => hit.title);
    },
  };
}

const ENGINES = { lunr: lunrEngine, minisearch: minisearchEngine };
const INDEX = "index.json";

function build(name, given, folder) {
  const lines = fs.readFileSync(given, "utf8").split("\n").filter(Boolean);
  const articles = lines.map((line) => JSON.parse(line));
  const engine = ENGINES[name](articles[0].lang);
  const started = cpu();
  fs.mkdirSync(folder);
  fs.writeFileSync(path.join(folder, INDEX), engine.build(articles));
  return { build: (cpu() - started) / 1000 };
}

function ask(name, given, folder) {
  const asked = JSON.parse(fs.readFileSync(given, "utf8"));
  const base = resident();
  const started = cpu();
  const engine = ENGINES[name](asked.lang);
  const imported = cpu();
  const answer = engine.load(fs.readFileSync(path.join(folder, INDEX), "utf8"));
  answer(asked.opening);
  const opened = cpu();
  const found = [];
  const first = asked.questions.map((text) => {
    const before = cpu();
    found.push(answer(text));
    return cpu() - before;
  });
  const warm = warmed(answer, asked.questions);
  return {
    imported: imported - started,
    opened: opened - imported,
    first,
    warm,
    memory: resident() - base,
    found,
  };
}

function warmed(answer, questions) {
  const best = questions.map(() => Infinity);
  const started = cpu();
  for (let pass = 0; pass < MOST_PASSES && (!pass || cpu() - started < PATIENCE); pass += 1) {
    questions.forEach((text, place) => {
      const before = cpu();
      answer(text);
      best[place] = Math.min(best[place], cpu() - before);
    });
  }
  return best;
}

const [work, name, given, folder] = process.argv.slice(2);
process.stdout.write(JSON.stringify({ build, ask }[work](name, given, folder)));
