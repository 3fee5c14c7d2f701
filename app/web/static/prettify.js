/** Formats a GraphQL document: one selection a line, arguments as they were, comments kept. */

import { graphqlTokens } from "./tokens.js";

const INDENT = "  ";
const NO_SPACE_BEFORE = new Set([":", ")", "]", "!", "("]);
const NO_SPACE_AFTER = new Set(["(", "[", "...", "@", "$"]);
const DEFINITIONS = new Set(["query", "mutation", "subscription", "fragment"]);

export function prettify(text) {
  const tokens = graphqlTokens(text).filter(({ kind }) => kind !== "space");
  const writer = new Writer();
  tokens.forEach((token, index) => writer.write(token, tokens[index - 1], tokens[index - 2], text));
  return writer.text();
}

class Writer {
  lines = [];
  line = "";
  depth = 0;
  brackets = 0; // ( [ and the { of input objects: everything within stays on its line

  write(token, before, earlier, source) {
    if (token.kind === "comment") return this.comment(token, before, source);
    if (before?.kind === "comment") this.newLine();
    if (this.brackets > 0 || token.text === "(" || token.text === "[") return this.inline(token, before, source);
    if (token.text === "{") return this.open(before);
    if (token.text === "}") return this.close();
    if (this.depth === 0 && DEFINITIONS.has(token.text) && this.line === "") this.blankLine();
    else if (this.depth > 0 && beginsSelection(token, before, earlier)) this.newLine();
    this.append(token, before);
  }

  inline(token, before, source) {
    if (["(", "[", "{"].includes(token.text)) this.brackets += 1;
    if ([")", "]", "}"].includes(token.text)) this.brackets -= 1;
    const between = before ? source.slice(before.start + before.text.length, token.start) : "";
    if (between.includes(",")) this.line += ",";
    this.append(token, before);
  }

  append(token, before) {
    const tight = this.line === "" || NO_SPACE_BEFORE.has(token.text) || NO_SPACE_AFTER.has(before?.text);
    const spread = before?.text === "..." && token.text === "on";
    this.line += (tight && !spread ? "" : " ") + token.text;
  }

  comment(token, before, source) {
    const own = before && source.slice(before.start, token.start).includes("\n");
    if (own || !before) this.newLine();
    this.line += (this.line ? " " : "") + token.text;
  }

  open(before) {
    if (this.depth === 0 && !before) this.newLine();
    else if (this.depth === 0 && this.line === "") this.blankLine();
    this.line += this.line ? " {" : "{";
    this.depth += 1;
    this.flush(this.depth - 1);
  }

  close() {
    this.newLine();
    this.depth = Math.max(0, this.depth - 1);
    this.line = "}";
    this.newLine();
  }

  newLine() {
    if (this.line !== "") this.flush(this.depth);
  }

  blankLine() {
    if (this.lines.length > 0 && !this.lines.at(-1).startsWith("#")) this.lines.push("");
  }

  flush(depth) {
    this.lines.push(INDENT.repeat(depth) + this.line);
    this.line = "";
  }

  text() {
    this.newLine();
    return this.lines.join("\n") + "\n";
  }
}

/** A name begins a selection unless it goes on with what stands before it. */
function beginsSelection(token, before, earlier) {
  if (token.text === "...") return true;
  if (token.kind !== "name") return false;
  return !([":", "..."].includes(before?.text) || (before?.text === "on" && earlier?.text === "..."));
}
