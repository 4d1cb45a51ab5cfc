#include "client/html/html_page.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "client/html/template.h"
#include "client/page/json.h"
#include "common/text/lines.h"
#include "tests/support/entries.h"
#include "tests/support/repeated.h"

using namespace md2;
using namespace md2::test;

namespace {

std::string page_of(std::string_view diary, const std::string& query = "") {
  CorrectedReader reader;
  reader.feed(diary);
  reader.finish();
  HtmlPage page({"work", query, {}});
  std::string out;
  while (const auto item = reader.next()) page.add(out, *item);
  page.end(out);
  return out;
}

std::vector<nlohmann::json> entries_in(std::string_view page) {
  std::vector<nlohmann::json> found;
  for (const std::string_view line : Lines(page)) {
    if (line.starts_with("{\"")) found.push_back(nlohmann::json::parse(line));
  }
  return found;
}

/// What stands in the element of that id.
std::string content_of(std::string_view page, std::string_view id) {
  const std::size_t at = page.find('>', page.find(fmt::format("id=\"{}\"", id))) + 1;
  return std::string(page.substr(at, page.find("</script>", at) - at));
}

std::size_t count_of(std::string_view text, std::string_view what) {
  std::size_t count = 0;
  for (std::size_t at = text.find(what); at != text.npos; at = text.find(what, at + 1)) ++count;
  return count;
}

}  // namespace

TEST_CASE("no text adds a sign of markup to a page") {
  const std::string hostile = "</script><script>alert(1)</script><!-- <img src=x onerror=alert(2)> &lt; ]]> <b";
  const auto signs = [](const std::string& page) {
    return count_of(page, "<") + 1000 * count_of(page, ">") + 1'000'000 * count_of(page, "&");
  };
  const std::string page = page_of(entry(0, hostile) + hostile, hostile);
  CHECK(signs(page) == signs(page_of(entry(0, "tame") + "tame", "tame")));
  const auto entries = entries_in(page);
  REQUIRE(entries.size() == 2);
  CHECK(entries[0].at("text") == hostile);
  CHECK(entries[1].at("text") == hostile);
  CHECK(nlohmann::json::parse(content_of(page, "about")).at("query") == hostile);
}

TEST_CASE("an entry in a page is that of read --json, and where its tags stand") {
  CHECK(entries_in(page_of(entry(0, "今天 #日记"))) ==
        std::vector{nlohmann::json::parse(R"({"time":"2015-10-28T21:26:03.417293+08:00","text":"今天 #日记",)"
                                          R"("tags":["日记"],"marks":[3,6]})")});
  std::string json;
  append_json(json, read_item({0, entry(1), parse_timestamp("2015-10-28 21:26:03.417294+08:00")}));
  CHECK(page_of(entry(1)).find(json) != std::string::npos);
}

TEST_CASE("tags are counted as JavaScript counts") {
  CHECK(tag_marks("no tag, C# and https://example.com/#part").empty());
  CHECK(tag_marks("#a b") == "[0,2]");
  CHECK(tag_marks("\U0001f600 #日记＃b，#\U0001f600") == "[3,6,6,8,9,12]");
  CHECK(tag_marks("\xff\xfe#a") == "[2,4]");
}

TEST_CASE("a corrected entry has its newest text") {
  const auto entries = entries_in(page_of(entry(0, "first") + correction(0, "first", "newest")));
  REQUIRE(entries.size() == 1);
  CHECK(entries[0].at("text") == "newest");
  CHECK(entries[0].contains("corrected"));
}

TEST_CASE("loose lines become paragraphs, of bounded length, and a byte order mark nothing") {
  const auto entries =
      entries_in(page_of("\xef\xbb\xbf" + entry(0) + "从前\n有座山\n\n \n山里\n" + entry(1) + "\n后来"));
  REQUIRE(entries.size() == 5);
  CHECK(entries[1].at("text") == "从前\n有座山");
  CHECK(entries[2].at("text") == "山里");
  CHECK_FALSE(entries[2].contains("time"));
  CHECK(entries[4].at("text") == "后来");
  const auto long_one = entries_in(page_of(repeated("一行字\n", 100'000)));
  CHECK(long_one.size() == 16);
  for (const auto& part : long_one) CHECK(part.at("text").get<std::string>().size() <= 65536);
}

TEST_CASE("a page counts its entries at the end, which one that was cut short lacks") {
  const std::string page = page_of(entries(0, 5000) + "loose\n");
  CHECK(content_of(page, "end") == "{\"entries\":5001}");
  CHECK(entries_in(page).size() == 5001);
  CHECK(page.ends_with("</html>\n"));
  CHECK(content_of(page_of(""), "end") == "{\"entries\":0}");
}

TEST_CASE("a long diary is parted into blocks") {
  std::string out;
  HtmlPage page({});
  for (int i = 0; i < 10; ++i) page.add(out, read_item({0, entry(i, std::string(100'000, 'x')), Timestamp{i, 0}}));
  page.end(out);
  CHECK(count_of(out, "<script type=\"application/x-ndjson\">") == 4);
}

TEST_CASE("the policy of a page names its own styles and scripts and nothing else") {
  const std::string page = page_of("");
  CHECK(count_of(page, "'sha256-") == template_styles().size() + template_scripts().size());
  for (const std::string_view directive : {"default-src 'none'", "base-uri 'none'", "form-action 'none'"}) {
    CHECK(page.find(directive) != std::string::npos);
  }
  CHECK(page.find("unsafe") == std::string::npos);
  CHECK(count_of(page, "src=") == 0);
  CHECK(count_of(page, "<link") == 0);
  CHECK(count_of(page, "http:") + count_of(page, "https:") == 0);
}

TEST_CASE("nothing in the files of the page ends their element") {
  for (const TemplateFile& script : template_scripts()) {
    CAPTURE(script.name);
    CHECK(script.content.size() > 100);
    CHECK(script.content.starts_with("\"use strict\";\n"));
    for (const std::string_view ending : {"</", "<!--", "<script", "\r", "innerHTML", "eval("}) {
      CAPTURE(ending);
      CHECK(script.content.find(ending) == script.content.npos);
    }
  }
  for (const TemplateFile& style : template_styles()) CHECK(style.content.find('<') == std::string_view::npos);
}
