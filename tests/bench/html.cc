// The page that `read --html` makes of 100,000 entries: how long it takes to be made, to stand in Chromium, and to
// answer a key in its search.
#include <string>
#include <utility>

#include "tests/bench/bench.h"
#include "tests/bench/process.h"
#include "tests/support/browser.h"

namespace md2::bench {

using namespace md2::test;

namespace {

/// Milliseconds from each key to the frame that shows the first of what it has found, and to the one that has counted
/// all.
constexpr const char* watch_keys =
    "window.shown = []; window.counted = [];"
    "addEventListener('keydown', (event) => (window.pressed = event.timeStamp), true);"
    "const watch = (id, times) => new MutationObserver(() => requestAnimationFrame(() => setTimeout(() => {"
    "  if (times.at(-1)?.key !== pressed && document.getElementById('count').textContent !== times.passOver)"
    "    times.push({ key: pressed, taken: performance.now() - pressed }); })))"
    "  .observe(document.getElementById(id), { childList: true });"
    "counted.passOver = '…'; watch('list', shown); watch('count', counted)";

/// What `keys` in the search take until what each has found is shown, and is counted.
struct Keys {
  Figures shown;
  Figures counted;
};

void press_keys(Browser& browser, Keys& keys) {
  browser.evaluate(watch_keys);
  browser.press("/");
  std::size_t pressed = 0;
  for (const std::string key : {"m", "d", "2", " ", "o", "k", "Backspace", "Backspace", " ", "#", "a"}) {
    browser.press(key);
    browser.wait_until("counted.length === " + std::to_string(++pressed));
  }
  for (const auto& [name, figures] : {std::pair{"shown", &keys.shown}, std::pair{"counted", &keys.counted}}) {
    const auto taken = browser.evaluate(std::string(name) + ".map((one) => one.taken)").get<Figures>();
    figures->insert(figures->end(), taken.begin(), taken.end());
  }
}

}  // namespace

void html(Bench& bench) {
  Kept kept(100'000);
  const std::string page = kept.sandbox().path("diary.html");
  const auto into_file = [&](const Command& command) -> Measure {
    return [&kept, &page, command] { return time_process(kept.sandbox(), kept.client(command), page); };
  };
  bench.table().compare("100,000 entries: read --html >FILE", "ms", into_file({"read", "--html"}),
                        {{"read --json >FILE", into_file({"read", "--json"})}});
  if (!Browser::installed()) return bench.table().missing("chromium");
  time_process(kept.sandbox(), kept.client({"read", "--html"}), page);
  Figures first;
  Keys keys;
  for (int round = 0; round < rounds; ++round) {
    check_interrupts();
    Browser browser(kept.sandbox());
    browser.open(page);
    browser.wait_until("document.documentElement.dataset.firstEntry > 0");
    first.push_back(std::stod(browser.evaluate("document.documentElement.dataset.firstEntry").get<std::string>()));
    press_keys(browser, keys);
  }
  bench.table().figure("  its first entry, from the navigation on", median(first), "ms", at_most(3000, "ms"));
  bench.table().figure("  a key in its search, until it shows what it finds, median", median(keys.shown), "ms");
  bench.table().figure("    the slowest", percentile(keys.shown, 1), "ms", at_most(100, "ms"));
  bench.table().figure("  until all of it is counted, median", median(keys.counted), "ms");
  bench.table().figure("    the slowest", percentile(keys.counted, 1), "ms");
}

}  // namespace md2::bench
