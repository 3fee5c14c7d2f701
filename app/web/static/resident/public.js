/** The cases that anybody may read. */

import { byId, element } from "../dom.js";
import { ask } from "./api.js";
import { LABELS, PUBLIC } from "./documents.js";
import { day, onLanguage, say } from "./words.js";

const STAGES = ["IN_HAND", "CLOSED"];
let labels = {};
let cursor = null;
let asked = null;

export function setUpPublic() {
  byId("public-stage").addEventListener("change", () => load());
  byId("public-filter").addEventListener("submit", (event) => event.preventDefault());
  byId("public-more").addEventListener("click", () => load(cursor));
  onLanguage(() => {
    asked = null;
    if (!byId("view-public").hidden) showPublic();
  });
}

export async function showPublic() {
  if (asked) return;
  await load();
}

async function load(after = null) {
  const mine = (asked = Symbol("public"));
  const told = byId("view-public").querySelector(".told");
  told.replaceChildren();
  try {
    await choices();
    const stage = byId("public-stage").value;
    const { publicCases } = await ask(PUBLIC, { after, filter: stage ? { stage } : null });
    if (asked === mine) show(publicCases, after);
  } catch (error) {
    asked = null;
    told.replaceChildren(element("p", { className: "notice bad" }, error.message));
  }
}

async function choices() {
  const select = byId("public-stage");
  const { value } = select;
  labels = {};
  for (const one of (await ask(LABELS, {})).labels) if (one.kind === "PublicStage") labels[one.value] = one.label;
  const options = STAGES.map((stage) => element("option", { value: stage }, labels[stage]));
  select.replaceChildren(element("option", { value: "" }, say("public.all")), ...options);
  select.value = value;
}

function show({ nodes, totalCount, pageInfo }, after) {
  const made = nodes.map(one);
  if (after) byId("public").append(...made);
  else byId("public").replaceChildren(...made);
  if (after) made[0]?.querySelector("h2").focus();
  byId("public-count").textContent = totalCount ? say("public.count", { n: totalCount }) : say("public.none");
  byId("public-more").hidden = !pageInfo.hasNextPage;
  cursor = pageInfo.endCursor;
}

function one(found) {
  const about = [found.typeName, found.areaName ?? found.areaCode].filter(Boolean).join(" · ");
  const when = [say("public.on", { date: day(found.registeredOn) })];
  if (found.closedOn) when.push(say("public.closed", { date: day(found.closedOn) }));
  return element(
    "li",
    { className: "card" },
    element("div", { className: "row between" }, element("h2", { tabIndex: -1 }, found.title), element("span", { className: `pill ${found.stage === "CLOSED" ? "closed" : ""}` }, labels[found.stage])),
    about ? element("p", { className: "hint" }, about) : null,
    found.summary ? element("p", {}, found.summary) : null,
    found.publicReason ? element("p", { className: "asked" }, found.publicReason) : null,
    element("p", { className: "hint" }, element("span", { className: "code" }, found.caseNo), ` · ${when.join(" · ")}`),
  );
}
