/** The schema to read: search, types, fields, arguments, values, each with its description. */

import { element } from "./dom.js";
import { namedType, skeleton, typeText } from "./schema.js";

const KINDS = { OBJECT: "type", INTERFACE: "interface", UNION: "union", ENUM: "enum", INPUT_OBJECT: "input", SCALAR: "scalar" };
const GROUPS = [["Types", ["OBJECT", "INTERFACE", "UNION"]], ["Inputs", ["INPUT_OBJECT"]], ["Enums", ["ENUM"]], ["Scalars", ["SCALAR"]]];
const MOST_FOUND = 80;

export class Docs {
  constructor(place, onInsert) {
    this.place = place;
    this.onInsert = onInsert;
    this.search = element("input", { className: "search", type: "search", placeholder: "Search types, fields, descriptions", ariaLabel: "Search the schema" });
    this.page = element("div");
    this.path = [];
    this.search.addEventListener("input", () => this.render());
    place.replaceChildren(element("p", { className: "muted" }, "Reading the schema…"));
  }

  show(schema) {
    this.schema = schema;
    this.place.replaceChildren(this.search, this.page);
    this.render();
  }

  fail(message) {
    this.place.replaceChildren(element("p", { className: "notice" }, message));
  }

  open(name) {
    this.search.value = "";
    const seen = this.path.indexOf(name);
    this.path = seen >= 0 ? this.path.slice(0, seen + 1) : [...this.path, name];
    this.render();
    this.place.scrollTop = 0;
  }

  home() {
    this.path = [];
    this.search.value = "";
    this.render();
  }

  render() {
    const words = this.search.value.trim().toLowerCase();
    const type = this.schema.type(this.path.at(-1));
    const parts = words ? this.found(words) : type ? this.type(type) : this.overview();
    this.page.replaceChildren(...parts.filter(Boolean));
  }

  overview() {
    const roots = Object.values(this.schema.roots).filter(Boolean);
    const parts = [described(this.schema.description)];
    for (const name of roots) {
      parts.push(element("h3", {}, name), ...this.schema.type(name).fields.map((field) => this.field(field, name)));
    }
    for (const [title, kinds] of GROUPS) {
      const types = this.schema.own.filter(({ kind, name }) => kinds.includes(kind) && !roots.includes(name));
      types.sort((one, other) => one.name.localeCompare(other.name));
      parts.push(element("h3", {}, title), ...types.map(({ name }) => element("div", {}, this.typeLink(name))));
    }
    return parts;
  }

  found(words) {
    const results = [];
    for (const type of this.schema.own) {
      if (matches(type, words)) results.push([matches(type, words), this.entry(this.typeLink(type.name), type.description)]);
      for (const member of [...(type.fields ?? []), ...(type.inputFields ?? []), ...(type.enumValues ?? [])]) {
        const weight = matches(member, words);
        if (weight) results.push([weight, this.entry(this.memberLink(type, member), member.description)]);
      }
    }
    results.sort(([one], [other]) => other - one);
    const shown = results.slice(0, MOST_FOUND).map(([, entry]) => entry);
    const count = results.length > MOST_FOUND ? `the first ${MOST_FOUND} of ${results.length}` : `${results.length}`;
    return [element("p", { className: "kind" }, `Found: ${count}`), ...shown];
  }

  type(type) {
    const crumbs = [button("link", "Schema", () => this.home())];
    for (const name of this.path) crumbs.push(element("span", { className: "muted" }, "›"), this.typeLink(name));
    const parts = [
      element("nav", { className: "crumbs" }, ...crumbs),
      element("h2", {}, type.name),
      element("div", { className: "kind" }, KINDS[type.kind], ...this.names(" implements ", type.interfaces)),
      described(type.description),
    ];
    if (type.specifiedByURL) parts.push(element("div", { className: "kind" }, `Specified by ${type.specifiedByURL}`));
    const isRoot = Object.values(this.schema.roots).includes(type.name);
    if (type.fields?.length) parts.push(element("h3", {}, "Fields"), ...type.fields.map((field) => this.field(field, isRoot ? type.name : null)));
    if (type.inputFields?.length) parts.push(element("h3", {}, "Fields"), ...type.inputFields.map((input) => this.entry(this.input(input), input.description)));
    if (type.enumValues?.length) parts.push(element("h3", {}, "Values"), ...type.enumValues.map((value) => this.entry(element("code", {}, value.name), value.description)));
    if (type.possibleTypes?.length) parts.push(element("h3", {}, "One of"), ...type.possibleTypes.map(({ name }) => element("div", {}, this.typeLink(name))));
    return parts;
  }

  field(field, rootName) {
    const signature = element("span", { className: "signature" }, this.fieldName(field), ...this.arguments(field), ": ", this.typeRef(field.type));
    const line = element("div", { className: "line" }, signature);
    if (rootName) line.append(button("insert", "use", () => this.onInsert(skeleton(this.schema, rootName, field)), `A request for ${field.name}`));
    const deprecated = field.isDeprecated ? element("p", { className: "described bad" }, `Deprecated: ${field.deprecationReason ?? ""}`) : null;
    return element("div", { className: "entry" }, line, described(field.description), deprecated);
  }

  fieldName(field) {
    return button("link field", field.name, () => this.open(namedType(field.type)));
  }

  arguments(field) {
    if (!field.args.length) return [];
    const lines = field.args.map((argument) => element("div", { className: "argument", title: argument.description ?? "" }, ...this.input(argument)));
    return ["(", ...lines, ")"];
  }

  input(input) {
    const byDefault = input.defaultValue !== null && input.defaultValue !== "null" ? ` = ${input.defaultValue}` : "";
    return [element("span", { className: "t-key" }, input.name), ": ", this.typeRef(input.type), byDefault];
  }

  entry(what, description) {
    return element("div", { className: "entry" }, element("div", { className: "signature" }, ...[what].flat()), described(description));
  }

  memberLink(type, member) {
    return [this.typeLink(type.name), ".", button("link field", member.name, () => this.open(type.name))];
  }

  typeRef(type) {
    return button("link type", typeText(type), () => this.open(namedType(type)));
  }

  typeLink(name) {
    return button("link type", name, () => this.open(name));
  }

  names(label, types) {
    return types?.length ? [label, ...types.flatMap(({ name }, index) => (index ? [", ", this.typeLink(name)] : [this.typeLink(name)]))] : [];
  }
}

/** How well it fits: a name that begins so, a name that has it, a description that has it; 0: not. */
function matches({ name, description }, words) {
  const lower = name.toLowerCase();
  if (lower.startsWith(words)) return 3;
  if (lower.includes(words)) return 2;
  return description?.toLowerCase().includes(words) ? 1 : 0;
}

function described(text) {
  return text ? element("p", { className: "described" }, text) : null;
}

function button(className, text, act, title = "") {
  const made = element("button", { type: "button", className, title }, text);
  made.addEventListener("click", act);
  return made;
}
