// Attachments of a post: colour bar, fields, buttons and menus.
import { element, isOwnAddress, notice, safeAddress } from "./dom.js";
import { inline } from "./inline.js";
import { markdown } from "./markdown.js";
import { post as send } from "./api.js";
import { people } from "./sidebar.js";

const colors = { good: "#3db887", warning: "#f5ab00", danger: "#d24b4e" };
const styles = { primary: "primary-style", good: "good-style", success: "good-style", danger: "danger-style", warning: "warning-style" };

export function attachments(post) {
  const list = post.props?.attachments;
  return Array.isArray(list) ? list.map((attachment) => show(post, attachment)) : [];
}

function show(post, attachment) {
  const box = element("div", { class: "attachment" });
  const color = colors[attachment.color] || (/^#[0-9a-f]{6}$/i.test(attachment.color || "") ? attachment.color : undefined);
  if (color) box.style.setProperty("--bar", color);
  if (attachment.author_name) {
    box.append(element("div", { class: "author-line" }, maybeLink(attachment.author_link, [attachment.author_name])));
  }
  if (attachment.title) {
    box.append(element("div", { class: "title" }, maybeLink(attachment.title_link, inline(attachment.title))));
  }
  if (attachment.text) box.append(markdown(attachment.text));
  if (attachment.fields?.length) box.append(fields(attachment.fields));
  if (attachment.image_url && isOwnAddress(attachment.image_url)) {
    box.append(element("img", { src: safeAddress(attachment.image_url), alt: "" }));
  }
  if (attachment.footer) box.append(element("div", { class: "footer" }, attachment.footer));
  if (attachment.actions?.length) {
    box.append(element("div", { class: "attachment-actions" }, attachment.actions.map((action) => control(post, action))));
  }
  const above = attachment.pretext ? [markdown(attachment.pretext)] : [];
  return element("div", {}, ...above, box);
}

function maybeLink(address, children) {
  const safe = address && safeAddress(address);
  return safe ? element("a", { href: safe, rel: "noreferrer noopener", target: "_blank" }, ...children) : element("span", {}, ...children);
}

function fields(list) {
  const grid = element("dl", { class: "attachment-fields" });
  for (const field of list) {
    const value = field.value === null || field.value === undefined ? "" : String(field.value);
    grid.append(element("div", { class: field.short ? "" : "wide" },
      element("dt", {}, ...inline(field.title || "")), element("dd", {}, markdown(value))));
  }
  return grid;
}

async function act(post, action, option, control) {
  control.disabled = true;
  try {
    await send("/api/action", { post_id: post.id, action: action.id, option });
  } catch (error) {
    notice(error.message);
  } finally {
    control.disabled = Boolean(action.disabled);
  }
}

function control(post, action) {
  if (action.type === "select") return menu(post, action);
  const button = element("button", {
    type: "button", class: styles[action.style], title: action.tooltip, disabled: action.disabled,
    "data-action": action.id,
  }, ...inline(action.name || ""));
  if (/^#[0-9a-f]{6}$/i.test(action.style || "")) button.style.color = action.style;
  button.addEventListener("click", () => act(post, action, "", button));
  return button;
}

function menu(post, action) {
  let options = action.options || [];
  if (action.data_source === "users") options = people.users.map((user) => ({ text: `@${user.username}`, value: user.id }));
  if (action.data_source === "channels") options = people.channels.map((channel) => ({ text: channel.display_name, value: channel.id }));
  const select = element("select", { "aria-label": action.name, disabled: action.disabled, "data-action": action.id },
    element("option", { value: "" }, action.name || "Choose…"),
    options.map((option) => element("option", { value: option.value, selected: option.value === action.default_option }, option.text)));
  select.addEventListener("change", () => select.value && act(post, action, select.value, select));
  return select;
}
