/** A case as its reporter sees it: where it stands, what happened, its pictures. */

import { byId, element } from "../dom.js";
import { fetchEvidence } from "./api.js";
import { date, keyed, language, moment, say } from "./words.js";

const WAY = ["REGISTERED", "ACCEPTED", "DISPATCHED", "IN_PROGRESS", "RESOLVED", "AWAITING_FEEDBACK", "CLOSED"];
const STANDS_FOR = { VERIFYING: "REGISTERED", ARCHIVED: "CLOSED" };
const ASIDE = new Set(["REJECTED", "WITHDRAWN", "REFERRED", "MERGED", "VOIDED", "IMPORTED"]);
const BAD_END = new Set(["REJECTED", "VOIDED"]);

/** What people wrote in an event, in the order in which it is read. */
const WORDS = ["text", "question", "answer", "measures", "basis", "legalBasis", "remedy", "ground", "finding", "label", "publicReason"];

/** Events that say when the case is due from then on. */
const MOVING = /^case\.(resumed|extension_approved)$/;

export function showCase(found, labels, token) {
  const stage = labels.CaseStage[found.stage];
  const kept = byId("case").contains(document.activeElement);
  byId("case").replaceChildren(
    element("p", { className: "hint code" }, found.caseNo),
    element("h2", { tabIndex: -1 }, found.title ?? found.caseNo),
    element("p", { className: `stage${BAD_END.has(found.stage) ? " ended" : ""}` }, element("b", {}, stage), " ", say(`stage.${found.stage}`)),
    way(found, labels.CaseStage),
    ...(found.description ? [element("p", { className: "described" }, found.description)] : []),
    facts(found),
  );
  if (kept) byId("case").querySelector("h2").focus();
  byId("timeline").replaceChildren(...found.timeline.nodes.toReversed().map((event) => entry(event, labels)));
  pictures(found.evidence, token);
}

/** A small picture of the way a case goes, which reads as a list too. */
function way(found, names) {
  const at = STANDS_FOR[found.stage] ?? found.stage;
  let steps = WAY;
  if (ASIDE.has(found.stage)) steps = [...(found.acceptedAt ? WAY.slice(0, 2) : WAY.slice(0, 1)), found.stage];
  const here = steps.indexOf(at);
  const over = found.stage === "CLOSED" || found.stage === "ARCHIVED";
  const made = steps.map((step, place) => {
    const state = place < here || (over && place === here) ? "done" : place === here ? "now" : "ahead";
    const name = place === here ? names[found.stage] : names[step];
    const item = element("li", { className: state }, element("span", { className: "dot" }), element("span", { className: "name" }, name), element("span", { className: "unseen" }, `: ${say(`step.${state}`)}`));
    if (place === here) item.setAttribute("aria-current", "step");
    if (BAD_END.has(step)) item.classList.add("bad");
    return item;
  });
  const list = element("ol", { className: "way" }, ...made);
  list.setAttribute("aria-label", say("case.way"));
  return list;
}

function facts(found) {
  const type = found.type && (language === "zh" ? found.type.labelZh : found.type.labelEn);
  const rows = [
    ["case.type", type],
    ["case.area", found.location?.area?.name],
    ["case.unit", found.leadUnit?.name],
  ];
  const told = rows.filter(([, value]) => value).map(([key, value]) => element("div", {}, element("dt", {}, say(key)), element("dd", {}, value)));
  const list = element("dl", { className: "facts" }, ...told);
  return element("div", {}, list, element("p", { className: "hint" }, say("case.registered", { date: date(found.registeredAt) })));
}

function entry(event, labels) {
  const time = element("time", { dateTime: event.occurredAt }, moment(event.occurredAt));
  return element("li", {}, time, element("b", {}, event.label), ...said(event, labels).map((text) => element("p", {}, text)));
}

function said({ payload, type }, labels) {
  if (!payload || type === "case.registered") return [];
  const told = [];
  if (payload.outcome) told.push(labels.ResolutionOutcome[payload.outcome]);
  if (payload.status) told.push(labels.ExternalStatus[payload.status]);
  told.push(...WORDS.map((name) => payload[name]));
  if (payload.label?.[language]) told.push(payload.label[language]);
  if (payload.expectedResume) told.push(say("case.rests", { date: date(payload.expectedResume) }));
  if (payload.due && MOVING.test(type)) told.push(say("case.due", { date: date(payload.due) }));
  if (typeof payload.resolved === "boolean") told.push(say(payload.resolved ? "case.solved" : "case.notSolved"));
  if (payload.satisfaction) told.push(say(`rating.${payload.satisfaction}`));
  return told.filter((text) => typeof text === "string" && text);
}

/** The questions that wait for an answer: { number, question }. */
export function openQuestions(found) {
  const open = new Set(found.informationRequests.filter(({ state }) => state === "AWAITED").map(({ number }) => number));
  const asked = found.timeline.nodes.filter(({ type, payload }) => type === "case.information_requested" && open.has(payload?.number));
  return asked.map(({ payload }) => ({ number: payload.number, question: payload.question ?? "" }));
}

const painted = new Map();

function pictures(evidence, token) {
  byId("evidence").hidden = evidence.length === 0;
  byId("evidence").querySelector("ul").replaceChildren(...evidence.map((one) => picture(one, token)));
}

function picture(one, token) {
  const isPicture = one.mediaType.startsWith("image/");
  const label = one.label ?? say(isPicture ? "case.unnamed" : "case.paper");
  const told = say("case.evidenceOf", { label, date: date(one.addedAt) });
  const frame = element("div", { className: "frame" });
  const item = element("li", {}, frame, element("p", { className: "hint" }, told));
  if (isPicture) paint(one, label, token, frame);
  else frame.append(download(one, label, token));
  return item;
}

async function paint(one, label, token, frame) {
  try {
    if (!painted.has(one.id)) painted.set(one.id, URL.createObjectURL(await fetchEvidence(one.id, token)));
    const image = element("img", { src: painted.get(one.id), alt: label });
    frame.replaceChildren(image);
  } catch {
    frame.replaceChildren(keyed(element("p", { className: "hint" }), "case.notShown"));
  }
}

function download(one, label, token) {
  const button = keyed(element("button", { type: "button", className: "quiet framed" }), "case.show");
  button.setAttribute("aria-label", `${say("case.show")}: ${label}`);
  button.addEventListener("click", async () => {
    try {
      const address = URL.createObjectURL(await fetchEvidence(one.id, token));
      element("a", { href: address, download: one.label ?? "" }).click();
      setTimeout(() => URL.revokeObjectURL(address), 60_000);
    } catch (error) {
      button.replaceWith(element("p", { className: "hint" }, error.message));
    }
  });
  return button;
}

/** Nothing of a case that was closed stays in the browser's memory. */
export function forgetPictures() {
  for (const address of painted.values()) URL.revokeObjectURL(address);
  painted.clear();
}
