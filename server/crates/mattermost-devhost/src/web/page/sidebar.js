// Channels, conversations, who acts, and how the plugins are.
import { byId, element } from "./dom.js";
import { session } from "./api.js";

export const people = { users: [], channels: [] };

const seen = new Map();

const states = ["not running", "starting", "running", "failed to start", "failed to stay running", "stopping"];

export function markSeen(id, time) {
  seen.set(`${session.user} ${id}`, time);
}

function isUnread(id, time, current) {
  return id !== current && time > (seen.get(`${session.user} ${id}`) ?? 0);
}

let shown;

export function showSidebar(state, current, choose) {
  // An unchanged sidebar keeps its focus.
  const text = JSON.stringify([{ ...state, time: 0 }, current, [...seen]]);
  if (text === shown) return;
  shown = text;
  people.users = state.users;
  people.channels = state.channels;
  byId("team").textContent = state.team;
  byId("channels").replaceChildren(...state.channels.map((channel) =>
    entry("#", channel.display_name, channel.id === current, isUnread(channel.id, channel.last_post_at, current),
      () => choose(channel.name, channel.display_name))));
  const others = state.users.filter((user) => user.username !== session.user);
  byId("directs").replaceChildren(...others.map((user) =>
    entry("@", user.username, user.direct_channel === current && current !== undefined && current !== null,
      user.direct_channel && isUnread(user.direct_channel, user.direct_last_post_at, current),
      () => choose(`@${user.username}`, user.username), user.is_bot)));
  byId("plugins").replaceChildren(...state.plugins.map(plugin), ...(state.violations.length
    ? [element("div", { class: "plugin-state failed", title: state.violations.join("\n") }, element("span", { class: "dot" }),
      `${state.violations.length} violation${state.violations.length === 1 ? "" : "s"}, see the log`)] : []));
}

function plugin(status) {
  const kind = status.state === 2 ? "running" : status.state >= 3 ? "failed" : "waiting";
  return element("div", { class: `plugin-state ${kind}` }, element("span", { class: "dot" }),
    element("span", {}, `${status.name} ${status.version}: ${states[status.state] ?? status.state}`,
      status.error && element("span", { class: "problem" }, status.error)));
}

function entry(sign, name, current, unread, onclick, bot) {
  return element("li", {}, element("button", {
    type: "button", class: unread ? "unread" : "", "aria-current": current ? "page" : undefined, onclick,
  }, element("span", { class: "sign", "aria-hidden": "true" }, sign), name,
  unread && element("span", { class: "visually-hidden" }, "(unread)"), bot && element("span", { class: "tag" }, "BOT")));
}

export function showUsers(users, onChoose) {
  const select = byId("user");
  const names = users.filter((user) => !user.is_bot);
  select.replaceChildren(...names.map((user) => element("option", { value: user.username, selected: user.username === session.user },
    user.is_admin ? `${user.username} (administrator)` : user.username)));
  select.onchange = () => onChoose(select.value);
}
