// The picture of what runs: from the computer up to the applications, as the engine tells it.
"use strict";

const SVG = "http://www.w3.org/2000/svg";
const NARROW = 380;
const EACH = 112;  // what a container takes where there are many
const FEW = 3;
const FLOOR = 300;
const BARS = [["engine", 300], ["system", 334], ["machine", 368]];
const HIGH = 32;
const LEAVING = 500;
const PROGRAMS = 3;
const SMALLEST = 11;
const ORDER = ["local", "registry", "proxy", "engine", "release"];
const picture = { svg: null, boxes: new Map(), key: "" };

function drawn(name, attributes, text = "") {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  if (text) element.textContent = text;
  return element;
}

function box(x, y, width, height, kind, text, size = 15) {
  const group = drawn("g", { class: kind });
  group.append(drawn("rect", { x, y, width, height, rx: 5 }));
  const label = drawn("text", { x: x + width / 2, y: y + height / 2 + size * 0.36, "font-size": size }, text);
  fit(label, width - 6, text, size);
  group.append(label);
  return group;
}

const cells = (letter) => (letter > "\u2e80" ? 1 : 0.58);  // of a letter's height; Japanese is wide

/** Set a label smaller where its box is too narrow, and cut it where it could not be read then. */
function fit(label, width, text, size) {
  const wide = [...text].reduce((sum, letter) => sum + cells(letter), 0);
  const chosen = Math.max(Math.min(size, width / Math.max(wide, 1)), SMALLEST);
  label.setAttribute("font-size", chosen.toFixed(1));
  let room = width / chosen;
  const kept = [...text].filter((letter) => (room -= cells(letter)) >= 0);
  if (kept.length < text.length) label.textContent = `${kept.slice(0, -1).join("")}…`;
}

function canvas() {
  if (!picture.svg) {
    picture.svg = drawn("svg", { role: "img" });
    const marker = drawn("marker", {
      id: "arrow", viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 7, markerHeight: 7, orient: "auto",
    });
    marker.append(drawn("path", { d: "M0 0L8 4L0 8z" }));
    const defs = drawn("defs", {});
    defs.append(marker);
    picture.svg.append(defs, drawn("g", { id: "bars" }), drawn("g", { id: "arrows" }), drawn("g", { id: "boxes" }));
    byId("picture").append(picture.svg);
  }
  return picture.svg;
}

const isMachine = (each) => each.programs.some((name) => name.startsWith("qemu-system-"));
const isEngine = (each) => each.programs.includes("dockerd");
const serves = (name) => /^(apache2|httpd|nginx|php)/.test(name);
const own = (each) => [...each.programs].sort((one, other) => serves(other) - serves(one)).slice(0, PROGRAMS);

/** Return what stands in a container, from the bottom up: its kind and its text. */
function stack(state, each) {
  const layers = [];
  if (each.system) layers.push(["files", each.system.replace("GNU/Linux ", "").replace(/ \(.*/, "")]);
  const inside = Object.values(state.hosts).filter((host) => host.inside === each.name);
  if (isMachine(each)) {
    layers.push(["software", "QEMU"], ["guest", word(state, "guest")]);
    inside.forEach(() => layers.push(["inner", word(state, "application")]));
  }
  if (isEngine(each)) {
    layers.push(["software", "dockerd"]);
    inside.forEach(({ name }) => layers.push(["inner", name === each.name ? word(state, "application") : name]));
  }
  if (each.php && !isMachine(each)) layers.push(["php", `PHP ${each.php}`]);
  if (!isMachine(each) && !isEngine(each)) own(each).forEach((name) => layers.push(["program", name]));
  return layers;
}

/** Tell whether this layer is another one in the other of the two servers. */
function differs(state, each, kind, text) {
  const pair = state.running.containers.filter(({ name }) => ["local", "release"].includes(name));
  const other = pair.find(({ name }) => name !== each.name);
  if (pair.length < 2 || !pair.includes(each) || !other.system) return false;
  return !stack(state, other).some(([theirs, same]) => theirs === kind && same === text);
}

const tall = (layers) => 36 + layers.length * 30;

function column(state, each, width) {
  const group = drawn("g", {});
  const layers = stack(state, each);
  const height = tall(layers);
  group.append(box(0, -height, width, height, "shell", ""));
  const name = drawn("text", { x: width / 2, y: -height + 23, class: "name" }, each.name);
  fit(name, width - 8, each.name, 17);
  group.append(name);
  layers.forEach(([kind, text], number) => {
    const unlike = differs(state, each, kind, text);
    const label = unlike ? `≠ ${text}` : text;
    group.append(box(5, -6 - (number + 1) * 30 + 4, width - 10, 26, `${kind}${unlike ? " differs" : ""}`, label));
  });
  return group;
}

function bars(state, width) {
  const told = { engine: state.running.engine, system: state.running.system, machine: "" };
  return BARS.map(([name, y]) =>
    box(4, y, width - 8, HIGH, name, [word(state, name), told[name].replace(/ \(.*/, "")].filter(Boolean).join(" · ")));
}

/** Return a chip for each image, and an arrow from it to whatever runs of it. */
function images(state, spots, wide) {
  const found = [];
  const users = Map.groupBy(spots, ({ each }) => each.image);
  for (const [image, used] of users) {
    if (!image) continue;
    const middle = used.reduce((sum, { x, width }) => sum + x + width / 2, 0) / used.length;
    const chip = Math.min(138, (wide - 16) / users.size - 6);
    const left = Math.min(Math.max(middle - chip / 2, 4), wide - chip - 4);
    const short = image.replace(/^.*sha256:/, "").slice(0, 7);
    found.push(box(left, FLOOR - 42, chip, 28, "image", `${word(state, "image")} ${short}`, 14));
    used.forEach(({ x, width }) => found.push(drawn("path", {
      class: "arrow", "marker-end": "url(#arrow)",
      d: `M${left + chip / 2} ${FLOOR - 42}L${x + width / 2} ${FLOOR - 66}`,
    })));
  }
  return found;
}

/** Return the way of an image through the registry to the engine that pulls it from there. */
function shipped(state, spots) {
  const at = (name) => spots.find(({ each }) => each.name === name);
  const [here, registry, there] = [at("local"), at("registry"), spots.find(({ each }) => isEngine(each))];
  const ways = [[here, registry], [registry, there]].filter(([from, to]) => from && to);
  return ways.map(([from, to]) => {
    const [begin, end] = [from.x + from.width / 2, to.x + to.width / 2];
    const [low, high] = [from, to].map(({ each }) => FLOOR - 70 - tall(stack(state, each)));
    const top = Math.min(low, high) - 40;
    return drawn("path", {
      class: "arrow way", "marker-end": "url(#arrow)",
      d: `M${begin} ${low}C${begin} ${top} ${end} ${top} ${end} ${high}`,
    });
  });
}

function leave(name, group) {
  group.classList.add("leaving");
  picture.boxes.delete(name);
  setTimeout(() => group.remove(), LEAVING);
}

function renderPicture(state) {
  write(byId("runs"), word(state, state.running?.containers.length ? "runs" : "rests"));
  const key = JSON.stringify([state.running, word(state, "runs"), Object.keys(state.hosts)]);
  if (key === picture.key) return;
  picture.key = key;
  const svg = canvas();
  const running = state.running ?? { system: "", engine: "", containers: [] };
  state.running = running;
  const placed = ({ name }) => (ORDER.indexOf(name) + 1 || ORDER.length + 1);
  const ordered = [...running.containers].sort((one, other) => placed(one) - placed(other));
  const several = ordered.length;
  const wide = several > FEW ? several * EACH + 8 : NARROW;
  const width = Math.min(150, (wide - 8) / Math.max(several, 1) - 8);
  const first = (wide - several * (width + 8) + 8) / 2;
  const spots = ordered.map((each, number) => ({ each, width, x: first + number * (width + 8) }));
  svg.setAttribute("viewBox", `0 0 ${wide} 404`);
  document.body.dataset.many = several > FEW;
  svg.querySelector("#bars").replaceChildren(...bars(state, wide));
  svg.querySelector("#arrows").replaceChildren(...images(state, spots, wide), ...shipped(state, spots));
  svg.setAttribute("aria-label", [word(state, "runs"), ...running.containers.map(({ name }) => name)].join(" "));
  for (const { each, x } of spots) {
    let group = picture.boxes.get(each.name);
    if (!group) {
      group = drawn("g", { class: "container entering" });
      svg.querySelector("#boxes").append(group);
      picture.boxes.set(each.name, group);
      requestAnimationFrame(() => requestAnimationFrame(() => group.classList.remove("entering")));
    }
    group.style.transform = `translate(${x}px, ${FLOOR - 68}px)`;
    group.replaceChildren(column(state, each, width));
  }
  const names = new Set(running.containers.map(({ name }) => name));
  for (const [name, group] of [...picture.boxes]) if (!names.has(name)) leave(name, group);
}
