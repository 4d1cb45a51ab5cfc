"use strict";

// An entry as elements. Its text is somebody's: it becomes text nodes, whatever it says.

function element(name, properties = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    key in made ? (made[key] = value) : made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}

/// Elements of each kind in one text. A text may hold a million of what makes one; behind these it is plain.
const mostElements = 1000;

/// What a browser obeys or shows as nothing is shown as the terminal shows it: `^[`, `^?`, `\x9b`, `\u202e`.
const controls = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u206f]/g;

function visible(control) {
  const code = control.charCodeAt(0);
  if (code < 0x80) return "^" + String.fromCharCode(code ^ 0x40);
  return code < 0x100 ? "\\x" + code.toString(16) : "\\u" + code.toString(16);
}

function appendText(to, text) {
  let plain = 0;
  let elements = 0;
  for (const { index, 0: control } of text.matchAll(controls)) {
    if (++elements > mostElements) break;
    if (index > plain) to.append(text.slice(plain, index));
    to.append(element("span", { className: "control" }, visible(control)));
    plain = index + 1;
  }
  if (plain < text.length) to.append(text.slice(plain).replace(controls, visible));
}

/// The text from `begin` to `end`, what is found in it marked.
function appendFound(to, text, begin, end, places) {
  for (const [from, until] of places) {
    if (until <= begin || from >= end) continue;
    if (from > begin) appendText(to, text.slice(begin, from));
    const stop = Math.min(until, end);
    const mark = element("mark");
    appendText(mark, text.slice(Math.max(from, begin), stop));
    to.append(mark);
    begin = stop;
  }
  if (begin < end) appendText(to, text.slice(begin, end));
}

/// The address of the page with this question, and with this day, month or year before the eyes.
function fragment(query, day = "") {
  const parts = [];
  if (query) parts.push("q=" + encodeURIComponent(query));
  if (day) parts.push("d=" + day);
  return "#" + parts.join("&");
}

/// Letters that are written from right to left.
const rightToLeft = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]|[\ud802\ud803\ud83a\ud83b]/;
const longestBothWays = 65536;

function textOf(entry, query) {
  const text = element("div", { className: "text", dir: "auto", lang: "" });
  if (entry.text.length <= longestBothWays && rightToLeft.test(entry.text)) text.classList.add("both-ways");
  const places = query.places(entry);
  let at = 0;
  for (let i = 0; i + 1 < Math.min(entry.marks.length, 2 * mostElements); i += 2) {
    const [begin, end] = [entry.marks[i], entry.marks[i + 1]];
    appendFound(text, entry.text, at, begin, places);
    const tag = element("a", { className: "tag", href: fragment(entry.text.slice(begin, end)) });
    appendFound(tag, entry.text, begin, end, places);
    text.append(tag);
    at = end;
  }
  appendFound(text, entry.text, at, entry.text.length, places);
  return text;
}

/// `2015-10-28T21:26:03.417293+08:00` in words, with the zone as it stands there.
const momentOf = (time) => `${momentText(time)} (${time.slice(26)})`;

/// A correction where it was written, as `--all` has it.
function correctionNote(entry) {
  const note = element("p", { className: "note" }, "✎ ", say.corrects + " ");
  note.append(element("time", { dateTime: entry.corrects }, momentOf(entry.corrects)));
  if (!entry.text) note.append(": ", say.struck);
  return note;
}

/// `place`: how many entries of those that are shown stand before it.
function itemOf(entry, query, place, count) {
  const item = element("li", { tabIndex: -1, "aria-posinset": place + 1, "aria-setsize": count });
  item.dataset.place = place;
  const clock = element("div", { className: "clock" });
  if (entry.time) {
    const title = momentOf(entry.time);
    clock.append(element("time", { dateTime: entry.time, title }, timeText(entry.time)));
  }
  if (entry.corrected) {
    const title = `${say.corrected}: ${momentOf(entry.corrected)}`;
    clock.append(element("span", { className: "pencil", role: "img", title, "aria-label": title }, "✎"));
  }
  const body = element("div", { className: "body" });
  if (entry.corrects) body.append(correctionNote(entry));
  if (entry.text) body.append(textOf(entry, query));
  item.append(clock, body);
  return item;
}
