// The page that `read --html` makes of 100,000 entries: how long it takes to be made, to stand in Chromium, and to
// answer a key in its search.
#include <string>

#include "tests/bench/bench.h"
#include "tests/bench/process.h"
#include "tests/support/browser.h"

namespace md2::bench {

using namespace md2::test;

namespace {

/// Milliseconds from each key to the frame that shows what it has found.
constexpr const char* watch_keys =
    "window.keys = []; addEventListener('keydown', (event) => (window.pressed = event.timeStamp), true);"
    "new MutationObserver(() => requestAnimationFrame(() => setTimeout(() => {"
    "  keys.push(performance.now() - pressed); pressed = Infinity; })))"
    ".observe(document.getElementById('count'), { childList: true })";

Figures press_keys(Browser& browser) {
  browser.evaluate(watch_keys);
  browser.press("/");
  std::size_t pressed = 0;
  for (const std::string key : {"m", "d", "2", " ", "o", "k", "Backspace", "Backspace", " ", "#", "a"}) {
    browser.press(key);
    browser.wait_until("keys.length === " + std::to_string(++pressed));
  }
  return browser.evaluate("keys").get<Figures>();
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
  Figures keys;
  for (int round = 0; round < rounds; ++round) {
    check_interrupts();
    Browser browser(kept.sandbox());
    browser.open(page);
    browser.wait_until("document.documentElement.dataset.firstEntry > 0");
    first.push_back(std::stod(browser.evaluate("document.documentElement.dataset.firstEntry").get<std::string>()));
    const Figures of_round = press_keys(browser);
    keys.insert(keys.end(), of_round.begin(), of_round.end());
  }
  bench.table().figure("  its first entry, from the navigation on", median(first), "ms", at_most(3000, "ms"));
  bench.table().figure("  a key in its search, median", median(keys), "ms");
  bench.table().figure("  the slowest key", percentile(keys, 1), "ms", at_most(100, "ms"));
}

}  // namespace md2::bench
