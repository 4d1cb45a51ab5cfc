#include "client/line.h"

#include <algorithm>
#include <array>

#include "common/text/character.h"
#include "common/text/text.h"

namespace md2 {
namespace {

constexpr std::array<std::string_view, 9> attempts{"help", "exit", "q", ":q", "bye", "logout", "退出", "帮助", "再见"};

constexpr QuestionWord all_words[] = {
    {"at", Line::Kind::dated_entry},   {"补", Line::Kind::dated_entry},  {"tags", Line::Kind::tags},
    {"标签", Line::Kind::tags},        {"cal", Line::Kind::calendar},    {"日历", Line::Kind::calendar},
    {"stats", Line::Kind::statistics}, {"统计", Line::Kind::statistics}, {"status", Line::Kind::status},
    {"状态", Line::Kind::status},      {"edit", Line::Kind::edit},       {"改", Line::Kind::edit},
    {"delete", Line::Kind::strike},    {"删", Line::Kind::strike},       {"help", Line::Kind::help},
    {"帮助", Line::Kind::help},
};

/// `word` behind a sign of a question, if there is one, as other programs take their commands.
bool is_attempt(std::string_view word, bool behind_sign) {
  return std::ranges::find(attempts, word) != attempts.end() || (behind_sign && word == "quit");
}

/// One of the words and what stands behind it, or else a query.
Line parse_question(std::string_view asked) {
  for (const auto& [word, kind] : all_words) {
    if (!asked.starts_with(word)) continue;
    std::size_t begin = word.size();
    while (begin < asked.size() && is_space(character_at(asked, begin).code)) {
      begin += character_at(asked, begin).length;
    }
    if (begin < asked.size() && (kind == Line::Kind::status || kind == Line::Kind::help)) continue;  // it takes nothing
    if (begin > word.size() || begin == asked.size()) return {kind, std::string(asked.substr(begin))};
  }
  return {Line::Kind::query, std::string(asked)};
}

}  // namespace

std::span<const QuestionWord> question_words() {
  return all_words;
}

std::size_t question_sign_length(std::string_view line, LineSource source) {
  for (const std::string_view sign : {"/", "／"}) {
    if (line.starts_with(sign)) return sign.size();
  }
  constexpr std::string_view comma = "、";
  return source == LineSource::terminal && line.starts_with(comma) ? comma.size() : 0;
}

Line parse_line(std::string_view line, LineSource source) {
  using Kind = Line::Kind;
  const std::string typed = unix_text(line);
  line = typed;
  const std::string_view text = trimmed(line);
  if (text.empty()) return {};
  const bool one_row = text.find('\n') == text.npos && text.data() == line.data();
  if (one_row) {
    if (text == "hi" || text == "r") return {Kind::diary, {}};
    if (text == "?" || text == "？") return {Kind::help, {}};
    if (text == "quit") return {Kind::quit, {}};
    const std::size_t sign = question_sign_length(text, source);
    Line asked = sign > 0 ? parse_question(text.substr(sign)) : Line{Kind::entry, {}};
    if (source == LineSource::terminal && asked.kind != Kind::help && is_attempt(text.substr(sign), sign > 0))
      return {Kind::attempt, std::string(text)};
    if (sign > 0) return asked;
  }
  if (line.starts_with(' ')) line.remove_prefix(1);
  return {Kind::entry, std::string(trimmed(line))};
}

CorrectedLine parse_corrected_line(std::string_view line, std::string_view before) {
  using Kind = CorrectedLine::Kind;
  const auto is_text = [](std::string_view text) {
    return parse_line(text, LineSource::terminal).kind == Line::Kind::entry;
  };
  const std::string plain = unix_text(line);
  std::string_view text = trimmed(plain);
  if (text.empty()) return {Kind::nothing, {}};
  if (text == trimmed(before)) return {Kind::same, std::string(text)};
  if (!is_text(text) && is_text(before)) return {Kind::command, std::string(text)};
  if (text.starts_with(' ') && !is_text(text.substr(1))) text.remove_prefix(1);
  return {Kind::text, std::string(text)};
}

}  // namespace md2
