// The page that `read --html` makes, in a real browser.
#include <doctest/doctest.h>

#include <sstream>

#include "common/diary/entry.h"
#include "tests/support/browser.h"
#include "tests/support/entries.h"
#include "tests/support/files.h"
#include "tests/support/served_diary.h"
#include "tests/support/skip.h"

using namespace md2;
using namespace md2::test;
using nlohmann::json;

namespace {

const std::string no_browser = "there is no chromium, or this is a sanitizer's build";

/// A page of that diary, and where it lies.
struct MadePage {
  explicit MadePage(const std::string& diary, const Command& query = {}) : served(diary) {
    Command command{"read", "--html"};
    command.insert(command.end(), query.begin(), query.end());
    const Result made = run(served.sandbox, served.client(command));
    REQUIRE(made.status == 0);
    html = made.output;
    write_file(path, html);
  }

  ServedDiary served;
  const std::string path = served.sandbox.path("diary.html");
  std::string html;
};

/// All texts that stand on the page, as somebody sees them.
json shown(Browser& browser) {
  return browser.evaluate("[...document.querySelectorAll('main .text')].map((text) => text.textContent)");
}

std::string days(int first, int last) {
  std::string diary;
  for (int day = first; day <= last; ++day) {
    diary += entry_on(fmt::format("2015-{:02}-{:02}", 1 + day / 28, 1 + day % 28), fmt::format("day {}", day));
  }
  return diary;
}

constexpr const char* count_text = "document.getElementById('count').textContent";

std::string count_is(const std::string& text) {
  return fmt::format("{} === {}", count_text, json(text).dump());
}

}  // namespace

TEST_CASE("a page shows the days newest first, in the reader's language, each entry with its hour") {
  if (!Browser::installed()) return skip(no_browser);
  const MadePage page("从前\n\n" + entry(0, "八荣八耻") + entry_on("2016-02-29", "leap #day\nsecond line"));
  Browser browser(page.served.sandbox, {.language = "zh-CN"});
  browser.open(page.path);
  CHECK(shown(browser) == json({"leap #day\nsecond line", "八荣八耻", "从前"}));
  CHECK(browser.evaluate("[...document.querySelectorAll('main h2')].map((day) => day.textContent)") ==
        json({"2016年2月29日星期一", "2015年10月28日星期三", "没有日期"}));
  CHECK(browser.evaluate("[...document.querySelectorAll('main time')].map((time) => time.textContent)") ==
        json({"21:26", "21:26"}));
  CHECK(browser.evaluate("document.documentElement.lang") == "zh-CN");
  CHECK(browser.evaluate(count_text) == "2 天，3 条");
  browser.click("#order");
  CHECK(shown(browser) == json({"从前", "八荣八耻", "leap #day\nsecond line"}));
  CHECK(browser.complaints().empty());
}

TEST_CASE("a search as one types shows what has all words, and the address says it") {
  if (!Browser::installed()) return skip(no_browser);
  const MadePage page(entry(0, "Rain all day") + entry(1, "rain and #Work") + entry(2, "#work only") +
                      entry(3, "下雨了ＡＢ") + days(0, 3));
  Browser browser(page.served.sandbox);
  browser.open(page.path);
  const auto finds = [&](const std::string& query, const json& texts) {
    CAPTURE(query);
    browser.evaluate("document.getElementById('query').select()");
    browser.press("/");
    browser.press("Backspace");
    browser.type(query);
    browser.wait_until("decodeURIComponent(location.hash) === " + json("#q=" + query).dump());
    CHECK(shown(browser) == texts);
  };
  finds("rain", {"Rain all day", "rain and #Work"});
  finds("rain #work", json::array({"rain and #Work"}));
  finds("Rain", json::array({"Rain all day"}));
  finds("day -rain", {"day 3", "day 2", "day 1", "day 0"});
  finds("\"all day\"", json::array({"Rain all day"}));
  finds("only|all", {"Rain all day", "#work only"});
  finds("2015-01-02", json::array({"day 1"}));
  finds("2015-10.. -2", {"#work only", "下雨了ＡＢ"});
  finds("雨", json::array({"下雨了ＡＢ"}));
  finds("ａｂ", json::array({"下雨了ＡＢ"}));
  finds("no such", json::array());
  CHECK(browser.evaluate("document.querySelector('.nothing').textContent") == "Nothing found");
  browser.press("Escape");
  browser.wait_until(count_is("8 entries on 5 days"));
  CHECK(browser.evaluate("location.hash") == "");
  CHECK(browser.complaints().empty());
}

/// Its clock is made to run fast: each look at it is a slice of the search.
TEST_CASE("a search that takes long shows what it has found so far, the newest first, and then all of it") {
  if (!Browser::installed()) return skip(no_browser);
  const MadePage page(days(0, 299) + entry_on("2016-01-01", "the newest day"));
  Browser browser(page.served.sandbox);
  browser.open(page.path);
  browser.wait_until(count_is("301 entries on 301 days"));
  browser.evaluate(
      "let clock = 0; performance.now = () => (clock += 1000); window.counts = [];"
      "new MutationObserver(() => counts.push([document.getElementById('count').textContent,"
      "  document.querySelector('main .text').textContent, page.list.entries.length]))"
      ".observe(document.getElementById('count'), { childList: true })");
  browser.press("/");
  browser.press("d");
  const std::string all = "301 entries of 301 on 301 days";
  browser.wait_until(count_is(all));
  CHECK(browser.evaluate("counts") == json{{"…", "the newest day", 256}, {all, "the newest day", 301}});
  CHECK(browser.complaints().empty());
}

TEST_CASE("an address with a question shows what it finds, what was found is marked, and a tag asks for itself") {
  if (!Browser::installed()) return skip(no_browser);
  const MadePage page(entry(0, "one #日记 and <b>rain</b>") + entry(1, "two ＃日记") + entry(2, "three"));
  Browser browser(page.served.sandbox);
  browser.open(page.path, "#q=rain%20%3Cb%3E");
  CHECK(shown(browser) == json::array({"one #日记 and <b>rain</b>"}));
  CHECK(browser.evaluate("[...document.querySelectorAll('mark')].map((mark) => mark.textContent)") ==
        json({"<b>", "rain"}));
  CHECK(browser.evaluate("document.getElementById('query').value") == "rain <b>");
  browser.click("a.tag");
  browser.wait_until(count_is("2 entries of 3 on 1 day"));
  CHECK(shown(browser) == json({"one #日记 and <b>rain</b>", "two ＃日记"}));
  browser.open(page.path, "#q=%");
  browser.wait_until(count_is("0 entries of 3"));
}

TEST_CASE("the map of the years leads to a day, by a click and by the keyboard, however far it is") {
  if (!Browser::installed()) return skip(no_browser);
  const MadePage page(entries(0, 4000) + days(0, 250));
  Browser browser(page.served.sandbox);
  browser.open(page.path);
  browser.wait_until("document.querySelectorAll('a.day').length === 252");
  CHECK(browser.evaluate("document.querySelectorAll('.day.shade4').length") == 1);
  CHECK(browser.evaluate("document.querySelectorAll('main li').length < 500") == true);
  const std::string on_screen =
      "[...document.querySelectorAll('main li')].find((item) => item.textContent.includes('day {}'))"
      "?.getBoundingClientRect().top < innerHeight / 2";
  browser.click("a.day[href$='2015-03-05']");
  browser.wait_until(fmt::format(fmt::runtime(on_screen), 60));
  CHECK(browser.evaluate("document.activeElement.textContent.includes('day 60')") == true);
  browser.evaluate("document.querySelector(\"a.day[href$='2015-02-01']\").focus()");
  browser.press("ArrowLeft");
  browser.press("Enter");
  browser.wait_until(fmt::format(fmt::runtime(on_screen), 27));
  browser.press("k");
  browser.wait_until("document.activeElement.textContent.includes('day 28')");
  CHECK(browser.complaints().empty());
}

TEST_CASE("what is printed is all that was found, not only what is near the screen") {
  if (!Browser::installed()) return skip(no_browser);
  const MadePage page(entries(0, 2000));
  Browser browser(page.served.sandbox);
  browser.open(page.path);
  browser.evaluate(
      "addEventListener('afterprint', () => (window.printed = document.querySelectorAll('main li').length), true);"
      "addEventListener('beforeprint', () => (window.begun = document.querySelectorAll('main li').length))");
  CHECK(browser.evaluate("document.querySelectorAll('main li').length < 500") == true);
  browser.print(page.served.sandbox.path("page.pdf"));
  CHECK(browser.evaluate("window.begun") == 2000);
  browser.wait_until("document.querySelectorAll('main li').length < 500");
  CHECK(read_file(page.served.sandbox.path("page.pdf")).starts_with("%PDF"));
}

TEST_CASE("a page that was cut short says so and shows what is there") {
  if (!Browser::installed()) return skip(no_browser);
  const MadePage page(entries(0, 3));
  Browser browser(page.served.sandbox);
  browser.open(page.path);
  CHECK(browser.evaluate("document.getElementById('fault').hidden") == true);
  write_file(page.path, page.html.substr(0, page.html.rfind("{\"time\"") + 20));
  browser.open(page.path);
  CHECK(browser.evaluate("document.getElementById('fault').hidden") == false);
  CHECK(browser.evaluate(count_text) == "2 entries on 1 day");
}

TEST_CASE("without JavaScript a page says so, and shows its lines of JSON") {
  if (!Browser::installed()) return skip(no_browser);
  const MadePage page(entry(0, "八荣八耻"));
  Browser browser(page.served.sandbox, {.scripts = false});
  browser.open(page.path);
  browser.picture(page.served.sandbox.path("page.png"));
  const std::string text = browser.evaluate("document.body.innerText");
  CHECK(text.find("switched off") != std::string::npos);
  CHECK(text.find("\"text\":\"八荣八耻\"") != std::string::npos);
}

TEST_CASE("a page gives the diary back to import, and a page of a query has what it found") {
  const ServedDiary served(entry(0, "<b>&amp; #日记") + correction(0, "<b>&amp; #日记", "<i>newest") + entry(1));
  const Result page = run(served.sandbox, served.client({"read", "--html"}));
  CHECK(page.status == 0);
  const Sandbox there;
  const Command filter{"sh", "-c", "grep '^{\"' | " + binary("md2client") + " import --from=json"};
  CHECK(run(there, filter, page.output).status == 0);
  const Result json_here = run(served.sandbox, served.client({"read", "--json"}));
  const Result json_there = run(there, {binary("md2client"), "read", "--json"});
  REQUIRE(json_there.status == 0);
  const auto texts = [](const std::string& lines) {
    std::vector<json> found;
    std::istringstream in(lines);
    for (std::string line; std::getline(in, line);) found.push_back(json::parse(line).at("text"));
    return found;
  };
  CHECK(texts(json_here.output).size() == 2);
  CHECK(texts(json_there.output) == texts(json_here.output));

  const Result nothing = run(served.sandbox, served.client({"read", "--html", "no such"}));
  CHECK(nothing.status == 0);
  CHECK(nothing.error == "md2client: nothing found\n");
  CHECK(nothing.output.ends_with("</html>\n"));
}

TEST_CASE("a corrected entry shows its newest text, and with --all a page shows what was written and struck out") {
  if (!Browser::installed()) return skip(no_browser);
  const std::string diary =
      entry(0, "first") + entry(1, "gone") + correction(0, "first", "newest") + correction(1, "gone", "");
  const MadePage newest(diary);
  Browser browser(newest.served.sandbox);
  browser.open(newest.path);
  CHECK(shown(browser) == json::array({"newest"}));
  const std::string pencil = browser.evaluate("document.querySelector('.pencil').getAttribute('aria-label')");
  CHECK(pencil.starts_with("corrected: October 28, 2016"));
  const MadePage all(diary, {"--all"});
  browser.open(all.path);
  CHECK(shown(browser) == json({"newest", "first", "gone"}));
  CHECK(browser.evaluate("document.querySelectorAll('.note').length") == 2);
  CHECK(browser.evaluate("document.querySelectorAll('.note')[1].textContent.endsWith('struck out')") == true);
}

TEST_CASE("a page fits a window of any width, from a small telephone on") {
  if (!Browser::installed()) return skip(no_browser);
  const MadePage page(entry(0, std::string(5000, 'x')) + days(0, 300), {"xxx|day"});
  for (const int width : {320, 600, 960, 1600}) {
    CAPTURE(width);
    Browser browser(page.served.sandbox, {.width = width, .dark = true});
    browser.open(page.path);
    browser.evaluate("document.querySelector('details').open = true");
    browser.wait_until("document.querySelectorAll('a.day').length > 300");
    CHECK(browser.evaluate("document.documentElement.scrollWidth <= innerWidth") == true);
    CHECK(browser.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(22, 23, 20)");
  }
}
