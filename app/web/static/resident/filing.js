/** Bring a request: the form, the questions of its type, the receipt. */

import { byId, element } from "../dom.js";
import { ask } from "./api.js";
import { OPEN, REGISTER, TYPES } from "./documents.js";
import { Sendings, onSend, values } from "./forms.js";
import { keyed, language, onLanguage, say } from "./words.js";

const sendings = new Sendings();
const known = new Map();
let point = null;
let receipt = null;
let chosen = null;

const form = byId("file");
const named = (thing) => (language === "zh" ? thing.labelZh ?? thing.labelEn : thing.labelEn ?? thing.labelZh) ?? thing.code ?? thing.name;

/** opened: called with the access to a case that somebody wants to follow at once. */
export function setUpFiling(opened) {
  onSend(form, send);
  byId("locate").addEventListener("click", locate);
  byId("unlocate").addEventListener("click", () => place(null, null));
  byId("receipt-copy").addEventListener("click", copy);
  byId("receipt-print").addEventListener("click", () => print());
  byId("receipt-another").addEventListener("click", another);
  byId("receipt-follow").addEventListener("click", () => follow(opened));
  // Whoever closes their case leaves nothing behind on this screen.
  byId("leave").addEventListener("click", () => receipt && another());
  onLanguage(rename);
  choose(null, 0);
}

async function send() {
  const said = { channel: "WEB", ...values(form) };
  if (chosen) said.typeCode = chosen.code;
  if (said.fields) said.fields = typed(said.fields);
  if (point) said.point = point;
  const { done } = await ask(REGISTER, { input: { ...said, commandId: sendings.idOf(said) } });
  receipt = { caseNo: done.case.caseNo, trackingCode: done.trackingCode };
  byId("receipt-number").value = receipt.caseNo;
  byId("receipt-code").value = receipt.trackingCode;
  byId("receipt-told").textContent = "";
  form.hidden = true;
  byId("receipt").hidden = false;
  byId("receipt").querySelector("h2").focus();
}

async function copy() {
  const text = `${say("receipt.number")} ${receipt.caseNo}\n${say("receipt.code")} ${receipt.trackingCode}`;
  try {
    await navigator.clipboard.writeText(text);
    byId("receipt-told").textContent = say("receipt.copied");
  } catch {
    // Not offered to pages that came without https: then as browsers did it before.
    getSelection().selectAllChildren(byId("receipt").querySelector("dl"));
    const copied = document.execCommand("copy");
    byId("receipt-told").textContent = say(copied ? "receipt.copied" : "receipt.notCopied");
  }
}

async function follow(opened) {
  try {
    const { done } = await ask(OPEN, { input: receipt });
    opened({ ...done, caseNo: receipt.caseNo });
  } catch (error) {
    byId("receipt-told").textContent = error.message;
  }
}

function another() {
  sendings.forget();
  receipt = null;
  form.reset();
  place(null, null);
  choose(null, 0);
  for (const id of ["receipt-number", "receipt-code"]) byId(id).value = "";
  byId("receipt").hidden = true;
  form.hidden = false;
  byId("file-title").focus();
}

function locate() {
  if (!navigator.geolocation) {
    place(null, "file.notLocated");
    return;
  }
  place(null, "file.locating");
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => place({ latitude: coords.latitude, longitude: coords.longitude }, "file.located"),
    () => place(null, "file.notLocated"),
    { enableHighAccuracy: true, timeout: 15_000 },
  );
}

function place(found, words) {
  point = found;
  byId("unlocate").hidden = found === null;
  if (words) keyed(byId("located"), words);
  else {
    delete byId("located").dataset.word;
    byId("located").textContent = "";
  }
}

/** The types right below one. Without a catalogue, or without a connection, there is no picker. */
async function below(parent) {
  if (!known.has(parent)) {
    try {
      known.set(parent, (await ask(TYPES, { parent })).caseTypes.nodes);
    } catch {
      return [];
    }
  }
  return known.get(parent);
}

/** Choose a type at a depth of the picker: what is below it may be chosen next. */
async function choose(type, depth) {
  const picker = byId("type-picker");
  while (picker.children.length > depth) picker.lastChild.remove();
  chosen = type;
  questions();
  if (type?.isLeaf) return;
  const types = await below(type?.code ?? null);
  if (depth === 0) byId("file-types").hidden = types.length === 0;
  if (types.length === 0 || chosen !== type || picker.children.length > depth) return;
  picker.append(select(types, depth, type));
}

function select(types, depth, above) {
  const id = `type-${depth}`;
  const made = element("select", { id });
  made.append(keyed(element("option", { value: "" }), "file.typeOpen"));
  for (const type of types) made.append(option(type));
  made.addEventListener("change", () => choose(types.find((type) => type.code === made.value) ?? above, depth + 1));
  const label = keyed(element("label", { htmlFor: id }), depth === 0 ? "file.typeTop" : "file.typeBelow");
  return element("div", { className: "field" }, label, made);
}

function option(thing) {
  const made = element("option", { value: thing.code }, named(thing));
  made.named = thing;
  return made;
}

function questions() {
  byId("type-questions").replaceChildren(...(chosen?.fields ?? []).map(question));
}

function question(field) {
  const id = `question-${field.name}`;
  const text = element("span", {}, named(field));
  text.named = field;
  const needed = field.required ? keyed(element("span", { className: "hint" }), "form.required") : null;
  const label = element("label", { htmlFor: id }, text, " ", needed);
  const control = Object.assign(answer(field), { id, name: `fields.${field.name}`, required: field.required });
  return element("div", { className: "field" }, label, control);
}

function answer(field) {
  if (field.kind === "BOOLEAN" || field.kind === "CHOICE") {
    const made = element("select", {}, keyed(element("option", { value: "" }), "form.choose"));
    if (field.kind === "CHOICE") made.append(...field.choices.map(option));
    else for (const value of ["yes", "no"]) made.append(keyed(element("option", { value }), `form.${value}`));
    return made;
  }
  if (field.kind === "DATE") return element("input", { type: "date" });
  if (field.kind === "TEXT") return element("input", { maxLength: field.mostCharacters ?? 1000 });
  const made = element("input", { type: "number", step: field.kind === "INTEGER" ? "1" : "any" });
  if (field.minimum !== null) made.min = field.minimum;
  if (field.maximum !== null) made.max = field.maximum;
  return made;
}

/** What was typed, as the kinds of the questions want it. */
function typed(answers) {
  const read = { INTEGER: Number, NUMBER: Number, BOOLEAN: (value) => value === "yes" };
  return Object.fromEntries(chosen.fields.filter(({ name }) => name in answers).map(({ name, kind }) => [name, read[kind]?.(answers[name]) ?? answers[name]]));
}

function rename() {
  for (const place of form.querySelectorAll("option, label > span")) {
    if (place.named) place.textContent = named(place.named);
  }
}
