// Puts the page together and keeps it up to date: every event leads to a fresh look at the server.
import { byId, notice } from "./dom.js";
import { get, listen, logIn, session } from "./api.js";
import { names } from "./inline.js";
import { clearPosts, showPosts } from "./posts.js";
import { composer } from "./composer.js";
import { showDialogs } from "./dialog.js";
import { markSeen, showSidebar, showUsers } from "./sidebar.js";
import { moreLogs, openLogs } from "./logs.js";

const view = { channel: "town-square", channelId: undefined, name: "Town Square", thread: undefined, logs: false };
let stop = () => {};
let composers;

async function refresh() {
  try {
    const { channel_id: id, posts } = await get(`/api/channels/${encodeURIComponent(view.channel)}/posts`);
    const moved = view.channelId !== id;
    view.channelId = id;
    markSeen(id, posts.at(-1)?.create_at ?? 0);
    if (moved) clearPosts(byId("posts"));
    showPosts(byId("posts"), posts, openThread);
    const state = await get("/api/state");
    showSidebar(state, id, choose);
    const current = state.channels.find((channel) => channel.id === id);
    const name = current?.display_name ?? view.name;
    byId("channel-name").textContent = name;
    composers.main.rename(`Write to ${name}`);
    byId("channel-note").textContent = current?.header ?? "";
    if (view.thread) {
      const thread = await get(`/api/threads/${view.thread}`);
      showPosts(byId("side-body"), thread.posts, undefined);
    }
    if (view.logs) await moreLogs(byId("side-body"));
    await showDialogs(id);
  } catch (error) {
    notice(error.message);
  }
}

// Many events in a row lead to one look.
let planned = false;
let running = false;
async function refreshSoon() {
  if (planned) return;
  planned = true;
  while (running) await new Promise((resolve) => { setTimeout(resolve, 20); });
  planned = false;
  running = true;
  try { await refresh(); } finally { running = false; }
}

function choose(channel, name) {
  Object.assign(view, { channel, name });
  closeSide();
  refreshSoon().then(() => composers.main.focus());
}

function openSide(title) {
  byId("side").hidden = false;
  byId("side-title").textContent = title;
  clearPosts(byId("side-body"));
}

function closeSide() {
  Object.assign(view, { thread: undefined, logs: false });
  byId("side").hidden = true;
}

function openThread(rootId) {
  Object.assign(view, { thread: rootId, logs: false });
  openSide("Thread");
  byId("side-composer").hidden = false;
  refreshSoon().then(() => composers.side.focus());
}

async function showLogs() {
  Object.assign(view, { thread: undefined, logs: true });
  openSide("Server log");
  byId("side-composer").hidden = true;
  await openLogs(byId("side-body"));
}

async function actAs(user) {
  stop();
  closeSide();
  if (view.channel === `@${user}`) Object.assign(view, { channel: "town-square", name: "Town Square" });
  await logIn(user);
  names.me = user;
  localStorage.setItem("devhost-user", user);
  stop = listen(refreshSoon, (connected) => {
    byId("connection").textContent = connected ? "" : "Connection lost, trying again…";
    // A server that was started again does not know the former session.
    if (connected) logIn(user).then(refreshSoon, (error) => notice(error.message));
  });
}

async function start() {
  composers = {
    main: composer(byId("composer"), `Write to ${view.name}`, () => ({ channel: view.channelId, root_id: "" })),
    side: composer(byId("side-composer"), "Reply to this thread", () => ({ channel: view.channelId, root_id: view.thread })),
  };
  byId("close-side").addEventListener("click", closeSide);
  byId("show-logs").addEventListener("click", showLogs);
  const wanted = new URLSearchParams(location.search);
  session.user = wanted.get("user") || localStorage.getItem("devhost-user") || "admin";
  if (wanted.get("channel")) Object.assign(view, { channel: wanted.get("channel"), name: wanted.get("channel") });
  names.emoji = await get("/api/emoji");
  const { users } = await get("/api/state");
  if (!users.some((user) => user.username === session.user && !user.is_bot)) session.user = "admin";
  showUsers(users, (user) => actAs(user).catch((error) => notice(error.message)));
  await actAs(session.user);
  composers.main.focus();
  // Logs and plugin states change without an event.
  setInterval(refreshSoon, 2000);
}

start().catch((error) => notice(error.message));
