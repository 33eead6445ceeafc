// The chat page: shows the help lines, sends what the person writes, and shows what comes back.
// It writes nothing to the device, asks no other host, and builds every element from text.

/** All that the page itself says. What it learns from the server comes in the server's own words. */
const WORDS = {
  you: "You said:",
  bot: "Handrail said:",
  choices: "Choices:",
  chosen: " (chosen)",
  sources: "Where this comes from",
  checked: "checked",
  newTab: " (opens a new tab)",
  call: "Call",
  text: "Text",
  slow: "Still working. The numbers above work right now.",
  failed: "I am sorry. I could not get an answer just now. The help lines at the top of this page work without me.",
  away: "I am sorry. I cannot reach my server right now. You can still write to me, and I will try again. The help at the top of this page works without me.",
  help: "In danger now? Call your local emergency number.\nNeed someone to talk to? Find a free line at findahelpline.com or befrienders.org.",
  retry: "Try again",
  startAgain: "Start again",
  changeCountry: "Change country: ",
  forgotten: "Done. This chat is forgotten, here and on the server.",
  clearedHere: "This page is clear. I could not reach my server. It forgets a chat 30 minutes after the last message.",
  leaveIn: (presses) => `Press Shift ${presses} more ${presses === 1 ? "time" : "times"} to leave.`,
  left: (characters) => `${characters} ${characters === 1 ? "character" : "characters"} left`,
};

/** The sites that are named while no country is known. */
const SITES = [
  ["findahelpline.com", "https://findahelpline.com"],
  ["befrienders.org", "https://www.befrienders.org"],
];
const EXIT = "https://www.bbc.com/weather";
const EXIT_PRESSES = 3;
const EXIT_MS = 5_000;
const SLOW_MS = 3_000;
/** The server answers within 10 seconds, even when it is in trouble. */
const GIVE_UP_MS = 12_000;
/** Long enough for a screen reader to take the text, short enough that nobody finds it when reading the page. */
const SPOKEN_MS = 1_000;
const LEFT_SHOWN_FROM = 100;
/** In digits. A short number can also be a count, so it is only linked after a word such as "call". */
const SHORT_NUMBER = 4;
/** Choices that speak of the turn before: they mean something else once the talk has moved on. */
const ONLY_NOW = ["/tell_more", "/none_of_these"];

const page = Object.fromEntries(
  ["help", "leave", "leave-hint", "chat", "transcript", "bottom", "composer", "words", "send", "left", "menu",
    "country-form", "country", "sizes", "start-again", "forget", "live"].map((id) => [id, document.getElementById(id)]),
);
/** What is known of this chat, in memory only. `turn` is the turn under way, `opening` the latest welcome. */
const chat = { token: null, help: null, turn: null, opening: null };

// -- Asking the server ------------------------------------------------------------------------------------------

/** Send a request and return {status, body}; throws when what comes back is not a JSON object. */
async function request(method, path, body, options = {}) {
  const response = await fetch(`webhooks/web/${path}`, {
    method,
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
    credentials: "omit",
    cache: "no-store",
    ...options,
  });
  const answer = await response.json();
  if (typeof answer !== "object" || answer === null) throw new TypeError("not an answer");
  return { status: response.status, body: answer };
}

/** Return the messages of an answer that can be shown; throws when there is none. */
function messagesOf({ status, body }) {
  const messages = Array.isArray(body.messages) ? body.messages.filter(isMessage) : [];
  if (!messages.length) throw new TypeError("an answer without words");
  // A refusal does not know the person's country: it must not replace numbers that do.
  if (isHelp(body.help) && (status === 200 || !chat.help)) showHelp(body.help);
  return messages;
}

function isMessage(message) {
  return typeof message?.text === "string" && message.text.trim() !== "";
}

function isHelp(help) {
  return typeof help?.danger === "string" && typeof help.short_help === "string" && Array.isArray(help.lines);
}

async function openSession(signal) {
  const answer = await request("POST", "session", { country: chat.help?.country ?? null }, { signal });
  const messages = messagesOf(answer);
  if (typeof answer.body.token !== "string") throw new TypeError("a session without a token");
  chat.token = answer.body.token;
  return messages;
}

/** Send a message; opens a session first when there is none, and once more when it has ended. */
async function exchange(message, signal) {
  const send = () => request("POST", "message", { token: chat.token, ...message }, { signal });
  await chat.opening;
  if (!chat.token) await openSession(signal);
  const answer = await send();
  if (answer.status !== 401) return answer;
  await openSession(signal);
  return send();
}

/** Return a signal that gives up on a request after a while. */
function patience() {
  const controller = new AbortController();
  setTimeout(() => controller.abort(), GIVE_UP_MS);
  return controller.signal;
}

/** A name for a message, so that the server can tell a repeat from a new one. */
function newId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// -- Turns ------------------------------------------------------------------------------------------------------

/** Show what the person said, send it and show the answer. Does nothing while another turn is under way. */
function say(shown, sent) {
  if (chat.turn) return false;
  for (const button of page.transcript.querySelectorAll("button[data-now]")) retire(button);
  page.transcript.append(item("mine", WORDS.you, make("p", { dir: "auto", class: "exact" }, shown)));
  void take({ id: newId(), ...sent });
  return true;
}

/** Run one turn from sending to showing. The answer and what it belongs to are scrolled into view. */
async function take(message) {
  const said = page.transcript.lastElementChild;
  const turn = new AbortController();
  chat.turn = turn;
  page.send.setAttribute("aria-disabled", "true");
  const waiting = item("waiting", WORDS.bot, make("p", { class: "dots" }, make("i"), make("i"), make("i")));
  page.transcript.append(waiting);
  scrollTo(waiting, "end");
  const slow = setTimeout(() => {
    waiting.append(make("p", {}, WORDS.slow));
    scrollTo(waiting, "end");
    speak(WORDS.slow);
  }, SLOW_MS);
  const giveUp = setTimeout(() => turn.abort(), GIVE_UP_MS);
  let messages, again;
  try {
    const answer = await exchange(message, turn.signal);
    messages = messagesOf(answer);
    again = repeatOf(message, answer);
  } catch {
    // Network, proxy, time-out or an empty answer: the person gets the same kind words and numbers for each.
    messages = [sorry(WORDS.failed)];
    again = message;
  } finally {
    clearTimeout(slow);
    clearTimeout(giveUp);
    waiting.remove();
  }
  if (chat.turn !== turn) return;
  chat.turn = null;
  page.send.removeAttribute("aria-disabled");
  show(messages, again);
  scrollTo(said, "start");
}

/** Return the message that "Try again" sends, or null when trying again would not help. */
function repeatOf(message, { status, body }) {
  if (status >= 500 || status === 429) return message;
  // This one was handled, without a real answer: the same id would bring the same words back.
  return status === 200 && body.ok === false ? { ...message, id: newId() } : null;
}

function sorry(words) {
  return { text: `${words}\n\n${chat.help?.short_help ?? WORDS.help}`, kind: "fallback" };
}

// -- Showing messages -------------------------------------------------------------------------------------------

/** Add the bot's messages of one turn to the transcript, and have them read aloud. `again` is what a retry sends. */
function show(messages, again) {
  const places = knownPlaces(chat.help);
  const spoken = [];
  for (const message of messages) {
    const { shown, heard } = rendered(message, places);
    page.transcript.append(shown);
    if (message.kind !== "emergency") spoken.push(heard);
  }
  if (again) page.transcript.lastElementChild.append(retryButton(again));
  if (spoken.length) speak(...spoken);
}

/** Return a message as a list item, and as a screen reader is to hear it. */
function rendered(message, places) {
  const sources = Array.isArray(message.sources) ? message.sources.filter((source) => source?.organisation) : [];
  const buttons = Array.isArray(message.buttons) ? message.buttons.filter((button) => button?.title) : [];
  const text = withoutSourceRows(message.text, sources);
  const kind = /^[a-z]+$/.test(message.kind) ? message.kind : "answer";
  const bubble = make("div", { class: "bubble" }, ...blocks(text, places));
  // An alert is read aloud at once, wherever the person is on the page.
  if (kind === "emergency") bubble.setAttribute("role", "alert");
  const shown = item(`bot kind-${kind}`, WORDS.bot, bubble);
  if (sources.length) bubble.append(sourceList(sources));
  if (buttons.length) shown.append(choices(buttons));
  const titles = buttons.map((button) => button.title).join(", ");
  return { shown, heard: titles ? `${text}\n${WORDS.choices} ${titles}` : text };
}

/** Return elements for plain text: a paragraph a row, "- " lists, and steps with their numbers as written. */
function blocks(text, places) {
  const found = [];
  let list = null;
  let apart = false;
  const add = (element) => {
    if (apart) element.classList.add("apart");
    apart = false;
    found.push(element);
    return element;
  };
  for (const row of text.split("\n")) {
    const tag = row.startsWith("- ") ? "ul" : /^\d{1,2}\. /.test(row) ? "ol" : null;
    if (!row.trim()) {
      list = null;
      apart = true;
    } else if (tag) {
      if (list?.localName !== tag) list = add(make(tag, { role: "list" }));
      list.append(make("li", { dir: "auto" }, ...linked(tag === "ul" ? row.slice(2) : row, places)));
    } else {
      list = null;
      add(make("p", { dir: "auto" }, ...linked(row, places)));
    }
  }
  return found;
}

/** The first source stands in the text too: it is left out there only when the folded list shows it. */
function withoutSourceRows(text, sources) {
  const isSource = (row) => row.startsWith("Source: ") && sources.some((source) => row.includes(source.address));
  return text.split("\n").filter((row) => !isSource(row)).join("\n").trim();
}

function sourceList(sources) {
  const entries = sources.map(({ organisation, title, address, checked }) => {
    const words = title ?? address;
    const name = /^https?:\/\//.test(address) ? outside(words, address) : words;
    const date = checked ? ` (${WORDS.checked} ${dateWords(checked)})` : "";
    return make("li", { dir: "auto" }, `${organisation}: `, name, date);
  });
  return make("details", { class: "sources" }, make("summary", {}, WORDS.sources), make("ul", { role: "list" }, ...entries));
}

function dateWords(date) {
  const day = new Date(`${date}T00:00:00Z`);
  return Number.isNaN(day.getTime()) ? date : day.toLocaleDateString("en-US", { dateStyle: "long", timeZone: "UTC" });
}

function choices(buttons) {
  const group = make("div", { class: "choices" });
  for (const { title, payload } of buttons) {
    const button = make("button", { type: "button", class: "choice", dir: "auto" }, title);
    if (ONLY_NOW.includes(payload)) button.dataset.now = "";
    button.addEventListener("click", () => {
      if (isRetired(button) || !say(title, { payload })) return;
      choose(button, group);
    });
    group.append(button);
  }
  return group;
}

function retryButton(message) {
  const group = make("div", { class: "choices" });
  const button = make("button", { type: "button", class: "choice" }, WORDS.retry);
  button.addEventListener("click", () => {
    if (isRetired(button) || chat.turn) return;
    choose(button, group);
    void take(message);
  });
  group.append(button);
  return group;
}

/** Mark the choice that was made. All stay readable and keep the focus, but none can be used again. */
function choose(button, group) {
  for (const other of group.children) retire(other);
  button.classList.add("chosen");
  button.append(make("span", { class: "unseen" }, WORDS.chosen));
}

function retire(button) {
  button.setAttribute("aria-disabled", "true");
}

function isRetired(button) {
  return button.getAttribute("aria-disabled") === "true";
}

function item(kind, speaker, ...content) {
  return make("li", { class: kind }, make("span", { class: "unseen" }, `${speaker} `), ...content);
}

/** Have a screen reader say each text once. The region is emptied, so that nobody reads it twice. */
function speak(...texts) {
  const spoken = texts.map((text) => make("p", {}, text));
  page.live.append(...spoken);
  setTimeout(() => spoken.forEach((text) => text.remove()), SPOKEN_MS);
}

function scrollTo(element, block) {
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  element.scrollIntoView({ block, behavior: still ? "auto" : "smooth" });
}

// -- Help lines and links ---------------------------------------------------------------------------------------

/** Show a country's numbers in the help bar, and remember them for when the server is away. */
function showHelp(help) {
  chat.help = help;
  const [danger, ...rows] = help.short_help.split("\n");
  const numbers = help.emergency?.numbers ?? [];
  const call = numbers.length
    ? make("span", { class: "help-ways" }, ...numbers.map((number) => wayLink(WORDS.call, number)))
    : make("strong", { class: "help-words" }, danger.slice(question(danger).length).trim());
  const lines = rows.map((row) => helpLine(row, help)).filter(Boolean);
  page.help.replaceChildren(
    make("p", { class: "help-danger" }, make("span", { class: "help-label" }, question(danger)), " ", call),
    make("ul", { class: "help-lines", role: "list" }, ...lines),
  );
  if ([...page.country.options].some((option) => option.value === help.country)) page.country.value = help.country;
}

/** Return one row of the short help with its line's links, or null when it names no line. */
function helpLine(row, help) {
  const named = help.lines.filter((line) => row.includes(line.name));
  const sites = SITES.filter(([site]) => row.includes(site));
  if (!named.length && !sites.length) return null;
  const [line] = named.sort((one, other) => other.name.length - one.name.length);
  const label = make("span", { class: "help-label" }, question(row));
  if (!line) {
    return make("li", { class: "help-line" }, label, " ", make("span", { class: "help-ways" }, ...sites.map(([site, to]) => outside(site, to))));
  }
  const name = line.region ? `${line.name} (${line.region})` : line.name;
  return make("li", { class: "help-line" }, label, " ", make("span", { class: "help-name" }, name), " ", ways(line, name));
}

function ways(line, name) {
  const links = [];
  if (line.call) links.push(wayLink(WORDS.call, line.call, name, line.after_call));
  // With a word to send, the way in is longer than the bar is wide: the line below each answer says it in full.
  if (line.text && !line.text.keyword) links.push(wayLink(WORDS.text, line.text, name));
  if (!links.length && line.text) links.push(link(line.text.words, line.text.href));
  const site = line.chat ?? line.web;
  if (!links.length && site) links.push(outside(siteWords(site), site));
  return make("span", { class: "help-ways" }, ...links);
}

function wayLink(verb, number, name, after) {
  const words = make("a", { href: number.href }, `${verb} `, make("bdi", {}, number.display));
  if (after) words.append(`, ${after}`);
  if (name) words.append(make("span", { class: "unseen" }, `, ${name}`));
  return words;
}

/** Return the question that a row of the short help opens with: "Drugs or alcohol?". */
function question(row) {
  return row.slice(0, row.indexOf("?") + 1);
}

/** Return what can be linked in the bot's words: each number and site of the help lines, and where it leads. */
function knownPlaces(help) {
  const places = new Map(SITES);
  const numbers = [];
  for (const line of help?.lines ?? []) {
    for (const site of [line.chat, line.web]) if (site) places.set(siteWords(site), site);
    numbers.push(line.text, line.tty, line.call);
  }
  // A number that takes texts and calls is dialed: the later entry wins.
  for (const number of [help?.emergency?.text, ...numbers, ...(help?.emergency?.numbers ?? [])]) {
    if (number) places.set(number.display, number.href);
  }
  return places;
}

/** Return the text in pieces, with the known places in it as links. No character is lost. */
function linked(text, places) {
  const names = [...places.keys()].sort((one, other) => other.length - one.length);
  const pattern = new RegExp(names.map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|"), "g");
  const pieces = [];
  let end = 0;
  for (const { 0: name, index } of text.matchAll(pattern)) {
    if (!standsAlone(name, text.slice(0, index), text.slice(index + name.length))) continue;
    pieces.push(text.slice(end, index), link(name, places.get(name)));
    end = index + name.length;
  }
  pieces.push(text.slice(end));
  return pieces;
}

function standsAlone(name, before, after) {
  if (/[\p{L}\p{N}@/._-]$/u.test(before) || /^(?:[\p{L}\p{N}@/_]|[-.,]\p{N})/u.test(after)) return false;
  const isShort = /^[\d -]+$/.test(name) && name.replace(/\D/g, "").length <= SHORT_NUMBER;
  return !isShort || /(?:call|text|dial|phone|ring|or|to) $/i.test(before);
}

function siteWords(address) {
  return address.replace(/^https?:\/\//, "").replace(/^www\./, "").replace(/\/$/, "");
}

function link(words, to) {
  if (/^https?:\/\//.test(to)) return outside(words, to);
  return /^(?:tel|sms):/.test(to) ? make("a", { href: to }, make("bdi", {}, words)) : words;
}

/** A link to another site opens a tab of its own: this page keeps nothing, so leaving it would lose the chat. */
function outside(words, to) {
  const hint = make("span", { class: "unseen" }, WORDS.newTab);
  return make("a", { href: to, target: "_blank", rel: "noopener noreferrer" }, make("bdi", {}, words), hint);
}

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

// -- Leaving and forgetting -------------------------------------------------------------------------------------

/** Hide everything at once, then go where nothing tells of this page. Going back does not bring it back. */
function leave() {
  document.documentElement.classList.add("gone");
  document.title = "\u00a0";
  document.body.replaceChildren();
  if (chat.token) request("DELETE", "session", { token: chat.token }, { keepalive: true }).catch(() => {});
  location.replace(EXIT);
}

/** Count Shift pressed and let go on its own; Shift as part of a capital letter or of a shortcut does not count. */
function watchShift() {
  let times = [];
  let alone = false;
  let timer;
  const hint = (words) => page["leave-hint"].replaceChildren(words);
  const reset = () => {
    times = [];
    alone = false;
    hint("");
  };
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Shift") reset();
    else if (!event.repeat) alone = !(event.ctrlKey || event.altKey || event.metaKey);
  });
  document.addEventListener("pointerdown", reset);
  document.addEventListener("keyup", (event) => {
    if (event.key !== "Shift" || !alone) return;
    alone = false;
    const now = Date.now();
    times = [...times.filter((time) => now - time < EXIT_MS), now];
    if (times.length >= EXIT_PRESSES) {
      leave();
      return;
    }
    const words = WORDS.leaveIn(EXIT_PRESSES - times.length);
    hint(words);
    speak(words);
    clearTimeout(timer);
    timer = setTimeout(reset, EXIT_MS);
  });
}

/** Clear the page, have the server forget the chat, and open a new one. The help lines stay. */
async function forget() {
  const { token, turn, opening } = chat;
  chat.token = null;
  chat.turn = null;
  turn?.abort();
  page.send.removeAttribute("aria-disabled");
  page.transcript.replaceChildren();
  page.words.value = "";
  fitInput();
  closeMenu();
  let words = WORDS.forgotten;
  if (token) {
    try {
      const { status } = await request("DELETE", "session", { token }, { signal: patience() });
      // An ended session (401) is forgotten already.
      if (status !== 200 && status !== 401) words = WORDS.clearedHere;
    } catch {
      words = WORDS.clearedHere;
    }
  }
  show([{ text: words, kind: "dialogue" }]);
  await opening;
  if (!chat.token) chat.opening = welcome();
}

// -- The page ---------------------------------------------------------------------------------------------------

/** Open a session and show its welcome. When that does not work, the first message tries again. */
async function welcome() {
  try {
    const messages = await openSession(patience());
    if (!chat.turn) show(messages);
  } catch {
    if (!chat.turn) show([sorry(WORDS.away)]);
  }
}

function send() {
  const text = page.words.value;
  if (!text.trim() || !say(text, { text })) return;
  page.words.value = "";
  fitInput();
}

/** Let the input grow with its text, and say how much room is left when there is little. */
function fitInput() {
  const room = page.words.maxLength - page.words.value.length;
  page.left.replaceChildren(room <= LEFT_SHOWN_FROM ? WORDS.left(room) : "");
  const rows = page.words.value.split("\n").length + Math.floor(page.words.value.length / 60);
  page.words.rows = Math.min(4, rows);
}

function closeMenu() {
  page.menu.open = false;
  page.menu.querySelector("summary").focus();
}

page.composer.addEventListener("submit", (event) => {
  event.preventDefault();
  send();
});
page.words.addEventListener("input", fitInput);
page.words.addEventListener("keydown", (event) => {
  // 229 is what Safari gives for the Enter that ends a composition.
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
  event.preventDefault();
  if (!event.repeat) send();
});
page["country-form"].addEventListener("submit", (event) => {
  event.preventDefault();
  const { value, label } = page.country.selectedOptions[0];
  if (value && say(WORDS.changeCountry + label, { payload: `/change_country{"country": "${value}"}` })) closeMenu();
});
page.sizes.addEventListener("change", (event) => {
  document.documentElement.dataset.size = event.target.value;
});
page["start-again"].addEventListener("click", () => {
  if (say(WORDS.startAgain, { payload: "/start_again" })) closeMenu();
});
page.forget.addEventListener("click", () => void forget());
page.menu.addEventListener("keydown", (event) => {
  if (event.key === "Escape") closeMenu();
});
page.leave.addEventListener("click", (event) => {
  event.preventDefault();
  leave();
});
// A browser that kept the page in memory must not bring an old chat back.
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});
watchShift();
page.bottom.hidden = false;
chat.opening = welcome();
