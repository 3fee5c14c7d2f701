/** What may stand at the cursor: fields, arguments, values and types, from the schema. */

import { graphqlTokens } from "./tokens.js";
import { namedType, typeText } from "./schema.js";

const TYPENAME = { text: "__typename", note: "String!" };
const KEYWORDS = ["query", "mutation", "subscription", "fragment"].map((text) => ({ text, note: "" }));

/** @returns {{from: number, choices: {text: string, note: string}[]} | null} */
export function complete(schema, text, cursor) {
  const tokens = graphqlTokens(text.slice(0, cursor));
  const last = tokens.at(-1);
  if (["comment", "string", "directive"].includes(last?.kind) || last?.text === "@") return null;
  const typing = ["name", "variable"].includes(last?.kind) || last?.text === "$" ? tokens.pop() : null;
  const place = locate(schema, tokens.filter(({ kind }) => kind !== "space" && kind !== "comment"));
  const prefix = typing?.text.toLowerCase() ?? "";
  const choices = choicesAt(schema, place, text)
    .filter(({ text: name }) => name.toLowerCase().startsWith(prefix) && name !== typing?.text)
    .slice(0, 60);
  return choices.length ? { from: typing ? typing.start : cursor, choices } : null;
}

/** Walk to the cursor; the last frame is where it stands. */
function locate(schema, tokens) {
  const frames = [{ kind: "document", type: null }];
  let before = null;
  for (const token of tokens) {
    step(schema, frames, token, before);
    before = token;
  }
  return { ...frames.at(-1), before: before?.text };
}

function step(schema, frames, token, before) {
  const frame = frames.at(-1);
  switch (token.text) {
    case "{":
      frames.push(opened(schema, frame));
      return;
    case "(":
      frames.push(frame.kind === "document" ? { kind: "variables" } : { kind: "arguments", inputs: frame.field?.args ?? [] });
      return;
    case "[":
      frames.push({ ...frame, list: true });
      return;
    case "}":
    case ")":
    case "]":
      if (frames.length > 1) frames.pop();
      if (token.text === "}") frames.at(-1).next = null; // after ( ) the field still waits for its selection
      return;
  }
  if (token.kind === "name") named(schema, frame, token.text, before?.text);
}

function opened(schema, frame) {
  if (frame.kind === "document") return { kind: "selection", type: schema.type(frame.next ?? schema.roots.query) };
  if (frame.kind === "selection") return { kind: "selection", type: frame.next ? schema.type(frame.next) : frame.type };
  return { kind: "arguments", inputs: schema.type(frame.next)?.inputFields ?? [] };
}

/** Note what the name means for what comes next: the type of its selection or of its value. */
function named(schema, frame, name, before) {
  if (before === "on") frame.next = name;
  else if (frame.kind === "document") {
    if (schema.roots[name]) frame.next = schema.roots[name];
  } else if (frame.kind === "selection") {
    if (before === "...") return;
    frame.field = schema.field(frame.type, name);
    frame.next = frame.field ? namedType(frame.field.type) : null;
  } else if (frame.kind === "arguments" && before !== ":" && !frame.list) {
    const input = frame.inputs.find((candidate) => candidate.name === name);
    frame.next = input ? namedType(input.type) : null;
  }
}

function choicesAt(schema, { kind, type, inputs, next, before, list }, text) {
  if (before === "on") return typesFor(schema, type);
  if (kind === "document") return before === undefined || before === "}" ? KEYWORDS : [];
  if (kind === "variables") return before === ":" || before === "[" ? inputTypes(schema) : [];
  if (kind === "selection") return before === "..." ? [{ text: "on", note: "" }] : fieldsOf(type);
  if (before === ":" || list) return [...valuesOf(schema.type(next)), ...variablesIn(text)];
  return inputs.map((input) => ({ text: input.name, note: typeText(input.type) }));
}

const fieldsOf = (type) => [...(type?.fields ?? []).map((field) => ({ text: field.name, note: typeText(field.type) })), ...(type ? [TYPENAME] : [])];

function valuesOf(type) {
  if (type?.name === "Boolean") return [{ text: "true", note: "" }, { text: "false", note: "" }];
  return (type?.enumValues ?? []).map(({ name }) => ({ text: name, note: type.name }));
}

const variablesIn = (text) => [...new Set(text.match(/\$[_A-Za-z]\w*/g) ?? [])].map((name) => ({ text: name, note: "variable" }));

function typesFor(schema, type) {
  const possible = type?.possibleTypes?.map(({ name }) => name) ?? (type ? [type.name] : null);
  const names = possible ?? schema.own.filter(({ fields }) => fields).map(({ name }) => name);
  return names.map((name) => ({ text: name, note: "" }));
}

const inputTypes = (schema) => schema.own.filter(({ kind }) => ["SCALAR", "ENUM", "INPUT_OBJECT"].includes(kind)).map(({ name, kind }) => ({ text: name, note: kind.toLowerCase().replace("_", " ") }));
