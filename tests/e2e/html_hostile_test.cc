// What texts that want to be more than text can do to the page that `read --html` makes: nothing.
#include <doctest/doctest.h>

#include <algorithm>

#include "tests/support/browser.h"
#include "tests/support/entries.h"
#include "tests/support/files.h"
#include "tests/support/repeated.h"
#include "tests/support/served_diary.h"
#include "tests/support/skip.h"

using namespace md2;
using namespace md2::test;
using nlohmann::json;

namespace {

struct Hostile {
  std::string text;
  std::string shown = text;  ///< as a person sees it
};

/// A `ran` is what it would leave behind.
std::vector<Hostile> hostile_texts() {
  const std::string run = "window.ran=1;document.title='ran';document.documentElement.dataset.ran=1";
  return {
      {"<script>" + run + "</script>"},
      {"</script><script>" + run + "</script>"},
      {"</script ><img src=x onerror=\"" + run + "\">"},
      {"<!--<script>" + run},
      {"--><svg onload=\"" + run + "\">"},
      {"<img src=http://127.0.0.1:9/pixel.png onerror=" + run + ">"},
      {"<iframe srcdoc=\"<script>parent.ran=1</script>\"></iframe>"},
      {"<style>*{display:none}</style><link rel=stylesheet href=http://127.0.0.1:9/x.css>"},
      {"<base href=http://127.0.0.1:9/><form action=//127.0.0.1:9/><button autofocus onfocus=" + run + ">"},
      {"<meta http-equiv=refresh content=\"0;url=http://127.0.0.1:9/\">"},
      {"javascript:" + run + " data:text/html,<script>" + run + "</script> #javascript:" + run},
      {"\"}</script><a href=\"javascript:" + run + "\" autofocus>\\u003c/script\\u003e \\\\\" '"},
      {"&lt;script&gt; &#60;script&#62; &amp;amp; &notanentity"},
      {"{{constructor.constructor('" + run + "')()}} ${window.ran=1} <!-- entries --> __proto__"},
      {"a\u202egnp.exe\u2066 isolate\u2028line\u2029paragraph",
       "a\\u202egnp.exe\\u2066 isolate\\u2028line\\u2029paragraph"},
      {"Hebrew שלום עולם! and العربية 123"},
      {std::string("escape \x1b[31m, bell \x07, nul ") + '\0' + " , DEL \x7f, CSI \xc2\x9b",
       "escape ^[[31m, bell ^G, nul ^@ , DEL ^?, CSI \\x9b"},
      {"broken \xff\xc3( \xe4\xb8 \xed\xa0\x80.", "broken \uFFFD\uFFFD( \uFFFD\uFFFD \uFFFD\uFFFD\uFFFD."},
      {"z" + repeated("\u0301\u0489", 500) + " and a tag #<b>x</b>#" + repeated("t", 5000)},
      {repeated("word", (std::size_t{1} << 20) / 4)},
  };
}

}  // namespace

TEST_CASE("of twenty hostile entries nothing runs, nothing leaves the page, and all is shown") {
  if (!Browser::installed()) return skip("there is no chromium, or this is a sanitizer's build");
  const std::vector<Hostile> texts = hostile_texts();
  REQUIRE(texts.size() == 20);
  std::string diary;
  for (int i = 0; i < 20; ++i) diary += entry(i, texts[static_cast<std::size_t>(i)].text);
  const ServedDiary served(diary);
  const std::string path = served.sandbox.path("hostile.html");
  write_file(path, run(served.sandbox, served.client({"read", "--html"})).output);
  Browser browser(served.sandbox);
  for (const std::string fragment : {"", "#q=%3Cscript%3E|word|broken|-&d=%3Cimg%20src=x%20onerror=window.ran=1%3E"}) {
    CAPTURE(fragment);
    browser.open(path, fragment);
    CHECK(browser.evaluate("window.ran === undefined && document.documentElement.dataset.ran === undefined") == true);
    CHECK(browser.evaluate("document.title") == "Diary 2015");
    const json kinds = {"a", "div", "h2", "li", "mark", "ol", "section", "span", "time"};
    for (const json& kind : browser.evaluate("[...document.querySelectorAll('main *')].map((one) => one.localName)")) {
      if (std::find(kinds.begin(), kinds.end(), kind) == kinds.end()) FAIL_CHECK(kind);
    }
    CHECK(browser.evaluate("document.querySelectorAll('script:not([type])').length") == 6);
    CHECK(browser.complaints().empty());
  }
  for (const std::string& address : browser.requests()) CHECK(address.starts_with("file://" + path));
  CHECK(browser.requests().size() <= 2);
  browser.open(path, "#q=");
  for (int i = 0; i < 20; ++i) {
    CAPTURE(i);
    browser.evaluate(fmt::format("page.list.goTo({})", i));
    const json shown =
        browser.evaluate(fmt::format("document.querySelector('li[data-place=\"{}\"] .text').innerText", i));
    const std::string& expected = texts[static_cast<std::size_t>(i)].shown;
    CHECK(shown.get<std::string>().size() == expected.size());
    CHECK(shown == expected);
  }
}
