/** The token: kept for this tab, and what it says about its bearer. The service checks it, not we. */

import { byId, element, store, stored } from "./dom.js";

export const caller = { token: "" };

export function setUpToken(onChange) {
  caller.token = stored("token", sessionStorage) ?? "";
  byId("token").value = caller.token;
  show();
  byId("caller").addEventListener("click", () => toggle(byId("token-panel").hidden));
  byId("token").addEventListener("input", () => {
    // Somebody may paste the whole header.
    caller.token = byId("token").value.trim().replace(/^(authorization:\s*)?bearer\s+/i, "");
    store("token", caller.token, sessionStorage);
    show();
  });
  byId("token").addEventListener("keydown", (event) => {
    if (event.key === "Enter") byId("token-done").click();
    if (event.key === "Escape") toggle(false);
  });
  byId("token-done").addEventListener("click", () => {
    toggle(false);
    onChange();
  });
  byId("token-clear").addEventListener("click", () => {
    byId("token").value = caller.token = "";
    store("token", "", sessionStorage);
    show();
    onChange();
  });
  setInterval(show, 30_000);
}

function toggle(open) {
  byId("token-panel").hidden = !open;
  byId("caller").setAttribute("aria-expanded", String(open));
  if (open) byId("token").focus();
}

function show() {
  const claims = claimsOf(caller.token);
  const expired = claims !== null && claims.exp * 1000 < Date.now();
  const chip = byId("caller");
  chip.className = `chip${caller.token ? (claims && !expired ? " known" : " expired") : ""}`;
  if (!caller.token) chip.replaceChildren(element("b", {}, "anonymous"), element("span", { className: "muted wide" }, "set a token"));
  else if (!claims) chip.replaceChildren(element("b", {}, "unreadable token"));
  else chip.replaceChildren(element("b", {}, claims.sub), element("span", { className: "muted" }, expired ? "expired" : claims.roles.join(", ")));
  byId("claims").replaceChildren(...(claims ? facts(claims, expired) : []));
}

function facts(claims, expired) {
  const until = new Date(claims.exp * 1000).toLocaleString();
  const rows = [["principal", claims.sub], ["roles", claims.roles.join(", ")], ["unit", claims.unit], [expired ? "expired" : "valid until", until]];
  return rows.filter(([, value]) => value).flatMap(([name, value]) => [element("dt", {}, name), element("dd", { className: expired && name === "expired" ? "bad" : "" }, value)]);
}

function claimsOf(token) {
  try {
    const payload = token.split(".")[1].replaceAll("-", "+").replaceAll("_", "/");
    const claims = JSON.parse(new TextDecoder().decode(Uint8Array.from(atob(payload), (character) => character.charCodeAt(0))));
    return Array.isArray(claims.roles) && claims.sub ? claims : null;
  } catch {
    return null;
  }
}
