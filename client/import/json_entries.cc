#include "client/import/json_entries.h"

#include <fmt/format.h>

#include <cstddef>
#include <iterator>
#include <nlohmann/json.hpp>
#include <utility>

#include "common/os/language.h"
#include "common/text/text.h"

namespace md2 {
namespace {

using nlohmann::json;

/// The bytes of a source, one by one; all iterators over it share its place.
class Bytes {
 public:
  explicit Bytes(Source& source) : source_(source) {
    for (const char byte : byte_order_mark) {  // what only begins like one is no JSON anyway
      if (!ended() && first() == byte) go_on();
    }
  }

  bool ended() {
    if (piece_.empty() && !ended_) ended_ = (piece_ = source_.next()).empty();
    return ended_;
  }

  char first() { return ended() ? '\0' : piece_.front(); }

  void go_on() {
    if (piece_.front() == '\n') ++line_;
    piece_.remove_prefix(1);
  }

  std::uint64_t line() const { return line_; }

 private:
  Source& source_;
  std::string_view piece_;
  bool ended_ = false;
  std::uint64_t line_ = 1;
};

/// As nlohmann-json takes a text.
class ByteIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = char;

  ByteIterator() = default;
  explicit ByteIterator(Bytes& bytes) : bytes_(&bytes) {}

  char operator*() const { return bytes_->first(); }
  ByteIterator& operator++() {
    bytes_->go_on();
    return *this;
  }
  ByteIterator operator++(int) { return ++*this; }
  bool operator==(const ByteIterator& other) const { return at_end() == other.at_end(); }
  bool operator!=(const ByteIterator& other) const { return !(*this == other); }

 private:
  bool at_end() const { return bytes_ == nullptr || bytes_->ended(); }

  Bytes* bytes_ = nullptr;  ///< none: the end
};

/// What SAX tells becomes entries.
class Entries : public nlohmann::json_sax<json> {
 public:
  Entries(Bytes& bytes, const std::function<void(const JsonEntry&)>& take) : bytes_(bytes), take_(take) {}

  bool null() override { return true; }
  bool boolean(bool value) override {
    if (in_entry() && key_ == "starred") entry_.starred = value;
    return true;
  }
  bool number_integer(number_integer_t /*value*/) override { return true; }
  bool number_unsigned(number_unsigned_t /*value*/) override { return true; }
  bool number_float(number_float_t /*value*/, const string_t& /*text*/) override { return true; }
  bool binary(binary_t& /*value*/) override { return true; }

  bool string(string_t& value) override {
    if (in_entry()) {
      entry_.strings[key_] = std::move(value);
    } else if (in_tags_ && depth_ == entry_depth_ + 1) {
      entry_.tags.push_back(std::move(value));
    }
    return true;
  }

  bool key(string_t& value) override {
    if (in_entry() || (holds_entries_ && depth_ == 1)) key_ = std::move(value);
    return true;
  }

  bool start_object(std::size_t /*size*/) override {
    ++depth_;
    if (entry_depth_ == 0 && (depth_ == 1 || depth_ == list_depth_ + 1)) {
      entry_ = {};
      entry_.line = bytes_.line();
      entry_depth_ = depth_;
    }
    return true;
  }

  bool end_object() override {
    if (depth_ == entry_depth_) {
      entry_depth_ = 0;
      take_(entry_);
    }
    leave();
    return true;
  }

  bool start_array(std::size_t /*size*/) override {
    ++depth_;
    if (depth_ == 1) list_depth_ = depth_;
    if (depth_ == 2 && entry_depth_ == 1 && key_ == "entries") {  // what was taken for an entry holds them
      entry_depth_ = 0;
      list_depth_ = depth_;
      holds_entries_ = true;
    } else if (depth_ == 2 && holds_entries_ && key_ == "entries") {
      list_depth_ = depth_;
    } else if (depth_ == entry_depth_ + 1 && entry_depth_ > 0) {
      in_tags_ = key_ == "tags";
    }
    return true;
  }

  bool end_array() override {
    if (depth_ == list_depth_) list_depth_ = 0;
    if (depth_ == entry_depth_ + 1) in_tags_ = false;
    leave();
    return true;
  }

  bool parse_error(std::size_t /*position*/, const std::string& /*token*/,
                   const nlohmann::detail::exception& error) override {
    fault_ = error.what();
    return false;
  }

  const std::string& fault() const { return fault_; }

 private:
  bool in_entry() const { return entry_depth_ > 0 && depth_ == entry_depth_; }

  void leave() {
    if (--depth_ == 0) {
      list_depth_ = 0;
      holds_entries_ = false;
    }
  }

  Bytes& bytes_;
  const std::function<void(const JsonEntry&)>& take_;
  std::size_t depth_ = 0;        ///< of objects and arrays, 1 is the outermost
  std::size_t list_depth_ = 0;   ///< of the array whose objects are entries; 0 outside
  std::size_t entry_depth_ = 0;  ///< of the object that is an entry; 0 outside
  bool holds_entries_ = false;   ///< the outermost object is no entry
  bool in_tags_ = false;
  std::string key_;
  JsonEntry entry_;
  std::string fault_;
};

/// The part of nlohmann's message that a person understands: behind `[json.exception.parse_error.101] `, and without
/// where it was, which is said in lines.
std::string reason_of(const std::string& message) {
  const std::size_t begin = message.find("column ");
  const std::size_t colon = message.find(": ", begin == message.npos ? 0 : begin);
  return colon == message.npos ? message : message.substr(colon + 2);
}

}  // namespace

std::string JsonEntry::operator[](const std::string& key) const {
  const auto found = strings.find(key);
  return found == strings.end() ? std::string() : found->second;
}

std::string read_json_entries(Source& source, const std::function<void(const JsonEntry&)>& take) {
  Bytes bytes(source);
  Entries entries(bytes, take);
  constexpr std::string_view blanks = " \t\r\n";
  for (;;) {
    while (!bytes.ended() && blanks.find(bytes.first()) != blanks.npos) bytes.go_on();
    if (bytes.ended()) return {};
    // Not strict: what follows a value is the next one.
    if (!json::sax_parse(ByteIterator(bytes), ByteIterator(), &entries, json::input_format_t::json, false)) {
      // The reason is in English whatever the user's language is.
      if (!language().empty()) return tr("line {}: it is not JSON", bytes.line());
      return tr("line {}: it is not JSON: {}", bytes.line(), reason_of(entries.fault()));
    }
  }
}

}  // namespace md2
