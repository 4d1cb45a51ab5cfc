#include "tests/e2e/literals.h"

#include <algorithm>
#include <regex>
#include <utility>

namespace md2::test {
namespace {

bool is_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

class Reader {
 public:
  explicit Reader(std::string_view source) : source_(source) {}

  std::vector<Literal> read() {
    while (at_ < source_.size()) step();
    return std::move(found_);
  }

 private:
  void step() {
    const std::string_view rest = source_.substr(at_);
    if (rest.starts_with("//")) return skip_to("\n");
    if (rest.starts_with("#include")) return skip_to("\n");
    if (rest.starts_with("/*")) return skip_to("*/");
    if (rest.starts_with("R\"(")) return take(at_ + 3, source_.find(")\"", at_), 2);
    const char c = rest[0];
    if (c == '"') return take(at_ + 1, end_of_quoted('"'), 1);
    if (c == '\'') return move_to(end_of_quoted('\'') + 1);
    if (is_name(c)) return take_name();
    if (c == '(') open_.push_back(std::exchange(name_, {}));
    if (c == ')' && !open_.empty()) open_.pop_back();
    if (c != ' ' && c != '\n') {
      name_ = {};
      joins_ = false;
    }
    move_to(at_ + 1);
  }

  void take_name() {
    const std::size_t begin = at_;
    std::size_t end = at_;
    const bool number = source_[at_] >= '0' && source_[at_] <= '9';
    while (end < source_.size() && (is_name(source_[end]) || (number && source_[end] == '\''))) ++end;  // 1'000
    name_ = source_.substr(begin, end - begin);
    joins_ = false;
    move_to(end);
  }

  std::size_t end_of_quoted(char quote) const {
    std::size_t end = at_ + 1;
    while (end < source_.size() && source_[end] != quote) end += source_[end] == '\\' ? 2 : 1;
    return end;
  }

  void take(std::size_t begin, std::size_t end, std::size_t closing) {
    const std::string_view text = source_.substr(begin, end - begin);
    const auto marks = [](std::string_view name) { return name == "tr" || name == "trn" || name == "tr_later"; };
    if (joins_) {
      found_.back().text += text;
    } else {
      found_.push_back({std::string(text), line_, std::ranges::any_of(open_, marks)});
    }
    joins_ = true;
    name_ = {};
    move_to(std::min(end, source_.size()) + closing);
  }

  void skip_to(std::string_view end) {
    const std::size_t found = source_.find(end, at_);
    move_to(found == source_.npos ? source_.size() : found + (end == "\n" ? 0 : end.size()));
  }

  void move_to(std::size_t place) {
    place = std::min(place, source_.size());
    line_ += static_cast<std::size_t>(std::count(source_.begin() + static_cast<std::ptrdiff_t>(at_),
                                                 source_.begin() + static_cast<std::ptrdiff_t>(place), '\n'));
    at_ = place;
  }

  std::string_view source_;
  std::size_t at_ = 0;
  std::size_t line_ = 1;
  std::string_view name_;               ///< that was just read
  std::vector<std::string_view> open_;  ///< what stands before each parenthesis that is open
  bool joins_ = false;                  ///< a literal that follows belongs to the last one
  std::vector<Literal> found_;
};

}  // namespace

std::vector<Literal> literals_of(std::string_view source) {
  return Reader(source).read();
}

bool reads_like_a_sentence(const std::string& text) {
  static const std::regex places("\\{[^{}]*\\}");
  static const std::regex words(
      "[A-Za-z']{2,}[,;:.]? [a-z]{2,}|X:? [a-z]{2,}|[a-z]{2,}:? X|[;,] [a-z]{2,}|^ ?[a-z]{3,} $");
  static const std::regex escapes("\\\\(x[0-9a-f]{2}|[0-7]{3})");
  return std::regex_search(std::regex_replace(std::regex_replace(text, escapes, ""), places, "X"), words);
}

}  // namespace md2::test
