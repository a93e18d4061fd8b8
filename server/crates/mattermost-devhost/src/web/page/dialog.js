// Interactive dialogs.
import { element, isOwnAddress, notice } from "./dom.js";
import { markdown } from "./markdown.js";
import { get, post } from "./api.js";
import { people } from "./sidebar.js";

let shown;

// Shows the dialog that was opened last, when it is not shown already.
export async function showDialogs(channel) {
  const open = await get("/api/dialogs");
  const last = open.at(-1);
  if (!last) { shown?.box.close(); return; }
  const same = shown?.id === last.id && shown.form === JSON.stringify(last.dialog);
  if (!same) show(last, channel);
}

function show({ id, dialog }, channel) {
  const former = shown;
  shown = undefined;
  former?.box.remove();
  const problems = element("p", { class: "dialog-error", role: "alert" });
  const controls = dialog.elements.map((item, index) => field(item, `field-${index}`));
  const submit = element("button", { type: "submit", class: "primary" }, dialog.submit_label || "Submit");
  const cancel = element("button", { type: "button", class: "secondary" }, "Cancel");
  const icon = dialog.icon_url && isOwnAddress(dialog.icon_url) && element("img", { src: dialog.icon_url, alt: "" });
  const form = element("form", { novalidate: true },
    element("header", {}, icon, element("h2", { id: "dialog-title" }, dialog.title),
      element("button", { type: "button", class: "icon close", "aria-label": "Close" }, "×")),
    element("div", { class: "fields" },
      dialog.introduction_text && element("div", { class: "introduction" }, markdown(dialog.introduction_text)),
      controls.map((control) => control.node), problems),
    element("footer", {}, cancel, submit));
  const box = element("dialog", { "aria-labelledby": "dialog-title" }, form);
  shown = { id, box, form: JSON.stringify(dialog) };
  const leave = async () => {
    if (shown?.box === box) shown = undefined;
    box.remove();
    try {
      await post("/api/dialog", { channel, dialog_id: id, cancel: true });
    } catch (error) {
      notice(error.message);
    }
  };
  cancel.addEventListener("click", leave);
  form.querySelector(".close").addEventListener("click", leave);
  box.addEventListener("cancel", (event) => { event.preventDefault(); leave(); });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    submit.disabled = true;
    problems.textContent = "";
    const fields = Object.fromEntries(controls.map((control) => [control.name, control.value()]));
    try {
      const answer = await post("/api/dialog", { channel, dialog_id: id, fields });
      for (const control of controls) control.complain(answer.errors[control.name]);
      problems.textContent = answer.error;
      if (answer.closed) {
        if (shown?.box === box) shown = undefined;
        box.remove();
      } else {
        form.querySelector("[aria-invalid=true]")?.focus();
        await showDialogs(channel);
      }
    } catch (error) {
      problems.textContent = error.message;
    } finally {
      submit.disabled = false;
    }
  });
  document.body.append(box);
  box.showModal();
  form.querySelector("input, textarea, select")?.focus();
}

function field(item, id) {
  const note = [item.help_text && element("div", { class: "help", id: `${id}-help` }, markdown(item.help_text))];
  const error = element("div", { class: "error", id: `${id}-error`, role: "alert" });
  const label = [item.display_name, " ", item.optional
    ? element("span", { class: "optional" }, "(optional)")
    : element("span", { class: "required", "aria-hidden": "true" }, "*")];
  const described = [item.help_text && `${id}-help`, `${id}-error`].filter(Boolean).join(" ");
  const common = { id, name: item.name, "aria-describedby": described, "aria-required": String(!item.optional) };
  const { control, node, value } = make(item, common, label);
  const complain = (text) => {
    error.textContent = text || "";
    control.setAttribute("aria-invalid", String(Boolean(text)));
  };
  node.append(...note.filter(Boolean), error);
  return { name: item.name, node, value, complain };
}

function make(item, common, label) {
  switch (item.type) {
    case "textarea": {
      const control = element("textarea", { ...common, placeholder: item.placeholder });
      control.value = item.default;
      return { control, node: labelled(common.id, label, control), value: () => control.value };
    }
    case "select": {
      const control = element("select", { ...common, multiple: item.multiselect },
        item.multiselect ? [] : element("option", { value: "" }, item.placeholder || "Choose…"),
        choices(item).map((option) => element("option", { value: option.value }, option.text)));
      const defaults = item.multiselect ? item.default.split(",").map((value) => value.trim()) : [item.default];
      for (const option of control.options) option.selected = defaults.includes(option.value);
      const value = () => (item.multiselect ? [...control.selectedOptions].map((option) => option.value) : control.value || null);
      return { control, node: labelled(common.id, label, control), value };
    }
    case "radio": {
      const { id, ...rest } = common;
      const inputs = item.options.map((option) => element("label", { class: "choice" },
        element("input", { type: "radio", ...rest, value: option.value, checked: option.value === item.default }), option.text));
      const control = element("fieldset", { class: "field", id }, element("legend", {}, ...label), inputs);
      return { control, node: control, value: () => control.querySelector("input:checked")?.value ?? null };
    }
    case "bool": {
      const control = element("input", { type: "checkbox", ...common, checked: item.default === "true" });
      const node = element("fieldset", { class: "field" }, element("legend", {}, ...label),
        element("label", { class: "choice" }, control, item.placeholder || item.display_name));
      return { control, node, value: () => control.checked };
    }
    default: {
      const type = { date: "date", datetime: "datetime-local", password: "password", email: "email", number: "number", tel: "tel", url: "url" };
      const control = element("input", {
        ...common, type: type[item.type] || type[item.subtype] || "text", placeholder: item.placeholder, value: item.default,
        autocomplete: item.subtype === "password" ? "new-password" : "off",
      });
      return { control, node: labelled(common.id, label, control), value: () => control.value };
    }
  }
}

function labelled(id, label, control) {
  return element("div", { class: "field" }, element("label", { for: id }, ...label), control);
}

function choices(item) {
  if (item.data_source === "users") return people.users.map((user) => ({ text: `@${user.username}`, value: user.id }));
  if (item.data_source === "channels") return people.channels.map((channel) => ({ text: channel.display_name, value: channel.id }));
  return item.options || [];
}
