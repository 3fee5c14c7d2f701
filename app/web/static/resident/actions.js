/** What the reporter may do now: one folded form for each command that the case offers. */

import { byId, element } from "../dom.js";
import { Told, ask, handIn } from "./api.js";
import { openQuestions } from "./case.js";
import { COMMANDS } from "./documents.js";
import { Sendings, onSend, values } from "./forms.js";
import { keyed, say } from "./words.js";

const TEXT = { rows: 4, maxLength: 5000 };
const RATINGS = [1, 2, 3, 4, 5];
const TYPES = "image/jpeg,image/png,image/webp,image/gif,application/pdf";

/** The commands in the order in which they are offered, and how each form is filled in. */
const FORMS = {
  receiveInformation: { parts: () => [area("receiveInformation", "answer", true)], read: (said, asked) => ({ ...said, number: asked.number }) },
  recordFeedback: { parts: feedback, read: ({ resolved, satisfaction }) => ({ contacted: true, resolved: resolved === "yes", satisfaction: Number(satisfaction) }) },
  addNote: { parts: () => [area("addNote", "text", true)] },
  addEvidence: { parts: evidence },
  urgeCase: { parts: () => [area("urgeCase", "text", false)] },
  fileAppeal: { parts: () => [area("fileAppeal", "ground", true)] },
  reopenCase: { parts: () => [area("reopenCase", "ground", true)] },
  withdrawCase: { parts: withdrawal, read: ({ reason }) => ({ reason }) },
};
const OPEN_AT_ONCE = new Set(["receiveInformation", "recordFeedback"]);

const sendings = new Sendings();
let page = null;
let offered = "";

/** given: { token(), current(), refresh(), ended(error) }. */
export function setUpActions(given) {
  page = given;
}

export function showActions(found) {
  const enabled = found.allowedActions.filter((action) => action.command in FORMS && action.enabled);
  const wanted = Object.keys(FORMS).flatMap((command) => {
    if (!enabled.some((action) => action.command === command)) return [];
    return command === "receiveInformation" ? openQuestions(found).map((asked) => ({ command, asked })) : [{ command }];
  });
  byId("no-actions").hidden = wanted.length > 0;
  explain(found);
  // What is being typed stays where news does not change what is offered.
  const key = JSON.stringify([found.caseId, wanted]);
  if (offered === key && byId("actions").children.length) return;
  offered = key;
  const old = new Map([...byId("actions").children].map((form) => [form.dataset.key, form]));
  byId("actions").replaceChildren(...wanted.map((one) => old.get(keyOf(found, one)) ?? action(found, one)));
}

const keyOf = (found, { command, asked }) => `${found.caseId} ${command} ${asked?.number ?? ""}`;

function explain(found) {
  const blocked = found.allowedActions.filter(({ command, enabled, blockedBy }) => command in FORMS && command !== "receiveInformation" && !enabled && blockedBy.length);
  byId("blocked").hidden = blocked.length === 0;
  byId("blocked").querySelector("ul").replaceChildren(...blocked.map(reasons));
}

/** The service names a command as the API does; here it has a name for people. */
function reasons({ command, blockedBy }) {
  const name = say(`do.${command}`);
  return element("li", {}, element("b", {}, name), `: ${blockedBy.map(({ message }) => message.replaceAll(command, say("do.this"))).join(" ")}`);
}

function action(found, { command, asked }) {
  const button = keyed(element("button", { type: "submit", className: "primary" }), sendWords(command));
  const told = element("div", { className: "told" });
  told.setAttribute("role", "alert");
  const question = asked ? [element("p", { className: "asked" }, asked.question)] : [];
  const form = element("form", { noValidate: true }, ...question, ...FORMS[command].parts(), told, button);
  const summary = keyed(element("summary"), `do.${command}`);
  const folded = element("details", { className: "action", open: OPEN_AT_ONCE.has(command) }, summary, form);
  folded.dataset.key = keyOf(found, { command, asked });
  onSend(form, () => send(command, asked, form), page.ended);
  return folded;
}

function sendWords(command) {
  return say(`do.${command}.send`) === `do.${command}.send` ? "do.send" : `do.${command}.send`;
}

async function send(command, asked, form) {
  const { caseId } = page.current();
  if (command === "addEvidence") await sendFile(caseId, form);
  else {
    const read = FORMS[command].read ?? ((said) => said);
    const said = { caseId, ...read(values(form), asked) };
    await ask(COMMANDS[command], { input: { ...said, commandId: sendings.idOf([command, said]) } }, page.token());
  }
  // The same words on another day are another command.
  sendings.forget();
  form.reset();
  form.closest("details").open = false;
  const notice = keyed(element("p", { className: "notice good" }), "do.done");
  byId("done").replaceChildren(notice);
  offered = "";
  await page.refresh();
  byId("do-title").focus();
}

async function sendFile(caseId, form) {
  const file = form.elements.file.files[0];
  const said = { ...values(form) };
  const id = sendings.idOf([caseId, file.name, file.size, file.lastModified, said]);
  try {
    await handIn(caseId, file, { ...said, commandId: id }, page.token());
  } catch (error) {
    // It was not the service that refused, and a file is no content of a form that we can mark.
    throw error instanceof Told ? error : new Told(say("error.unknown"));
  }
}

function field(id, words, control, needed, hint = null) {
  const label = element("label", { htmlFor: id }, keyed(element("span"), words), " ", needed ? keyed(element("span", { className: "hint" }), "form.required") : null);
  return element("div", { className: "field" }, label, Object.assign(control, { id, required: needed }), hint);
}

function area(command, name, needed) {
  return field(`do-${command}-${name}`, `do.${command}.${name}`, element("textarea", { name, ...TEXT }), needed);
}

function evidence() {
  const hint = keyed(element("p", { className: "hint", id: "do-file-hint" }), "do.addEvidence.hint");
  const file = element("input", { type: "file", name: "file", accept: TYPES });
  file.setAttribute("aria-describedby", "do-file-hint");
  return [
    field("do-file", "do.addEvidence.file", file, true, hint),
    field("do-label", "do.addEvidence.label", element("input", { name: "label", maxLength: 200 }), false),
  ];
}

function choices(name, words, options) {
  const made = options.map(([value, key]) => element("label", { className: "choice" }, element("input", { type: "radio", name, value, required: true }), keyed(element("span"), key)));
  return element("fieldset", { className: "field" }, keyed(element("legend"), words), element("div", { className: "choices" }, ...made));
}

function feedback() {
  const rated = RATINGS.toReversed().map((rating) => [String(rating), `rating.${rating}`]);
  return [
    choices("resolved", "do.recordFeedback.resolved", [["yes", "form.yes"], ["no", "form.no"]]),
    choices("satisfaction", "do.recordFeedback.satisfaction", rated),
  ];
}

function withdrawal() {
  const sure = element("label", { className: "choice" }, element("input", { type: "checkbox", name: "sure", value: "yes", required: true }), keyed(element("span"), "do.withdrawCase.sure"));
  return [field("do-reason", "do.withdrawCase.reason", element("input", { name: "reason", maxLength: 1000 }), false), element("div", { className: "field" }, sure)];
}
