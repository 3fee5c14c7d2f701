/** What the page says, in the language that was chosen: by the browser first, then by the switch. */

import { store, stored } from "../dom.js";

const LANGUAGES = { en: "en", zh: "zh-Hans" };
const known = {};
const listeners = [];
let words = {};

export let language = "en";

/** A sentence, with `{name}` replaced. */
export function say(key, given = {}) {
  return (words[key] ?? key).replace(/\{(\w+)\}/g, (_, name) => given[name] ?? "");
}

/** An element whose text follows the language. */
export function keyed(made, key) {
  made.dataset.word = key;
  made.textContent = say(key);
  return made;
}

export const onLanguage = (listener) => listeners.push(listener);

export async function setUpWords() {
  const served = document.documentElement.lang.startsWith("zh") ? "zh" : "en";
  const chosen = stored("language");
  await speak(chosen in LANGUAGES ? chosen : served);
  document.getElementById("language").addEventListener("click", async () => {
    await speak(language === "zh" ? "en" : "zh");
    store("language", language);
    for (const listener of listeners) listener();
  });
}

async function speak(wanted) {
  known[wanted] ??= await (await fetch(`/static/resident/words.${wanted}.json`)).json();
  words = known[wanted];
  language = wanted;
  document.documentElement.lang = LANGUAGES[wanted];
  document.getElementById("language").lang = LANGUAGES[wanted === "zh" ? "en" : "zh"];
  for (const place of document.querySelectorAll("[data-word]")) place.textContent = say(place.dataset.word);
}

export const date = (text) => new Date(text).toLocaleDateString(LANGUAGES[language], { dateStyle: "long" });
export const moment = (text) => new Date(text).toLocaleString(LANGUAGES[language], { dateStyle: "medium", timeStyle: "short" });
export const clock = (text) => new Date(text).toLocaleTimeString(LANGUAGES[language], { timeStyle: "short" });

/** A day without a time lies in no zone. */
export const day = (text) => new Date(`${text}T00:00:00`).toLocaleDateString(LANGUAGES[language], { dateStyle: "long" });
