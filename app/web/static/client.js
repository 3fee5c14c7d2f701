/** Talks to the API: one answer for a query or mutation, a stream of events for a subscription. */

const ENDPOINT = "/graphql";

function headers(token, accept) {
  const sent = { "Content-Type": "application/json", Accept: accept };
  if (token) sent.Authorization = `Bearer ${token}`;
  return sent;
}

/** @returns {Promise<{status, text, json, milliseconds, bytes}>} */
export async function ask(request, token, signal) {
  const begun = performance.now();
  const response = await fetch(ENDPOINT, {
    method: "POST",
    headers: headers(token, "application/graphql-response+json, application/json;q=0.9"),
    body: JSON.stringify(request),
    signal,
  });
  const text = await response.text();
  const milliseconds = performance.now() - begun;
  let json = null;
  try {
    json = JSON.parse(text);
  } catch {
    /* not from us: a proxy's page, most likely */
  }
  return { status: response.status, text, json, milliseconds, bytes: new Blob([text]).size };
}

/** Yields each result of a subscription. Ends when the server says so, or when aborted. */
export async function* watch(request, token, signal) {
  const response = await fetch(ENDPOINT, { method: "POST", headers: headers(token, "text/event-stream"), body: JSON.stringify(request), signal });
  if (!response.headers.get("Content-Type")?.startsWith("text/event-stream")) {
    yield { status: response.status, ...(await response.json()) };
    return;
  }
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let left = "";
  while (true) {
    const { value, done } = await reader.read();
    if (done) throw new Error("The service ended the stream; run again to go on.");
    const blocks = (left + value).split("\n\n");
    left = blocks.pop();
    for (const block of blocks) {
      const event = /^event: (.*)$/m.exec(block)?.[1];
      if (event === "complete") return;
      if (event === "next") yield JSON.parse(/^data: (.*)$/m.exec(block)[1]);
    }
  }
}

/** What somebody may paste into a shell. The token stays out: it would be kept in its history. */
export function asCurl(request, token) {
  const quoted = (text) => `'${text.replaceAll("'", `'\\''`)}'`;
  const lines = [`curl ${quoted(location.origin + ENDPOINT)}`, `-H 'Content-Type: application/json'`];
  if (token) lines.push(`-H "Authorization: Bearer $WARDBOOK_TOKEN"`);
  return [...lines, `--data ${quoted(JSON.stringify(request))}`].join(" \\\n  ");
}
