/** Tokens of GraphQL and of JSON: for colours, for formatting and for completion. */

const GRAPHQL = /(#[^\n]*)|("""[\s\S]*?(?:"""|$)|"(?:\\.|[^"\\\n])*"?)|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(\$[_A-Za-z]\w*)|(@[_A-Za-z]\w*)|([_A-Za-z]\w*)|(\.\.\.|[{}()[\]:=!|&$@])|([\s,\uFEFF]+)|([\s\S])/g;
const KINDS = [null, "comment", "string", "number", "variable", "directive", "name", "punct", "space", "other"];
const WORDS = new Set(["query", "mutation", "subscription", "fragment", "on", "true", "false", "null"]);
const JSON_TOKEN = /("(?:\\.|[^"\\\n])*"?)(\s*:)?|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(\btrue\b|\bfalse\b|\bnull\b)|([{}[\],:])|([^"\d{}[\],:tfn-]+|[\s\S])/g;

/** @returns {{kind: string, text: string, start: number}[]} with spaces and comments */
export function graphqlTokens(text) {
  return Array.from(text.matchAll(GRAPHQL), (match) => {
    const group = match.findIndex((part, index) => index > 0 && part !== undefined);
    return { kind: KINDS[group], text: match[0], start: match.index };
  });
}

/** With the kinds that the style sheet knows. */
export function colouredGraphql(text) {
  let parentheses = 0;
  let before = "";
  return graphqlTokens(text).map((token) => {
    if (token.text === "(") parentheses += 1;
    if (token.text === ")") parentheses -= 1;
    const kind = colour(token, parentheses, before);
    if (token.kind !== "space") before = token.text;
    return { kind, text: token.text };
  });
}

function colour(token, parentheses, before) {
  switch (token.kind) {
    case "name":
      if (before === "on" || (parentheses && /^[A-Z]/.test(token.text))) return "type";
      if (WORDS.has(token.text)) return "keyword";
      return parentheses ? "key" : "field";
    case "directive":
      return "keyword";
    case "space":
    case "other":
      return null;
    default:
      return token.kind;
  }
}

export function colouredJson(text) {
  return Array.from(text.matchAll(JSON_TOKEN)).flatMap(([whole, string, colon, number, word, punct]) => {
    if (string !== undefined && colon !== undefined) return [{ kind: "key", text: string }, { kind: "punct", text: colon }];
    const kind = string !== undefined ? "string" : number ? "number" : word ? "keyword" : punct ? "punct" : null;
    return [{ kind, text: whole }];
  });
}

/** The operations of a document: `{ type, name, start, end, variables }`. */
export function operationsOf(text) {
  const tokens = graphqlTokens(text).filter(({ kind }) => kind !== "space" && kind !== "comment");
  const found = [];
  let depth = 0;
  let current = null;
  for (const [index, token] of tokens.entries()) {
    const isStart = ["query", "mutation", "subscription", "fragment"].includes(token.text);
    if (depth === 0 && !current && (isStart || token.text === "{")) {
      const type = isStart ? token.text : "query";
      const next = tokens[index + 1];
      const name = isStart && next?.kind === "name" ? next.text : null;
      current = { type, name, start: token.start, end: text.length };
    }
    if ("{([".includes(token.text)) depth += 1;
    if ("})]".includes(token.text)) depth -= 1;
    if (current && depth === 0 && token.text === "}") {
      current.end = token.start + 1;
      if (current.type !== "fragment") found.push(current);
      current = null;
    }
  }
  if (current && current.type !== "fragment") found.push(current);
  return found;
}
