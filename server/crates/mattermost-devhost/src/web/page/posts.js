// Posts of a channel or thread.
import { colorOf, element, notice, timeOf } from "./dom.js";
import { names } from "./inline.js";
import { markdown } from "./markdown.js";
import { attachments } from "./attachments.js";
import { post as send, session } from "./api.js";

const FIVE_MINUTES = 5 * 60 * 1000;

// What each box shows: an unchanged list is left alone, with its focus, selection and open menus.
const shown = new WeakMap();

export function clearPosts(box) {
  shown.delete(box);
  box.replaceChildren();
}

// Shows `posts`; `onThread` opens the thread of a post, and is missing inside of one.
export function showPosts(box, posts, onThread) {
  const text = JSON.stringify([session.user, posts]);
  if (shown.get(box) === text) return;
  shown.set(box, text);
  const atEnd = box.scrollHeight - box.scrollTop - box.clientHeight < 80;
  const nodes = [];
  let before;
  for (const post of posts) {
    if (!before || day(before) !== day(post)) nodes.push(element("div", { class: "day" }, day(post)));
    nodes.push(one(post, before, onThread));
    before = post;
  }
  if (!nodes.length) nodes.push(element("p", { class: "empty" }, "No messages yet. Type / for commands."));
  const focused = document.activeElement?.dataset?.action;
  box.replaceChildren(...nodes);
  if (focused) box.querySelector(`[data-action="${CSS.escape(focused)}"]`)?.focus();
  if (atEnd) box.scrollTop = box.scrollHeight;
}

function day(post) {
  return new Date(post.create_at).toLocaleDateString([], { weekday: "long", month: "long", day: "numeric" });
}

// What a plugin says to one user in that user's name is shown as the system's, as Mattermost does it.
function author(post) {
  if (post.props?.override_username) return post.props.override_username;
  return post.only_visible_to_you && !post.is_bot ? "System" : post.username || "System";
}

function one(post, before, onThread) {
  const same = before && author(before) === author(post) && before.only_visible_to_you === post.only_visible_to_you
    && before.root_id === post.root_id && post.create_at - before.create_at < FIVE_MINUTES;
  const name = author(post);
  const avatar = element("div", { class: post.is_bot ? "avatar bot" : "avatar", "aria-hidden": "true" }, name.slice(0, 2));
  avatar.style.setProperty("--avatar", colorOf(name));
  const head = element("div", { class: "head" },
    element("span", { class: "author" }, name),
    post.is_bot && element("span", { class: "tag" }, "BOT"),
    timeOf(post.create_at),
    post.only_visible_to_you && element("span", { class: "only-you" }, "(Only visible to you)"),
    edited(post));
  const body = element("div", {},
    same ? undefined : head,
    post.root_id && onThread && element("button", { type: "button", class: "link", onclick: () => onThread(post.root_id) }, "↪ In a thread"),
    post.message ? markdown(post.message) : undefined,
    same && edited(post),
    ...attachments(post),
    files(post),
    reactions(post),
    onThread && post.reply_count > 0 && !post.root_id
      && element("div", { class: "post-tools" }, element("button", { type: "button", class: "link", onclick: () => onThread(post.id) },
        post.reply_count === 1 ? "1 reply" : `${post.reply_count} replies`)));
  const classes = ["post", same && "same-author", post.only_visible_to_you && "ephemeral"].filter(Boolean).join(" ");
  return element("article", { class: classes, "data-post": post.id, "aria-label": `${name}: ${post.message.slice(0, 80)}` },
    same ? element("span") : avatar, body, tools(post, onThread));
}

function edited(post) {
  return post.edit_at > 0 && element("span", { class: "edited only-you" }, "Edited");
}

function tools(post, onThread) {
  if (post.only_visible_to_you) return undefined;
  const quick = ["+1", "white_check_mark", "eyes"].map((emoji) => element("button", {
    type: "button", title: `React with :${emoji}:`, "aria-label": `React with ${emoji}`, onclick: () => react(post, emoji, false),
  }, names.emoji[emoji] || emoji));
  const reply = onThread && element("button", { type: "button", onclick: () => onThread(post.root_id || post.id) }, "Reply");
  return element("div", { class: "hover-tools" }, ...quick, reply);
}

async function react(post, emoji, remove) {
  try {
    await send("/api/reaction", { post_id: post.id, emoji, remove });
  } catch (error) {
    notice(error.message);
  }
}

function reactions(post) {
  if (!post.reactions.length) return undefined;
  return element("div", { class: "reactions" }, post.reactions.map(({ emoji, users }) => {
    const mine = users.includes(session.user);
    return element("button", {
      type: "button", "aria-pressed": String(mine), title: users.join(", "), onclick: () => react(post, emoji, mine),
    }, `${names.emoji[emoji] || `:${emoji}:`} ${users.length}`);
  }));
}

function files(post) {
  if (!post.files.length) return undefined;
  return element("div", { class: "files" }, post.files.map((file) => element("a", { href: `/api/files/${file.id}`, download: file.name },
    `📄 ${file.name} `, element("span", { class: "size" }, size(file.size)))));
}

function size(bytes) {
  const units = ["bytes", "kB", "MB", "GB"];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) { value /= 1000; unit += 1; }
  return `${unit ? value.toFixed(1) : value} ${units[unit]}`;
}
