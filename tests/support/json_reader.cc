#include "tests/support/json_reader.h"

#include <charconv>
#include <utility>

#include "common/text/character.h"

namespace md2::test {
namespace {

struct Broken {};

class Reader {
 public:
  explicit Reader(std::string_view rest) : rest_(rest) {}

  Json value() {
    Json json;
    if (rest_.starts_with('"')) {
      json.string = string();
    } else if (rest_.starts_with('[')) {
      json.kind = Json::Kind::array;
      list(']', [&] { json.array.push_back(value()); });
    } else {
      json.kind = Json::Kind::object;
      list('}', [&] {
        std::string name = string();
        take(':');
        if (!json.object.emplace(std::move(name), value()).second) throw Broken();
      });
    }
    return json;
  }

  bool at_end() const { return rest_.empty(); }

 private:
  char next() {
    if (rest_.empty()) throw Broken();
    const char c = rest_.front();
    rest_.remove_prefix(1);
    return c;
  }

  void take(char wanted) {
    if (next() != wanted) throw Broken();
  }

  template <typename Item>
  void list(char end, Item item) {
    take(end == ']' ? '[' : '{');
    if (rest_.starts_with(end)) return take(end);
    for (;;) {
      item();
      const char c = next();
      if (c == end) return;
      if (c != ',') throw Broken();
    }
  }

  std::string string() {
    take('"');
    std::string text;
    for (;;) {
      const char c = next();
      if (c == '"') return text;
      if (static_cast<unsigned char>(c) < 0x20) throw Broken();
      if (c == '\\') {
        escape(text);
      } else {
        text += c;
      }
    }
  }

  void escape(std::string& text) {
    constexpr std::string_view letters = "\"\\/bfnrt";
    constexpr std::string_view meanings = "\"\\/\b\f\n\r\t";
    const char c = next();
    if (const std::size_t at = letters.find(c); at != std::string_view::npos) {
      text += meanings[at];
      return;
    }
    if (c != 'u' || rest_.size() < 4) throw Broken();
    unsigned code = 0;
    const std::string digits(rest_.substr(0, 4));
    const char* const behind = digits.data() + digits.size();
    const auto [end, error] = std::from_chars(digits.data(), behind, code, 16);
    if (error != std::errc() || end != behind || (code >= 0xd800 && code < 0xe000)) throw Broken();
    append_character(text, static_cast<char32_t>(code));
    rest_.remove_prefix(4);
  }

  std::string_view rest_;
};

}  // namespace

std::optional<Json> read_json(std::string_view text) {
  try {
    Reader reader(text);
    Json json = reader.value();
    if (reader.at_end()) return json;
    return std::nullopt;
  } catch (const Broken&) {
    return std::nullopt;
  }
}

}  // namespace md2::test
