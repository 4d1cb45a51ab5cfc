#pragma once

#include <cstddef>
#include <iterator>
#include <string_view>

namespace md2 {

/// The lines of a text, without their newlines: `for (std::string_view line : Lines(text))`. N newlines part N + 1
/// lines, so behind a final newline stands one more line, an empty one.
class Lines {
 public:
  class Iterator {
   public:
    using value_type = std::string_view;
    using difference_type = std::ptrdiff_t;

    explicit Iterator(std::string_view text) : rest_(text), line_(text.substr(0, text.find('\n'))) {}

    std::string_view operator*() const { return line_; }
    Iterator& operator++() {
      done_ = line_.size() == rest_.size();
      if (!done_) *this = Iterator(rest_.substr(line_.size() + 1));
      return *this;
    }
    void operator++(int) { ++*this; }
    bool operator==(std::default_sentinel_t) const { return done_; }

   private:
    std::string_view rest_;  ///< from the line on
    std::string_view line_;
    bool done_ = false;
  };

  explicit Lines(std::string_view text) : text_(text) {}

  Iterator begin() const { return Iterator(text_); }
  std::default_sentinel_t end() const { return {}; }

 private:
  std::string_view text_;
};

}  // namespace md2
