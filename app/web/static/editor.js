/** A text field with colours, line numbers and choices: a textarea above its coloured copy. */

import { coloured, element } from "./dom.js";

const PAIRS = { "{": "}", "(": ")", "[": "]" };
const INDENT = "  ";

export class Editor {
  /** @param {HTMLElement} place @param {{label, colour, complete?, placeholder?, onChange}} options */
  constructor(place, options) {
    this.options = options;
    this.numbers = element("div", { className: "numbers", ariaHidden: "true" });
    this.copy = element("pre", { ariaHidden: "true" });
    this.field = element("textarea", { spellcheck: false, autocapitalize: "off", autocomplete: "off", wrap: "off", ariaLabel: options.label, placeholder: options.placeholder ?? "" });
    this.code = element("div", { className: "code" }, this.copy, this.field);
    place.append(this.numbers, this.code);
    this.choices = new Choices((choice) => this.take(choice));
    this.wrong = new Set();
    this.field.addEventListener("input", (event) => this.changed(event));
    this.field.addEventListener("keydown", (event) => this.pressed(event));
    this.field.addEventListener("blur", () => this.choices.hide());
    place.addEventListener("scroll", () => this.choices.shown && this.suggest());
    place.addEventListener("mousedown", (event) => {
      if (event.target === place) setTimeout(() => this.field.focus());
    });
    this.paint();
  }

  get text() {
    return this.field.value;
  }

  set text(value) {
    this.field.value = value;
    this.field.setSelectionRange(0, 0);
    this.field.parentElement.parentElement.scrollTo(0, 0);
    this.mark([]);
    this.options.onChange(value);
  }

  get cursor() {
    return this.field.selectionStart;
  }

  /** Lines that an answer says are wrong. */
  mark(lines) {
    this.wrong = new Set(lines);
    this.paint();
  }

  changed(event) {
    this.wrong.clear();
    this.paint();
    this.options.onChange(this.text);
    const typed = event.inputType === "insertText" && /[\w$]/.test(event.data ?? "");
    if (typed || (this.choices.shown && event.inputType === "deleteContentBackward")) this.suggest();
    else this.choices.hide();
  }

  pressed(event) {
    if (this.choices.shown && this.choices.pressed(event)) return;
    if ((event.ctrlKey || event.metaKey) && event.code === "Space") {
      event.preventDefault();
      this.suggest();
    } else if (event.ctrlKey || event.metaKey || event.altKey) {
      return;
    } else if (event.key === "Tab" && !event.shiftKey) {
      event.preventDefault();
      this.insert(INDENT);
    } else if (event.key === "Enter") {
      event.preventDefault();
      this.breakLine();
    } else if (PAIRS[event.key] && this.field.selectionStart === this.field.selectionEnd && /^$|[\s)}\]]/.test(this.text[this.cursor] ?? "")) {
      event.preventDefault();
      this.insert(event.key + PAIRS[event.key], 1);
    } else if (Object.values(PAIRS).includes(event.key) && this.text[this.cursor] === event.key) {
      event.preventDefault();
      this.field.selectionStart = this.field.selectionEnd = this.cursor + 1;
    }
  }

  breakLine() {
    const before = this.text.slice(0, this.cursor);
    const margin = /[^\n]*$/.exec(before)[0].match(/^\s*/)[0];
    const opens = /[{([]$/.test(before);
    if (opens && /^[})\]]/.test(this.text[this.cursor] ?? "")) {
      this.insert(`\n${margin}${INDENT}\n${margin}`, margin.length + INDENT.length + 1);
    } else {
      this.insert(`\n${margin}${opens ? INDENT : ""}`);
    }
  }

  /** As if typed, so that the browser can undo it. */
  insert(text, advance = text.length) {
    const start = this.cursor;
    if (!document.execCommand("insertText", false, text)) {
      this.field.setRangeText(text, start, this.field.selectionEnd, "end");
      this.field.dispatchEvent(new Event("input"));
    }
    this.field.selectionStart = this.field.selectionEnd = start + advance;
  }

  suggest() {
    const found = this.options.complete?.(this.text, this.cursor);
    if (!found) return this.choices.hide();
    this.from = found.from;
    const before = this.text.slice(0, found.from).split("\n");
    const box = this.code.getBoundingClientRect();
    const line = parseFloat(getComputedStyle(this.copy).lineHeight);
    this.choices.show(found.choices, box.left + before.at(-1).length * this.characterWidth(), box.top + before.length * line, line);
  }

  take(choice) {
    this.field.focus();
    this.field.setSelectionRange(this.from, this.cursor);
    this.insert(choice.text);
    this.choices.hide();
  }

  characterWidth() {
    const measure = (this.canvas ??= document.createElement("canvas").getContext("2d"));
    measure.font = getComputedStyle(this.copy).font;
    return measure.measureText("m").width;
  }

  paint() {
    this.copy.replaceChildren(coloured(this.options.colour(this.text)), "\n");
    const lines = this.text.split("\n").map((_, index) => {
      const number = String(index + 1);
      return this.wrong.has(index + 1) ? element("span", { className: "wrong" }, `● ${number}\n`) : `${number}\n`;
    });
    this.numbers.replaceChildren(...lines);
  }
}

class Choices {
  constructor(onChoice) {
    this.onChoice = onChoice;
    this.list = element("ul", { className: "choices", role: "listbox", hidden: true });
    document.body.append(this.list);
    this.list.addEventListener("mousedown", (event) => {
      event.preventDefault();
      const index = [...this.list.children].indexOf(event.target.closest("li"));
      if (index >= 0) this.onChoice(this.all[index]);
    });
  }

  get shown() {
    return !this.list.hidden;
  }

  show(all, left, top, lineHeight) {
    this.all = all;
    this.list.replaceChildren(...all.map(({ text, note }) => element("li", { role: "option" }, text, element("span", { className: "muted" }, note))));
    this.list.hidden = false;
    const below = window.innerHeight - top > 200;
    const height = Math.min(244, this.list.scrollHeight);
    this.list.style.left = `${Math.min(left, window.innerWidth - 260)}px`;
    this.list.style.top = `${below ? top + 4 : top - lineHeight - height - 4}px`;
    this.select(0);
  }

  hide() {
    this.list.hidden = true;
  }

  select(index) {
    this.chosen = (index + this.all.length) % this.all.length;
    [...this.list.children].forEach((item, at) => item.setAttribute("aria-selected", String(at === this.chosen)));
    this.list.children[this.chosen].scrollIntoView({ block: "nearest" });
  }

  pressed(event) {
    const acts = {
      ArrowDown: () => this.select(this.chosen + 1),
      ArrowUp: () => this.select(this.chosen - 1),
      Enter: () => this.onChoice(this.all[this.chosen]),
      Tab: () => this.onChoice(this.all[this.chosen]),
      Escape: () => this.hide(),
    };
    if (!acts[event.key] || event.ctrlKey || event.metaKey) return false;
    event.preventDefault();
    acts[event.key]();
    return true;
  }
}
