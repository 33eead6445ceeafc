// <handrail-chat>: help lines, an overdose card, a chat and a quick way out, for any page.
// It writes nothing to the device, asks no other host than its bot, and builds every element from text.
// How to put it on a page: docs/embedding.md. What it promises: web/README.md.

/** Filled in when the file is served (handrail/widget.py): the looks; the help lines of every country and the overdose card. */
const STYLE = "";
const DATA = null;

/**
 * All that the element itself says, by language. A page can add a language: `HandrailChat.words.xx = {...}`.
 * What is missing there is said in English. Words with a count have one form for each plural of the language.
 * Help lines, answers and the overdose card are not here: they come in the bot's own, reviewed words.
 */
const WORDS = {
  en: {
    language: "English",
    name: "Handrail",
    launch: "Help with drugs or alcohol",
    chat: "Chat",
    help: "Help right now",
    call: "Call {number}",
    text: "Text {number}",
    chooseCountry: "Choose your country",
    overdose: "Overdose: what to do",
    leave: "Leave this page quickly",
    leaveIn: { one: "Press Shift {n} more time to leave.", other: "Press Shift {n} more times to leave." },
    leaveOff: "You did not leave.",
    loading: "Loading",
    close: "Close",
    closeChat: "Close chat",
    program: "I am a computer program, not a person.",
    leaveHow: "To leave fast, press Shift 3 times or use the button at the top. This page stays in your browser history.",
    privacy: "Privacy, and how to leave safely",
    privacyRun: "This chat is run by those who run this site.",
    privacyKept: "What you write is kept in the server’s memory. It forgets a chat soon after the last message. Nothing is written to this device: if you load the page again, a new chat starts.",
    privacyLeave: "Please leave out names and addresses.",
    privacySeen: "Leaving fast erases the chat, but not your browser history. Someone who watches this device may still see that you were here. A private window or another device is safer.",
    privacyMore: "More about privacy on this site",
    messages: "Messages",
    you: "You said:",
    bot: "Handrail said:",
    choices: "Choices:",
    chosen: "(chosen)",
    urgent: "Act now:",
    sources: "Where this comes from",
    checked: "checked {date}",
    newTab: "(opens a new tab)",
    input: "Your message",
    send: "Send",
    left: { one: "{n} character left", other: "{n} characters left" },
    working: "Looking that up.",
    slow: "Still working. The numbers above work right now.",
    failed: "I am sorry. I could not get an answer just now. The help lines at the top work without me.",
    away: "I am sorry. I cannot reach my server right now. You can still write to me, and I will try again. The help lines at the top work without me.",
    retry: "Try again",
    menu: "Menu",
    allLines: "All help lines",
    size: "Text size",
    sizes: ["Normal", "Large", "Larger", "Largest"],
    country: "Help lines for",
    pickCountry: "Choose a country",
    elsewhere: "Somewhere else",
    changeCountry: "Change country",
    tongue: "Language",
    tongueNote: "The answers are in English for now.",
    keep: "Keep or print",
    keepWarning: "Others who use this device, or who find the paper, can see what you print, copy or save.",
    plan: "My plan",
    planNote: "It stays on this page and is gone when you close it.",
    planRows: ["What makes it hard: places, people, feelings", "What helps me get through", "People I can call", "Where the naloxone is", "What else I want to remember"],
    addChat: "Add this chat",
    print: "Print",
    copy: "Copy",
    save: "Save as a text file",
    copied: "Copied.",
    notCopied: "This browser did not let me copy. You can print or save it instead.",
    thisChat: "This chat",
    startAgain: "Start again",
    forget: "Forget this chat",
    forgotten: "Done. This chat is forgotten, here and on the server.",
    clearedHere: "This page is clear. I could not reach my server. It forgets a chat soon after the last message.",
  },
};
/** The language of answers, help lines and cards. */
const BOT = "en";
const RIGHT_TO_LEFT = ["ar", "he", "fa", "ur"];
const EXIT = "https://www.bbc.com/weather";
const EXIT_PRESSES = 3;
const EXIT_MS = 5_000;
/** When a person is told that it takes time: at once would flicker. */
const WORKING_MS = 1_000;
const SLOW_MS = 3_000;
/** The server answers within 10 seconds, even when it is in trouble. */
const GIVE_UP_MS = 12_000;
/** Long enough for a screen reader to take the text, short enough that nobody finds it when reading the page. */
const SPOKEN_MS = 1_000;
const MOST_CHARACTERS = 1_000;
const LEFT_SHOWN_FROM = 100;
const MOST_ROWS = 4;
/** In digits. A short number can also be a count, so it is only linked after a word such as "call". */
const SHORT_NUMBER = 4;
/** Digits of a full number where the calling code stands in front of it. */
const FULL_NUMBER = 10;
const SCALES = [100, 125, 150, 200];
/** Up to this width the open bubble fills the screen, and what is behind it cannot be reached. */
const PHONE = "(max-width: 30em)";
/** Choices that speak of the turn before: they mean something else once the talk has moved on. */
const ONLY_NOW = ["/tell_more", "/none_of_these"];

// -- Elements and text ------------------------------------------------------------------------------------------

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value !== null) element.setAttribute(name, value);
  }
  element.append(...children.flat().filter((child) => child !== null));
  return element;
}

/** Words that only screen readers give. */
function unseen(words) {
  return make("span", { class: "unseen" }, words);
}

function styled(text) {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text);
  return sheet;
}

function isSite(address) {
  return /^https?:\/\//.test(address ?? "");
}

/** Return a web address as people say it. */
function siteWords(address) {
  return address.replace(/^https?:\/\/(?:www\.)?|\/$/g, "");
}

/** Return the question that a row of the short help opens with: "Drugs or alcohol?". */
function question(row) {
  return row.slice(0, row.indexOf("?") + 1);
}

function lineName(line) {
  return line.region ? `${line.name} (${line.region})` : line.name;
}

/** Return whether a number or site in a text is one by itself, and not a part of something else. */
function standsAlone(name, before, after) {
  if (/[\p{L}\p{N}@/._-]$/u.test(before) || /^(?:[\p{L}\p{N}@/_]|[-.,]\p{N})/u.test(after)) return false;
  const isShort = /^[\d -]+$/.test(name) && name.replace(/\D/g, "").length <= SHORT_NUMBER;
  return !isShort || /(?:call|text|dial|phone|ring|or|to) $/i.test(before);
}

/** A name for a message, so that the server can tell a repeat from a new one. */
function newId() {
  return crypto.getRandomValues(new Uint32Array(4)).join("-");
}

// -- Help lines -------------------------------------------------------------------------------------------------

/** Return the help lines of a country as the server gives them, out of those that came with this file. */
function helpOf(country) {
  const text = DATA.countries.find((one) => country && one.startsWith(`${country}|`)) ?? DATA.countries[0];
  const [head, crisis, drugs, ...rows] = text.split("\n");
  const [code, name, plan, many] = head.split("|");
  const numbers = many ? many.split("~") : [];
  const number = (scheme, display) => {
    const digits = display.replace(/\D/g, "");
    return { display, href: `${scheme}:${plan && digits.length >= FULL_NUMBER ? plan + digits.slice(-FULL_NUMBER) : digits}` };
  };
  const lines = rows.map((row) => {
    const [kind, line, region, call, after, texts, chat, web, hours, cost, serves, not_for, tty] = row.split("|");
    const [to, keyword] = texts?.split("~") ?? [];
    const text = to && {
      ...number("sms", to),
      keyword,
      words: (keyword ? DATA.keyword : DATA.text).replace("{keyword}", keyword).replace("{number}", to),
    };
    const tel = (way) => way && number("tel", way);
    return { title: DATA.kinds[kind], name: line, region, call: tel(call), after_call: after, text, chat, web, hours, cost, serves, not_for, tty: tel(tty) };
  });
  const short = (row, opening) => {
    const [, place, words] = /^(\d+)\|(.*)/.exec(row) ?? [];
    return code || place ? opening.replace("{line}", place ? `${lineName(lines[place])}: ${words}` : row) : row;
  };
  const danger = DATA.danger.replace("{numbers}", numbers.join(` ${DATA.or} `) || DATA.local);
  return {
    country: code || null,
    name,
    danger,
    emergency: code ? { numbers: numbers.map((display) => number("tel", display)) } : null,
    short_help: [danger, code ? short(crisis, DATA.crisis) : DATA.crisis.replace("{line}", crisis), short(drugs, DATA.drugs)].join("\n"),
    lines,
  };
}

/** Return what can be linked in the bot's words: each number and site of the help lines, and where it leads. */
function knownPlaces(help) {
  const places = new Map();
  const numbers = [];
  for (const line of [...helpOf("").lines, ...help.lines]) {
    for (const site of [line.chat, line.web]) if (site) places.set(siteWords(site), site);
    numbers.push(line.text, line.tty, line.call);
  }
  // A number that takes texts and calls is dialed: the later entry wins.
  for (const number of [help.emergency?.text, ...numbers, ...(help.emergency?.numbers ?? [])]) {
    if (number) places.set(number.display, number.href);
  }
  return places;
}

function titleOf(help) {
  return help.country ? DATA.title.replace("{country}", help.name) : DATA.unknown;
}

function isHelp(help) {
  return typeof help?.danger === "string" && typeof help.short_help === "string" && Array.isArray(help.lines);
}

// -- Messages ---------------------------------------------------------------------------------------------------

/** Return a message in one shape: Rasa sends choices as `buttons` or `quick_replies`, and cards as `custom`. */
function flat(message) {
  const whole = { ...message, ...(message?.custom?.data ?? message?.custom) };
  return { ...whole, buttons: whole.buttons ?? whole.quick_replies };
}

function isMessage(message) {
  return typeof message.text === "string" && message.text.trim() !== "";
}

/** Return the message that "Try again" sends, or null when trying again would not help. */
function repeatOf(message, { status, body }) {
  if (status >= 500 || status === 429) return message;
  // This one was handled, without a real answer: the same id would bring the same words back.
  return status === 200 && body.ok === false ? { ...message, id: newId() } : null;
}

/** The first source stands in the text too: it is left out there only when the folded list shows it. */
function withoutSourceRows(text, sources) {
  const isSource = (row) => row.startsWith("Source: ") && sources.some((source) => row.includes(source.address));
  return text.split("\n").filter((row) => !isSource(row)).join("\n").trim();
}

function retire(button) {
  button.setAttribute("aria-disabled", "true");
}

// -- The element ------------------------------------------------------------------------------------------------

class HandrailChat extends HTMLElement {
  /** All chats of the page: leaving it forgets each of them. */
  static #all = new Set();
  static words = WORDS;
  static observedAttributes = ["country", "theme", "lang", "dir", "open"];

  /** The elements that are used by name, once they are built. */
  #part = null;
  /**
   * What is known of this chat, in memory only. `turn` is the turn under way, `opening` the latest welcome; `untold` says
   * which country was chosen, until the bot has heard of it.
   */
  #chat = { token: null, country: null, help: null, untold: null, turn: null, opening: null, said: [] };
  /** What the person wrote into "My plan", and how big the text is. */
  #plan = [];
  #scale = 0;
  /** The panel that covers the chat, what it was opened with, and how far the chat was scrolled. */
  #panel = null;
  #listening = null;
  #modal = false;

  connectedCallback() {
    HandrailChat.#all.add(this);
    try {
      if (!this.#part) this.#start();
      this.#listen();
    } catch (error) {
      // What the page wrote inside the tag is shown instead: its own links to help.
      console.error("handrail-chat could not start:", error);
      (this.shadowRoot ?? this.attachShadow({ mode: "open" })).replaceChildren(make("slot"));
    }
  }

  disconnectedCallback() {
    this.#listening?.abort();
  }

  attributeChangedCallback(name, before, now) {
    if (!this.#part || before === now) return;
    if (name === "open") this.#toggle();
    else if (name === "country") this.#useCountry(now);
    else if (name === "theme") this.#paint();
    else this.#build();
  }

  #start() {
    const root = this.shadowRoot ?? this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [styled(STYLE)];
    this.#setCountry(this.getAttribute("country"));
    this.#build();
    if (!this.#isBubble) this.#begin();
    else if (this.hasAttribute("open")) this.#toggle(false);
  }

  // -- What the page asks for -----------------------------------------------------------------------------------

  get #isBubble() {
    return this.getAttribute("mode") === "bubble";
  }

  /** The language that the element speaks: the one that is asked for, if it has words in it. */
  get #language() {
    const asked = this.getAttribute("lang") || document.documentElement.lang || "en";
    return [asked, asked.split("-")[0]].find((language) => language in WORDS) ?? "en";
  }

  #server(path) {
    const server = this.getAttribute("server");
    const base = server ? new URL(server.replace(/\/*$/, "/"), document.baseURI) : new URL(".", import.meta.url);
    return new URL(`webhooks/web/${path}`, base);
  }

  get #exit() {
    const exit = this.getAttribute("exit-url");
    return isSite(exit) ? exit : EXIT;
  }

  /** Return the element's own words for a key, with the values filled in. */
  #say(key, values = {}) {
    const words = WORDS[this.#language][key] ?? WORDS.en[key];
    const isCounted = typeof words === "object" && !Array.isArray(words);
    const form = isCounted ? (words[new Intl.PluralRules(this.#language).select(values.n)] ?? words.other) : words;
    return typeof form === "string" ? form.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all) : form;
  }

  // -- Building -------------------------------------------------------------------------------------------------

  /** Build everything anew, in the language of now. The chat and what was typed are taken along. */
  #build() {
    const say = (key, values) => this.#say(key, values);
    const old = this.#part;
    const part = {};
    const named = (tag, id, attributes = {}, ...children) => (part[id] = make(tag, { id, ...attributes }, ...children));
    const button = (id, words, act, attributes = {}) => named("button", id, { type: "button", class: "quiet", click: act, ...attributes }, words);
    const page = !this.#isBubble;
    // A page with a main part of its own has its own title too: the chat is then one part of it.
    const whole = page && !document.querySelector("main:not(handrail-chat *)");

    named("section", "help", { "aria-label": say("help") });
    const leave = (id, kind) =>
      named("a", id, { class: kind, href: this.#exit, rel: "noreferrer", click: (event) => this.#leave(event) }, say("leave"));
    const actions = make(
      "div",
      { class: "actions" },
      button("overdose-open", say("overdose"), () => this.#togglePanel("overdose", "overdose-open"), { "aria-expanded": "false" }),
      make("div", { class: "exit" }, leave("leave", "leave"), named("p", "leave-hint", { "aria-hidden": "true" })),
      page ? null : button("close", unseen(say("closeChat")), () => this.removeAttribute("open")),
    );

    const privacyLink = this.getAttribute("privacy-url");
    const about = make(
      "div",
      { class: "about" },
      make(whole ? "h1" : "h2", { class: "name" }, say("name")),
      make("p", {}, make("strong", {}, say("program"))),
      make("p", { class: "fine" }, say("leaveHow")),
      make(
        "details",
        { class: "fold fine" },
        make("summary", {}, say("privacy")),
        ...["privacyRun", "privacyKept", "privacyLeave", "privacySeen"].map((key) => make("p", {}, say(key))),
        isSite(privacyLink) ? make("p", {}, this.#outside(say("privacyMore"), privacyLink)) : null,
      ),
    );
    part.transcript = old?.transcript ?? make("ol", { id: "transcript", class: "transcript", role: "list" });
    part.transcript.setAttribute("aria-label", say("messages"));
    named(whole ? "main" : "section", "chat", { tabindex: "0", "aria-label": say("chat") }, about, part.transcript);

    named("textarea", "words", {
      rows: "1",
      maxlength: MOST_CHARACTERS,
      dir: "auto",
      enterkeyhint: "send",
      autocomplete: "off",
      "aria-describedby": "left",
      input: () => this.#fitInput(),
      keydown: (event) => this.#enter(event),
    });
    named("button", "send", { type: "submit" }, say("send"));
    named(
      "form",
      "composer",
      { autocomplete: "off", submit: (event) => this.#send(event) },
      make("label", { for: "words" }, say("input")),
      make("div", { class: "composer-row" }, part.words, part.send),
      named("p", "left", { class: "fine" }),
    );
    named(
      whole ? "footer" : "div",
      "bottom",
      {},
      make("div", { class: "column" }, leave("leave-again", "leave again"), part.composer),
      make(
        "div",
        { class: "column tools" },
        button("menu-open", say("menu"), () => this.#togglePanel("menu", "menu-open"), { "aria-expanded": "false" }),
        button("lines-open", say("allLines"), () => this.#togglePanel("lines", "lines-open"), { "aria-expanded": "false" }),
      ),
    );

    const panel = (id, title, ...children) =>
      named(
        "section",
        id,
        { class: "panel", hidden: "", "aria-labelledby": `${id}-title` },
        make(
          "div",
          { class: "panel-head" },
          make("h2", { id: `${id}-title`, tabindex: "-1" }, title),
          make("button", { type: "button", class: "panel-close", click: () => this.#closePanel() }, say("close")),
        ),
        ...children,
      );
    panel("overdose", say("overdose"), named("div", "steps", { lang: BOT }));
    panel("lines", say("allLines"), named("div", "all", { lang: BOT }));
    panel("menu", say("menu"), this.#menu(named, button));
    panel("keep", say("keep"), this.#keep(named, button));

    part.frame = make(
      "div",
      { class: "frame" },
      make(whole ? "header" : "div", { class: "top" }, part.help, actions),
      part.chat,
      ...["overdose", "lines", "menu", "keep"].map((id) => part[id]),
      part.bottom,
    );
    named("div", "live", { class: "unseen", "aria-live": "polite" });
    named(page ? "div" : "dialog", "shell", { class: "shell", ...(page ? {} : { "aria-label": say("name"), tabindex: "-1" }) }, part.frame, part.live);
    part.root = make("div", { class: "root", lang: this.#language, keydown: (event) => this.#escape(event) }, part.shell);
    if (!page) {
      named("button", "launcher", { type: "button", "aria-haspopup": "dialog", click: () => this.setAttribute("open", "") }, this.getAttribute("label") || say("launch"));
      part.shell.addEventListener("cancel", (event) => {
        event.preventDefault();
        this.removeAttribute("open");
      });
      part.root.prepend(part.launcher);
    }
    if (!this.hasAttribute("dir") && RIGHT_TO_LEFT.includes(this.#language.split("-")[0])) part.root.dir = "rtl";

    if (old) part.words.value = old.words.value;
    this.#part = part;
    this.#panel = null;
    this.#showHelp();
    this.#paint();
    this.#fitInput();
    this.shadowRoot.replaceChildren(part.root);
    if (old && !page && this.hasAttribute("open")) this.#toggle(false);
  }

  /** The menu: text size, country, language, and what can be done with the chat. */
  #menu(named, button) {
    const say = (key, values) => this.#say(key, values);
    const sizes = say("sizes").map((words, place) =>
      make("label", {}, make("input", { type: "radio", name: "size", value: place, checked: place === this.#scale ? "" : null }), words),
    );
    const names = DATA.countries
      .slice(1)
      .map((country) => country.replace("|the ", "|").split("|"))
      .sort(([, one], [, other]) => one.localeCompare(other));
    const options = [["", say("pickCountry")], ...names, ["elsewhere", say("elsewhere")]];
    const languages = Object.keys(WORDS);
    return make(
      "div",
      { class: "rows" },
      named(
        "fieldset",
        "sizes",
        {
          change: (event) => {
            this.#scale = Number(event.target.value);
            this.#paint();
          },
        },
        make("legend", {}, say("size")),
        make("span", { class: "pair" }, ...sizes),
      ),
      named(
        "form",
        "country-form",
        { autocomplete: "off", submit: (event) => this.#pickCountry(event) },
        make("label", { for: "country" }, say("country")),
        make(
          "span",
          { class: "pair" },
          named("select", "country", { autocomplete: "off" }, ...options.map(([value, words]) => make("option", { value }, words))),
          make("button", { type: "submit", class: "choice" }, say("changeCountry")),
        ),
      ),
      languages.length < 2
        ? null
        : make(
            "div",
            {},
            make("label", { for: "language" }, say("tongue")),
            named(
              "select",
              "language",
              {
                autocomplete: "off",
                change: (event) => {
                  this.setAttribute("lang", event.target.value);
                  this.#openPanel("menu", "menu-open", "language");
                },
              },
              ...languages.map((language) => make("option", { value: language, lang: language, selected: language === this.#language ? "" : null }, WORDS[language].language ?? language)),
            ),
            make("p", { class: "fine" }, say("tongueNote")),
          ),
      make(
        "p",
        { class: "pair" },
        button("keep-open", say("keep"), () => this.#openPanel("keep", "menu-open"), { class: "choice" }),
        button("start-again", say("startAgain"), () => this.#ask(say("startAgain"), { payload: "/start_again" }) && this.#closePanel(), { class: "choice" }),
        button("forget", say("forget"), () => void this.#forget(), { class: "choice" }),
      ),
    );
  }

  /** What can be kept: a plan of one's own, the help lines, the chat. */
  #keep(named, button) {
    const say = (key) => this.#say(key);
    const rows = say("planRows").map((words, place) => {
      const field = make("textarea", { id: `plan-${place}`, rows: "2", dir: "auto", autocomplete: "off", input: () => (this.#plan[place] = field.value) });
      field.value = this.#plan[place] ?? "";
      return [make("label", { for: field.id }, words), field];
    });
    return make(
      "div",
      { class: "rows" },
      make("p", {}, say("keepWarning")),
      make("fieldset", {}, make("legend", {}, say("plan")), make("p", { class: "fine" }, say("planNote")), ...rows.flat()),
      make("label", { class: "tick" }, named("input", "add-chat", { type: "checkbox" }), say("addChat")),
      make(
        "p",
        { class: "pair" },
        button("print", say("print"), () => this.#print(), { class: "choice main" }),
        button("copy", say("copy"), () => void this.#copy(), { class: "choice" }),
        button("save", say("save"), () => this.#save(), { class: "choice" }),
      ),
      named("p", "kept", { class: "fine" }),
    );
  }

  /** Set the colors and the text size that the page, the device and the person ask for. */
  #paint() {
    const theme = (this.getAttribute("theme") ?? "").split(/\s+/);
    const asks = (query, word) => matchMedia(query).matches && word;
    const dark = !theme.includes("light") && asks("(prefers-color-scheme: dark)", "dark");
    const { root } = this.#part;
    root.className = ["root", ...theme, dark, asks("(prefers-contrast: more)", "contrast")].filter(Boolean).join(" ");
    root.style.setProperty("--scale", SCALES[this.#scale] / 100);
  }

  // -- Listening to the page ------------------------------------------------------------------------------------

  #listen() {
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    for (const query of ["(prefers-color-scheme: dark)", "(prefers-contrast: more)"]) {
      matchMedia(query).addEventListener("change", () => this.#paint(), { signal });
    }
    // A browser that kept the page in memory must not bring an old chat back.
    addEventListener("pageshow", (event) => event.persisted && this.#chat.token && location.reload(), { signal });
    this.#watchShift(signal);
  }

  /** Count Shift pressed and let go on its own; Shift as part of a capital letter or of a shortcut does not count. */
  #watchShift(signal) {
    let times = [];
    let alone = false;
    let timer;
    const hint = (words, pressed) => {
      this.#part["leave-hint"].replaceChildren(words);
      this.#part["leave-hint"].dataset.pressed = pressed;
    };
    const reset = () => {
      if (times.length) hint("", 0);
      times = [];
      alone = false;
      clearTimeout(timer);
    };
    document.addEventListener(
      "keydown",
      (event) => {
        if (event.key !== "Shift") reset();
        else if (!event.repeat) alone = !(event.ctrlKey || event.altKey || event.metaKey);
      },
      { signal },
    );
    document.addEventListener("pointerdown", reset, { signal });
    document.addEventListener(
      "keyup",
      (event) => {
        // A closed bubble that nobody used leaves the keys to the page.
        if (event.key !== "Shift" || !alone || (this.#isBubble && !this.#chat.opening)) return;
        alone = false;
        const now = Date.now();
        times = [...times.filter((time) => now - time < EXIT_MS), now];
        if (times.length >= EXIT_PRESSES) {
          this.#leave();
          return;
        }
        const words = this.#say("leaveIn", { n: EXIT_PRESSES - times.length });
        hint(words, times.length);
        this.#announce(words);
        clearTimeout(timer);
        timer = setTimeout(() => {
          reset();
          this.#announce(this.#say("leaveOff"));
        }, EXIT_MS);
      },
      { signal },
    );
  }

  // -- Opening and closing --------------------------------------------------------------------------------------

  /** Open or close the bubble as the attribute `open` says. Focus moves only when a person did it. */
  #toggle(byHand = true) {
    const { shell, launcher, words } = this.#part;
    if (!this.#isBubble) return;
    const isOpen = this.hasAttribute("open");
    this.#modal = isOpen && byHand && matchMedia(PHONE).matches;
    launcher.hidden = isOpen;
    if (!isOpen) {
      this.#closePanel();
      shell.close();
      launcher.focus();
      return;
    }
    if (this.#modal) shell.showModal();
    else shell.setAttribute("open", "");
    if (byHand) (this.#modal ? shell : words).focus();
    this.#begin();
  }

  /** Open the chat, once. A bubble that nobody opens asks the server nothing. */
  #begin() {
    this.#chat.opening ??= this.#welcome();
  }

  #escape(event) {
    if (event.key !== "Escape" || event.isComposing) return;
    if (this.#panel) this.#closePanel();
    else if (this.#isBubble && this.hasAttribute("open")) this.removeAttribute("open");
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #togglePanel(name, opener) {
    if (this.#panel?.name === name) this.#closePanel();
    else this.#openPanel(name, opener);
  }

  /** Cover the chat with a panel. The help bar and the way out stay. */
  #openPanel(name, opener, focus = `${name}-title`) {
    const { chat, frame, bottom } = this.#part;
    const scrolled = this.#panel?.scrolled ?? [chat.scrollTop, frame.scrollTop];
    this.#hidePanel();
    this.#panel = { name, opener, scrolled };
    if (name === "overdose") this.#showOverdose();
    if (name === "lines") this.#showAllLines();
    chat.hidden = bottom.hidden = true;
    this.#part[name].hidden = false;
    this.#part[opener].setAttribute("aria-expanded", "true");
    this.#part[name].scrollTop = 0;
    this.shadowRoot.getElementById(focus).focus();
  }

  #hidePanel() {
    if (!this.#panel) return;
    this.#part[this.#panel.name].hidden = true;
    this.#part[this.#panel.opener].setAttribute("aria-expanded", "false");
  }

  /** Show the chat again, where it was, with the focus on what the panel was opened with. */
  #closePanel() {
    if (!this.#panel) return;
    const { opener, scrolled } = this.#panel;
    const { chat, frame, bottom } = this.#part;
    this.#hidePanel();
    this.#panel = null;
    chat.hidden = bottom.hidden = false;
    [chat.scrollTop, frame.scrollTop] = scrolled;
    this.#part[opener].focus({ preventScroll: true });
  }

  // -- Asking the server ----------------------------------------------------------------------------------------

  /** Send a request and return {status, body}; throws when what comes back is not a JSON object. */
  async #request(method, path, body, signal) {
    const response = await fetch(this.#server(path), {
      method,
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
      credentials: "omit",
      cache: "no-store",
      referrerPolicy: "no-referrer",
      signal,
    });
    const answer = await response.json();
    if (typeof answer !== "object" || answer === null) throw new TypeError("not an answer");
    return { status: response.status, body: answer };
  }

  /** Return the messages of an answer that can be shown; throws when there is none. */
  #messagesOf({ status, body }) {
    const messages = Array.isArray(body.messages) ? body.messages.map(flat).filter(isMessage) : [];
    if (!messages.length) throw new TypeError("an answer without words");
    // A refusal does not know the person's country: it must not replace numbers that do.
    // Nor may an answer from before a choice of country undo it.
    if (isHelp(body.help) && status === 200 && !this.#chat.untold) {
      this.#chat.help = body.help;
      this.#chat.country = body.help.country ?? this.#chat.country;
      this.#showHelp();
    }
    return messages;
  }

  async #openSession(signal) {
    const { country } = this.#chat;
    const answer = await this.#request("POST", "session", { country }, signal);
    if (country === this.#chat.country) this.#chat.untold = null;
    const messages = this.#messagesOf(answer);
    if (typeof answer.body.token !== "string") throw new TypeError("a session without a token");
    this.#chat.token = answer.body.token;
    return messages;
  }

  /** Send a message; opens a session first when there is none, and once more when it has ended. */
  async #exchange(message, signal) {
    const chat = this.#chat;
    const send = async (sent = message) => {
      const answer = await this.#request("POST", "message", { token: chat.token, ...sent }, signal);
      if (answer.status === 200 && sent.payload === chat.untold) chat.untold = null;
      return answer;
    };
    await chat.opening;
    if (!chat.token) await this.#openSession(signal);
    if (chat.untold && chat.untold !== message.payload) await send({ id: newId(), payload: chat.untold });
    const answer = await send();
    if (answer.status !== 401) return answer;
    await this.#openSession(signal);
    return send();
  }

  /** Open a session and show its welcome. When that does not work, the first message tries again. */
  async #welcome() {
    let messages;
    try {
      messages = await this.#openSession(AbortSignal.timeout(GIVE_UP_MS));
    } catch {
      messages = [this.#sorry("away")];
    }
    if (!this.#chat.turn) this.#show(messages);
  }

  // -- Turns ----------------------------------------------------------------------------------------------------

  /** Show what the person said, send it and show the answer. Does nothing while another turn is under way. */
  #ask(shown, sent) {
    if (this.#chat.turn) return false;
    const { transcript } = this.#part;
    for (const button of transcript.querySelectorAll("button[data-now]")) retire(button);
    transcript.append(this.#item("mine", "you", make("p", { dir: "auto", class: "exact" }, shown)));
    this.#chat.said.push(`${this.#say("you")} ${shown}`);
    void this.#take({ id: newId(), ...sent });
    return true;
  }

  /** Run one turn from sending to showing. The answer and what it belongs to are scrolled into view. */
  async #take(message) {
    const { transcript, send } = this.#part;
    const said = transcript.lastElementChild;
    const turn = new AbortController();
    this.#chat.turn = turn;
    retire(send);
    const status = make("p", { class: "status" });
    const waiting = this.#item("waiting", "bot", make("div", { class: "dots" }, make("i"), make("i"), make("i"), status));
    transcript.append(waiting);
    this.#scrollTo(waiting, "end");
    const tell = (key, after) =>
      setTimeout(() => {
        status.replaceChildren(this.#say(key));
        this.#scrollTo(waiting, "end");
        this.#announce(this.#say(key));
      }, after);
    const timers = [tell("working", WORKING_MS), tell("slow", SLOW_MS), setTimeout(() => turn.abort(), GIVE_UP_MS)];
    let messages, again;
    try {
      const answer = await this.#exchange(message, turn.signal);
      messages = this.#messagesOf(answer);
      again = repeatOf(message, answer);
    } catch {
      // Network, proxy, time-out or an empty answer: the person gets the same kind words and numbers for each.
      messages = [this.#sorry("failed")];
      again = message;
    } finally {
      timers.forEach(clearTimeout);
      waiting.remove();
    }
    if (this.#chat.turn !== turn) return;
    this.#chat.turn = null;
    this.#part.send.removeAttribute("aria-disabled");
    this.#show(messages, again);
    this.#scrollTo(said, "start");
  }

  #sorry(key) {
    return { text: `${this.#say(key)}\n\n${this.#chat.help.short_help}`, kind: "fallback" };
  }

  // -- Showing messages -----------------------------------------------------------------------------------------

  /** Add the bot's messages of one turn to the transcript, and have them read aloud. `again` is what a retry sends. */
  #show(messages, again) {
    const places = knownPlaces(this.#chat.help);
    const spoken = [];
    for (const message of messages) {
      const { shown, heard } = this.#rendered(message, places);
      this.#part.transcript.append(shown);
      this.#chat.said.push(`${this.#say("bot")} ${message.text}`);
      // An alert is read aloud by itself, unless a panel hides it.
      if (message.kind !== "emergency" || this.#panel) spoken.push(heard);
    }
    if (again) this.#part.transcript.lastElementChild.append(this.#choices([{ title: this.#say("retry") }], again));
    this.#announce(...spoken);
  }

  /** Return a message as a list item, and as a screen reader is to hear it. */
  #rendered(message, places) {
    const sources = Array.isArray(message.sources) ? message.sources.filter((source) => source?.organisation) : [];
    const buttons = Array.isArray(message.buttons) ? message.buttons.filter((button) => button?.title) : [];
    const text = withoutSourceRows(message.text, sources);
    const kind = /^[a-z]+$/.test(message.kind) ? message.kind : "answer";
    const content = this.#blocks(text, places);
    const bubble = make("div", { class: "bubble", lang: BOT }, ...content);
    if (kind === "emergency") {
      // An alert is read aloud at once, wherever the person is on the page.
      bubble.setAttribute("role", "alert");
      bubble.prepend(unseen(`${this.#say("urgent")} `));
    }
    if (kind === "answer") {
      if (content.length > 1 && content[0].localName === "p") content[0].classList.add("point");
      if (typeof message.title === "string") bubble.prepend(make("h3", { class: "title", dir: "auto" }, message.title));
    }
    const shown = this.#item(`bot kind-${kind}`, "bot", bubble);
    if (sources.length) bubble.append(this.#sourceList(sources));
    if (buttons.length) shown.append(this.#choices(buttons));
    const titles = buttons.map((button) => button.title).join(", ");
    return { shown, heard: titles ? `${text}\n${this.#say("choices")} ${titles}` : text };
  }

  /** Return elements for plain text: a paragraph a row, "- " lists, and steps with their numbers as written. */
  #blocks(text, places) {
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
        if (list?.localName !== tag) list = add(make(tag, { role: "list", dir: "auto" }));
        list.append(make("li", { dir: "auto" }, ...this.#linked(tag === "ul" ? row.slice(2) : row, places)));
      } else {
        list = null;
        add(make("p", { dir: "auto" }, ...this.#linked(row, places)));
      }
    }
    return found;
  }

  #sourceList(sources) {
    const long = { dateStyle: "long", timeZone: "UTC" };
    const entries = sources.map(({ organisation, title, address, checked }) => {
      const words = title ?? address;
      const date = checked ? ` (${this.#say("checked", { date: new Date(checked).toLocaleDateString(this.#language, long) })})` : "";
      return make("li", { dir: "auto" }, `${organisation}: `, isSite(address) ? this.#outside(words, address) : words, date);
    });
    return make("details", { class: "fold sources", lang: this.#language }, make("summary", {}, this.#say("sources")), make("ul", { role: "list" }, ...entries));
  }

  /** Return buttons of which one can be chosen, once. `again` is what "Try again" sends. */
  #choices(buttons, again) {
    const group = make("div", { class: "choices" });
    for (const { title, payload } of buttons) {
      const button = make("button", { type: "button", class: payload === "/tell_more" ? "choice main" : "choice", dir: "auto", lang: again ? null : BOT }, title);
      if (ONLY_NOW.includes(payload)) button.dataset.now = "";
      button.addEventListener("click", () => {
        if (button.hasAttribute("aria-disabled") || this.#chat.turn) return;
        // All stay readable and keep the focus, but none can be used again.
        for (const other of group.children) retire(other);
        button.classList.add("chosen");
        button.append(unseen(` ${this.#say("chosen")}`));
        if (again) void this.#take(again);
        else this.#ask(title, payload ? { payload } : { text: title });
      });
      group.append(button);
    }
    return group;
  }

  #item(kind, speaker, ...content) {
    return make("li", { class: kind }, unseen(`${this.#say(speaker)} `), ...content);
  }

  /** Have a screen reader say each text once. The region is emptied, so that nobody reads it twice. */
  #announce(...texts) {
    const spoken = texts.map((text) => make("p", {}, text));
    this.#part.live.append(...spoken);
    setTimeout(() => spoken.forEach((text) => text.remove()), SPOKEN_MS);
  }

  #scrollTo(element, block) {
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    element.scrollIntoView({ block, behavior: still ? "auto" : "smooth" });
  }

  // -- Help lines and links -------------------------------------------------------------------------------------

  /** Use a country's help lines as they came with this file, until the server sends its own. */
  #setCountry(country) {
    const code = country?.trim().toUpperCase() || null;
    this.#chat.country = code === "UK" ? "GB" : code;
    this.#chat.help = helpOf(this.#chat.country);
  }

  #useCountry(country) {
    this.#setCountry(country);
    this.#chat.untold = `/change_country{"country": "${this.#chat.country ?? "elsewhere"}"}`;
    this.#showHelp();
  }

  /** Show the numbers of the country that was chosen at once, then tell the bot. */
  #pickCountry(event) {
    event.preventDefault();
    const { value, label } = this.#part.country.selectedOptions[0];
    if (!value) return;
    this.#useCountry(value === "elsewhere" ? null : value);
    this.#closePanel();
    this.#ask(`${this.#say("changeCountry")}: ${label}`, { payload: this.#chat.untold });
  }

  /** Show the country's numbers in the help bar, and wherever else they stand. */
  #showHelp() {
    const { help } = this.#chat;
    const [danger, ...rows] = help.short_help.split("\n");
    const numbers = help.emergency?.numbers ?? [];
    const call = numbers.length
      ? make("span", { class: "ways" }, ...numbers.map((number) => this.#wayLink("call", number)))
      : make("strong", { class: "help-words", lang: BOT }, danger.slice(question(danger).length).trim());
    const choose = help.country
      ? null
      : make(
          "li",
          { class: "help-line" },
          make("button", { type: "button", class: "quiet", click: () => this.#openPanel("menu", "menu-open", "country") }, this.#say("chooseCountry")),
        );
    this.#part.help.replaceChildren(
      make("p", { class: "help-danger" }, make("span", { class: "help-label", lang: BOT }, question(danger)), " ", call),
      make("ul", { class: "help-lines", role: "list" }, ...rows.map((row) => this.#helpLine(row)).filter(Boolean), choose),
    );
    const { country } = this.#part;
    if ([...country.options].some((option) => option.value === help.country)) country.value = help.country;
    if (this.#panel?.name === "overdose") this.#showOverdose();
    if (this.#panel?.name === "lines") this.#showAllLines();
  }

  /** Return one row of the short help with its line's links, or null when it names no line. */
  #helpLine(row) {
    const [line] = this.#chat.help.lines.filter((one) => row.includes(one.name)).sort((one, other) => other.name.length - one.name.length);
    const sites = helpOf("").lines.filter((one) => row.includes(siteWords(one.web)));
    if (!line && !sites.length) return null;
    const label = make("span", { class: "help-label", lang: BOT }, question(row));
    const links = line ? this.#ways(line) : sites.map((site) => this.#outside(siteWords(site.web), site.web));
    return make("li", { class: "help-line" }, label, " ", line ? make("span", { class: "help-name", lang: BOT }, lineName(line)) : null, " ", make("span", { class: "ways" }, ...links));
  }

  /** Return the links to a line: all of them, or those that fit into the bar. */
  #ways(line, all) {
    const { call, text, chat, web } = line;
    const links = call ? [this.#wayLink("call", call, line)] : [];
    // With a word to send, the way in is longer than the bar is wide: the list of all lines says it in full.
    if (text && !text.keyword) links.push(this.#wayLink("text", text, line));
    else if (text && (all || !call)) links.push(this.#link(text.words.replace(/\.$/, ""), text.href));
    const sites = all ? [chat, web] : [links.length ? null : chat || web];
    return [...links, ...sites.filter(Boolean).map((site) => this.#outside(siteWords(site), site))];
  }

  #wayLink(verb, number, line) {
    const [before, after] = this.#say(verb).split("{number}");
    const words = make("a", { href: number.href, lang: this.#language, dir: "auto" }, before, make("bdi", {}, number.display), after);
    if (verb === "call" && line?.after_call) words.append(`, ${line.after_call}`);
    if (line) words.append(unseen(`, ${lineName(line)}`));
    return words;
  }

  /** Write the overdose card, with the emergency numbers as links. */
  #showOverdose() {
    const { help } = this.#chat;
    const numbers = help.emergency?.numbers ?? [];
    const words = numbers.map((number) => number.display).join(` ${DATA.or} `) || DATA.local;
    const calls = numbers.length ? make("p", { class: "ways big" }, ...numbers.map((number) => this.#wayLink("call", number))) : null;
    const card = this.#blocks(DATA.overdose.replace("{emergency_number}", words), knownPlaces(help));
    this.#part.steps.replaceChildren(...[calls, ...card].filter(Boolean));
  }

  /** List every line of the country with what is known of it. */
  #showAllLines() {
    const { help } = this.#chat;
    const numbers = help.emergency?.numbers ?? [];
    const found = [make("p", {}, make("strong", {}, titleOf(help)))];
    if (numbers.length) {
      found.push(make("h3", {}, question(help.danger)), make("p", { class: "ways danger" }, ...numbers.map((number) => this.#wayLink("call", number))));
    } else {
      found.push(make("p", { class: "help-words" }, help.danger));
    }
    let title, list;
    for (const line of help.lines) {
      if (line.title !== title) found.push(make("h3", {}, line.title), (list = make("ul", { role: "list" })));
      title = line.title;
      list.append(make("li", { class: "line" }, make("strong", { dir: "auto" }, lineName(line)), make("span", { class: "ways" }, ...this.#ways(line, true)), make("span", { class: "fine", dir: "auto" }, this.#facts(line))));
    }
    this.#part.all.replaceChildren(...found);
  }

  #facts(line) {
    return [line.tty && `TTY: ${line.tty.display}.`, line.serves, line.not_for, line.hours, line.cost, line.run_by_law_enforcement && DATA.law].filter(Boolean).join(" ");
  }

  /** Return the text in pieces, with the known places in it as links. No character is lost. */
  #linked(text, places) {
    const names = [...places.keys()].sort((one, other) => other.length - one.length);
    const pattern = new RegExp(names.map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|"), "g");
    const pieces = [];
    let end = 0;
    for (const { 0: name, index } of text.matchAll(pattern)) {
      if (!standsAlone(name, text.slice(0, index), text.slice(index + name.length))) continue;
      pieces.push(text.slice(end, index), this.#link(name, places.get(name)));
      end = index + name.length;
    }
    pieces.push(text.slice(end));
    return pieces;
  }

  #link(words, to) {
    if (isSite(to)) return this.#outside(words, to);
    return /^(?:tel|sms):/.test(to) ? make("a", { href: to }, make("bdi", {}, words)) : words;
  }

  /** A link to another site opens a tab of its own: this page keeps nothing, so leaving it would lose the chat. */
  #outside(words, to) {
    return make("a", { href: to, target: "_blank", rel: "noopener noreferrer" }, make("bdi", {}, words), unseen(` ${this.#say("newTab")}`));
  }

  // -- Keeping --------------------------------------------------------------------------------------------------

  /** Return what is kept, as pairs of a title and rows: the plan, the help lines, and the chat if the person wants it. */
  #kept() {
    const { help, said } = this.#chat;
    const plan = this.#say("planRows").flatMap((words, place) => (this.#plan[place]?.trim() ? [`${words}: ${this.#plan[place].trim()}`] : []));
    const lines = help.lines.map((line) => {
      const call = line.call && this.#say("call", { number: line.call.display });
      const ways = [call, line.text?.words.replace(/\.$/, ""), line.chat && siteWords(line.chat), line.web && siteWords(line.web)].filter(Boolean);
      return `${lineName(line)}: ${ways.join(", ")}. ${this.#facts(line)}`;
    });
    const title = titleOf(help);
    const chat = this.#part["add-chat"].checked ? said : [];
    return [[this.#say("plan"), plan], [title, [help.danger, ...lines]], [this.#say("thisChat"), chat]].filter(([, rows]) => rows.length);
  }

  #keptText() {
    return this.#kept().map(([title, rows]) => `${title}\n\n${rows.join("\n\n")}\n`).join("\n\n");
  }

  /** Print a sheet with only what is kept on it, whatever else is on the page. */
  #print() {
    const sheet = make("div", { "data-handrail-print": "", lang: this.#language });
    const root = sheet.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [styled(":host{display:none}@media print{:host{display:block;font:12pt system-ui}p{white-space:pre-wrap}}")];
    root.append(...this.#kept().flatMap(([title, rows]) => [make("h2", {}, title), ...rows.map((row) => make("p", { dir: "auto" }, row))]));
    const only = styled("@media print{body>:not([data-handrail-print]){display:none!important}}");
    document.body.append(sheet);
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, only];
    const clear = () => {
      sheet.remove();
      document.adoptedStyleSheets = document.adoptedStyleSheets.filter((one) => one !== only);
    };
    addEventListener("afterprint", clear, { once: true });
    print();
  }

  async #copy() {
    let key = "copied";
    try {
      await navigator.clipboard.writeText(this.#keptText());
    } catch {
      key = "notCopied";
    }
    this.#part.kept.replaceChildren(this.#say(key));
    this.#announce(this.#say(key));
  }

  #save() {
    const url = URL.createObjectURL(new Blob([this.#keptText()], { type: "text/plain" }));
    // A name that tells nothing of what is inside.
    make("a", { href: url, download: "notes.txt" }).click();
    setTimeout(() => URL.revokeObjectURL(url), GIVE_UP_MS);
  }

  // -- Leaving and forgetting -----------------------------------------------------------------------------------

  /** Hide everything at once, then go where nothing tells of this page. Going back does not bring it back. */
  #leave(event) {
    event?.preventDefault();
    const cover = make("div", { role: "alert" }, this.#say("loading"));
    cover.style.cssText = "position:fixed;inset:0;background:#fff;color:#000";
    document.title = "\u00a0";
    document.head.append(make("meta", { name: "referrer", content: "no-referrer" }));
    document.body.replaceChildren(cover);
    location.replace(this.#exit);
    // A beacon is sent even while the page goes away. As plain text it needs no question beforehand on another origin.
    for (const one of HandrailChat.#all) {
      const { token } = one.#chat;
      if (token) navigator.sendBeacon(one.#server("forget"), JSON.stringify({ token }));
    }
  }

  /** Clear the page, have the server forget the chat, and open a new one. The help lines stay. */
  async #forget() {
    const chat = this.#chat;
    const { token, turn, opening } = chat;
    chat.token = chat.turn = null;
    turn?.abort();
    chat.said = [];
    this.#plan = [];
    const { transcript, words, send, keep } = this.#part;
    send.removeAttribute("aria-disabled");
    transcript.replaceChildren();
    for (const field of [words, ...keep.querySelectorAll("textarea")]) field.value = "";
    this.#fitInput();
    this.#closePanel();
    let key = "forgotten";
    if (token) {
      try {
        const { status } = await this.#request("DELETE", "session", { token }, AbortSignal.timeout(GIVE_UP_MS));
        // An ended session (401) is forgotten already.
        if (status !== 200 && status !== 401) key = "clearedHere";
      } catch {
        key = "clearedHere";
      }
    }
    this.#show([{ text: this.#say(key), kind: "dialogue" }]);
    await opening;
    if (!chat.token) chat.opening = this.#welcome();
  }

  // -- Writing --------------------------------------------------------------------------------------------------

  #send(event) {
    event?.preventDefault();
    const { words } = this.#part;
    const text = words.value;
    if (!text.trim() || !this.#ask(text, { text })) return;
    words.value = "";
    this.#fitInput();
  }

  #enter(event) {
    // 229 is what Safari gives for the Enter that ends a composition.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    if (!event.repeat) this.#send();
  }

  /** Let the input grow with its text, and say how much room is left when there is little. */
  #fitInput() {
    const { words, left } = this.#part;
    const room = MOST_CHARACTERS - words.value.length;
    left.replaceChildren(room <= LEFT_SHOWN_FROM ? this.#say("left", { n: room }) : "");
    const rows = words.value.split("\n").length + Math.floor(words.value.length / 60);
    words.rows = Math.min(MOST_ROWS, rows);
  }
}

customElements.define("handrail-chat", HandrailChat);
