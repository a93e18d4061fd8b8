// The message box: posts, commands and what can be typed next.
import { element, notice } from "./dom.js";
import { get, post } from "./api.js";

let count = 0;

// Fills `box` with a message box; `place()` answers {channel, root_id}.
export function composer(box, label, place) {
  count += 1;
  const listId = `suggestions-${count}`;
  const list = element("ul", { class: "suggestions", role: "listbox", id: listId, "aria-label": "Commands", hidden: true });
  const text = element("textarea", {
    rows: "1", placeholder: label, "aria-label": label, role: "combobox", "aria-autocomplete": "list",
    "aria-controls": listId, "aria-expanded": "false", id: count === 1 ? "message" : undefined,
  });
  const form = element("form", {}, text, element("button", { type: "submit", class: "primary" }, "Send"));
  box.replaceChildren(list, form);
  const state = { text, list, form, place, suggestions: [], chosen: 0, asked: 0, history: [], at: 0 };
  text.addEventListener("input", () => { grow(text); suggest(state); });
  text.addEventListener("keydown", (event) => key(state, event));
  text.addEventListener("blur", () => setTimeout(() => { if (document.activeElement !== text) close(state); }, 150));
  form.addEventListener("submit", (event) => { event.preventDefault(); send(state); });
  return { focus: () => text.focus(), rename: (name) => { text.placeholder = name; text.setAttribute("aria-label", name); } };
}

function grow(text) {
  text.style.height = "auto";
  text.style.height = `${Math.min(text.scrollHeight, 220)}px`;
}

async function send(state) {
  const message = state.text.value;
  if (!message.trim()) return;
  const place = state.place();
  close(state);
  state.text.value = "";
  grow(state.text);
  state.history.push(message);
  state.at = state.history.length;
  try {
    if (message.startsWith("/")) await post("/api/command", { ...place, text: message });
    else await post("/api/posts", { ...place, message });
  } catch (error) {
    notice(error.message);
    if (!state.text.value) { state.text.value = message; grow(state.text); }
  }
}

async function suggest(state) {
  const typed = state.text.value;
  state.asked += 1;
  const turn = state.asked;
  if (!typed.startsWith("/") || typed.includes("\n")) { close(state); return; }
  try {
    const suggestions = await get("/api/autocomplete", { channel: state.place().channel, text: typed });
    if (turn !== state.asked) return;
    state.suggestions = suggestions;
    state.chosen = 0;
    draw(state);
  } catch (error) {
    close(state);
    notice(error.message);
  }
}

function draw(state) {
  const { list, text, suggestions } = state;
  list.replaceChildren(...suggestions.map((suggestion, index) => element("li", {
    role: "option", id: `${list.id}-${index}`, "aria-selected": String(index === state.chosen),
    onmousedown: (event) => { event.preventDefault(); take(state, index); },
  },
  suggestion.IconData?.startsWith("data:image/svg+xml;base64,") && element("img", { src: suggestion.IconData, alt: "" }),
  element("span", {},
    element("span", { class: "what" }, suggestion.Suggestion), " ", element("span", { class: "hint" }, suggestion.Hint),
    element("span", { class: "why" }, suggestion.Description)))));
  list.hidden = suggestions.length === 0;
  text.setAttribute("aria-expanded", String(!list.hidden));
  if (list.hidden) text.removeAttribute("aria-activedescendant");
  else {
    text.setAttribute("aria-activedescendant", `${list.id}-${state.chosen}`);
    list.children[state.chosen]?.scrollIntoView({ block: "nearest" });
  }
}

function close(state) {
  // An answer that is still on its way is not wanted any more.
  state.asked += 1;
  state.suggestions = [];
  draw(state);
}

function take(state, index) {
  const suggestion = state.suggestions[index];
  if (!suggestion?.Suggestion) return;
  const complete = `/${suggestion.Complete}`;
  state.text.value = complete.endsWith(" ") ? complete : `${complete} `;
  state.text.focus();
  grow(state.text);
  suggest(state);
}

function key(state, event) {
  const open = !state.list.hidden;
  const current = state.suggestions[state.chosen];
  const move = (step) => {
    event.preventDefault();
    state.chosen = (state.chosen + step + state.suggestions.length) % state.suggestions.length;
    draw(state);
  };
  if (open && event.key === "ArrowDown") move(1);
  else if (open && event.key === "ArrowUp") move(-1);
  else if (open && event.key === "Tab" && current?.Suggestion) { event.preventDefault(); take(state, state.chosen); }
  else if (open && event.key === "Escape") { event.preventDefault(); event.stopPropagation(); close(state); }
  else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    // Enter takes a half-typed word that a suggestion completes, otherwise it sends.
    const complete = current?.Suggestion && `/${current.Complete}`;
    if (open && complete && complete.trim() !== state.text.value.trim() && complete.startsWith(state.text.value.trimEnd())
      && !state.text.value.endsWith(" ")) take(state, state.chosen);
    else send(state);
  } else if (!open && event.key === "ArrowUp" && !state.text.value && state.history.length) {
    event.preventDefault();
    state.at = state.history.length - 1;
    state.text.value = state.history[state.at];
    grow(state.text);
  }
}
