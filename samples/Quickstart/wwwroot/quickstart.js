const find = id => document.getElementById(id);
const tokenField = find("token");
const settings = await (await fetch("demo")).json();

/** What the API still remembers, by token: { until, length } in milliseconds of performance.now(). */
const memories = new Map();
let busy = false;

start();

function start() {
  find("explanation").textContent = explainCache(settings.maximumAgeSeconds) + explainRefresh(settings);
  find("timeout").textContent = settings.timeoutSeconds;
  document.querySelector(`[name=state][value=${settings.serverState}]`).checked = true;
  showServerState(settings.serverState);

  find("token-form").addEventListener("submit", makeToken);
  find("revoke").addEventListener("click", revoke);
  tokenField.addEventListener("input", tokenChanged);
  find("server-state").addEventListener("change", event => breakServer(event.target.value));
  for (const button of document.querySelectorAll("[data-path]"))
    button.addEventListener("click", () => call(button.dataset.method, button.dataset.path));

  tokenChanged();
  setInterval(showMemory, 200);
  find("health").addEventListener("click", checkHealth);
  showMetrics();
  setInterval(showMetrics, 1000);
}

function explainCache(seconds) {
  if (seconds === null)
    return "The API remembers that a token is active until the token expires; only then is a revocation noticed.";
  if (seconds === 0)
    return "The API remembers nothing: every call asks the authorization server, and a revocation is noticed at once.";
  return `The API remembers that a token is active for at most ${seconds} s (Cache.MaximumAge), so a revoked token may go on working for that long.`;
}

function explainRefresh({ maximumAgeSeconds, refreshAfterSeconds }) {
  return refreshAfterSeconds > 0 && (maximumAgeSeconds ?? Infinity) > refreshAfterSeconds
    ? ` When an answer is used after ${refreshAfterSeconds} s, the API asks again in the background (Cache.RefreshAfter).`
    : "";
}

// At the authorization server

async function makeToken(event) {
  event.preventDefault();
  const form = new FormData(event.target);
  const scopes = form.getAll("scope");
  const response = await send("demo/tokens", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ scopes, workspace: form.get("workspace"), lifetimeSeconds: Number(form.get("lifetime")) }),
  });
  if (!response?.ok)
    return note("The token could not be made.");

  tokenField.value = (await response.json()).token;
  tokenChanged();
  note(`Made, with ${scopes.length ? "scope " + scopes.join(" ") : "no scope"}.`);
  remember("made a token" + (scopes.length ? ": " + scopes.join(" ") : ""));
}

async function revoke() {
  const token = readToken();
  const response = await send("demo/revoke", { method: "POST", body: new URLSearchParams({ token }) });
  if (!response)
    return note("The token could not be revoked.");
  if (!response.ok)
    return note("The authorization server does not know this token, or it was revoked before.");

  note(secondsLeft(token) > 0 ? "Revoked. The API does not know it yet." : "Revoked.");
  remember("revoked the token");
}

async function breakServer(state) {
  const response = await send("demo/authorization-server/" + state, { method: "PUT" });
  if (!response?.ok)
    return;

  showServerState(state);
  remember(state === "working" ? "repaired the authorization server" : "authorization server: " + state);
}

function showServerState(state) {
  document.querySelector(".server").classList.toggle("broken", state !== "working");
}

function tokenChanged() {
  find("revoke").disabled = readToken() === "";
  note("");
  showMemory();
}

function readToken() {
  return tokenField.value.trim();
}

function note(text) {
  find("token-note").textContent = text;
}

// The call

async function call(method, path) {
  if (busy)
    return;

  busy = true;
  find("answer").setAttribute("aria-busy", "true");
  const token = readToken();
  const response = await send(path.slice(1), { method, cache: "no-store", headers: token ? { Authorization: "Bearer " + token } : {} });
  const answer = response && await readAnswer(response, method, path, token);
  busy = false;
  find("answer").setAttribute("aria-busy", "false");

  if (!answer) {
    find("answer").replaceChildren(make("p", "empty", "No answer. Is the quickstart still running, and is the token made of plain characters?"));
    find("details").replaceChildren();
    return;
  }

  updateMemory(answer);
  showAnswer(answer);
  showMemory();
  remember(`${method} ${path}`, answer);
}

/** Sends a request to where the page came from; null if there was no answer. */
async function send(path, options) {
  try {
    return await fetch(path, options);
  } catch {
    return null;
  }
}

async function readAnswer(response, method, path, token) {
  const text = await response.text();
  const body = response.headers.get("Content-Type")?.includes("json") ? JSON.parse(text) : null;
  const number = name => Number(response.headers.get(name) ?? NaN);
  return {
    method, path, token, body,
    status: response.status,
    reason: response.statusText,
    // What the quickstart adds about itself is shown in words; see Demo/CallReport.cs.
    headers: [...response.headers].filter(([name]) => !name.startsWith("quickstart-") && name !== "server-timing"),
    calls: token ? number("Quickstart-Calls") : 0,
    age: number("Quickstart-Answer-Age"),
    took: parseFloat(response.headers.get("Server-Timing")?.split("dur=")[1]),
    retryAfter: response.headers.get("Retry-After"),
  };
}

function describe({ token, status, calls }) {
  if (calls > 0)
    return ["server", "asked the authorization server"];
  if (token && [200, 401, 403].includes(status))
    return ["cache", "from the cache"];
  return ["nobody", "nobody was asked"];
}

function explain({ token, status, retryAfter }) {
  switch (status) {
    case 200: return "The token is active and has what this endpoint needs.";
    case 400: return "This cannot be a bearer token.";
    case 401: return token ? "The token is not active: revoked, expired, or never issued." : "There was no token.";
    case 403: return "The token is active, but it lacks the scope that this endpoint needs.";
    case 503: return `The API could not find out whether the token is good, and does not guess. It asks the caller to try again in ${retryAfter} s.`;
    default: return "";
  }
}

function tone(status) {
  return status < 300 ? "good" : status < 500 ? "bad" : "warn";
}

// Memory: how long the API goes on without asking

function updateMemory({ token, status, age, calls, body }) {
  if (!token || Number.isNaN(age))
    return;
  if (![200, 401, 403].includes(status))
    return void memories.delete(token);

  const length = status === 401 ? settings.inactiveAgeSeconds : settings.maximumAgeSeconds ?? Infinity;
  const expires = Number(body?.claims?.find(claim => claim.type === "exp")?.value ?? NaN);
  const untilExpiry = Number.isNaN(expires) ? Infinity : expires - Date.now() / 1000;
  // An answer of a certain age (less 10 %, the most by which ages are varied) is asked about again behind the request's back: then it may serve anew.
  const refreshing = calls === 0 && status !== 401 && settings.refreshAfterSeconds > 0 && age >= settings.refreshAfterSeconds * 0.9;
  memories.set(token, { length, refreshing, until: performance.now() + Math.min(refreshing ? length : length - age, untilExpiry) * 1000 });
}

function secondsLeft(token) {
  const memory = memories.get(token);
  return memory ? Math.max(0, (memory.until - performance.now()) / 1000) : 0;
}

function showMemory() {
  const memory = memories.get(readToken());
  find("memory").hidden = !memory;
  if (!memory)
    return;

  const left = secondsLeft(readToken());
  find("memory-left").value = Number.isFinite(memory.length) && memory.length > 0 ? left / memory.length : left > 0 ? 1 : 0;
  find("memory-note").textContent =
    left === 0 ? "The API has forgotten what it heard about this token: the next call asks the authorization server."
    : Number.isFinite(left) && memory.refreshing ? `The API asks about this token again in the background, and remembers what it hears for at most ${Math.ceil(left)} s.`
    : Number.isFinite(left) ? `The API remembers what it heard about this token, and does not ask again, for at most ${Math.ceil(left)} s.`
    : "The API remembers what it heard about this token until the token expires.";
}

// What is measured

async function showMetrics() {
  if (document.hidden)
    return;

  const response = await send("demo/metrics", { cache: "no-store" });
  if (!response?.ok)
    return;

  const metrics = await response.json();
  for (const tile of document.querySelectorAll("[data-metric]"))
    tile.textContent = metrics[tile.dataset.metric];

  showTile("breaker", ["closed", "half open", "open"][metrics.breakerState], ["", "warn", "bad"][metrics.breakerState]);
  const wait = metrics.usableInSeconds;
  showTile("usable", wait > 0 ? `in ${Math.ceil(wait)} s` : "now", wait > 0 ? "warn" : "");
}

function showTile(id, text, tone) {
  find(id).textContent = text;
  find(id).parentElement.className = tone;
}

async function checkHealth() {
  find("health").disabled = true;
  const response = await send("health", { cache: "no-store" });
  find("health").disabled = false;
  if (!response)
    return find("health-note").replaceChildren("No answer.");

  const { status, descriptions } = await response.json();
  find("health-note").className = "note " + { Healthy: "good", Degraded: "warn", Unhealthy: "bad" }[status];
  find("health-note").replaceChildren(make("b", "", status), " ", descriptions.join(" "));
}

// What is shown

function showAnswer(answer) {
  const [kind, words] = describe(answer);
  const status = make("div", "status", make("strong", "", `${answer.status} ${answer.reason}`), make("span", "answered " + kind, words));
  if (!Number.isNaN(answer.took))
    status.append(make("span", "took", `${formatTook(answer.took)} in the API`));

  find("answer").className = find("details").className = tone(answer.status);
  find("answer").replaceChildren(status, make("p", "meaning", explain(answer)), path(answer, kind));

  const details = [];
  if (answer.body?.claims)
    details.push(make("h3", "", "Claims"), list(answer.body.claims.map(({ type, value }) => [type, value]), ["scope", "workspace_id"], "claims"));
  else if (answer.body)
    details.push(make("h3", "", "Body"), list(Object.entries(answer.body), [], "body"));
  details.push(make("h3", "", "Headers"), list(answer.headers, ["www-authenticate", "retry-after"], "headers"), curl(answer));
  find("details").replaceChildren(...details);
}

/** Who spoke to whom; it says nothing that the words do not. */
function path(answer, kind) {
  const picture = make("div", "path",
    make("span", "", "You"),
    make("i", "", answer.token ? "token" : "no token"),
    make("span", kind === "cache" ? "remembers" : "", kind === "cache" ? "API remembers" : "API"),
    make("i", kind === "server" ? "" : "idle", kind === "server" ? `${answer.calls} call${answer.calls > 1 ? "s" : ""}` : "0 calls"),
    make("span", kind === "server" ? "" : "unasked", "Authorization server"));
  picture.ariaHidden = "true";
  return picture;
}

function list(entries, keys, id) {
  const result = make("dl", "");
  result.id = id;
  const rank = name => keys.includes(name) ? 0 : 1;
  for (const [name, value] of entries.toSorted(([a], [b]) => rank(a) - rank(b))) {
    const description = make("dd", keys.includes(name) ? "key" : "", String(value));
    if (name === "exp" || name === "iat")
      description.append(" ", make("time", "", new Date(value * 1000).toLocaleTimeString()));
    result.append(make("dt", "", name), description);
  }
  return result;
}

function curl({ method, path, token }) {
  const line = ["curl -i", method === "GET" ? "" : "-X " + method, location.origin + path, token ? `-H "Authorization: Bearer ${token}"` : ""];
  return make("details", "", make("summary", "", "The same with curl"), make("code", "", line.filter(Boolean).join(" ")));
}

function remember(what, answer) {
  const row = make("tr", answer ? tone(answer.status) : "",
    make("td", "", new Date().toLocaleTimeString()),
    make("td", answer ? "mono" : "", what),
    make("td", "", answer ? make("b", "", String(answer.status)) : ""),
    make("td", "", answer ? describe(answer)[1] : ""),
    make("td", "number", answer && !Number.isNaN(answer.took) ? formatTook(answer.took) : ""));
  find("history").querySelector(".empty")?.remove();
  find("history").prepend(row);
  while (find("history").rows.length > 30)
    find("history").deleteRow(-1);
}

function formatTook(milliseconds) {
  return milliseconds < 10 ? `${milliseconds.toFixed(2)} ms` : `${Math.round(milliseconds)} ms`;
}

function make(tag, className, ...children) {
  const element = document.createElement(tag);
  if (className)
    element.className = className;
  element.append(...children);
  return element;
}
