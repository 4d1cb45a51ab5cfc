#pragma once

#include <iterator>
#include <string_view>

namespace md2 {

/// The lines of a text, without their newlines: `for (std::string_view line : Lines(text))`. N newlines part N + 1
/// lines, so behind a final newline stands one more line, an empty one.
class Lines {
 public:
  explicit Lines(std::string_view text) : rest_(text), line_(text.substr(0, text.find('\n'))) {}

  Lines begin() const { return *this; }
  std::default_sentinel_t end() const { return {}; }

  std::string_view operator*() const { return line_; }
  void operator++() {
    done_ = line_.size() == rest_.size();
    if (!done_) *this = Lines(rest_.substr(line_.size() + 1));
  }
  bool operator==(std::default_sentinel_t) const { return done_; }

 private:
  std::string_view rest_;  ///< from the line on
  std::string_view line_;
  bool done_ = false;
};

}  // namespace md2
