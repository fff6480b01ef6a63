// The wall: a tile for each check, in groups; what is interesting is opened.
"use strict";

const OPEN = { subject: "shop", verdicts: ["drift", "unknown"] };
const COLUMNS = 4;
const wall = { tiles: new Map(), groups: new Map(), lang: "", step: null, count: 0, key: "" };

/** Return the column in which there is the most room. */
function room() {
  const wall = byId("wall");
  if (!wall.children.length) wall.append(...Array.from({ length: COLUMNS }, () => made("div", "column")));
  const weight = (column) => [...column.children].reduce((sum, each) => sum + each.offsetHeight + 1, 0);
  return [...wall.children].reduce((best, each) => (weight(each) < weight(best) ? each : best));
}

function groupOf(state, subject) {
  if (!wall.groups.has(subject)) {
    const box = made("section", "group");
    const [name, tiles] = [made("h2"), made("ul")];
    box.append(name, tiles);
    box.style.order = [...Object.keys(state.words.subjects ?? {}), subject].indexOf(subject);
    room().append(box);
    wall.groups.set(subject, { head: name, tiles, counts: new Map() });
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
  const verdict = word(state, tile.verdict.replace(" ", "_"));
  item.setAttribute("aria-label", `${say(state, tile.title)}: ${verdict}`);
  item.append(made("span", "mark", tile.mark), made("span", "name"));
  group.tiles.append(item);
  group.counts.set(tile.mark, (group.counts.get(tile.mark) ?? 0) + 1);
  wall.tiles.set(tile.name, { item, tile });
  return tile.subject;
}

/** Open a tile that is interesting: its title stands on it. */
function open(state, { item, tile }) {
  const loud = tile.subject === OPEN.subject && OPEN.verdicts.includes(tile.verdict);
  const opened = loud || state.ideas.some((idea) => idea.check === tile.name);
  item.classList.toggle("open", opened);
  item.classList.toggle("newest", state.ideas[state.seen - 1]?.check === tile.name);
  write(item.lastChild, opened ? say(state, tile.title) : "");
}

function clear(state) {
  wall.tiles.clear();
  wall.groups.clear();
  byId("wall").replaceChildren();
  Object.assign(wall, { lang: state.look.lang, step: state.asked, count: 0 });
}

function renderWall(state) {
  const { compared, asked, look, ideas, seen } = state;
  if (compared.length < wall.count || wall.step !== asked || wall.lang !== look.lang) clear(state);
  const fresh = compared.slice(wall.count);
  const touched = new Set(fresh.map((tile) => hang(state, tile)));
  touched.forEach((subject) => head(state, subject, wall.groups.get(subject)));
  const key = `${seen} ${ideas.map(({ check }) => check)} ${look.lang}`;
  const changed = key === wall.key ? fresh.map(({ name }) => wall.tiles.get(name)) : wall.tiles.values();
  for (const each of changed) open(state, each);
  Object.assign(wall, { count: compared.length, key });
}

/** Make a large idea smaller, and leave the groups' names out, where the wall has no room below. */
function tighten(whole) {
  const { dataset } = document.body;
  dataset.tight = false;
  dataset.tight = whole.scrollHeight > whole.clientHeight;
}
