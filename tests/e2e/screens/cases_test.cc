// What was once wrong on the screen: see cases.txt and resized_cases.txt.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "tests/e2e/screens/session.h"
#include "tests/support/deadline.h"
#include "tests/support/files.h"
#include "tests/support/repeated.h"

using namespace md2;
using namespace md2::test;

namespace {

/// The text that the notation of cases.txt stands for.
std::string meant(const std::string& notation) {
  std::string text;
  for (std::size_t at = 0; at < notation.size(); ++at) {
    const char sign = notation[at];
    if (sign == '{') {  // {52a}
      const std::size_t end = notation.find('}', at);
      std::size_t digits = 0;
      const int times = std::stoi(notation.substr(at + 1), &digits);
      text += repeated(notation.substr(at + 1 + digits, end - at - 1 - digits), times);
      at = end;
    } else if (sign != '\\') {
      text += sign;
    } else if (const char next = notation[++at]; next == 'C') {
      text += notation[at + 2] == '?' ? '\x7f' : static_cast<char>(notation[at + 2] & 0x1f);
      at += 2;
    } else {
      static const std::map<char, char> escapes{{'e', '\x1b'}, {'n', '\n'},  {'r', '\r'}, {'s', ' '},
                                                {'t', '\t'},   {'\\', '\\'}, {'{', '{'},  {'}', '}'}};
      text += escapes.at(next);
    }
  }
  return text;
}

std::vector<Position> sizes(const std::string& words) {
  std::vector<Position> all;
  std::istringstream in(words);
  for (std::string size; in >> size;) all.push_back({std::stoi(size.substr(size.find('x') + 1)), std::stoi(size)});
  return all;
}

Setting setting(const std::string& size, std::istringstream& words) {
  static const std::map<std::string, std::string> lines{
      {"one-row", "set horizontal-scroll-mode on\n"},
      {"mode", "set show-mode-in-prompt on\n"},
      {"marks", "set mark-modified-lines on\n"},
      {"vi", "set editing-mode vi\n"},
      {"no-paste", "set enable-bracketed-paste off\n"},
      {"macro", "\"\\C-t\": \"x\\C-xa\"\n"},
      {"colour", "set enable-active-region on\nset colored-completion-prefix on\n"},
  };
  Setting result;
  result.rows = sizes(size)[0].row;
  result.columns = sizes(size)[0].column;
  for (std::string word; words >> word;)
    word == "full" ? void(result.fill = true) : void(result.inputrc += lines.at(word));
  return result;
}

void step(ScreenSession& session, const std::string& what, const std::string& text) {
  if (what == "type") return session.type(meant(text));
  if (what == "bytes") return session.type_in_bytes(meant(text));
  if (what == "paste") return session.paste(meant(text));
  if (what == "list") return session.list(meant(text));
  if (what == "message") return session.message(meant(text) + '\n');
  if (what == "resize") return session.resize_often(sizes(text));
  if (what == "interrupt") return session.interrupt();
  if (what == "clear") return session.clear();
  if (what == "enter") return session.line().asking ? session.type("\r") : session.enter();
  std::string line = session.line().line;
  line.insert(session.line().cursor, "|");
  if (what != "ends" || line != meant(text)) throw Failure(fmt::format("{} '{}': the line is '{}'", what, text, line));
}

struct Case {
  std::string name;
  Setting setting;
  std::vector<std::pair<std::string, std::string>> steps;
};

std::vector<Case> cases() {
  std::vector<Case> all;
  std::istringstream file(read_file("tests/e2e/screens/cases.txt") + read_file("tests/e2e/screens/resized_cases.txt"));
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line.front() == '#') continue;
    std::istringstream words(line);
    std::string what;
    words >> what;
    if (what == "case") {
      Case next;
      std::string size;
      words >> next.name >> size;
      next.setting = setting(size, words);
      all.push_back(std::move(next));
    } else {
      const std::size_t begin = line.find(what) + what.size() + 1;
      all.back().steps.emplace_back(what, begin < line.size() ? line.substr(begin) : "");
    }
  }
  return all;
}

}  // namespace

TEST_CASE("what was once wrong on the screen is right") {
  const std::vector<Case> all = cases();
  CHECK_MESSAGE(all.size() > 70, "tests/e2e/screens/cases.txt can't be read: run the tests in the top folder");
  for (const Case& one : all) {
    CAPTURE(one.name);
    try {
      ScreenSession session(one.setting);
      for (const auto& [what, text] : one.steps) step(session, what, text);
      if (one.steps.back().first != "ends") throw Failure("the case does not say how it ends");
    } catch (const Failure& failure) {
      FAIL_CHECK("case ", one.name, ": ", failure.what());
    }
  }
}
