#include "client/page/help_page.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "client/page/text_rows.h"
#include "common/diary/help.h"
#include "common/os/language.h"
#include "common/text/cluster.h"
#include "common/text/lines.h"
#include "tests/support/program.h"

using namespace md2;

namespace {

std::vector<std::string> sorted_words(std::string_view text) {
  std::istringstream in{std::string(text)};
  std::vector<std::string> words;
  for (std::string word; in >> word;) words.push_back(word);
  std::sort(words.begin(), words.end());
  return words;
}

/// Line breaks and blanks aside.
std::string sorted_characters(std::string text) {
  std::erase_if(text, [](char c) { return c == ' ' || c == '\n'; });
  std::sort(text.begin(), text.end());
  return text;
}

/// Its catalogue is in use until the end of the scope.
class Chinese {
 public:
  Chinese() {
    use_catalogue(test::binary("locale/zh_CN/LC_MESSAGES/md2.mo"), "zh_CN");
    REQUIRE(language() == "zh_CN");
  }
  ~Chinese() { use_catalogue({}); }
  Chinese(const Chinese&) = delete;
  Chinese& operator=(const Chinese&) = delete;
};

}  // namespace

TEST_CASE("the help is one text: what a terminal of 80 columns shows has each row of it, and nothing else") {
  CHECK(help_page(80) == help_text());
  std::string parts(help_heading);
  for (const HelpRow& row : help_rows) parts.append(" ").append(row.keys).append(" ").append(row.meaning);
  CHECK(sorted_words(help_text()) == sorted_words(parts));
}

TEST_CASE("the Chinese help is one text as well") {
  const Chinese chinese;
  CHECK(help_page(80) == help_text());
  std::string parts = tr(help_heading);
  for (const HelpRow& row : help_rows) parts += tr(row.keys) + tr(row.meaning);
  CHECK(sorted_characters(help_text()) == sorted_characters(parts));
}

TEST_CASE("at 80, 40 and 20 columns no word of the help is torn and no row is too wide, in either language") {
  std::optional<Chinese> chinese;
  for (const bool in_chinese : {false, true}) {
    if (in_chinese) chinese.emplace();
    CAPTURE(in_chinese);
    for (const int columns : {20, 24, 35, 36, 40, 60, 77, 78, 80}) {
      CAPTURE(columns);
      const std::string page = help_page(columns);
      for (const std::string_view row : Lines(page)) {
        CAPTURE(row);
        CHECK(columns_of_line(row) <= static_cast<std::size_t>(columns));
        CHECK_FALSE(row.ends_with(' '));
      }
      for (const HelpRow& row : help_rows) {
        CAPTURE(row.keys);
        CHECK(page.find(tr(row.keys)) != std::string::npos);
      }
      CHECK(page.find(" quit") != std::string::npos);
    }
  }
}
