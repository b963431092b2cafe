const element = id => document.getElementById(id);
const sources = { memory: "from its own memory", redis: "from Redis", server: "called the authorization server" };
const cards = [];
let token = null;
let isRunning = true;

const state = await (await fetch("demo")).json();
state.nodes.forEach((name, index) => {
  const card = element("card").content.firstElementChild.cloneNode(true);
  card.setAttribute("aria-label", name);
  card.querySelector("h3").textContent = name;
  card.querySelector(".send").textContent = `Send to ${name}`;
  card.querySelector(".revoke").textContent = `Revoke on ${name}`;
  card.querySelector(".send").addEventListener("click", () => send(index));
  card.querySelector(".revoke").addEventListener("click", () => revoke(index));
  element("nodes").append(card);
  cards.push(card);
});
show(state);

element("create").addEventListener("click", create);
element("burst").addEventListener("click", burst);
element("cut").addEventListener("click", () => switchRedis("stopped"));
element("restore").addEventListener("click", () => switchRedis("running"));
document.querySelector("main").inert = false; // earlier clicks would have no effect

async function create() {
  token = (await post("demo/tokens")).token;
  element("token").textContent = token;
  cards.forEach(card => showStatus(card, "", "no request yet", ""));
  enable(true);
  say("The token is valid. No node has seen it yet.");
}

async function send(index) {
  const response = await post(`demo/nodes/${index + 1}/read`, { token });
  const took = milliseconds(response.milliseconds);
  showResponse(cards[index], response.status, `${sources[response.source]}, ${took}`);
  say(`${response.node} responds ${response.status}, ${sources[response.source]}, in ${took}.`);
  await refresh();
}

async function revoke(index) {
  enable(false);
  element("cut").disabled = element("restore").disabled = true; // Redis stays as it is while the nodes are measured
  const revoked = state.nodes[index];
  const redis = isRunning ? "working" : "cut";
  say(`The token is revoked and removed on ${revoked}. Waiting until every node rejects it …`);
  cards.forEach(card => showStatus(card, "warn", "…", "waiting for the first 401"));

  const rejections = await post(`demo/nodes/${index + 1}/revoke`, { token });
  rejections.forEach((rejection, number) => showResponse(
    cards[number], rejection.status, `rejected after ${milliseconds(rejection.milliseconds)}`));
  const slowest = Math.max(...rejections.map(rejection => rejection.milliseconds));
  say(`Removed on ${revoked}. The last node rejected the token after ${milliseconds(slowest)}.`);
  addRow([revoked, redis, ...rejections.map(rejection => milliseconds(rejection.milliseconds))]);
  token = null;
  element("token").textContent = "revoked: create another one";
  await refresh();
  element("create").focus();
}

async function burst() {
  element("burst").disabled = true;
  const result = await post("demo/burst");
  element("burst-note").textContent =
    `${result.accepted} of ${result.requests} requests were accepted. Calls to the authorization server: ${result.calls}.`;
  element("burst").disabled = false;
  await refresh();
}

async function switchRedis(to) {
  await fetch(`demo/redis/${to}`, { method: "PUT" });
  say(to === "running" ? "Redis works again, without its data." : "Redis is cut. Requests go on.");
  await refresh();
  element(isRunning ? "cut" : "restore").focus();
}

async function refresh() {
  show(await (await fetch("demo")).json());
}

function show({ calls, isRedisRunning }) {
  isRunning = isRedisRunning;
  element("calls").textContent = calls.toLocaleString("en");
  element("redis").textContent = isRunning ? "working" : "cut";
  element("redis-tile").className = isRunning ? "good" : "bad";
  element("cut").disabled = !isRunning;
  element("restore").disabled = isRunning;
}

function showResponse(card, status, detail) {
  showStatus(card, status === 200 ? "good" : "bad", status === 200 ? "200 OK" : `${status} Unauthorized`, detail);
}

function showStatus(card, tone, status, detail) {
  card.className = tone;
  card.querySelector(".status").textContent = status;
  card.querySelector(".detail").textContent = detail;
}

function addRow(cells) {
  element("history").querySelector(".empty")?.remove();
  const row = element("history").insertRow(0);
  for (const cell of cells)
    row.insertCell().textContent = cell;
}

function enable(isEnabled) {
  document.querySelectorAll(".cards button").forEach(button => button.disabled = !isEnabled);
}

function say(text) {
  element("note").textContent = text;
}

function milliseconds(number) {
  return `${number.toLocaleString("en", { maximumFractionDigits: number < 100 ? 1 : 0 })} ms`;
}

async function post(path, body) {
  const response = await fetch(path, {
    method: "POST",
    headers: body ? { "Content-Type": "application/json" } : {},
    body: body ? JSON.stringify(body) : null,
  });
  if (!response.ok)
    say(`The page received ${response.status}.`);
  return response.json();
}
