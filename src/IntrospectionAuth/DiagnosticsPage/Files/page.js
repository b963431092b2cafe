// Everything that a server or a caller sent is inserted as text: a token, a claim or a path may hold HTML.
const find = id => document.getElementById(id);
const prefix = document.body.dataset.prefix;
const capacity = 200;

/** The decisions by number: { decision, item, details }. */
const decisions = new Map();
let instance = null;
let version = 0;
let token = null; // only decisions about this token are shown
let stream = null;
let loading = false;
let changed = false;
let retry = null;
let announced = { count: 0, timer: null };

const outcomes = {
  accepted: ["accepted", "good"], rejected: ["rejected", "bad"], forbidden: ["forbidden", "bad"], noToken: ["no token", "none"],
  unavailable: ["unavailable", "warn"],
};
const sources = {
  none: "no call", cache: "from the cache", call: "asked the server", joinedCall: "joined a call", staleCache: "stale, from the cache",
};
const verdicts = {
  passed: ["✓", "passed", "good"], failed: ["✗", "failed", "bad"], notReached: ["–", "not reached", "none"],
  notApplicable: ["·", "not applicable", "none"],
};

start();

function start() {
  find("pause").addEventListener("click", togglePause);
  find("filter").addEventListener("change", showMatching);
  find("filter").addEventListener("submit", event => event.preventDefault());
  find("all-tokens").addEventListener("click", () => filterByToken(null));
  find("only-changed").addEventListener("change", () => showSection());
  addEventListener("hashchange", () => showSection());
  addEventListener("keydown", closeByEscape);
  document.addEventListener("visibilitychange", connect);
  setInterval(() => isLive() && showSection(), 2000);
  showSection();
  connect();
}

// Live

function isLive() {
  return find("pause").ariaPressed !== "true" && !document.hidden;
}

function connect() {
  stream?.close();
  stream = null;
  if (!isLive())
    return;

  stream = new EventSource(prefix + "changes");
  stream.addEventListener("open", () => showState("Live", "on"));
  stream.addEventListener("message", event => noteChange(JSON.parse(event.data)));
  stream.addEventListener("error", () => {
    showState("Disconnected. Trying again.", "off");
    if (stream?.readyState === EventSource.CLOSED)
      setTimeout(connect, 3000);
  });
}

function togglePause() {
  const paused = find("pause").ariaPressed !== "true";
  find("pause").ariaPressed = String(paused);
  find("pause").textContent = paused ? "Resume" : "Pause";
  showState(paused ? "Paused" : "Connecting", "");
  connect();
}

function showState(text, kind) {
  if (find("live").textContent !== text)
    find("live").textContent = text;
  find("live").className = kind;
}

function noteChange(now) {
  if (now.instance !== instance || now.version < version)
    forget(now.instance); // the application was restarted
  changed ||= now.version > version || decisions.size === 0;
  load();
}

function forget(newInstance) {
  instance = newInstance;
  version = 0;
  decisions.clear();
  find("decision-list").replaceChildren();
}

async function load() {
  if (loading || !changed)
    return;

  loading = true;
  changed = false;
  const log = await read(`decisions.json?since=${version}`);
  loading = false;
  if (!log) {
    loadLater();
    return;
  }

  if (isLive() && stream?.readyState === EventSource.OPEN)
    showState("Live", "on");

  if (log.instance !== instance)
    forget(log.instance);
  version = Math.max(version, log.version);
  const isFirst = decisions.size === 0;
  const added = log.decisions.toReversed().filter(add);
  while (decisions.size > capacity)
    removeOldest();
  showMatching();
  if (!isFirst && added.length > 0)
    announce(added);
  load();
}

/** After a failure: the server need not send another change. */
function loadLater() {
  changed = true;
  if (!isLive())
    return; // it loads when it connects again

  showState("Decisions cannot be read. Trying again.", "off");
  clearTimeout(retry);
  retry = setTimeout(() => isLive() && load(), 3000);
}

async function read(path) {
  try {
    const response = await fetch(prefix + path, { cache: "no-store" });
    return response.ok ? await response.json() : null;
  } catch {
    return null;
  }
}

/** Tells a screen reader about new decisions, at most every three seconds. */
function announce(added) {
  announced.count += added.length;
  announced.latest = added.at(-1);
  announced.timer ??= setTimeout(() => {
    const { count, latest } = announced;
    announced = { count: 0, timer: null };
    find("new-decisions").textContent =
      `${count} new ${count === 1 ? "decision" : "decisions"}. The latest: ${outcomes[latest.outcome][0]}, ${nameEndpoint(latest)}.`;
  }, decisions.size === added.length ? 0 : 3000);
}

// Decisions

/** Adds or updates a decision; true if it is new. */
function add(decision) {
  const known = decisions.get(decision.number);
  if (known) {
    known.decision = decision;
    known.details.replaceChild(summarize(decision), known.details.firstElementChild);
    known.item.className = outcomes[decision.outcome][1];
    if (known.details.open)
      show(known);
    return false;
  }

  const details = make("details", "", summarize(decision));
  const item = make("li", outcomes[decision.outcome][1] + (decisions.size > 0 ? " fresh" : ""), details);
  const entry = { decision, item, details };
  details.addEventListener("toggle", () => details.open && show(entry));
  decisions.set(decision.number, entry);
  find("decision-list").prepend(item);
  return true;
}

function removeOldest() {
  const oldest = Math.min(...decisions.keys());
  decisions.get(oldest).item.remove();
  decisions.delete(oldest);
}

function showMatching() {
  const outcome = new FormData(find("filter")).get("outcome");
  const counts = {};
  let shown = 0;
  for (const { decision, item } of decisions.values()) {
    const ofToken = token === null || decision.token === token;
    item.hidden = !ofToken || (outcome !== "" && decision.outcome !== outcome);
    shown += item.hidden ? 0 : 1;
    counts[decision.outcome] = (counts[decision.outcome] ?? 0) + (ofToken ? 1 : 0);
    counts[""] = (counts[""] ?? 0) + (ofToken ? 1 : 0);
  }

  for (const label of document.querySelectorAll("[data-count]"))
    label.textContent = counts[label.dataset.count] ?? 0;
  find("no-decisions").hidden = shown > 0;
  find("no-decisions").textContent = decisions.size === 0
    ? "No decision yet. Send a request to a protected endpoint: it appears here at once."
    : "No decision matches the filter.";
}

function filterByToken(fingerprint) {
  token = fingerprint;
  find("all-tokens").hidden = token === null;
  find("all-tokens").textContent = `Token ${token} only. Show all`;
  if (token !== null)
    location.hash = "decisions";
  showMatching();
  (token === null ? find("filter").querySelector(":checked") : find("all-tokens")).focus();
}

function closeByEscape(event) {
  const details = event.key === "Escape" && document.activeElement?.closest("#decision-list details[open]");
  if (!details)
    return;

  details.open = false;
  details.firstElementChild.focus();
}

function summarize(decision) {
  const [word, tone] = outcomes[decision.outcome];
  const status = decision.status ? `${decision.status} ` : "";
  const summary = make("summary", "",
    make("time", "", formatTime(decision.time)),
    make("span", "badge " + tone, status + word),
    make("span", "endpoint", make("b", "", decision.method ?? "outside a request"), " ", decision.path ?? ""),
    make("span", "reason", explain(decision)),
    make("span", "from", describeSource(decision)));
  summary.firstElementChild.dateTime = decision.time;
  return summary;
}

function explain({ checks, policy, failure }) {
  const failed = checks.find(it => it.verdict === "failed") ?? policy?.requirements.find(it => it.verdict === "failed");
  return failed ? describeCheck(failed) : failure ?? "";
}

function describeCheck({ name, expected, found }) {
  return `${name}: expected ${expected}` + (found ? `; found ${found}` : "");
}

function describeSource({ source, calls }) {
  const took = calls.reduce((sum, call) => sum + call.milliseconds, 0);
  return sources[source] + (calls.length > 0 ? `, ${formatDuration(took)}` : "");
}

function nameEndpoint({ method, path }) {
  return method ? `${method} ${path}` : "outside a request";
}

/** Fills an opened decision. */
function show({ decision, details }) {
  const opened = make("div", "opened");
  const [, tone] = outcomes[decision.outcome];
  const remedies = [decision.policy?.remedy, decision.remedy].filter(Boolean);
  for (const remedy of remedies)
    opened.append(make("div", "remedy " + tone, make("p", "", make("strong", "", "What to do: "), remedy.text, " ", linkTo(remedy))));

  const facts = make("dl", "facts",
    fact("Token", decision.token ? tokenButton(decision.token) : "none"),
    fact("Scheme", decision.scheme),
    ...(decision.tenant ? [fact("Tenant", decision.tenant)] : []),
    fact("Endpoint", decision.endpoint ?? nameEndpoint(decision)),
    fact("Response", describeSource(decision)));
  if (decision.failure)
    facts.append(fact("Failure", make("code", "", decision.failure)));
  if (decision.failureIsReplaced)
    facts.append(fact("Result", "replaced by OnAuthenticationFailed of the application"));
  if (decision.obtainedAt)
    facts.append(fact("Server asked", describeAge(decision)));
  facts.append(fact("Number", String(decision.number)));
  opened.append(facts);

  if (decision.policy) {
    const names = decision.policy.names.join(", ");
    opened.append(part("The policy that refused" + (names ? ": " + names : ""), columns(), checkList(decision.policy.requirements)));
  }

  opened.append(part("Checks, in their order", columns(), checkList(decision.checks)));
  if (decision.calls.length > 0)
    opened.append(part("Calls to the introspection endpoint", ...decision.calls.map(showCall)));
  details.querySelector(".opened")?.remove();
  details.append(opened);
}

function part(title, ...content) {
  return make("div", "", make("h3", "", title), ...content);
}

function fact(name, value) {
  return make("div", "", make("dt", "", name), make("dd", "", value));
}

function describeAge({ time, obtainedAt }) {
  const seconds = (new Date(time) - new Date(obtainedAt)) / 1000;
  return seconds < 0.001 ? "for this request" : `${formatSeconds(seconds)} before, at ${formatTime(obtainedAt)}`;
}

function tokenButton(fingerprint) {
  const button = make("button", "token", fingerprint);
  button.type = "button";
  button.dataset.key = fingerprint;
  button.ariaLabel = `Show only decisions about token ${fingerprint}`;
  button.addEventListener("click", () => filterByToken(fingerprint));
  return button;
}

function linkTo({ page, link }) {
  if (!/^https?:\/\//.test(link))
    return make("span", "", "More: ", make("code", "", page)); // the package names no repository

  const anchor = make("a", "", "More");
  anchor.href = link;
  anchor.rel = "noreferrer";
  anchor.target = "_blank";
  anchor.ariaLabel = `More: ${page}`;
  return anchor;
}

/** The heads of the columns for the eye; each line repeats them for a screen reader. */
function columns() {
  const heads = make("div", "columns", ...["Verdict", "Check", "Expected", "Found"].map(it => make("span", "", it)));
  heads.ariaHidden = "true";
  return heads;
}

function checkList(checks) {
  const list = make("ol", "checks");
  for (const { name, expected, found, verdict } of checks) {
    const [sign, word, tone] = verdicts[verdict];
    const mark = make("span", "", sign + " ");
    mark.ariaHidden = "true";
    list.append(make("li", tone,
      make("span", "verdict", mark, word), make("b", "", name),
      make("span", "expected", make("small", "", "expected "), expected),
      make("span", "found", ...(found ? [make("small", "", "found "), found] : []))));
  }
  return list;
}

function showCall(call) {
  const took = formatDuration(call.milliseconds);
  const outcome = call.status ? `${call.status} in ${took}` : `no response after ${took}`;
  const words = [call.clientAuthenticationMethod, call.contentType, call.outcome].filter(Boolean).join(" · ");
  const shown = make("div", "call",
    make("p", "", make("code", "", "POST " + call.url), " ", make("b", "", outcome)), make("p", "quiet", words));
  if (call.body) {
    const body = make("pre", "", call.body + (call.bodyIsCut ? "\n… (the rest is not kept)" : ""));
    body.tabIndex = 0;
    body.role = "region";
    body.ariaLabel = "The body of the response, with secrets masked";
    shown.append(body);
  }
  return shown;
}

// Schemes and cache

async function showSection() {
  const name = ["schemes", "cache"].find(it => "#" + it === location.hash) ?? "decisions";
  for (const section of document.querySelectorAll("main > section"))
    section.hidden = section.id !== name;
  for (const link of document.querySelectorAll("nav a"))
    link.ariaCurrent = link.hash === "#" + name ? "page" : null;

  if (name === "schemes")
    replace("scheme-list", (await read("schemes.json"))?.schemes.map(showScheme));
  else if (name === "cache")
    replace("cache-list", (await read("cache.json"))?.schemes.map(showCache));
}

/** Replaces the content of an element, and keeps the focus on what has the same key. */
function replace(id, content) {
  if (!content)
    return;

  const key = find(id).contains(document.activeElement) ? document.activeElement.dataset.key : undefined;
  find(id).replaceChildren(...content);
  if (key)
    find(id).querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus();
}

function showScheme({ name, optionsFault, server, tenants, settings }) {
  if (optionsFault)
    return make("div", "card", make("h3", "", name), make("p", "", badge("invalid options", "bad"), " ", optionsFault));

  const onlyChanged = find("only-changed").checked;
  const list = make("dl", "settings");
  for (const setting of settings.filter(it => !onlyChanged || !it.isDefault)) {
    list.append(
      make("dt", setting.isDefault ? "" : "changed", setting.name),
      make("dd", "", setting.value, setting.isSecret && setting.value === "set" ? make("span", "note", " (a secret, not shown)") : ""));
  }
  return make("div", "card", make("h3", "", name), ...(tenants ? showTenants(tenants) : [showServer(server)]), list);
}

function showTenants({ count, listed }) {
  const note = count === 0 ? "No tenant is kept: the first request of each resolves it."
    : count > listed.length ? `The first ${listed.length} of ${count} tenants that are kept`
    : count === 1 ? "1 tenant is kept" : `${count} tenants are kept`;
  return [make("p", "note", note), ...listed.map(({ name, server }) => part("Tenant " + name, showServer(server)))];
}

function showServer(server) {
  return make("dl", "facts",
    fact("Introspection endpoint", server.endpoint
      ? make("span", "", make("code", "", server.endpoint), make("span", "note", ` ${server.endpointSource}`))
      : server.discoveryFault ?? "not discovered yet: the first request does it"),
    fact("Client authentication", make("code", "", server.clientAuthenticationMethod)),
    fact("Circuit breaker", badge(...{
      closed: ["closed", "good"], halfOpen: ["half open: one call probes the server", "warn"], open: ["open: no calls", "bad"],
      off: ["off", "none"],
    }[server.breaker])),
    fact("Next call allowed", server.usableInSeconds > 0 ? `in ${formatSeconds(server.usableInSeconds)}` : "now"),
    fact("Last usable response", server.lastResponseAt ? formatTime(server.lastResponseAt) : "none, or it has failed since"));
}

function showCache({ name, active, inactive }) {
  return make("div", "card", make("h3", "", name), ...showEntries("Active", active), ...showEntries("Inactive", inactive));
}

function showEntries(title, { count, limit, evictions, entries }) {
  const evicted = evictions > 0 ? `, ${format(evictions)} evicted` : "";
  const words = `${title} responses: ${format(count)} of at most ${format(limit)}${evicted}`;
  if (entries.length === 0)
    return [make("p", "", words)];

  const list = make("ol", "entries");
  list.ariaLabel = `${title} responses`;
  for (const entry of entries) {
    const state = {
      fresh: ["fresh", "good"], refreshDue: ["refresh due", "good"], stale: ["stale", "warn"], expired: ["expired", "none"],
    }[entry.state];
    list.append(make("li", "", tokenButton(entry.token), badge(...state), make("span", "", `${formatSeconds(entry.ageSeconds)} old`),
      make("span", "", `until ${formatDate(entry.freshUntil)} by `, make("code", "", entry.endedBy))));
  }
  return [make("p", "", words + (count > entries.length ? `. The newest ${entries.length}:` : "")), list];
}

function badge(text, tone) {
  return make("span", "badge " + tone, text);
}

// Words

function format(number) {
  return number.toLocaleString("en");
}

function formatTime(time) {
  const date = new Date(time);
  return date.toLocaleTimeString("en-GB") + "." + String(date.getMilliseconds()).padStart(3, "0");
}

function formatDate(time) {
  const date = new Date(time);
  return date.toDateString() === new Date().toDateString() ? date.toLocaleTimeString("en-GB")
    : date.getFullYear() > 9000 ? "removed" : date.toLocaleString("en-GB");
}

function formatDuration(milliseconds) {
  return milliseconds < 10 ? `${milliseconds.toFixed(1)} ms`
    : milliseconds < 10000 ? `${Math.round(milliseconds)} ms` : formatSeconds(milliseconds / 1000);
}

function formatSeconds(seconds) {
  return seconds < 10 ? `${seconds.toFixed(1)} s` : seconds < 120 ? `${Math.round(seconds)} s`
    : seconds < 7200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`;
}

function make(tag, className, ...children) {
  const element = document.createElement(tag);
  if (className)
    element.className = className;
  element.append(...children);
  return element;
}
