"use strict";

// What the page does when something is asked of it.

const firstSlice = 15;  // milliseconds of a search before it shows what it has found
const nextSlices = 40;  // milliseconds, before it lets a key in
const entriesOfLook = 256;  // from one look at the clock to the next

class Page {
  constructor() {
    const find = (id) => document.getElementById(id);
    this.input = find("query");
    this.order = find("order");
    this.count = find("count");
    this.details = document.querySelector("#years details");
    this.entries = readDiary();
    this.newestFirst = true;
    this.asked = 0;
    this.answered = null;
    this.current = -1;
    this.label();
    new ResizeObserver(([header]) => {
      document.documentElement.style.setProperty("--head", `${header.borderBoxSize[0].blockSize}px`);
    }).observe(document.querySelector("header"));
    this.list = new List(find("list"));
    this.years = new Years(find("map"));
    this.obey(true);
    this.listen();
  }

  label() {
    document.documentElement.lang = chinese ? "zh-CN" : "en";
    const about = readJson("about") || {};
    const days = this.entries.filter((entry) => entry.time);
    const years = [...new Set([days.at(0), days.at(-1)].filter(Boolean).map((entry) => entry.day.slice(0, 4)))];
    const name = (about.diary || say.diary).replace(controls, visible);
    document.title = [name, years.join("–")].filter(Boolean).join(" ");
    document.getElementById("title").replaceChildren(name);
    if (about.query) {
      const query = element("span", { className: "selection", title: say.selection, dir: "auto" });
      appendText(query, about.query);
      document.getElementById("title").append(" ", query);
    }
    this.input.placeholder = say.search;
    this.input.setAttribute("aria-label", say.search);
    this.order.hidden = false;
    document.getElementById("years-title").textContent = say.years;
    document.getElementById("years").hidden = days.length === 0;
    const wide = matchMedia("(min-width: 60rem)");
    const fold = () => (this.details.open = wide.matches);
    wide.addEventListener("change", fold);
    fold();
    const made = about.made ? say.made(momentOf(about.made), about.version) : "";
    document.getElementById("about-page").replaceChildren(element("p", {}, say.keys), element("p", {}, made));
    const fault = document.getElementById("fault");
    fault.hidden = readJson("end")?.entries === this.entries.length;
    fault.textContent = say.cut;
  }

  listen() {
    this.input.addEventListener("input", () => this.ask(this.input.value, true));
    document.getElementById("search").addEventListener("submit", (event) => {
      event.preventDefault();
      this.input.blur();
    });
    this.order.addEventListener("click", () => {
      this.newestFirst = !this.newestFirst;
      this.ask(this.input.value, false);
    });
    addEventListener("hashchange", () => this.obey(false));
    addEventListener("keydown", (event) => this.key(event));
    // A link to where we are changes nothing of the address, and is followed all the same.
    addEventListener("click", (event) => {
      const link = event.target.closest?.("a[href^='#']");
      if (link && link.getAttribute("href") === location.hash) this.obey(false);
    });
  }

  /// What the address asks for behind its #: `q`, a question, and `d`, a day, month or year.
  async obey(first) {
    const parts = new Map();
    for (const part of location.hash.slice(1).split("&")) {
      const at = part.indexOf("=");
      if (at < 0) continue;
      try {
        parts.set(part.slice(0, at), decodeURIComponent(part.slice(at + 1)));
      } catch {
        parts.set(part.slice(0, at), part.slice(at + 1));
      }
    }
    const question = parts.get("q") || "";
    if (first || question !== this.input.value) {
      this.input.value = question;
      if (!(await this.ask(question, false))) return;
    }
    if (parts.has("d")) this.goToDay(parts.get("d"));
  }

  goToDay(day) {
    const shown = this.list.entries;
    let place = shown.findIndex((entry) => entry.time && entry.day.startsWith(day));
    if (place < 0) return;
    while (place > 0 && shown[place - 1].day === shown[place].day) --place;
    this.current = place;
    this.list.goTo(place)?.focus({ preventScroll: true });
  }

  /// Shows what the question finds. False when another one has overtaken it.
  async ask(question, typed) {
    const number = ++this.asked;
    const begun = performance.now();
    const query = new Query(question);
    let found = this.entries;
    if (!query.empty) {
      found = await this.search(query, number);
      if (!found) return false;
    }
    this.answered = query.last === Infinity ? { query, found } : null;
    if (typed) this.remember(question);
    this.show(found, query, question);
    if (this.entries.length > 0) this.note(begun);
    return true;
  }

  /// In slices, so that a key that is pressed meanwhile does not wait, and from where the list begins: what was found
  /// first is on the screen while the others follow, however many entries there are. Null when another question has
  /// overtaken it.
  async search(query, number) {
    const found = [];
    const among = this.answered && query.narrows(this.answered.query) ? this.answered.found : this.entries;
    const fromEnd = this.newestFirst || query.last < Infinity;
    const inOrder = () => (fromEnd ? found.slice().reverse() : found);
    const most = query.last || Infinity;  // `-0` leaves nothing out
    let begun = performance.now();
    let slice = firstSlice;
    for (let i = 0; i < among.length && found.length < most; ++i) {
      if (i % entriesOfLook === 0 && performance.now() - begun > slice) {
        if (slice === firstSlice && found.length > 0) {
          await this.preview(inOrder(), query);
          slice = nextSlices;
        }
        await new Promise((goOn) => setTimeout(goOn));
        if (number !== this.asked) return null;
        begun = performance.now();
      }
      const entry = among[fromEnd ? among.length - 1 - i : i];
      if (query.matches(entry)) found.push(entry);
    }
    return inOrder();
  }

  /// Until it is on the screen.
  preview(found, query) {
    this.lay(found, query);
    this.count.textContent = "…";
    return new Promise((shown) => requestAnimationFrame(() => setTimeout(shown)));
  }

  /// Puts it into the list.
  lay(found, query) {
    this.current = -1;
    scrollTo({ top: 0, behavior: "instant" });
    this.list.show(this.newestFirst ? newestDaysFirst(found) : found, query);
  }

  show(found, query, question) {
    this.lay(found, query);
    this.order.textContent = this.newestFirst ? say.oldestFirst : say.newestFirst;
    const entries = query.empty
      ? entriesText(found.length)
      : say.ofEntries(entriesText(found.length), numbers.format(this.entries.length));
    const days = countDays(found);
    this.count.textContent = days > 0 ? say.onDays(entries, daysText(days)) : entries;
    this.goOnLater(this.rest(found, question));
  }

  /// What follows when that which was found is on the screen.
  *rest(found, question) {
    while (this.list.takeInMore()) yield;
    this.list.update();
    yield;
    this.years.show(found, question);
  }

  /// Step by step, so that a key that is pressed meanwhile does not wait; that key ends it.
  goOnLater(steps) {
    const number = this.asked;
    const later = window.requestIdleCallback || setTimeout;
    const step = () => {
      if (number === this.asked && !steps.next().done) later(step, { timeout: 300 });
    };
    requestAnimationFrame(() => later(step, { timeout: 300 }));
  }

  remember(question) {
    try {
      history.replaceState(null, "", question ? fragment(question) : location.pathname + location.search);
    } catch {
      // A page without an address of its own has nothing to remember it in.
    }
  }

  /// For who measures: milliseconds from the navigation to the first entry, and of the last question.
  note(begun) {
    const told = document.documentElement.dataset;
    told.firstEntry ||= Math.round(performance.now());
    told.question = Math.round(performance.now() - begun);
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const typing = event.target === this.input;
    if (event.key === "Escape") {
      if (this.input.value) {
        this.input.value = "";
        this.ask("", true);
      }
      if (typing) this.input.blur();
    } else if (event.key === "/" && !typing) {
      this.input.focus();
      this.input.select();
    } else if (!typing && (event.key === "j" || event.key === "k")) {
      this.step(event.key === "j" ? 1 : -1);
    } else if (typing && event.key === "ArrowDown") {
      this.step(1);
    } else if (event.target.matches?.("li") && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      this.step(event.key === "ArrowDown" ? 1 : -1);
    } else {
      return;
    }
    event.preventDefault();
  }

  step(by) {
    const last = this.list.entries.length - 1;
    if (last < 0) return;
    const on = this.current < 0 ? this.list.firstOnScreen() : this.current + by;
    this.current = Math.max(0, Math.min(last, on));
    this.list.goTo(this.current, "nearest")?.focus({ preventScroll: true });
  }
}

/// The days in reverse, each as it was written.
function newestDaysFirst(entries) {
  const turned = [];
  for (let end = entries.length; end > 0; ) {
    let begin = end - 1;
    while (begin > 0 && entries[begin - 1].day === entries[begin].day) --begin;
    for (let i = begin; i < end; ++i) turned.push(entries[i]);
    end = begin;
  }
  return turned;
}

let page = null;
addEventListener("DOMContentLoaded", () => (page = new Page()));
