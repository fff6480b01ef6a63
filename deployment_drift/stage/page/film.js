// A recorded talk in one file: what the pages were told is played from where it stopped for a key.
"use strict";

const KEYS = {
  Enter: "next", " ": "next", PageDown: "next", ArrowRight: "next",
  PageUp: "back", ArrowLeft: "back", b: "back",
};
const LOOKS = { l: ["lang", "en", "ja"], d: ["theme", "dark", "light"], p: ["view", "talk", "picture"] };
const AT_ONCE = 4;

function project() {
  const told = JSON.parse(byId("film").textContent);
  const stops = told.flatMap(({ kind }, number) => (["seen", "report"].includes(kind) ? [number] : []));
  const state = beginning();
  let at = -1;
  let stop = 0;

  const look = (key) => {
    const [name, ...choices] = LOOKS[key];
    state.look[name] = choices[(choices.indexOf(state.look[name]) + 1) % choices.length];
    render(state);
  };
  const tell = () => {
    at += 1;
    hear(state, told[at]);
  };
  /** Go on to the next stop; the wall is built tile by tile. */
  const roll = () => {
    for (let tiles = 0; at < stops[stop] && tiles < AT_ONCE;) {
      tell();
      if (told[at].kind === "compared") tiles += 1;
    }
    render(state);
    if (at < stops[stop]) requestAnimationFrame(roll);
  };
  const go = (wanted) => {
    if (wanted < 0 || wanted >= stops.length || at < stops[stop]) return;
    if (wanted < stop) {
      at = -1;
      while (at < stops[wanted]) tell();
    }
    stop = wanted;
    roll();
  };
  const jump = (number) => {
    const scene = told.findLastIndex(({ kind }, place) => kind === "scene" && place <= at);
    const step = told.findIndex((each, place) => place > scene && each.kind === "step" && each.number === number);
    const next = told.findIndex(({ kind }, place) => kind === "scene" && place > scene);
    if (step > 0 && (next < 0 || step < next)) go(stops.findIndex((place) => place > step));
  };
  addEventListener("keydown", (event) => {
    const pressed = KEYS[event.key] ?? event.key;
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (LOOKS[pressed]) look(pressed);
    else if (pressed === "next") go(stop + 1);
    else if (pressed === "back") go(stop - 1);
    else if (/^[1-9]$/.test(pressed)) jump(Number(pressed));
    else return;
    event.preventDefault();
  });
  if (navigator.language.startsWith("ja")) state.look.lang = "ja";
  roll();
}

project();
