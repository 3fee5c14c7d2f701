/** The schema as introspection tells it. */

const TYPE = "kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } }";
const INPUT = `name description defaultValue type { ${TYPE} }`;

export const INTROSPECTION = `query Introspection {
  __schema {
    description
    queryType { name } mutationType { name } subscriptionType { name }
    types {
      kind name description specifiedByURL
      fields(includeDeprecated: true) { name description isDeprecated deprecationReason type { ${TYPE} } args { ${INPUT} } }
      inputFields { ${INPUT} }
      enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason }
      interfaces { name } possibleTypes { name }
    }
  }
}`;

export class Schema {
  constructor({ __schema: told }) {
    this.description = told.description;
    this.types = new Map(told.types.map((type) => [type.name, type]));
    this.roots = { query: told.queryType?.name, mutation: told.mutationType?.name, subscription: told.subscriptionType?.name };
  }

  type(name) {
    return this.types.get(name) ?? null;
  }

  field(type, name) {
    return type?.fields?.find((field) => field.name === name) ?? null;
  }

  /** Those that somebody would look up: neither of the language itself nor of introspection. */
  get own() {
    return [...this.types.values()].filter(({ name }) => !name.startsWith("__"));
  }

  isLeaf(type) {
    return ["SCALAR", "ENUM"].includes(type?.kind);
  }
}

/** `[Case!]!` */
export function typeText(type) {
  if (type.kind === "NON_NULL") return `${typeText(type.ofType)}!`;
  if (type.kind === "LIST") return `[${typeText(type.ofType)}]`;
  return type.name;
}

/** The name inside lists and non-nulls. */
export function namedType(type) {
  return type.ofType ? namedType(type.ofType) : type.name;
}

const isRequired = (argument) => argument.type.kind === "NON_NULL" && argument.defaultValue === null;

/** An operation that asks for one field of a root type, with variables for what it needs. */
export function skeleton(schema, rootName, field) {
  const kind = Object.keys(schema.roots).find((root) => schema.roots[root] === rootName) ?? "query";
  const paged = ["first"].filter((name) => field.args.some((argument) => argument.name === name));
  const needed = field.args.filter((argument) => isRequired(argument));
  const passed = [...needed.map(({ name }) => `${name}: $${name}`), ...paged.map((name) => `${name}: 10`)];
  const variables = needed.map(({ name, type }) => `$${name}: ${typeText(type)}`);
  const title = field.name[0].toUpperCase() + field.name.slice(1);
  const head = `${kind} ${title}${variables.length ? `(${variables.join(", ")})` : ""}`;
  const body = selection(schema, schema.type(namedType(field.type)), 2, 0);
  const text = `${head} {\n  ${field.name}${passed.length ? `(${passed.join(", ")})` : ""}${body}\n}\n`;
  const values = Object.fromEntries(needed.map((argument) => [argument.name, example(schema, argument.type)]));
  return { query: text, variables: needed.length ? JSON.stringify(values, null, 2) : "" };
}

function selection(schema, type, indent, depth) {
  if (!type || schema.isLeaf(type)) return "";
  const space = " ".repeat(indent + 2);
  const lines = [];
  if (type.kind === "UNION") {
    lines.push(`${space}__typename`);
    for (const { name } of type.possibleTypes) {
      lines.push(`${space}... on ${name}${selection(schema, schema.type(name), indent + 2, depth + 1)}`);
    }
  } else {
    const plain = (field) => field.args.every((argument) => !isRequired(argument)) && !field.isDeprecated;
    const leaves = type.fields.filter((field) => plain(field) && schema.isLeaf(schema.type(namedType(field.type))));
    lines.push(...leaves.slice(0, 6).map(({ name }) => space + name));
    const isRows = (field) => plain(field) && typeText(field.type).startsWith("[") && !schema.isLeaf(schema.type(namedType(field.type)));
    const nodes = schema.field(type, "nodes") ?? (leaves.length ? depth < 1 && type.fields.find(isRows) : type.fields.find(plain));
    if (nodes && depth < 4) lines.push(`${space}${nodes.name}${selection(schema, schema.type(namedType(nodes.type)), indent + 2, depth + 1)}`);
  }
  if (!lines.length) lines.push(`${space}__typename`);
  return ` {\n${lines.join("\n")}\n${" ".repeat(indent)}}`;
}

/** A value to begin with. */
function example(schema, type) {
  if (type.kind === "NON_NULL") return example(schema, type.ofType);
  if (type.kind === "LIST") return [example(schema, type.ofType)];
  const named = schema.type(type.name);
  if (named?.kind === "ENUM") return named.enumValues[0].name;
  if (named?.kind === "INPUT_OBJECT") {
    return Object.fromEntries(named.inputFields.filter(isRequired).map((field) => [field.name, example(schema, field.type)]));
  }
  return { Int: 1, Float: 1, Boolean: true, UUID: uuid() }[type.name] ?? "";
}

export function uuid() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16)); // where the page is not from a secure origin
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
