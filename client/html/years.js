"use strict";

// The days on which something was written, darker where it was more: a grid for each month, a block for each year. Each
// day leads to what was written on it. A year is built when it comes near the screen.

/// Each shade stands for about as many days: one with thousands of entries leaves the others as they were.
function shadesOf(counts) {
  const sorted = [...counts.values()].sort((a, b) => a - b);
  const borders = [1, 2, 3].map((i) => sorted[Math.floor(((sorted.length - 1) * i) / 4)]);
  return (count) => 1 + borders.filter((border) => count > border).length;
}

const twoDigits = (number) => String(number).padStart(2, "0");

class Years {
  constructor(map) {
    this.map = map;
    this.observer = new IntersectionObserver(
      (seen) => seen.filter((one) => one.isIntersecting).forEach((one) => this.build(one.target)),
      { rootMargin: "300px" },
    );
    map.addEventListener("keydown", (event) => this.walk(event));
  }

  show(entries, question) {
    this.counts = new Map();
    for (const entry of entries) {
      if (entry.time) this.counts.set(entry.day, (this.counts.get(entry.day) || 0) + 1);
    }
    this.question = question;
    this.shade = shadesOf(this.counts);
    const years = [...new Set([...this.counts.keys()].map((day) => day.slice(0, 4)))].sort().reverse();
    this.observer.disconnect();
    this.map.replaceChildren(...years.map((year) => this.block(year)));
    for (const block of this.map.children) this.observer.observe(block);
  }

  block(year) {
    const link = element("a", { href: fragment(this.question, year) }, yearText(`${year}-01-01T00:00:00`));
    const block = element("section", { className: "year" }, element("h3", {}, link));
    block.dataset.year = year;
    return block;
  }

  build(block) {
    this.observer.unobserve(block);
    const months = element("div", { className: "months" });
    for (let month = 1; month <= 12; ++month) months.append(this.month(block.dataset.year, twoDigits(month)));
    block.append(months);
    const first = months.querySelector("a");
    if (first) first.tabIndex = 0;
  }

  month(year, month) {
    const days = element("div", { className: "days" });
    const first = new Date(`${year}-${month}-01T00:00:00Z`);
    const empty = (first.getUTCDay() + 7 - (firstWeekday % 7)) % 7;
    for (const day = first; twoDigits(day.getUTCMonth() + 1) === month; day.setUTCDate(day.getUTCDate() + 1)) {
      const cell = this.cell(`${year}-${month}-${twoDigits(day.getUTCDate())}`);
      if (day.getUTCDate() === 1) cell.style.gridColumnStart = empty + 1;
      days.append(cell);
    }
    return element("div", { className: "month" }, element("h4", {}, monthText(`${year}-${month}-01T00:00:00`)), days);
  }

  cell(day) {
    const count = this.counts.get(day);
    if (!count) return element("i");
    const title = `${dayText(day + "T00:00:00")}: ${entriesText(count)}`;
    const link = { className: `day shade${this.shade(count)}`, href: fragment(this.question, day), title, tabIndex: -1 };
    return element("a", { ...link, "aria-label": title });
  }

  /// Of a year's days one is on the way of Tab; arrows go on from there.
  walk(event) {
    const steps = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
    const step = steps[event.key];
    if (!step || !event.target.matches("a.day")) return;
    event.preventDefault();
    const days = [...this.map.querySelectorAll("a.day")];
    const next = days[days.indexOf(event.target) + step];
    if (!next) return;
    event.target.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  }
}
