"use strict";

// The entries that are shown, as many as there may be: only those near the screen are elements. They are built chunk by
// chunk; what stands above and below is as high as the chunks there were when they were last seen, or are likely to be.

const entriesOfChunk = 20;
const lettersOfChunk = 4000;
const screensAround = 1.5;
const screensAtFirst = 0.25;  // so that the first of them are there sooner
const entriesAtFirst = 2000;  // the same; the others follow, as many at a time, when those are on the screen

/// Runs of entries that are built and measured together: { begin, end } among all that are shown. Those from `begin` up
/// to `end`; a run that `end` cuts is left to who goes on.
function cutIntoChunks(entries, begin, end) {
  const chunks = [];
  let letters = 0;
  for (let i = begin; i < end; ++i) {
    letters += entries[i].text.length;
    if (i + 1 - begin < entriesOfChunk && letters < lettersOfChunk && i + 1 < entries.length) continue;
    chunks.push({ begin, end: i + 1 });
    begin = i + 1;
    letters = 0;
  }
  return chunks;
}

class List {
  constructor(main) {
    this.main = main;
    this.above = element("div");
    this.below = element("div");
    this.built = new Map();  // number of a chunk -> its element, all between the two
    this.show([], new Query(""));
    let waiting = false;
    const update = () => {
      if (!waiting) requestAnimationFrame(() => ((waiting = false), this.update()));
      waiting = true;
    };
    addEventListener("scroll", update, { passive: true });
    let width = innerWidth;
    addEventListener("resize", () => {
      if (innerWidth !== width) this.measureAnew();
      width = innerWidth;
      update();
    });
    addEventListener("beforeprint", () => this.buildAll());
    addEventListener("afterprint", () => this.measureAnew());
  }

  show(entries, query) {
    this.entries = entries;
    this.query = query;
    this.chunks = [];
    this.heights = [];
    this.tops = [0];
    this.built.clear();
    this.main.replaceChildren(this.above, this.below);
    if (entries.length === 0) this.above.after(element("p", { className: "nothing" }, say.nothing));
    this.takeInMore();
    this.buildAround(screensAtFirst);
  }

  /// How many entries lie in chunks.
  get taken() {
    return this.chunks.at(-1)?.end ?? 0;
  }

  /// The next entries, up to `end`.
  takeIn(end) {
    const chunks = cutIntoChunks(this.entries, this.taken, end);
    this.chunks = this.chunks.concat(chunks);
    this.heights = this.heights.concat(this.likelyHeights(chunks));
    this.sumUp();
  }

  /// The next of those that show() has left for later. False when there are none.
  takeInMore() {
    if (this.taken === this.entries.length) return false;
    this.takeIn(Math.min(this.taken + entriesAtFirst, this.entries.length));
    return true;
  }

  /// All of them.
  complete() {
    if (this.taken < this.entries.length) this.takeIn(this.entries.length);
  }

  /// How high each chunk is likely to be, in pixels.
  likelyHeights(chunks) {
    const line = 1.6 * parseFloat(getComputedStyle(this.main).fontSize);
    const columns = Math.max(20, this.main.clientWidth / line * 2.6);
    return chunks.map(({ begin, end }) => {
      let lines = 0;
      for (let i = begin; i < end; ++i) {
        const { text, day } = this.entries[i];
        lines += 0.6 + Math.ceil(text.length * (text.charCodeAt(0) > 0x1100 ? 2 : 1) / columns);
        if (i === begin || day !== this.entries[i - 1].day) lines += 3;
      }
      return lines * line;
    });
  }

  sumUp() {
    this.tops = [0];
    for (const height of this.heights) this.tops.push(this.tops.at(-1) + height);
  }

  /// The chunk at so many pixels below the top of the list.
  chunkAt(pixels) {
    let [low, high] = [0, this.chunks.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      this.tops[middle] <= pixels ? (low = middle) : (high = middle - 1);
    }
    return low;
  }

  chunkOf(place) {
    return this.chunks.findIndex(({ end }) => place < end);
  }

  /// Builds what is near the screen, drops what is not, and leaves what is on it where it is.
  update() {
    this.complete();
    this.buildAround(screensAround);
  }

  buildAround(screens) {
    if (this.chunks.length === 0) return this.setSpace(0, -1);
    const top = this.main.getBoundingClientRect().top;
    const around = screens * innerHeight;
    this.build(this.chunkAt(-top - around), this.chunkAt(-top + innerHeight + around));
  }

  build(first, last) {
    const anchor = [...this.built.values()].find((chunk) => chunk.getBoundingClientRect().bottom > 0);
    const before = anchor?.getBoundingClientRect().top;
    for (const [number, chunk] of this.built) {
      if (number >= first && number <= last) continue;
      chunk.remove();
      this.built.delete(number);
    }
    const fresh = [];
    let behind = this.above;
    for (let number = first; number <= last; ++number) {
      let chunk = this.built.get(number);
      if (!chunk) {
        chunk = this.chunkElement(this.chunks[number]);
        behind.after(chunk);
        this.built.set(number, chunk);
        fresh.push(number);
      }
      behind = chunk;
    }
    for (const number of fresh) this.heights[number] = this.built.get(number).getBoundingClientRect().height;
    if (fresh.length > 0) this.sumUp();
    this.built = new Map([...this.built].sort((a, b) => a[0] - b[0]));
    this.setSpace(first, last);
    if (!anchor?.isConnected) return;
    const moved = anchor.getBoundingClientRect().top - before;
    if (Math.abs(moved) >= 1) scrollBy({ top: moved, behavior: "instant" });
  }

  setSpace(first, last) {
    const all = this.tops.at(-1);
    this.above.style.height = `${this.tops[first]}px`;
    this.below.style.height = `${last < 0 ? 0 : all - this.tops[last + 1]}px`;
  }

  chunkElement({ begin, end }) {
    const chunk = element("div", { className: "chunk" });
    let items = null;
    for (let i = begin; i < end; ++i) {
      const entry = this.entries[i];
      if (!items || entry.day !== this.entries[i - 1].day) {
        items = element("ol", { role: "list" });
        const heading = element("h2", {}, entry.day ? dayText(entry.written) : say.undated);
        if (entry.day) heading.dataset.day = entry.day;
        chunk.append(element("section", {}, heading, items));
      }
      items.append(itemOf(entry, this.query, i, this.entries.length));
    }
    return chunk;
  }

  /// Scrolls so that the entry is on the screen: at its top, below its day when it begins that, or `nearest` to where it
  /// was. Returns its element.
  goTo(place, block = "start") {
    this.complete();
    const number = this.chunkOf(place);
    if (number < 0) return null;
    const around = () => this.build(Math.max(0, number - 1), Math.min(this.chunks.length - 1, number + 2));
    around();
    const item = this.main.querySelector(`li[data-place="${place}"]`);
    const begins = item.previousElementSibling === null;
    (begins ? item.closest("section") : item).scrollIntoView({ block, behavior: "instant" });
    this.update();
    return item;
  }

  /// The place of the first entry that is on the screen.
  firstOnScreen() {
    for (const item of this.main.querySelectorAll("li")) {
      if (item.getBoundingClientRect().bottom > 100) return Number(item.dataset.place);
    }
    return 0;
  }

  /// The window has another width, or was printed.
  measureAnew() {
    const place = this.firstOnScreen();
    this.built.forEach((chunk) => chunk.remove());
    this.built.clear();
    this.complete();
    this.heights = this.likelyHeights(this.chunks);
    this.sumUp();
    if (scrollY > 0) this.goTo(place);
    this.update();
  }

  /// For the printer.
  buildAll() {
    this.complete();
    if (this.chunks.length > 0) this.build(0, this.chunks.length - 1);
  }
}
