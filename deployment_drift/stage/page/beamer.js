// The page for the beamer: the question, the shops, the wall, the picture, one idea at a time.
"use strict";

const EARLIER = { wall: 2, shops: 4, "": 4 };  // ideas, by what stands below the newest
const LONG = [[9, ""], [20, "middle"], [60, "long"], [Infinity, "longer"]];
const SHOP = 680;
const MANY = 12;  // steps, of which a line has just their numbers
const shown = { talk: "", steps: "", shops: "" };

function mode(state) {
  if (!state.scene) return "wait";
  if (state.failed) return "failed";
  if (state.report) return "end";
  if (plays(state)) return asks(state) ? "wall" : "work";
  return state.ideas[state.seen - 1]?.kind === "question" ? "question" : "idea";
}

/** Return what stands below the newest idea. */
function below(state, now) {
  if (now !== "idea" && now !== "end") return "";
  const idea = state.ideas[state.seen - 1];
  const open = Object.values(state.hosts).some((host) => host.url);
  if (open && !state.scene.recorded && now === "idea" && (!idea || idea.page || idea.kind === "facts")) return "shops";
  return state.compared.length ? "wall" : "";
}

function sized(kind, text, element = "p") {
  const [, size] = LONG.find(([most]) => text.length <= most);
  return made(element, `${kind} ${size}`, text);
}

function answers(state, idea) {
  const row = made("div", "answers");
  const texts = idea.answers.map(({ text }) => say(state, text));
  idea.answers.forEach(({ host }, number) => {
    if (number) row.append(made("p", "sign", texts[number] === texts[0] ? "=" : "≠"));
    const answer = made("div", `answer ${texts[number] === texts[0] ? "" : "other"}`);
    answer.append(made("h3", "", host), sized("value", texts[number]));
    row.append(answer);
  });
  return row;
}

function bold(state, idea) {
  const card = made("div", `card ${idea.kind} ${idea.verdict ?? ""}`);
  if (idea.kind === "facts") {
    idea.lines.forEach((line) => card.append(made("p", "fact", say(state, line))));
    return card;
  }
  const title = made("h2");
  if (idea.mark) title.append(made("span", "mark", idea.mark));
  if (idea.verdict) title.append(made("span", "verdict", word(state, idea.verdict.replace(" ", "_"))));
  title.append(sized("what", say(state, idea.text), "span"));
  card.append(title);
  if (idea.answers) card.append(answers(state, idea), made("p", "why", say(state, idea.why)));
  return card;
}

function brief(state, idea) {
  const told = idea.answers?.map(({ host, text }) => `${host} ${say(state, text)}`) ?? [];
  const text = [idea.mark, about(state, idea), ...told].filter(Boolean).join("  ");
  return made("li", "", text);
}

function chart(drawing) {
  const figure = made("figure");
  figure.append(made("figcaption", "", drawing.title));
  for (const [subject, length, amount] of drawing.bars) {
    const line = made("div", "bar");
    const beam = made("span", "beam");
    beam.style.width = `${length / 2}%`;
    line.append(made("span", "subject", subject), beam, made("span", "amount", amount));
    figure.append(line);
  }
  return figure;
}

/** Return the ways to run PHP that a scene has found in the end. */
function waysOf(state) {
  return state.report?.ways?.[state.look.lang] ?? [];
}

/** Draw a way to run PHP: what lies below it, each layer on the next. */
function pile(way) {
  const figure = made("figure", "way");
  for (const [label, name] of way.layers) {
    const layer = made("div", "layer", label);
    if (name) layer.append(made("b", "", name));
    figure.append(layer);
  }
  figure.append(made("figcaption", "", way.title), made("small", "", way.when));
  return figure;
}

function work(state) {
  const card = made("div", "card work");
  const step = state.scene.steps[place(state)];
  const note = state.progress ? `${state.progress.subject}  ${say(state, state.progress.text)}` : "";
  card.append(made("h2", "", say(state, step?.title)));
  if (plays(state)) card.append(made("p", "busy", word(state, "works")), made("p", "progress", note));
  return card;
}

function end(state) {
  const card = made("div", `card end ${state.report.as_expected ? "shown" : "wrong"}`);
  card.append(made("h2", "", say(state, state.report.text)));
  card.append(...state.report.charts[state.look.lang].map(chart));
  const ways = made("div", "ways");
  ways.append(...waysOf(state).map(pile));
  card.append(ways);
  return card;
}

function failed(state) {
  const card = made("div", "card failed");
  card.append(made("h2", "", `✗ ${state.failed.split("\n")[0]}`), made("pre", "", state.failed.split("\n").slice(1).join("\n")));
  if (state.offer) card.append(made("p", "offer", say(state, state.offer)));
  return card;
}

function newest(state, now) {
  if (now === "failed") return failed(state);
  if (now === "end") return end(state);
  if (now === "work") return work(state);
  const idea = state.ideas[state.seen - 1];
  return idea ? bold(state, idea) : work(state);
}

/** Show the newest idea and those before it; return whether that changes what was shown. */
function renderTalk(state, now) {
  const { seen, ideas, failed: wrong, offer, progress, step, look, report } = state;
  const key = JSON.stringify([now, seen, step, look.lang, wrong, offer, progress, report, state.scene?.name, ideas.length]);
  if (key === shown.talk) return false;
  shown.talk = key;
  const before = now === "idea" ? ideas.slice(0, seen - 1).slice(-EARLIER[below(state, now)]) : [];
  byId("earlier").replaceChildren(...before.map((idea) => brief(state, idea)));
  byId("newest").replaceChildren(...(now === "wait" || now === "wall" ? [] : [newest(state, now)]));
  return true;
}

function renderSteps(state) {
  const going = plays(state) ? Math.max(0, (Date.now() - state.since) / 1000).toFixed(0) : "";
  const key = JSON.stringify([state.scene?.name, state.step, state.done, state.look.lang, going]);
  if (key === shown.steps) return;
  shown.steps = key;
  byId("steps").className = state.scene?.steps.length > MANY ? "many" : "";
  byId("steps").replaceChildren(...(state.scene?.steps ?? []).map((step, number) => {
    const done = step.name in state.done;
    const current = step.name === state.step;
    const item = made("li", `${done ? "done" : ""} ${current ? "current" : ""}`);
    const title = current ? ` ${say(state, step.title)}` : "";
    const took = state.done[step.name];
    const seconds = done ? `${took.toFixed(took < 10 ? 1 : 0)} s` : current ? `${going} s` : "";
    item.append(made("span", "number", `${done ? "✓ " : ""}${number + 1}${title}`), made("span", "seconds", seconds));
    return item;
  }));
}

function shop(host) {
  const box = made("div", "shop");
  const view = made("div", "view");
  const page = document.createElement("iframe");
  page.setAttribute("sandbox", "");
  page.setAttribute("tabindex", "-1");
  page.title = host.name;
  view.append(page);
  box.append(made("h3", "", host.name), view);
  return { box, view, page };
}

function renderShops(state, now) {
  const open = below(state, now) === "shops" ? Object.values(state.hosts).filter((host) => host.url) : [];
  const path = state.ideas[state.seen - 1]?.page || "/index.php";
  const key = JSON.stringify([open, path, state.look.lang]);
  if (key === shown.shops) return;
  shown.shops = key;
  const drawn = open.map((host) => ({ ...shop(host), host }));
  byId("shops").replaceChildren(...drawn.map(({ box }) => box));
  for (const { host, view, page } of drawn) {
    page.src = `${host.url}${path}${path.includes("?") ? "&" : "?"}lang=${state.look.lang}`;
    const scale = view.clientWidth / SHOP;
    page.style.width = `${SHOP}px`;
    page.style.height = `${view.clientHeight / scale}px`;
    page.style.transform = `scale(${scale})`;
  }
}

function render(state) {
  const now = mode(state);
  document.body.dataset.mode = now;
  document.body.dataset.below = below(state, now);
  document.body.dataset.ways = waysOf(state).length > 0;
  frame(state);
  renderSteps(state);
  const changed = renderTalk(state, now);
  renderShops(state, now);
  renderWall(state);
  if (changed) tighten(byId("wall"));
  renderPicture(state);
}
