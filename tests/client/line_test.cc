#include "client/line.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <array>
#include <string>

using namespace md2;

namespace {

using Kind = Line::Kind;

/// `KIND text`.
std::string meaning(std::string_view line, LineSource source = LineSource::terminal) {
  const Line meant = parse_line(line, source);
  constexpr const char* names[] = {"nothing",    "entry", "dated",  "diary",  "query", "tags", "calendar",
                                   "statistics", "edit",  "strike", "status", "help",  "quit", "attempt"};
  return names[static_cast<int>(meant.kind)] + (meant.text.empty() ? "" : " " + meant.text);
}

}  // namespace

TEST_CASE("a text of several rows is an entry, whatever it begins with") {
  for (const std::string begin : {"/usr/bin", "／今天", "、今天", "hi", "?", "quit", "/"}) {
    CAPTURE(begin);
    for (const std::string& text : {begin + "\nsecond", begin + "\n\nthird", begin + "\r\nsecond"}) {
      std::string stored = text;
      std::erase(stored, '\r');
      CHECK(meaning(text) == "entry " + stored);
      CHECK(meaning(text, LineSource::pipe) == "entry " + stored);
    }
  }
  CHECK(meaning("\n/usr") == "entry /usr");
}

TEST_CASE("one row asks or commands, whatever empty rows stand behind it") {
  CHECK(meaning("/会议\n") == "query 会议");
  CHECK(meaning("hi\n \n") == "diary");
}

TEST_CASE("the full-width slash asks as the slash does, and at a terminal the comma of the same key") {
  CHECK(meaning("/今天") == "query 今天");
  CHECK(meaning("／今天") == "query 今天");
  CHECK(meaning("、今天") == "query 今天");
  CHECK(meaning("／今天", LineSource::pipe) == "query 今天");
  CHECK(meaning("、今天", LineSource::pipe) == "entry 、今天");
  CHECK(meaning(" 、今天") == "entry 、今天");
  CHECK(meaning("/") == "query");
}

TEST_CASE("/at and /补 date an entry, in one row and as a word of their own") {
  CHECK(meaning("/at 昨天 21:26 雨") == "dated 昨天 21:26 雨");
  CHECK(meaning("／补　昨天　雨") == "dated 昨天　雨");
  CHECK(meaning("、补 昨天 雨") == "dated 昨天 雨");
  CHECK(meaning("/补 昨天 雨", LineSource::pipe) == "dated 昨天 雨");
  CHECK(meaning("/at") == "dated");
  CHECK(meaning("/attic") == "query attic");
  CHECK(meaning("/补课") == "query 补课");
  CHECK(meaning("/\"at\"") == "query \"at\"");
  CHECK(meaning(" /at 昨天 雨") == "entry /at 昨天 雨");
  CHECK(meaning("/at 昨天 雨\n雪") == "entry /at 昨天 雨\n雪");
}

TEST_CASE(
    "what people try in order to get help or to leave is no entry at a terminal, and nothing else is such a try") {
  for (const std::string word : {"help", "exit", "q", ":q", "bye", "logout", "退出", "帮助", "再见"}) {
    CAPTURE(word);
    CHECK(meaning(word) == "attempt " + word);
    CHECK(meaning(word + " ") == "attempt " + word);
    CHECK(meaning(word, LineSource::pipe) == "entry " + word);
    CHECK(meaning(" " + word) == "entry " + word);
    CHECK(meaning(word + " me") == "entry " + word + " me");
    CHECK(meaning(word + "\nme") == "entry " + word + "\nme");
  }
  CHECK(meaning("Help") == "entry Help");
  for (const std::string word : {"/quit", "、退出", "／exit", "/q", "/再见"}) {
    CAPTURE(word);
    CHECK(meaning(word) == "attempt " + word);
  }
  CHECK(meaning("/quit", LineSource::pipe) == "query quit");
  CHECK(meaning("/\"quit\"") == "query \"quit\"");
  CHECK(meaning("/quit 会议") == "query quit 会议");
}

TEST_CASE("help is asked for by its word behind the sign of a question, too") {
  for (const std::string word : {"/help", "/帮助", "、帮助 ", "／help"}) {
    CAPTURE(word);
    CHECK(meaning(word) == "help");
  }
  CHECK(meaning("/help", LineSource::pipe) == "help");
  CHECK(meaning("/help me") == "query help me");
  CHECK(meaning("/帮助中心") == "query 帮助中心");
}

TEST_CASE("words that look back take a query behind them, or none, and another word is a query itself") {
  CHECK(meaning("/tags") == "tags");
  CHECK(meaning("／标签　2015 #日记") == "tags 2015 #日记");
  CHECK(meaning("/cal -7d") == "calendar -7d");
  CHECK(meaning("、日历") == "calendar");
  CHECK(meaning("/stats", LineSource::pipe) == "statistics");
  CHECK(meaning("/统计 会议") == "statistics 会议");
  CHECK(meaning("/日历本") == "query 日历本");
  CHECK(meaning("/status") == "status");
  CHECK(meaning("、状态 ") == "status");
  CHECK(meaning("/status quo") == "query status quo");
  CHECK(meaning("/call") == "query call");
  CHECK(meaning("/\"tags\"") == "query \"tags\"");
  CHECK(meaning("tags") == "entry tags");
}

TEST_CASE("words that change entries take a query behind them, and in quotes they are words") {
  CHECK(meaning("/edit") == "edit");
  CHECK(meaning("、改 -3") == "edit -3");
  CHECK(meaning("/delete 会议") == "strike 会议");
  CHECK(meaning("/删 #tag", LineSource::pipe) == "strike #tag");
  CHECK(meaning("/editor") == "query editor");
  CHECK(meaning("/\"edit\"") == "query \"edit\"");
}

TEST_CASE("blanks of any kind are nothing alone, and count for nothing behind a command or an entry") {
  for (const std::string blank :
       {" ", "\t", "\u3000", "\u00a0", "\u2003", "\u200b", "\ufeff", "\u202f", "\u3000\n\u00a0"}) {
    CAPTURE(blank);
    CHECK(meaning(blank) == "nothing");
    CHECK(meaning("quit" + blank) == "quit");
    CHECK(meaning("hi" + blank) == "diary");
    CHECK(meaning("今天" + blank) == "entry 今天");
    CHECK(meaning("/今天" + blank) == "query 今天");
  }
  CHECK(meaning("\u3000\u3000今天") == "entry \u3000\u3000今天");
  CHECK(meaning(" quit") == "entry quit");
  CHECK(meaning("quit it") == "entry quit it");
}

TEST_CASE("the CR of another system's line end and its byte order mark are no part of a line") {
  CHECK(meaning("quit\r", LineSource::pipe) == "quit");
  CHECK(meaning("今天\r", LineSource::pipe) == "entry 今天");
  CHECK(meaning("\r", LineSource::pipe) == "nothing");
  CHECK(meaning("\ufeffhi", LineSource::pipe) == "diary");
  CHECK(meaning("\ufeff今天", LineSource::pipe) == "entry 今天");
  CHECK(meaning("a\rb", LineSource::pipe) == "entry a\rb");  // refused with its reason, not mended
}

TEST_CASE(
    "a line that an entry's text was in is its new text, unless it is the same, nothing, or a command by itself") {
  const auto made = [](std::string_view line, std::string_view before = "一二") {
    const CorrectedLine it = parse_corrected_line(line, before);
    constexpr std::array kinds{"same", "nothing", "command", "text"};
    return fmt::format("{} {}", kinds[static_cast<std::size_t>(it.kind)], it.text);
  };
  CHECK(made("一二三") == "text 一二三");
  CHECK(made("一二 ") == "same 一二");
  CHECK(made(" \t") == "nothing ");
  for (const std::string command : {"quit", "q", "hi", "?", "/今天", "/at 10:00 一", "/edit"}) {
    CAPTURE(command);
    CHECK(made(command) == "command " + command);
    CHECK(made(" " + command) == "text " + command);
    CHECK(made(command + "\n二") == "text " + command + "\n二");
    CHECK(made(command + " ", command) == "same " + command);
  }
  CHECK(made("quit", "hi") == "text quit");  // it was one, kept with a space in front
  CHECK(made("  一") == "text   一");
}
