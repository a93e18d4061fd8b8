// Markdown within a line: emphasis, code, links, mentions, emoji.
import { element, isOwnAddress, safeAddress } from "./dom.js";

export const names = { emoji: {}, me: "" };

const escapable = /^[\\`*_{}[\]()#+\-.!|~<>:@&"'$%^,/;=?]/;

const named = { amp: "&", lt: "<", gt: ">", quot: '"' };

// Each rule looks at the start of the rest of the line and answers a node and its length.
const rules = [
  (rest) => {
    const match = /^\\(.)/s.exec(rest);
    return match && escapable.test(match[1]) && [match[1], 2];
  },
  // A character reference is the character and nothing more: it begins no markup.
  (rest) => {
    const match = /^&(?:#(\d{1,7})|(amp|lt|gt|quot));/.exec(rest);
    if (!match) return undefined;
    const code = Number(match[1]);
    return [match[2] ? named[match[2]] : String.fromCodePoint(code > 0 && code < 0x110000 ? code : 0xfffd), match[0].length];
  },
  (rest) => {
    const match = /^(`+)(?!`)([\s\S]*?[^`])\1(?!`)/.exec(rest);
    return match && [element("code", {}, match[2].replace(/^ (.+) $/s, "$1")), match[0].length];
  },
  (rest) => {
    const match = /^!\[([^\]]*)\]\(([^\s)]+)(?:\s+"[^"]*")?(?:\s*=\d*x?\d*)?\)/.exec(rest);
    if (!match) return undefined;
    const address = safeAddress(match[2]);
    if (!address) return [match[0], match[0].length];
    // Pictures of other hosts are not loaded: nothing on this page comes from outside.
    const picture = isOwnAddress(address)
      ? element("img", { src: address, alt: match[1] })
      : element("a", { href: address, rel: "noreferrer noopener", target: "_blank" }, `🖼 ${match[1] || address}`);
    return [picture, match[0].length];
  },
  (rest, depth) => {
    const match = /^\[((?:\\.|\[[^\]]*\]|[^\]\\])*)\]\(\s*<?((?:\\.|[^\s()<>\\]|\([^\s()]*\))+)>?(?:\s+"[^"]*")?\s*\)/.exec(rest);
    const address = match && safeAddress(match[2].replace(/\\(.)/g, "$1"));
    return address && [link(address, inline(match[1], depth + 1)), match[0].length];
  },
  (rest) => {
    const match = /^<?((?:https?:\/\/|www\.)[^\s<>]*[^\s<>.,:;"')\]!?*_~])>?/.exec(rest);
    if (!match) return undefined;
    const address = safeAddress(match[1].startsWith("www.") ? `http://${match[1]}` : match[1]);
    return address && [link(address, [match[1]]), match[0].length];
  },
  (rest, depth) => {
    const match = /^(\*\*\*|___)(?=\S)([\s\S]*?\S)\1/.exec(rest);
    return match && [element("strong", {}, element("em", {}, ...inline(match[2], depth + 1))), match[0].length];
  },
  (rest, depth) => {
    const match = /^(\*\*|__)(?=\S)([\s\S]*?\S)\1(?!\1)/.exec(rest);
    return match && [element("strong", {}, ...inline(match[2], depth + 1)), match[0].length];
  },
  (rest, depth, before) => {
    const match = /^\*(?=[^\s*])((?:\*\*[^*]+\*\*|[^*])*?[^\s*])\*(?!\*)/.exec(rest)
      || (!/\w$/.test(before) && /^_(?=[^\s_])((?:__|[^_])*?[^\s_])_(?!\w)/.exec(rest));
    return match && [element("em", {}, ...inline(match[1], depth + 1)), match[0].length];
  },
  (rest, depth) => {
    const match = /^~~(?=\S)([\s\S]*?\S)~~/.exec(rest);
    return match && [element("del", {}, ...inline(match[1], depth + 1)), match[0].length];
  },
  (rest, depth, before) => {
    const match = !/\w$/.test(before) && /^@([a-z0-9][a-z0-9._-]*)/i.exec(rest);
    if (!match) return undefined;
    const name = match[1].replace(/[._-]+$/, "").toLowerCase();
    const you = [names.me, "all", "channel", "here"].includes(name);
    return [element("span", { class: you ? "mention you" : "mention" }, `@${name}`), name.length + 1];
  },
  (rest, depth, before) => {
    const match = !/\w$/.test(before) && /^~([a-z0-9][a-z0-9_-]*)/.exec(rest);
    return match && [element("span", { class: "mention" }, match[0]), match[0].length];
  },
  (rest) => {
    const match = /^:([a-z0-9_+-]+):/i.exec(rest);
    const sign = match && names.emoji[match[1].toLowerCase()];
    return sign && [element("span", { class: "emoji", title: match[0] }, sign), match[0].length];
  },
  (rest) => rest.startsWith("\n") && [element("br"), 1],
];

function link(address, children) {
  return element("a", { href: address, rel: "noreferrer noopener", target: "_blank" }, ...children);
}

// Nodes for a text without blocks.
export function inline(text, depth = 0) {
  const nodes = [];
  let plain = "";
  let index = 0;
  const flush = () => { if (plain) nodes.push(plain); plain = ""; };
  while (index < text.length) {
    const rest = text.slice(index);
    let found;
    if (depth < 8 && /^[\\&`!*[<hw_~@:\n]/.test(rest)) {
      for (const rule of rules) {
        found = rule(rest, depth, text.slice(0, index));
        if (found) break;
      }
    }
    if (found) {
      if (typeof found[0] === "string") plain += found[0];
      else { flush(); nodes.push(found[0]); }
      index += found[1];
    } else {
      plain += text[index];
      index += 1;
    }
  }
  flush();
  return nodes;
}
