// The wall: a tile for each check, in groups; what is interesting is opened.
"use strict";

const OPEN = { subject: "shop", verdicts: ["drift", "unknown"] };
const wall = { tiles: new Map(), groups: new Map(), lang: "", step: null };

function groupOf(state, subject) {
  if (!wall.groups.has(subject)) {
    const box = made("section", "group");
    const head = made("h3");
    const tiles = made("ul");
    box.append(head, tiles);
    wall.groups.set(subject, { box, head, tiles, counts: new Map() });
    const order = [...Object.keys(state.words.subjects ?? {}), subject];
    box.dataset.order = order.indexOf(subject);
    const after = [...byId("wall").children].find((each) => +each.dataset.order > +box.dataset.order);
    byId("wall").insertBefore(box, after ?? null);
  }
  return wall.groups.get(subject);
}

function head(state, subject, group) {
  const name = say(state, state.words.subjects?.[subject]) || subject;
  const marks = [...group.counts].map(([mark, count]) => `${count} ${mark}`).join("  ");
  group.head.replaceChildren(made("span", "", name), made("span", "counts", marks));
}

function hang(state, tile) {
  const group = groupOf(state, tile.subject);
  const item = made("li", `tile ${tile.verdict.replace(" ", "_")}`);
  item.append(made("span", "mark", tile.mark), made("span", "name"));
  group.tiles.append(item);
  group.counts.set(tile.mark, (group.counts.get(tile.mark) ?? 0) + 1);
  head(state, tile.subject, group);
  wall.tiles.set(tile.name, { item, tile });
}

function open(state) {
  const told = new Set(state.ideas.map((idea) => idea.check));
  for (const { item, tile } of wall.tiles.values()) {
    const loud = tile.subject === OPEN.subject && OPEN.verdicts.includes(tile.verdict);
    const opened = told.has(tile.name) || loud;
    const newest = state.ideas[state.seen - 1]?.check === tile.name;
    item.classList.toggle("open", opened);
    item.classList.toggle("newest", newest);
    const verdict = word(state, tile.verdict.replace(" ", "_"));
    write(item.lastChild, opened ? say(state, tile.title) : "");
    item.setAttribute("aria-label", `${say(state, tile.title)}: ${verdict}`);
  }
}

function renderWall(state) {
  const made = state.compared.length;
  if (made < wall.tiles.size || wall.step !== state.asked || wall.lang !== state.look.lang) {
    wall.tiles.clear();
    wall.groups.clear();
    byId("wall").replaceChildren();
    wall.count = 0;
  }
  const fresh = state.compared.slice(wall.count ?? 0);
  fresh.forEach((tile) => hang(state, tile));
  Object.assign(wall, { lang: state.look.lang, step: state.asked, count: made });
  const key = `${state.seen} ${state.ideas.length} ${state.look.lang} ${made}`;
  if (key !== wall.key) open(state);
  wall.key = key;
}
