// The page for the speaker: what to say, what comes next, how late it is, what is wrong.
"use strict";

const MINUTE = 60;

function said(state, number) {
  const step = state.scene?.steps[number];
  return number < 0 ? { title: "", note: say(state, state.scene?.question) } : {
    title: step ? `${number + 1}  ${say(state, step.title)}` : "", note: say(state, step?.note),
  };
}

function point(state, idea, number) {
  const seen = number < state.seen;
  const text = about(state, idea);
  const told = idea.answers?.map(({ host, text }) => `${host} ${say(state, text)}`) ?? [];
  return made("li", seen ? "seen" : "", [seen ? "✓" : "·", idea.mark, text, ...told].filter(Boolean).join("  "));
}

function time(state) {
  const late = state.begun ? Date.now() / 1000 / MINUTE - state.begun / MINUTE : 0;
  const due = place(state) < 0 ? state.scene?.due : state.scene?.steps[place(state)].due;
  write(byId("clock"), minutes(Math.max(0, late)));
  write(byId("plan"), due == null ? "" : word(state, "due").replace("{due}", minutes(due)));
}

function render(state) {
  frame(state);
  time(state);
  const now = said(state, place(state));
  const next = said(state, place(state) + 1);
  write(byId("place"), now.title || say(state, state.scene?.title));
  write(byId("note"), now.note);
  byId("points").replaceChildren(...state.ideas.map((idea, number) => point(state, idea, number)));
  write(byId("following"), next.title ? `→ ${next.title}` : word(state, "last"));
  write(byId("next"), next.title ? next.note : "");
  const wrong = [state.failed, state.offer && say(state, state.offer), ...state.wrong.map((each) => say(state, each))];
  const lines = wrong.filter(Boolean);
  byId("wrong").replaceChildren(...(lines.length ? lines.map((line) => made("li", "bad", `✗ ${line}`)) : [made("li", "", word(state, "fine"))]));
}
