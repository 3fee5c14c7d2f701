/** What forms have in common: one sending at a time, one command id per content, refusals beside fields. */

import { element } from "../dom.js";
import { keyed } from "./words.js";

/** A form's values by name: `reporter.name` becomes `{ reporter: { name } }`; empty ones are left out. */
export function values(form) {
  const found = {};
  for (const [name, value] of new FormData(form)) {
    if (typeof value !== "string" || !value.trim()) continue;
    const path = name.split(".");
    const last = path.pop();
    path.reduce((place, key) => (place[key] ??= {}), found)[last] = value.trim();
  }
  return found;
}

/** The same content, sent again, is the same command: whatever became of the first sending. */
export class Sendings {
  #ids = new Map();

  idOf(said) {
    const key = JSON.stringify(said);
    if (!this.#ids.has(key)) this.#ids.set(key, freshId());
    return this.#ids.get(key);
  }

  forget() {
    this.#ids.clear();
  }
}

function freshId() {
  // randomUUID is there only on pages that came by https or from this machine.
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** Calls `send` when the form is sent and complete; shows what it throws. */
export function onSend(form, send, failed = () => {}) {
  const button = form.querySelector("button[type=submit]");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    clear(form);
    if (button.disabled || !complete(form)) return;
    const words = button.dataset.word;
    button.disabled = true;
    keyed(button, "form.sending");
    try {
      await send();
    } catch (error) {
      failed(error);
      tell(form, error);
    } finally {
      button.disabled = false;
      keyed(button, words);
    }
  });
}

function complete(form) {
  const missing = [...form.elements].filter((control) => control.willValidate && !control.validity.valid);
  for (const control of missing) {
    const words = control.validity.valueMissing ? "form.missing" : null;
    if (!control.closest(".field").querySelector(".wrong")) mark(control, control.validationMessage, words);
  }
  missing[0]?.focus();
  return missing.length === 0;
}

/** words: the key of what is said instead, which then follows the language. */
function sentence(className, message, words) {
  const made = element("p", { className }, message);
  return words ? keyed(made, words) : made;
}

function mark(control, message, words) {
  const id = `wrong-${control.id || control.name}`;
  control.setAttribute("aria-invalid", "true");
  control.setAttribute("aria-errormessage", id);
  control.closest(".field").append(Object.assign(sentence("wrong", message, words), { id }));
}

function clear(form) {
  form.querySelector(".told").replaceChildren();
  for (const wrong of form.querySelectorAll(".wrong")) wrong.remove();
  for (const control of form.querySelectorAll("[aria-invalid]")) {
    control.removeAttribute("aria-invalid");
    control.removeAttribute("aria-errormessage");
  }
}

/** By code, refusals that are about one control, and what is better said beside it; and by control. */
const BESIDE = { UNKNOWN_AREA: ["area", "file.noArea"], UNKNOWN_TYPE: ["typeCode", "file.noType"] };
const MISTYPED = { trackingCode: "follow.mistyped" };

function tell(form, error) {
  const [about, said] = BESIDE[error.code] ?? [];
  const name = about ?? error.path?.join(".");
  const words = said ?? MISTYPED[name];
  const control = name && [...form.elements].find((one) => one.name && (one.name === name || name.startsWith(`${one.name}.`)));
  if (control) {
    mark(control, error.message, words);
    control.focus();
  } else {
    form.querySelector(".told").replaceChildren(sentence("notice bad", error.message, words));
  }
}
