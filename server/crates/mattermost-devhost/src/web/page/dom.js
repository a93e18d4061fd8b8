// Small helpers to build elements. Text is always set as text, never parsed.

export function element(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (key === "class") node.className = value;
    else if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (value === true) node.setAttribute(key, "");
    else node.setAttribute(key, value);
  }
  node.append(...children.flat().filter((child) => child !== undefined && child !== null && child !== false));
  return node;
}

export function byId(id) {
  return document.getElementById(id);
}

// Only addresses of the web and of this page may become links.
export function safeAddress(text) {
  try {
    const url = new URL(text, location.href);
    return ["http:", "https:", "mailto:"].includes(url.protocol) ? url.href : undefined;
  } catch {
    return undefined;
  }
}

export function isOwnAddress(address) {
  return new URL(address, location.href).origin === location.origin;
}

let hideNotice;
export function notice(text) {
  const box = byId("notice");
  box.textContent = text;
  box.hidden = false;
  clearTimeout(hideNotice);
  hideNotice = setTimeout(() => { box.hidden = true; }, 8000);
}

export function timeOf(milliseconds) {
  const date = new Date(milliseconds);
  const text = date.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  return element("time", { datetime: date.toISOString(), title: date.toLocaleString() }, text);
}

// A colour for an avatar that stays the same for a name.
export function colorOf(name) {
  let hash = 0;
  for (const sign of name) hash = (hash * 31 + sign.codePointAt(0)) % 360;
  return `hsl(${hash} 38% 45%)`;
}
