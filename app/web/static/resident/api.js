/** Talks to the service. Whatever goes wrong becomes a `Told`: a sentence for a person. */

import { language, say } from "./words.js";

const ENDPOINT = "/graphql";

/** path: where in the input it lies, if that was said. ended: the token no longer opens anything. */
export class Told extends Error {
  constructor(message, { code = null, path = null, ended = false } = {}) {
    super(message);
    Object.assign(this, { code, path, ended });
  }
}

function headers(token, given) {
  const sent = { "Accept-Language": language, ...given };
  if (token) sent.Authorization = `Bearer ${token}`;
  return sent;
}

async function reach(address, request) {
  try {
    return await fetch(address, { ...request, cache: "no-store", credentials: "omit" });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Told(say(navigator.onLine ? "error.unreachable" : "error.offline"));
  }
}

async function content(response) {
  try {
    return await response.json();
  } catch {
    return {}; // not from us: a proxy's page, most likely
  }
}

function refused(response, answer) {
  const error = answer.errors?.[0];
  const code = error?.extensions?.code ?? null;
  if (response.status === 401 || code === "EXPIRED_TOKEN") return new Told(say("error.expired"), { ended: true });
  if (response.status === 429 && !error) return new Told(say("error.slow"));
  if (response.status === 413 && !error) return new Told(say("error.large"));
  return new Told(error?.message ?? say("error.unknown"), { code, path: error?.extensions?.path });
}

/** The data of a query or mutation. Throws Told; a mutation's refusal too. */
export async function ask(query, variables, token) {
  const body = JSON.stringify({ query, variables });
  const given = { "Content-Type": "application/json", Accept: "application/graphql-response+json" };
  const response = await reach(ENDPOINT, { method: "POST", body, headers: headers(token, given) });
  const answer = await content(response);
  if (!answer.data || answer.errors) throw refused(response, answer);
  const { done } = answer.data;
  if (done?.code) throw new Told(done.message, done);
  return answer.data;
}

/** Yields the results of a subscription, until the service ends it. Throws Told. */
export async function* watch(query, variables, token, signal) {
  const given = { "Content-Type": "application/json", Accept: "text/event-stream" };
  const body = JSON.stringify({ query, variables });
  const response = await reach(ENDPOINT, { method: "POST", body, headers: headers(token, given), signal });
  if (!response.headers.get("Content-Type")?.startsWith("text/event-stream")) {
    throw refused(response, await content(response));
  }
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let left = "";
  while (true) {
    const { value, done } = await reader.read();
    if (done) return;
    const blocks = (left + value).split("\n\n");
    left = blocks.pop();
    for (const block of blocks) {
      if (!block.startsWith("event: next")) continue;
      const result = JSON.parse(/^data: (.*)$/m.exec(block)[1]);
      if (result.errors) throw refused(response, result);
      yield result.data;
    }
  }
}

/** Hand a file in. A header holds Latin-1 only: what is beyond is escaped, as JSON allows. */
export async function handIn(caseId, file, said, token) {
  const input = JSON.stringify(said).replace(/[^\x20-\x7e]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`);
  const given = { "Content-Type": file.type || "application/octet-stream", "Wardbook-Input": input };
  const address = `/cases/${encodeURIComponent(caseId)}/evidence`;
  const response = await reach(address, { method: "POST", body: file, headers: headers(token, given) });
  if (!response.ok) throw refused(response, await content(response));
}

/** The bytes of a piece of evidence. */
export async function fetchEvidence(id, token) {
  const response = await reach(`/evidence/${encodeURIComponent(id)}`, { headers: headers(token, {}) });
  if (!response.ok) throw refused(response, await content(response));
  return response.blob();
}
