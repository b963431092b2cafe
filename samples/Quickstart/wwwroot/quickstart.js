const find = id => document.getElementById(id);
const tokenField = find("token");
const settings = await (await fetch("demo")).json();

/** The API's cache entries by token: { length } in seconds, { until } in milliseconds of performance.now(). */
const cacheEntries = new Map();
let busy = false;

start();

function start() {
  find("explanation").textContent = explainCache(settings.maximumAgeSeconds) + explainRefresh(settings);
  find("timeout").textContent = settings.timeoutSeconds;
  document.querySelector(`[name=state][value=${settings.serverState}]`).checked = true;
  showServerState(settings.serverState);

  find("token-form").addEventListener("submit", createToken);
  find("revoke").addEventListener("click", revoke);
  tokenField.addEventListener("input", tokenChanged);
  find("server-state").addEventListener("change", event => breakServer(event.target.value));
  for (const button of document.querySelectorAll("[data-path]"))
    button.addEventListener("click", () => call(button.dataset.method, button.dataset.path));

  document.querySelector("main").inert = false; // earlier clicks would have no effect

  tokenChanged();
  setInterval(showCacheEntry, 200);
  find("health").addEventListener("click", checkHealth);
  checkHealth();
  setInterval(() => document.hidden || checkHealth(), 3000);
  showMetrics();
  setInterval(showMetrics, 1000);
}

function explainCache(seconds) {
  if (seconds === null)
    return "The API caches an active response until the token expires. A revocation takes effect only then.";
  if (seconds === 0)
    return "The API caches nothing: every request calls the authorization server, and a revocation takes effect at once.";
  return `The API caches an active response for at most ${seconds} s (Cache.MaximumAge), so a revoked token may work for that long.`;
}

function explainRefresh({ maximumAgeSeconds, refreshAfterSeconds }) {
  return refreshAfterSeconds > 0 && (maximumAgeSeconds ?? Infinity) > refreshAfterSeconds
    ? ` If a cached response is used after ${refreshAfterSeconds} s, the API refreshes it in the background (Cache.RefreshAfter).`
    : "";
}

// The authorization server

async function createToken(event) {
  event.preventDefault();
  const form = new FormData(event.target);
  const scopes = form.getAll("scope");
  const response = await send("demo/tokens", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ scopes, workspace: form.get("workspace"), lifetimeSeconds: Number(form.get("lifetime")) }),
  });
  if (!response?.ok)
    return note("The token could not be created.");

  tokenField.value = (await response.json()).token;
  tokenChanged();
  note(`Created with ${scopes.length ? "scope " + scopes.join(" ") : "no scope"}.`);
  addToHistory("created a token" + (scopes.length ? ": " + scopes.join(" ") : ""));
}

async function revoke() {
  const token = readToken();
  const response = await send("demo/revoke", { method: "POST", body: new URLSearchParams({ token }) });
  if (!response)
    return note("The token could not be revoked.");
  if (!response.ok)
    return note("The token is unknown to the authorization server, or already revoked.");

  note(secondsLeft(token) > 0 ? "Revoked. The API still uses its cached response." : "Revoked.");
  addToHistory("revoked the token");
}

async function breakServer(state) {
  const response = await send("demo/authorization-server/" + state, { method: "PUT" });
  if (!response?.ok)
    return;

  showServerState(state);
  addToHistory(state === "working" ? "repaired the authorization server" : "authorization server: " + state);
}

function showServerState(state) {
  document.querySelector(".server").classList.toggle("broken", state !== "working");
}

function tokenChanged() {
  find("revoke").disabled = readToken() === "";
  note("");
  showCacheEntry();
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
  find("response").setAttribute("aria-busy", "true");
  const token = readToken();
  const response = await send(path.slice(1), { method, cache: "no-store", headers: token ? { Authorization: "Bearer " + token } : {} });
  const result = response && await readResponse(response, method, path, token);
  busy = false;
  find("response").setAttribute("aria-busy", "false");

  if (!result) {
    find("response").replaceChildren(make("p", "empty",
      "No response. Is the quickstart still running, and does the token have only ASCII characters?"));
    find("details").replaceChildren();
    return;
  }

  updateCacheEntry(result);
  showResult(result);
  showCacheEntry();
  addToHistory(`${method} ${path}`, result);
}

/** Sends a request to the server of this page; null if there was no response. */
async function send(path, options) {
  try {
    return await fetch(path, options);
  } catch {
    return null;
  }
}

async function readResponse(response, method, path, token) {
  const text = await response.text();
  const body = response.headers.get("Content-Type")?.includes("json") ? JSON.parse(text) : null;
  const number = name => Number(response.headers.get(name) ?? NaN);
  return {
    method, path, token, body,
    status: response.status,
    reason: response.statusText,
    // The headers added by Demo/CallReport.cs are shown in words instead.
    headers: [...response.headers].filter(([name]) => !name.startsWith("quickstart-") && name !== "server-timing"),
    calls: token ? number("Quickstart-Calls") : 0,
    age: number("Quickstart-Response-Age"),
    took: parseFloat(response.headers.get("Server-Timing")?.split("dur=")[1]),
    retryAfter: response.headers.get("Retry-After"),
  };
}

function describe({ token, status, calls }) {
  if (calls > 0)
    return ["server", "called the authorization server"];
  if (token && [200, 401, 403].includes(status))
    return ["cache", "from the cache"];
  return ["none", "no call"];
}

function explain({ token, status, retryAfter }) {
  switch (status) {
    case 200: return "The token is active and meets the endpoint's requirements.";
    case 400: return "This is not a well-formed bearer token.";
    case 401: return token ? "The API does not accept the token." : "The request has no token.";
    case 403: return "The token is accepted but does not meet the endpoint's requirements.";
    case 503: return `The API could not check the token. Retry-After asks the caller to try again in ${retryAfter} s.`;
    default: return "";
  }
}

function tone(status) {
  return status < 300 ? "good" : status < 500 ? "bad" : "warn";
}

// The cache entry: how long the API uses it

function updateCacheEntry({ token, status, age, calls, body }) {
  if (!token || Number.isNaN(age))
    return;
  if (![200, 401, 403].includes(status))
    return void cacheEntries.delete(token);

  const length = status === 401 ? settings.inactiveAgeSeconds : settings.maximumAgeSeconds ?? Infinity;
  const expires = Number(body?.claims?.find(claim => claim.type === "exp")?.value ?? NaN);
  const untilExpiry = Number.isNaN(expires) ? Infinity : expires - Date.now() / 1000;
  // Past RefreshAfter (less 10 %, its largest variation) the response is refreshed in the background, and its age starts again.
  const refreshing = calls === 0 && status !== 401 && settings.refreshAfterSeconds > 0 && age >= settings.refreshAfterSeconds * 0.9;
  const seconds = Math.min(refreshing ? length : length - age, untilExpiry);
  cacheEntries.set(token, { length, refreshing, until: performance.now() + seconds * 1000 });
}

function secondsLeft(token) {
  const entry = cacheEntries.get(token);
  return entry ? Math.max(0, (entry.until - performance.now()) / 1000) : 0;
}

function showCacheEntry() {
  const entry = cacheEntries.get(readToken());
  find("cache").hidden = !entry;
  if (!entry)
    return;

  const left = secondsLeft(readToken());
  find("cache-left").value = Number.isFinite(entry.length) && entry.length > 0 ? left / entry.length : left > 0 ? 1 : 0;
  find("cache-note").textContent =
    left === 0 ? "The API has no cache entry for this token: the next request calls the authorization server."
    : Number.isFinite(left) && entry.refreshing
      ? `The API refreshes the response in the background and caches it for at most ${Math.ceil(left)} s.`
    : Number.isFinite(left) ? `The API uses the cached response for at most ${Math.ceil(left)} s.`
    : "The API uses the cached response until the token expires.";
}

// Metrics

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
  const response = await send("health", { cache: "no-store" });
  const { status, descriptions } = response ? await response.json() : { status: "No response.", descriptions: [] };
  const text = [status, ...descriptions].join(" ");
  if (find("health-note").textContent === text)
    return; // a screen reader would read it again

  find("health-note").className = "note " + ({ Healthy: "good", Degraded: "warn", Unhealthy: "bad" }[status] ?? "");
  find("health-note").replaceChildren(make("b", "", status), text.slice(status.length));
}

// The result

function showResult(result) {
  const [kind, words] = describe(result);
  const status = make("div", "status", make("strong", "", `${result.status} ${result.reason}`), make("span", "source " + kind, words));
  if (!Number.isNaN(result.took))
    status.append(make("span", "took", `${formatDuration(result.took)} in the API`));

  find("response").className = find("details").className = tone(result.status);
  find("response").replaceChildren(status, make("p", "meaning", explain(result)), ...why(result), path(result, kind));

  const details = [];
  if (result.body?.claims)
    details.push(
      make("h3", "", "Claims"),
      list(result.body.claims.map(({ type, value }) => [type, value]), ["scope", "workspace_id"], "claims"));
  else if (result.body)
    details.push(make("h3", "", "Body"), list(Object.entries(result.body), ["error", "reason"], "body"));
  details.push(make("h3", "", "Headers"), list(result.headers, ["www-authenticate", "retry-after"], "headers"), curl(result));
  find("details").replaceChildren(...details);
  if (matchMedia("(max-width: 52rem)").matches) // one column: the buttons may be the last thing on the screen
    find("response").scrollIntoView({ behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
}

/** Why the request was refused and what to do, from the body that the API sends in Development. */
function why({ body }) {
  if (!body?.reason)
    return [];

  const link = make("a", "", "All checks");
  link.href = "_introspection";
  return [make("p", "why", make("b", "", "Why: "), body.reason), make("p", "note", body.hint ? body.hint + " " : "", link)];
}

/** A picture of the calls, in addition to the words. */
function path(result, kind) {
  const picture = make("div", "path",
    make("span", "", "You"),
    make("i", "", result.token ? "token" : "no token"),
    make("span", kind === "cache" ? "cached" : "", kind === "cache" ? "API cache" : "API"),
    make("i", kind === "server" ? "" : "idle", kind === "server" ? `${result.calls} call${result.calls > 1 ? "s" : ""}` : "0 calls"),
    make("span", kind === "server" ? "" : "unused", "Authorization server"));
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
  const header = token ? `-H "Authorization: Bearer ${token}"` : "";
  const line = ["curl -i", method === "GET" ? "" : "-X " + method, location.origin + path, header];
  return make("details", "", make("summary", "", "As a curl command"), make("code", "", line.filter(Boolean).join(" ")));
}

function addToHistory(action, result) {
  const row = make("tr", result ? tone(result.status) : "",
    make("td", "", new Date().toLocaleTimeString()),
    make("td", result ? "mono" : "", action),
    make("td", "", result ? make("b", "", String(result.status)) : ""),
    make("td", "", result ? describe(result)[1] : ""),
    make("td", "number", result && !Number.isNaN(result.took) ? formatDuration(result.took) : ""));
  find("history").querySelector(".empty")?.remove();
  find("history").prepend(row);
  while (find("history").rows.length > 30)
    find("history").deleteRow(-1);
}

function formatDuration(milliseconds) {
  return milliseconds < 10 ? `${milliseconds.toFixed(2)} ms` : `${Math.round(milliseconds)} ms`;
}

function make(tag, className, ...children) {
  const element = document.createElement(tag);
  if (className)
    element.className = className;
  element.append(...children);
  return element;
}
