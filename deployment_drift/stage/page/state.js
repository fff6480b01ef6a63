// What the pages have in common: what is known of the talk, and how a text is written.
"use strict";

const NOTHING = {
  scene: null, step: "", done: {}, progress: null, ideas: [], seen: 0, compared: [], hosts: {},
  running: null, failed: "", offer: null, report: null, overlay: null, wrong: [],
};

function beginning() {
  return {
    look: { lang: "en", theme: "dark", view: "talk" }, words: {}, begun: 0, over: false, lost: false,
    ...structuredClone(NOTHING),
  };
}

const ON = {
  look: (state, look) => { state.look = look; },
  words: (state, { words }) => { state.words = words; },
  begun: (state, { at }) => { state.begun = at; },
  scene: (state, scene) => { Object.assign(state, structuredClone(NOTHING), { scene }); },
  step: (state, { name }) => {
    Object.assign(state, {
      step: name, ideas: [], seen: 0, progress: null, failed: "", offer: null, report: null, wrong: [],
    });
    delete state.done[name];
    state.since = Date.now();
  },
  progress: (state, progress) => { state.progress = progress; },
  host: (state, host) => { state.hosts[host.name] = host; },
  running: (state, running) => {
    state.running = running;
    if (!running.containers.length) state.hosts = {};
  },
  compared: (state, tile) => {
    if (state.asked !== state.since) state.compared = [];  // the wall stands until the next is built
    state.asked = state.since;
    state.compared.push(tile);
  },
  done: (state, { name, seconds }) => { state.done[name] = seconds; },
  ideas: (state, { ideas }) => {
    state.ideas = ideas;
    state.wrong = ideas.filter((idea) => idea.holds === false || idea.verdict === "unknown").map((idea) => idea.text);
  },
  seen: (state, { count }) => { state.seen = count; },
  failed: (state, { text }) => { state.failed = text; },
  offer: (state, { text }) => { state.offer = text; },
  report: (state, report) => { state.report = report; },
  overlay: (state, { text }) => { state.overlay = text; },
  over: (state) => { state.over = true; },
};

function hear(state, message) {
  ON[message.kind]?.(state, message);
}

const byId = (id) => document.getElementById(id);

/** Return an element with a class and a text; values of servers are texts and nothing else. */
function made(name, kind = "", text = "") {
  const element = document.createElement(name);
  if (kind) element.className = kind;
  if (text) element.textContent = text;
  return element;
}

/** Write a text where it is not written already. */
function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

const say = (state, texts) => texts?.[state.look.lang] ?? "";
const about = (state, idea) => say(state, idea.text) || idea.lines?.map((line) => say(state, line)).join(" · ");
const word = (state, name) => say(state, state.words[name]);
const place = (state) => state.scene?.steps.findIndex((step) => step.name === state.step) ?? -1;
const asks = (state) => plays(state) && state.asked === state.since;
const plays = (state) => Boolean(state.step) && !(state.step in state.done) && !state.failed;
const minutes = (value) =>
  `${Math.floor(value)}:${String(Math.floor((value * 60) % 60)).padStart(2, "0")}`;

/** Show what every page shows: language, theme, the scene's title, what is laid over it. */
function frame(state) {
  const { lang, theme, view } = state.look;
  document.documentElement.lang = lang;
  document.documentElement.dataset.theme = theme;
  document.body.dataset.view = view;
  write(byId("title"), say(state, state.scene?.title) || "deployment-drift");
  const recorded = state.scene?.recorded ?? "";
  byId("recorded").hidden = !recorded;
  write(byId("recorded"), recorded && word(state, "recorded").replace("{when}", recorded));
  const last = String(state.scene?.steps.length ?? 1);
  const told = state.over ? "over" : state.lost ? "lost" : "keys";
  write(byId("keys"), word(state, told).replace("{last}", last));
  byId("overlay").hidden = !state.overlay;
  write(byId("lines"), say(state, state.overlay));
}
