// Markdown blocks as elements: a subset of what Mattermost shows. No text is ever parsed as HTML.
import { element } from "./dom.js";
import { inline } from "./inline.js";

export function markdown(text) {
  const box = element("div", { class: "markdown" });
  box.append(...blocks(text.replace(/\r\n?/g, "\n").split("\n"), 0));
  return box;
}

function blocks(lines, depth) {
  const nodes = [];
  let paragraph = [];
  const flush = () => {
    if (paragraph.length) nodes.push(element("p", {}, ...inline(paragraph.join("\n"))));
    paragraph = [];
  };
  let index = 0;
  while (index < lines.length) {
    const line = lines[index];
    const block = depth < 6 && (code(lines, index) || heading(line) || rule(line) || quote(lines, index, depth)
      || table(lines, index) || list(lines, index, depth));
    if (block) {
      flush();
      nodes.push(block.node);
      index += block.lines;
    } else {
      if (line.trim() === "") flush();
      else paragraph.push(line);
      index += 1;
    }
  }
  flush();
  return nodes;
}

function code(lines, start) {
  const fence = /^ {0,3}(`{3,}|~{3,})\s*([\w+#.-]*)/.exec(lines[start]);
  if (!fence) return undefined;
  let end = start + 1;
  while (end < lines.length && !lines[end].trimStart().startsWith(fence[1])) end += 1;
  const text = lines.slice(start + 1, end).join("\n");
  const language = fence[2] && element("span", { class: "language" }, fence[2]);
  return { node: element("pre", { tabindex: "0" }, element("code", {}, text), language), lines: end - start + 1 };
}

function heading(line) {
  const match = /^ {0,3}(#{1,6})\s+(.+?)\s*#*$/.exec(line);
  return match && { node: element(`h${match[1].length}`, {}, ...inline(match[2])), lines: 1 };
}

function rule(line) {
  return /^ {0,3}([-*_])( *\1){2,} *$/.test(line) && { node: element("hr"), lines: 1 };
}

function quote(lines, start, depth) {
  if (!/^ {0,3}>/.test(lines[start])) return undefined;
  let end = start;
  while (end < lines.length && /^ {0,3}>/.test(lines[end])) end += 1;
  const inner = lines.slice(start, end).map((line) => line.replace(/^ {0,3}> ?/, ""));
  return { node: element("blockquote", {}, ...blocks(inner, depth + 1)), lines: end - start };
}

function cells(line) {
  const inner = line.trim().replace(/^\|/, "").replace(/(^|[^\\])\|$/, "$1");
  return inner.split(/(?<!\\)\|/).map((cell) => cell.trim().replace(/\\\|/g, "|"));
}

function table(lines, start) {
  const ruler = lines[start + 1];
  if (!lines[start].includes("|") || !ruler || !/^ *\|? *:?-+:? *(\| *:?-+:? *)*\|? *$/.test(ruler)) return undefined;
  const sides = cells(ruler).map((cell) => {
    if (/^:-+:$/.test(cell)) return "center";
    return /-:$/.test(cell) ? "right" : undefined;
  });
  const row = (line, name) => element("tr", {}, cells(line).slice(0, sides.length).map((cell, column) =>
    element(name, { class: sides[column], scope: name === "th" ? "col" : undefined }, ...inline(cell))));
  let end = start + 2;
  while (end < lines.length && lines[end].includes("|") && lines[end].trim()) end += 1;
  const body = lines.slice(start + 2, end).map((line) => row(line, "td"));
  return {
    node: element("table", {}, element("thead", {}, row(lines[start], "th")), element("tbody", {}, body)),
    lines: end - start,
  };
}

const bullet = /^( *)([-*+]|\d{1,9}[.)])\s+(.*)$/;

function list(lines, start, depth) {
  const first = bullet.exec(lines[start]);
  if (!first) return undefined;
  const ordered = /\d/.test(first[2]);
  const items = [];
  let index = start;
  while (index < lines.length) {
    const match = bullet.exec(lines[index]);
    const indented = /^ {2,}\S/.test(lines[index]) || (match && match[1].length > first[1].length + 1);
    if (match && !indented && match[1].length <= first[1].length + 1) {
      if (/\d/.test(match[2]) !== ordered) break;
      items.push([match[3]]);
    } else if (indented && items.length) {
      items.at(-1).push(lines[index].slice(Math.min(first[1].length + 2, lines[index].search(/\S/))));
    } else if (lines[index].trim() === "" && bullet.test(lines[index + 1] || "")) {
      index += 1;
      continue;
    } else {
      break;
    }
    index += 1;
  }
  const nodes = items.map((item) => element("li", {}, listItem(item, depth)));
  const begin = ordered ? first[2].replace(/\D/g, "") : undefined;
  return { node: element(ordered ? "ol" : "ul", { start: begin === "1" ? undefined : begin }, nodes), lines: index - start };
}

function listItem(lines, depth) {
  const task = /^\[([ xX])\]\s+(.*)$/.exec(lines[0]);
  const head = task ? [element("input", { type: "checkbox", disabled: true, checked: task[1] !== " ", "aria-label": "Done" }), " "] : [];
  const text = task ? task[2] : lines[0];
  return [...head, ...inline(text), ...blocks(lines.slice(1), depth + 1)];
}
