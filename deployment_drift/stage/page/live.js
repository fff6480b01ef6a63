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
    if (!/^(next|back|[cdlpqr?]|[0-9])$/.test(pressed)) return;
    event.preventDefault();
    const headers = { "X-Token": entitled };
    fetch("/key", { method: "POST", headers, body: pressed }).then((answer) => {
      if (answer.status === 403) state.failed = word(state, "token");
      soon();
    }, source.onerror);
  });
  setInterval(soon, 1000);
}

start();
