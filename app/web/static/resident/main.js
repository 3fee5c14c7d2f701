/** The page of residents: three views, one language at a time. */

import { byId } from "../dom.js";
import { setUpFiling } from "./filing.js";
import { setUpFollowing } from "./following.js";
import { setUpPublic, showPublic } from "./public.js";
import { setUpWords } from "./words.js";

const links = [...document.querySelectorAll("nav [data-view]")];

function wanted() {
  if (location.pathname === "/public") return "public";
  return location.hash === "#follow" ? "follow" : "file";
}

function show(view, { focus = false } = {}) {
  for (const link of links) {
    const here = link.dataset.view === view;
    byId(`view-${link.dataset.view}`).hidden = !here;
    if (here) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  if (view === "public") showPublic();
  if (focus) {
    byId(`view-${view}`).querySelector("h1").focus();
    scrollTo(0, 0);
  }
}

function go(view) {
  const link = links.find((one) => one.dataset.view === view);
  history.pushState(null, "", link.getAttribute("href"));
  show(view, { focus: true });
}

function connection() {
  byId("offline").hidden = navigator.onLine;
}

await setUpWords();
for (const link of links) {
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    go(link.dataset.view);
  });
}
addEventListener("popstate", () => show(wanted()));
addEventListener("online", connection);
addEventListener("offline", connection);
connection();
const opened = setUpFollowing();
setUpFiling((access) => {
  go("follow");
  opened(access);
});
setUpPublic();
show(wanted());
