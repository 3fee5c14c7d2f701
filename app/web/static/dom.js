/** Elements made by hand: text is always text, never markup. */

/** @param {string} tag @param {object} properties @param {...(Node|string|null)} children */
export function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

export const byId = (id) => document.getElementById(id);

/** A fragment of spans, one for each token: `{ kind, text }`. */
export function coloured(tokens) {
  const fragment = document.createDocumentFragment();
  for (const { kind, text } of tokens) {
    fragment.append(kind ? element("span", { className: `t-${kind}` }, text) : text);
  }
  return fragment;
}

/** What is kept between visits. Storage may be forbidden; then nothing is kept. */
export function stored(name, area = localStorage) {
  try {
    return JSON.parse(area.getItem(`wardbook.${name}`));
  } catch {
    return null;
  }
}

export function store(name, value, area = localStorage) {
  try {
    area.setItem(`wardbook.${name}`, JSON.stringify(value));
  } catch {
    /* full or forbidden */
  }
}
