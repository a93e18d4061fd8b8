// The server's log.
import { element } from "./dom.js";
import { get } from "./api.js";

let next = 0;
let list;

// Begins a new log view in `box`.
export async function openLogs(box) {
  next = 0;
  list = element("ol", { class: "log" });
  box.replaceChildren(list);
  await moreLogs(box);
}

export async function moreLogs(box) {
  if (!list?.isConnected) return;
  const atEnd = box.scrollHeight - box.scrollTop - box.clientHeight < 40;
  const lines = await get("/api/logs", { after: next });
  if (lines.length) list.querySelector(".empty")?.remove();
  else if (!list.children.length) list.append(element("li", { class: "empty" }, "The log is empty."));
  for (const line of lines) {
    if (line.number < next) continue;
    next = line.number + 1;
    list.append(show(line));
  }
  if (atEnd) box.scrollTop = box.scrollHeight;
}

function show(line) {
  const time = new Date(line.time).toLocaleTimeString([], { hour12: false });
  const fields = line.fields.map(([name, value]) => `${name}=${value}`).join(" ");
  return element("li", { class: line.level },
    element("time", {}, time), " ", element("span", { class: "level" }, line.level.toUpperCase()), " ",
    line.plugin_id && `[${line.plugin_id}${line.node ? ` #${line.node}` : ""}] `, line.message, " ",
    element("span", { class: "log-fields" }, fields));
}
