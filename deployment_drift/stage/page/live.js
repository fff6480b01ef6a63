// The live page: what happens comes as server-sent events, and keys go back with the token.
"use strict";

const KEYS = {
  Enter: "next", " ": "next", PageDown: "next", ArrowRight: "next",
  PageUp: "back", ArrowLeft: "back", b: "back",
};

function token() {
  if (location.hash.length > 1) {
    sessionStorage.setItem("token", location.hash.slice(1));
    history.replaceState(null, "", location.pathname);  // it is nobody's in the audience
  }
  return sessionStorage.getItem("token") ?? "";
}

// A browser gives up what it sends when a container's start changes the machine's interfaces: the
// key is sent again, under the same number, which the server takes once.
async function send(pressed, entitled, tries = 4) {
  const headers = { "X-Token": entitled, "X-Press": crypto.randomUUID() };
  for (let left = tries; ; left -= 1) {
    try {
      return await fetch("/key", { method: "POST", headers, body: pressed });
    } catch (error) {
      if (left <= 1) throw error;
      await new Promise((wait) => setTimeout(wait, 50));
    }
  }
}

function start() {
  const entitled = token();
  const state = beginning();
  let drawn = false;
  const draw = () => {
    drawn = false;
    render(state);
  };
  const soon = () => {
    if (!drawn) requestAnimationFrame(draw);
    drawn = true;
  };
  const source = new EventSource("/events");
  source.onmessage = ({ data }) => {
    const message = JSON.parse(data);
    hear(state, message);
    state.lost = false;
    if (message.kind === "over") source.close();
    soon();
  };
  source.onerror = () => {
    state.lost = !state.over;
    soon();
  };
  addEventListener("keydown", (event) => {
    const pressed = KEYS[event.key] ?? event.key;
    if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
    if (!/^(next|back|[cdlpqrs?]|[0-9])$/.test(pressed)) return;
    event.preventDefault();
    send(pressed, entitled).then((answer) => {
      if (answer.status === 403) state.failed = word(state, "token");
      soon();
    }, source.onerror);
  });
  setInterval(soon, 1000);
}

start();
