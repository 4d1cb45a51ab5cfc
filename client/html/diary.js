"use strict";

// The entries, and what is asked of them.

/// In one width, composed, and unless it has a capital without case: as the diary's own search compares.
const composed = (text) => text.normalize("NFC");
const halfWidth = (text) =>
  text.replace(/[\uff01-\uff5e]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0)).replace(/\u3000/g, " ");
const folded = (text) => text.toLowerCase();
const fullWidth = /[\uff01-\uff5e\u3000]/;

class Entry {
  /// `before`: the entry in front of it in the file, to whose day a text without a date belongs.
  constructor(json, before) {
    this.time = json.time || "";
    this.text = json.text;
    this.tags = json.tags;
    this.marks = json.marks || [];
    this.corrected = json.corrected || "";
    this.corrects = json.corrects || "";
    this.written = this.time || (before ? before.written : "");
    this.day = this.written.slice(0, 10);
    this.exact = composed(this.text);
    this.folded = folded(this.exact);
  }
}

/// What one block holds; of one that was cut short what is whole.
function parseBlock(text) {
  const lines = text.trim();
  if (!lines) return [];
  try {
    return JSON.parse("[" + lines.replaceAll("\n", ",") + "]");
  } catch {
    return lines.split("\n").flatMap((line) => {
      try {
        return [JSON.parse(line)];
      } catch {
        return [];
      }
    });
  }
}

/// All entries by the time on the writer's clock; those of the same time, and texts without one, as in the file.
function readDiary() {
  const entries = [];
  let sorted = true;
  for (const block of document.querySelectorAll('script[type="application/x-ndjson"]')) {
    for (const json of parseBlock(block.textContent)) {
      const before = entries.at(-1);
      const entry = new Entry(json, before);
      if (before && entry.written.slice(0, 26) < before.written.slice(0, 26)) sorted = false;
      entries.push(entry);
    }
  }
  if (!sorted) {
    const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
    entries.sort((a, b) => compare(a.written.slice(0, 26), b.written.slice(0, 26)));
  }
  return entries;
}

function countDays(entries) {
  let days = 0;
  let day = "";
  for (const entry of entries) {
    if (entry.time && entry.day !== day) ++days;
    if (entry.time) day = entry.day;
  }
  return days;
}

function readJson(id) {
  try {
    return JSON.parse(document.getElementById(id).textContent);
  } catch {
    return null;
  }
}

/// A day, month, year, a day of every year, or from one to another: a test of an entry's day. Null for a word.
function daysTest(word) {
  const date = /^\d{4}(-\d\d(-\d\d)?)?$/;
  if (date.test(word)) return (entry) => entry.time !== "" && entry.day.startsWith(word);
  if (/^\d\d-\d\d$/.test(word)) return (entry) => entry.time !== "" && entry.day.endsWith("-" + word);
  const range = word.split("..");
  if (range.length !== 2 || word === ".." || !range.every((end) => end === "" || date.test(end))) return null;
  const [from, to] = range;
  const begun = (day) => day.slice(0, from.length) >= from;
  const ended = (day) => to !== "" && day.slice(0, to.length) > to;
  return (entry) => entry.time !== "" && begun(entry.day) && !ended(entry.day);
}

/// One word, phrase, tag or day: `test` of an entry, and the `word` to be marked where it stands.
function parseAlternative(text, quoted) {
  const days = quoted ? null : daysTest(halfWidth(text));
  if (days) return { test: days };
  const exact = composed(text);
  const cased = /\p{Lu}|\p{Lt}/u.test(exact);
  const word = cased ? exact : folded(exact);
  if (!quoted && /^[#＃]./u.test(text)) {
    const name = word.slice(1);
    return { test: (entry) => entry.tags.some((tag) => (cased ? composed(tag) : folded(composed(tag))) === name) };
  }
  const forms = fullWidth.test(word) ? [word, halfWidth(word)] : [word];
  let test = cased ? (entry) => entry.exact.includes(word) : (entry) => entry.folded.includes(word);
  if (forms.length > 1) {
    test = (entry) => forms.some((form) => (cased ? entry.exact : entry.folded).includes(form));
  }
  return { test, forms, cased, quoted };
}

/// `a "b c" -d e|f #tag 2015-10 -3`, as at the prompt, but for the names of days. All parts must match.
class Query {
  constructor(text) {
    this.text = text;
    this.parts = [];
    this.last = Infinity;
    for (const [word] of text.matchAll(/(?:["“”＂][^"“”＂]*["“”＂]?|[^\s"“”＂])+/gu)) this.addPart(word);
    this.marked = this.parts.filter((part) => !part.negated).flatMap((part) => part.any.filter((one) => one.forms));
  }

  addPart(word) {
    const negated = /^[-－]./u.test(word);
    if (negated && /^\d{1,3}$/.test(halfWidth(word.slice(1)))) {
      this.last = Math.min(this.last, Number(halfWidth(word.slice(1))));
      return;
    }
    const any = [];
    for (const [text] of word.slice(negated ? 1 : 0).matchAll(/["“”＂][^"“”＂]*["“”＂]?|[^|｜"“”＂]+/gu)) {
      const bare = text.replace(/^["“”＂]|["“”＂]$/gu, "");
      if (bare) any.push(parseAlternative(bare, bare !== text));
    }
    if (any.length === 0) return;
    const test = any.length === 1 ? any[0].test : (entry) => any.some((one) => one.test(entry));
    this.parts.push({ negated, any, test });
  }

  get empty() {
    return this.parts.length === 0 && this.last === Infinity;
  }

  matches(entry) {
    for (const { test, negated } of this.parts) {
      if (test(entry) === negated) return false;
    }
    return true;
  }

  /// Whether all that this finds was found by the other, which someone has typed on.
  narrows(other) {
    const plain = ({ negated, any }) => !negated && any.length === 1 && any[0].forms && !any[0].quoted;
    const words = other.last === Infinity && other.parts.every(plain) && this.parts.every(plain);
    return words && composed(this.text).startsWith(composed(other.text));
  }

  /// Where words of the query stand in the entry's text: [begin, end] pairs in order, none overlap.
  places(entry) {
    const found = [];
    for (const { forms, cased } of this.marked) {
      const text = cased ? entry.exact : entry.folded;
      if (text.length !== entry.text.length) continue;  // folded to another length: places there are none in the text
      for (const form of forms) {
        let at = text.indexOf(form);
        for (let i = 0; i < mostElements && at >= 0; ++i, at = text.indexOf(form, at + form.length)) {
          found.push([at, at + form.length]);
        }
      }
    }
    found.sort((a, b) => a[0] - b[0] || b[1] - a[1]);
    let end = 0;
    return found.filter((place) => place[0] >= end && (end = place[1])).slice(0, mostElements);
  }
}
