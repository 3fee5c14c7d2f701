/** Follow a case: opened by number and code, live while it is open, closed after half an hour. */

import { byId, element, store, stored } from "../dom.js";
import { setUpActions, showActions } from "./actions.js";
import { ask, watch } from "./api.js";
import { CASE, LABELS, NEWS, OPEN } from "./documents.js";
import { forgetPictures, showCase } from "./case.js";
import { onSend, values } from "./forms.js";
import { clock, keyed, language, onLanguage, say } from "./words.js";

const AGAIN_AFTER = [1000, 2000, 5000, 10_000, 30_000];

/** { token, caseId, caseNo, expiresAt } for as long as this tab is open, and nowhere else. */
let access = null;
let shown = null;
let watching = null;
let expiry = null;
const labels = {};

export function setUpFollowing() {
  onSend(byId("open"), async () => {
    const said = values(byId("open"));
    const { done } = await ask(OPEN, { input: said });
    byId("open").reset();
    await opened({ ...done, caseNo: said.caseNo });
  });
  byId("leave").addEventListener("click", () => {
    leave();
    byId("open-number").focus();
  });
  setUpActions({ token: () => access?.token, current: () => shown, refresh, ended });
  onLanguage(() => refresh().catch(ended));
  const before = stored("tracking", sessionStorage);
  if (before && new Date(before.expiresAt) > Date.now()) opened(before);
  return opened;
}

async function opened(given) {
  leave();
  access = given;
  store("tracking", access, sessionStorage);
  expiry = setTimeout(() => ended({ ended: true, message: say("follow.expired") }), new Date(access.expiresAt) - Date.now());
  try {
    await refresh();
  } catch (error) {
    ended(error);
    return;
  }
  byId("follow-closed").hidden = true;
  byId("follow-open").hidden = false;
  byId("case").querySelector("h2")?.focus();
  listen(access);
}

function leave() {
  clearTimeout(expiry);
  watching?.abort();
  access = shown = watching = null;
  store("tracking", null, sessionStorage);
  forgetPictures();
  for (const id of ["case", "timeline", "actions", "news", "done"]) byId(id).replaceChildren();
  byId("evidence").querySelector("ul").replaceChildren();
  byId("follow-open").hidden = true;
  byId("follow-closed").hidden = false;
  byId("open").querySelector(".told").replaceChildren();
}

/** Whether the access is over: then the case is closed, and the sentence stands at the form. */
function ended(error) {
  if (!error.ended && shown) return false;
  leave();
  byId("open").querySelector(".told").replaceChildren(element("p", { className: "notice bad" }, error.message));
  return true;
}

async function refresh() {
  if (!access) return;
  const asked = access;
  await learnLabels();
  const { case: found } = await ask(CASE, { id: asked.caseId }, asked.token);
  if (access !== asked || !found) return;
  shown = found;
  byId("until").textContent = say("follow.until", { time: clock(asked.expiresAt) });
  showCase(found, labels[language], asked.token);
  showActions(found);
}

async function learnLabels() {
  if (labels[language]) return;
  const known = {};
  for (const { kind, value, label } of (await ask(LABELS, {})).labels) (known[kind] ??= {})[value] = label;
  labels[language] = known;
}

/** Show news as it comes; after a break, go on after the last that was seen. */
async function listen(heard) {
  watching = new AbortController();
  const { signal } = watching;
  let after = shown.position;
  let failures = 0;
  while (access === heard && !signal.aborted) {
    live(false);
    try {
      const stream = watch(NEWS, { id: heard.caseId, after }, heard.token, signal);
      live(true);
      for await (const { caseChanged } of stream) {
        after = caseChanged.position;
        failures = 0;
        await refresh();
        byId("news").textContent = say("case.news", { label: caseChanged.label });
      }
    } catch (error) {
      if (signal.aborted || access !== heard) return;
      if (error.ended && ended(error)) return;
    }
    live(false);
    await pause(AGAIN_AFTER[Math.min(failures++, AGAIN_AFTER.length - 1)], signal);
  }
}

function live(is) {
  byId("live").classList.toggle("on", is);
  keyed(byId("live"), is ? "case.live" : "case.notLive");
}

function pause(milliseconds, signal) {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
    signal.addEventListener("abort", resolve, { once: true });
    addEventListener("online", resolve, { once: true });
  });
}
