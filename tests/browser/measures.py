"""What a page can be measured for: things cut off, small targets, faint colours, hidden focus, traces left behind.

Each measure is a piece of JavaScript that looks through shadow trees too, and returns what is wrong; nothing is good.
"""

from __future__ import annotations

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
"""Every rule of WCAG 2.0, 2.1 and 2.2 at levels A and AA that axe-core knows."""
TARGET = 44
"""Pixels a side. WCAG 2.2 (2.5.8) asks for 24; fingers that shake need more."""
TEXT_CONTRAST, SHAPE_CONTRAST = 4.5, 3.0
"""WCAG 1.4.3 for text of normal size, 1.4.11 for the edges of controls and for the ring around what has the focus."""

TOOLS = """
const everything = (root) => [...root.querySelectorAll("*")].flatMap((one) =>
  one.shadowRoot ? [one, ...everything(one.shadowRoot)] : [one]);
const above = (one) => one.assignedSlot ?? one.parentElement ?? one.getRootNode().host ?? null;
const describe = (one) => {
  const words = (one.getAttribute("aria-label") ?? one.innerText ?? "").replace(/\\s+/g, " ").trim().slice(0, 40);
  return `${one.localName}${one.id ? "#" + one.id : ""}.${[...one.classList].join(".")} "${words}"`;
};
/** What only screen readers meet: a pixel in size, or cut away. */
const unseen = (one) => {
  for (let at = one; at; at = above(at)) {
    const style = getComputedStyle(at);
    if (style.clipPath === "inset(50%)" || style.clip === "rect(0px, 0px, 0px, 0px)") return true;
    if (style.position === "absolute" && at.offsetWidth <= 1 && at.offsetHeight <= 1) return true;
  }
  return false;
};
const shown = (one) => one.checkVisibility({ opacityProperty: true, visibilityProperty: true })
  && one.getClientRects().length > 0 && !unseen(one);
const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
const rgba = (color) => {
  canvas.clearRect(0, 0, 1, 1);
  canvas.fillStyle = color;
  canvas.fillRect(0, 0, 1, 1);
  return [...canvas.getImageData(0, 0, 1, 1).data];
};
const light = (color) => {
  const straight = (part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
  const [r, g, b] = color.map((part) => straight(part / 255));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const over = (top, under) => top.map((part, at) => at === 3 ? 255 : (part * top[3] + under[at] * (255 - top[3])) / 255);
/** The colour behind an element's own text, or behind the element itself. */
const behind = (one) => {
  if (!one) return rgba(matchMedia("(prefers-color-scheme: dark)").matches ? "#121212" : "#fff");
  const color = rgba(getComputedStyle(one).backgroundColor);
  return color[3] === 255 ? color : over(color, behind(above(one)));
};
const contrast = (one, other) => {
  const [high, low] = [light(one), light(other)].sort((a, b) => b - a);
  return Math.round(((high + 0.05) / (low + 0.05)) * 100) / 100;
};
const CONTROLS = "a[href], button, textarea, select, summary, input, [role=button]";
/** A control as fingers and eyes meet it: a radio button and the label around it are one. */
const body = (one) => one.closest("label") ?? one;
"""


def measure(page: Page, script: str, given: Any = None) -> Any:
    """Run a measure on a page. `script` is the body of a function of `given`; it may use the tools above."""
    return page.evaluate(f"(given) => {{ {TOOLS} {script} }}", given)


CUT_OFF = """
const wide = document.documentElement.clientWidth;
const found = [];
if (document.documentElement.scrollWidth > wide) found.push(`page is ${document.documentElement.scrollWidth} wide`);
for (const one of everything(document.body)) {
  if (!shown(one)) continue;
  const box = one.getBoundingClientRect();
  if (box.right > wide + 0.5 || box.left < -0.5) found.push(`outside: ${describe(one)}`);
  const style = getComputedStyle(one);
  const sideways = one.scrollWidth > one.clientWidth + 1 && style.overflowX !== "visible" && one.clientWidth > 0;
  if (sideways) found.push(`scrolls sideways or is cut: ${describe(one)}`);
  const down = one.scrollHeight > one.clientHeight + 1 && ["hidden", "clip"].includes(style.overflowY);
  if (down && one.clientHeight > 0) found.push(`cut below: ${describe(one)}`);
  if (style.textOverflow === "ellipsis" && one.scrollWidth > one.clientWidth) found.push(`dots: ${describe(one)}`);
}
return found;
"""
"""What is outside the window, cut, or can only be seen by scrolling sideways (WCAG 1.4.4, 1.4.10, 1.4.12)."""

OVERLAPS = """
const texts = everything(document.body).filter((one) => shown(one)
  && [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim()));
const boxes = texts.flatMap((one) => [...one.childNodes].filter((node) => node.nodeType === 3 && node.data.trim())
  .flatMap((node) => {
    const range = document.createRange();
    range.selectNodeContents(node);
    return [...range.getClientRects()].map((box) => [one, box]);
  })).filter(([one, box]) => {
    const at = [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
    // Only what can be seen just now: text scrolled below the bar is not in its way.
    let top = document.elementFromPoint(...at);
    while (top?.shadowRoot) {
      const next = top.shadowRoot.elementFromPoint(...at);
      if (!next || next === top) break;
      top = next;
    }
    return top && (top === one || top.contains(one) || one.contains(top));
  });
const found = [];
for (const [first, [one, box]] of boxes.entries()) {
  for (const [other, next] of boxes.slice(first + 1)) {
    if (one === other || one.contains(other) || other.contains(one)) continue;
    // A bubble lies on the page on purpose.
    if (one.getRootNode() !== other.getRootNode()) continue;
    const across = Math.min(box.right, next.right) - Math.max(box.left, next.left);
    const down = Math.min(box.bottom, next.bottom) - Math.max(box.top, next.top);
    if (across > 3 && down > Math.min(box.height, next.height) * 0.4) {
      found.push(`${describe(one)} over ${describe(other)}`);
    }
  }
}
return found;
"""
"""Words that lie on one another."""

BROKEN_WORDS = """
const found = [];
for (const one of everything(document.body)) {
  if (!one.closest(given) || !shown(one)) continue;
  for (const node of [...one.childNodes].filter((node) => node.nodeType === 3)) {
    for (const word of node.data.matchAll(/[^\\s-]+/g)) {
      const range = document.createRange();
      range.setStart(node, word.index);
      range.setEnd(node, word.index + word[0].length);
      const rows = new Set([...range.getClientRects()].map((box) => Math.round(box.top)));
      if (rows.size > 1) found.push(`${word[0]}: ${describe(one)}`);
    }
  }
}
return found;
"""
"""Words that begin in one row and end in the next, within the parts that a selector names."""

SMALL_TARGETS = """
const found = [];
for (const one of everything(document.body)) {
  if (!one.matches(CONTROLS) || !shown(body(one))) continue;
  // A link among words is as high as their line (2.5.8 excepts it); one set apart there is what 2.5.8 asks of all else.
  const words = [...one.parentElement?.childNodes ?? []].some((node) => node.nodeType === 3 && node.data.trim());
  const inline = getComputedStyle(one).display === "inline";
  if (one.localName === "a" && words && inline) continue;
  // The page around the chat is not this project's: it is held to the rule, not to what is better.
  const least = (one.localName === "a" && words) || one.getRootNode() === document ? 24 : given;
  const box = body(one).getBoundingClientRect();
  if (box.width < least - 0.5 || box.height < least - 0.5) {
    found.push(`${describe(one)} ${Math.round(box.width)} x ${Math.round(box.height)}`);
  }
}
return found;
"""

FAINT_TEXT = """
const found = [];
let count = 0;
for (const one of everything(document.body)) {
  const says = [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
  if (!says || ["STYLE", "SCRIPT", "OPTION"].includes(one.tagName) || !shown(one)) continue;
  count += 1;
  const back = behind(one);
  const ratio = contrast(over(rgba(getComputedStyle(one).color), back), back);
  if (ratio < given) found.push(`${ratio}: ${describe(one)}`);
}
if (!count) found.push("no text at all");
return found;
"""

FAINT_EDGES = """
const found = [];
for (const one of everything(document.body)) {
  if (!one.matches("button, textarea, select, [role=button]") || !shown(one)) continue;
  // What cannot be used any more may look so (1.4.11 excepts it). Its words are measured all the same.
  if (one.getAttribute("aria-disabled") === "true") continue;
  const style = getComputedStyle(one);
  const around = behind(above(one));
  const drawn = parseFloat(style.borderBlockStartWidth) > 0 && style.borderBlockStartStyle !== "none";
  const edge = drawn ? contrast(over(rgba(style.borderBlockStartColor), around), around) : 1;
  const face = contrast(behind(one), around);
  // A control without edge or face is known by its words, as a link is: their colour is measured as text.
  const bare = edge === 1 && face === 1;
  if (!bare && Math.max(edge, face) < given) found.push(`${Math.max(edge, face)}: ${describe(one)}`);
}
return found;
"""
"""Fields and buttons whose edge, and whose face, both hardly differ from what is around them (WCAG 1.4.11)."""

UNEDGED = """
const found = [];
for (const one of everything(document.body)) {
  if (!one.matches("button, textarea, select, [role=button]") || !shown(one)) continue;
  const style = getComputedStyle(one);
  const edge = parseFloat(style.borderInlineStartWidth) >= 1 && style.borderInlineStartStyle !== "none";
  if (!edge) found.push(describe(one));
}
return found;
"""
"""In forced colours every face has the page's colour: only an edge still shows that something is a control."""

MISNAMED = """
const found = [];
for (const one of everything(document.body)) {
  if (one.matches("section, dialog, [role=dialog], [role=region]") && one.getRootNode() !== document && shown(one)
    && !one.getAttribute("aria-label") && !one.getAttribute("aria-labelledby")) found.push(`no name: ${describe(one)}`);
  for (const name of ["aria-labelledby", "aria-describedby", "aria-controls", "for"]) {
    for (const id of (one.getAttribute(name) ?? "").split(/\\s+/).filter(Boolean)) {
      if (!one.getRootNode().getElementById(id)) found.push(`leads nowhere: ${describe(one)} ${name}=${id}`);
    }
  }
}
for (const root of [document, ...everything(document).map((one) => one.shadowRoot).filter(Boolean)]) {
  const ids = [...root.querySelectorAll("[id]")].map((one) => one.id);
  found.push(...ids.filter((id, at) => ids.indexOf(id) !== at).map((id) => `twice: ${id}`));
}
return found;
"""
"""Regions without a name, references to nothing, and names that two elements have."""

CALL_OUT_OF_VIEW = """
const help = everything(document.body).find((one) => one.id === "help");
const call = help && shown(help) ? help.querySelector('a[href^="tel:"]') : null;
if (!call) return [];
const box = call.getBoundingClientRect();
const inside = box.top >= -0.5 && box.left >= -0.5 && box.bottom <= innerHeight + 0.5 && box.right <= innerWidth + 0.5;
return inside ? [] : [`${describe(call)} at ${box.left}, ${box.top}`];
"""
"""The emergency number's link, when it is not wholly in the window."""

FONT = """
const context = new OffscreenCanvas(1, 1).getContext("2d");
return ["400 16px system-ui", "700 24px system-ui"].map((font) => {
  context.font = font;
  return context.measureText("Hamburgefonstiv 0123456789 WWWiii").width.toFixed(2);
}).join(" ");
"""
"""How wide the device's own font runs: another font, another width."""

CANNOT_BE_REACHED = """
const at = (x, y) => {
  let top = document.elementFromPoint(x, y);
  while (top?.shadowRoot) {
    const next = top.shadowRoot.elementFromPoint(x, y);
    if (!next || next === top) break;
    top = next;
  }
  return top;
};
const parts = everything(document.body).filter((one) => one.getRootNode() !== document && shown(one)
  && one.matches(".bot p, .bot li, .bot button, .bot summary, .mine p, textarea, #send, #menu-open"));
if (parts.length < 20) return [`only ${parts.length} parts`];
return parts.filter((one) => {
  one.scrollIntoView({ block: "center", behavior: "instant" });
  // Long words take several lines: some line of it has to be seen.
  return ![...one.getClientRects()].some((box) => [0.02, 0.25, 0.5, 0.75, 0.98].some((down) => {
    const [x, y] = [box.left + Math.min(20, box.width / 2), box.top + box.height * down];
    const top = at(x, y);
    return top && (one.contains(top) || top.contains(one) && top.closest("li, form, footer, div") !== null);
  }));
}).map(describe);
"""
"""What stays covered or outside of the window however one scrolls."""

BOXES = """
return everything(document.body).filter((one) => one.getRootNode() !== document && shown(one)
  && one.matches("section, a, button, textarea, li, p, ol, ul, h1, h2, h3, summary")).map((one, at) => {
  const box = one.getBoundingClientRect();
  const found = [box.left, box.top, box.width, box.height].map(Math.round);
  return [`${at} ${one.localName}.${one.className}`, found];
});
"""
"""Where the parts of the chat lie: left, top, width, height."""

FOCUS = """
let one = document.activeElement;
while (one?.shadowRoot?.activeElement) one = one.shadowRoot.activeElement;
if (!one || one === document.body) return null;
const name = (one.getAttribute("aria-label") ?? one.labels?.[0]?.innerText ?? one.innerText ?? "");
const seen = body(one);
const box = seen.getBoundingClientRect();
const ring = [one, seen].map((part) => getComputedStyle(part)).find((style) =>
  style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0);
const at = (x, y) => {
  let top = document.elementFromPoint(x, y);
  while (top?.shadowRoot) {
    const next = top.shadowRoot.elementFromPoint(x, y);
    if (!next || next === top) break;
    top = next;
  }
  return Boolean(top) && (seen.contains(top) || top.contains(one));
};
// Some part of it is enough (2.4.11), and what is higher than the window shows a part at a time.
const [left, right] = [Math.max(box.left, 0), Math.min(box.right, innerWidth)];
const [top, bottom] = [Math.max(box.top, 0), Math.min(box.bottom, innerHeight)];
const parts = [0.1, 0.5, 0.9].flatMap((across) => [0.1, 0.5, 0.9].map((down) =>
  [left + (right - left) * across, top + (bottom - top) * down]));
return {
  name: name.replace(/\\s+/g, " ").trim(),
  what: describe(one),
  tag: one.localName,
  ours: one.getRootNode() !== document,
  role: one.getAttribute("role"),
  tabIndex: one.tabIndex,
  ring: ring ? parseFloat(ring.outlineWidth) : 0,
  contrast: ring ? contrast(rgba(ring.outlineColor), behind(above(seen))) : 0,
  seen: left < right && top < bottom && parts.some(([x, y]) => at(x, y)),
};
"""
"""What has the focus, how strong the ring around it is, and whether it can be seen (WCAG 2.4.7, 2.4.11, 1.4.11)."""

TAB_INDEXES = """
return everything(document.body).filter((one) => one.hasAttribute("tabindex")
  && !["0", "-1"].includes(one.getAttribute("tabindex"))).map(describe);
"""

STORED = """
return (async () => [
  localStorage.length, sessionStorage.length, document.cookie, (await indexedDB.databases()).length,
  (await caches.keys()).length, (await navigator.serviceWorker?.getRegistrations() ?? []).length,
])();
"""
NOTHING_STORED = [0, 0, "", 0, 0, 0]

MOVING = """
const all = [document, ...everything(document).map((one) => one.shadowRoot).filter(Boolean)];
return all.flatMap((root) => root.getAnimations()).filter((one) => one.playState === "running"
  && one.effect.getComputedTiming().activeDuration > 50).map((one) => describe(one.effect.target));
"""

SPACED = """
const sheet = new CSSStyleSheet();
sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
  word-spacing: 0.16em !important; }
p, li { margin-block-end: 2em !important; }`);
const roots = [document, ...everything(document).map((one) => one.shadowRoot).filter(Boolean)];
for (const root of roots) root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
"""
"""The spacing that a person may set for all text (WCAG 1.4.12)."""


def axe_violations(page: Page, forced_colors: bool = False) -> list[str]:
    """Return what axe-core finds, one line a rule and element; empty when it finds nothing.

    In forced colours it reads `-webkit-text-fill-color`, which then keeps the author's colour and is not what is drawn.
    There `FAINT_TEXT` measures the contrast, by the colour that is.
    """
    options = {
        "runOnly": {"type": "tag", "values": WCAG},
        "resultTypes": ["violations"],
        "rules": {"color-contrast": {"enabled": not forced_colors}},
    }
    response = Axe().run(page, options=options).response
    assert len(response["passes"]) + len(response["violations"]) > 0, "axe-core looked at nothing"
    return [
        f"{violation['id']} ({violation['impact']}): {node['target']} {node.get('failureSummary', '')}"
        for violation in response["violations"]
        for node in violation["nodes"]
    ]
