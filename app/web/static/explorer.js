/** The API explorer: puts the parts together. Everything it loads comes from this service. */

import { asCurl, ask, watch } from "./client.js";
import { complete } from "./completion.js";
import { Docs } from "./docs.js";
import { byId, coloured, element, store, stored } from "./dom.js";
import { Editor } from "./editor.js";
import { EXAMPLES } from "./examples.js";
import { prettify } from "./prettify.js";
import { INTROSPECTION, Schema } from "./schema.js";
import { caller, setUpToken } from "./token.js";
import { colouredGraphql, colouredJson, operationsOf } from "./tokens.js";

const MOST_COLOURED = 400_000;
const MOST_ITEMS = 200;
const MOST_HISTORY = 30;

let schema = null;
let running = null;

const query = new Editor(byId("query"), {
  label: "GraphQL document",
  placeholder: "A query. Ctrl Space says what may stand here.",
  colour: colouredGraphql,
  complete: (text, cursor) => (schema ? complete(schema, text, cursor) : null),
  onChange: (text) => store("query", text),
});
const variables = new Editor(byId("variables"), {
  label: "Variables, as JSON",
  placeholder: "{ }",
  colour: colouredJson,
  onChange: (text) => {
    store("variables", text);
    byId("variables-state").textContent = problemOf(text);
  },
});
const docs = new Docs(byId("view-schema"), fill);

// Running.

byId("run").addEventListener("click", () => (running ? running.abort() : run()));

async function run() {
  const request = currentRequest();
  if (!request) return;
  running = new AbortController();
  showRunning(true);
  remember(request);
  try {
    if (request.type === "subscription") await follow(request.body, running.signal);
    else await answer(request.body, running.signal);
  } catch (error) {
    if (error.name === "AbortError") status(element("span", { className: "muted" }, "Stopped"));
    else status(pill("No answer", true), element("span", { className: "muted" }, String(error.message ?? error)));
  } finally {
    running = null;
    showRunning(false);
  }
}

/** The operation under the cursor, or the only one. */
function currentRequest() {
  const operations = operationsOf(query.text);
  const chosen = operations.find(({ start, end }) => query.cursor >= start && query.cursor <= end) ?? operations[0];
  if (problemOf(variables.text)) {
    status(pill("Variables", true), element("span", { className: "muted" }, problemOf(variables.text)));
    return null;
  }
  const body = { query: query.text };
  if (variables.text.trim()) body.variables = JSON.parse(variables.text);
  if (chosen?.name) body.operationName = chosen.name;
  return { type: chosen?.type ?? "query", body };
}

async function answer(body, signal) {
  const got = await ask(body, caller.token, signal);
  const wrong = got.status >= 400 || Boolean(got.json?.errors);
  const facts = `${Math.round(got.milliseconds)} ms · ${size(got.bytes)}`;
  status(pill(String(got.status), wrong), element("span", { className: "muted" }, facts));
  byId("result").replaceChildren(pretty(got.json ?? got.text));
  markErrors(got.json?.errors);
}

async function follow(body, signal) {
  const place = byId("result");
  let count = 0;
  const live = () => status(element("span", { className: "pill live" }, "live"), element("span", { className: "muted" }, `${count} received`));
  place.replaceChildren(element("p", { className: "empty" }, "Waiting for what is to come…"));
  live();
  let last = null;
  for await (const result of watch(body, caller.token, signal)) {
    if (count === 0) place.replaceChildren();
    count += 1;
    last = result;
    const atEnd = place.scrollHeight - place.scrollTop - place.clientHeight < 60;
    const head = element("div", {}, element("b", {}, `#${count}`), new Date().toLocaleTimeString());
    place.append(element("div", { className: "item" }, head, pretty(result)));
    if (place.children.length > MOST_ITEMS) place.firstElementChild.remove();
    if (atEnd) place.scrollTop = place.scrollHeight;
    live();
  }
  const wrong = Boolean(last?.errors);
  status(pill(wrong ? "ended" : "complete", wrong), element("span", { className: "muted" }, `${count} received`));
  markErrors(last?.errors);
}

function showRunning(is) {
  byId("run").classList.toggle("stop", is);
  byId("run-label").textContent = is ? "Stop" : "Run";
  document.querySelector(".run-sign").textContent = is ? "■" : "▶";
}

function markErrors(errors) {
  query.mark((errors ?? []).flatMap(({ locations }) => (locations ?? []).map(({ line }) => line)));
}

function pretty(value) {
  const text = typeof value === "string" ? value : JSON.stringify(value, null, 2);
  return element("pre", {}, text.length > MOST_COLOURED ? text : coloured(colouredJson(text)));
}

function status(...parts) {
  byId("status").replaceChildren(...parts);
}

const pill = (text, wrong) => element("span", { className: wrong ? "pill wrong" : "pill" }, text);
const size = (bytes) => (bytes < 1024 ? `${bytes} B` : `${(bytes / 1024).toFixed(1)} kB`);

function problemOf(text) {
  if (!text.trim()) return "";
  try {
    const value = JSON.parse(text);
    return value && typeof value === "object" && !Array.isArray(value) ? "" : "must be an object";
  } catch {
    return "not valid JSON yet";
  }
}

// The side: schema, examples, history.

function fill({ query: text, variables: values }) {
  query.text = text;
  variables.text = values ?? "";
  query.field.focus();
}

function card(title, about, code, act) {
  const made = element("button", { type: "button", className: "card" }, element("b", {}, title), element("span", {}, about), code ? element("code", {}, code) : null);
  made.addEventListener("click", act);
  return made;
}

byId("view-examples").replaceChildren(
  ...EXAMPLES.map((example) => card(example.title, example.about, null, () => fill({ query: example.query, variables: example.variables?.() }))),
);

function remember({ type, body }) {
  const entry = { at: Date.now(), type, query: body.query, variables: variables.text, name: body.operationName ?? null };
  const others = (stored("history") ?? []).filter((past) => past.query !== entry.query || past.variables !== entry.variables);
  store("history", [entry, ...others].slice(0, MOST_HISTORY));
  showHistory();
}

function showHistory() {
  const entries = stored("history") ?? [];
  const cards = entries.map((past) => card(past.name ?? past.type, new Date(past.at).toLocaleString(), past.query.replace(/\s+/g, " ").slice(0, 90), () => fill(past)));
  byId("view-history").replaceChildren(...(cards.length ? cards : [element("p", { className: "muted" }, "What you ran is kept here, in this browser only.")]));
}

function openTab(name) {
  for (const tab of ["schema", "examples", "history"]) {
    byId(`tab-${tab}`).setAttribute("aria-selected", String(tab === name));
    byId(`view-${tab}`).hidden = tab !== name;
  }
  store("tab", name);
}

for (const tab of ["schema", "examples", "history"]) byId(`tab-${tab}`).addEventListener("click", () => openTab(tab));

async function readSchema() {
  try {
    const { json, status: code } = await ask({ query: INTROSPECTION }, caller.token);
    if (json?.data) {
      schema = new Schema(json.data);
      docs.show(schema);
    } else if (code === 401) docs.fail("Your token is not valid, so the schema was not shown. Forget it, or bring a new one.");
    else docs.fail(json?.errors?.[0]?.message ?? `The schema could not be read (${code}).`);
  } catch {
    docs.fail("The service does not answer. Reload when it does.");
  }
}

// Keys, buttons, panes, theme.

document.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey)) return;
  if (event.key === "Enter") {
    event.preventDefault();
    if (!running) run();
  } else if (event.shiftKey && event.key.toLowerCase() === "p") {
    event.preventDefault();
    byId("prettify").click();
  }
});
byId("prettify").addEventListener("click", () => {
  query.text = prettify(query.text);
  if (variables.text.trim() && !problemOf(variables.text)) variables.text = JSON.stringify(JSON.parse(variables.text), null, 2);
});
byId("copy").addEventListener("click", () => {
  const request = currentRequest();
  if (request) copy(byId("copy"), asCurl(request.body, caller.token));
});
byId("copy-result").addEventListener("click", () => copy(byId("copy-result"), byId("result").innerText));
byId("variables-head").addEventListener("click", () => {
  const open = byId("variables").hidden;
  byId("variables").hidden = !open;
  byId("variables-head").setAttribute("aria-expanded", String(open));
});

async function copy(button, text) {
  const label = button.textContent;
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = "Copied";
  } catch {
    button.textContent = "Not allowed";
  }
  setTimeout(() => (button.textContent = label), 1200);
}

function draggable(handle, name, unit, width) {
  const root = document.documentElement;
  if (stored(name)) root.style.setProperty(`--${name}`, stored(name));
  handle.addEventListener("pointerdown", (event) => {
    handle.setPointerCapture(event.pointerId);
    handle.classList.add("dragging");
  });
  handle.addEventListener("pointermove", (event) => {
    if (!handle.hasPointerCapture(event.pointerId)) return;
    root.style.setProperty(`--${name}`, `${width(event.clientX)}${unit}`);
  });
  handle.addEventListener("pointerup", () => {
    handle.classList.remove("dragging");
    store(name, root.style.getPropertyValue(`--${name}`));
  });
}

draggable(byId("drag-side"), "side", "px", (x) => Math.min(Math.max(x, 180), 640));
draggable(byId("drag-result"), "result", "px", (x) => Math.min(Math.max(window.innerWidth - x, 240), window.innerWidth - 560));

function setTheme(theme) {
  document.documentElement.dataset.theme = theme;
}

setTheme(stored("theme") ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light"));
byId("theme").addEventListener("click", () => {
  setTheme(document.documentElement.dataset.theme === "dark" ? "light" : "dark");
  store("theme", document.documentElement.dataset.theme);
});

setUpToken(readSchema);
fill({ query: stored("query") || EXAMPLES[0].query, variables: stored("variables") ?? "" });
openTab(stored("tab") ?? "examples");
showHistory();
byId("result").replaceChildren(element("p", { className: "empty" }, "Run a request, and its answer appears here. Begin with an example on the left."));
readSchema();
