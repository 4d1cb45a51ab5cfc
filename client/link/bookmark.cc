#include "client/link/bookmark.h"

#include <algorithm>
#include <utility>

#include "common/net/message.h"

namespace md2 {
namespace {

constexpr std::size_t longest_line = std::size_t{64} << 10;  ///< bytes; a longer one is gone on with where it broke off

/// Appends to `last`, of which only what check_before() looks at is kept.
void keep_checked(std::string& last, std::string_view bytes) {
  last += bytes.substr(bytes.size() - std::min(bytes.size(), checked_length));
  last.erase(0, last.size() - std::min(last.size(), checked_length));
}

}  // namespace

void Bookmark::begin_again() {
  if (line_.size() > again_.size()) again_ = line_;
  line_.clear();
}

Bookmark::Piece Bookmark::take(std::uint64_t& offset, std::string& text) {
  if (offset != end()) go_on_from(offset, 0);
  if (again_.empty()) {
    advance(text);
    return Piece::more;
  }
  line_ += text;
  const std::size_t shown = again_.size();
  const bool same = again_.starts_with(std::string_view(line_).substr(0, shown));
  if (same && line_.size() <= shown) return Piece::seen;
  again_.clear();
  text = std::exchange(line_, {});
  offset = offset_;
  advance(text);
  if (!same) return Piece::instead;
  text.erase(0, shown);
  offset += shown;
  return Piece::more;
}

/// It lies behind the last newline whose bytes before it are known.
void Bookmark::advance(std::string_view text) {
  std::size_t whole = text.rfind('\n') + 1;  // 0 without one
  if (whole == 0 && line_.size() + text.size() > longest_line) whole = text.size();
  const std::uint64_t there = offset_ + line_.size() + whole;
  const bool known = before_.size() + line_.size() + whole >= std::min<std::uint64_t>(there, checked_length);
  if (whole == 0 || !known) {
    line_ += text;
    return;
  }
  if (whole < checked_length) before_ += line_;
  before_ += text.substr(whole - std::min(whole, checked_length), std::min(whole, checked_length));
  before_.erase(0, before_.size() - std::min(before_.size(), checked_length));
  line_ = text.substr(whole);
  offset_ = there;
  check_ = check_before(before_);
}

bool Bookmark::pass_over(std::uint64_t& offset, std::string& text) {
  bool fits = true;
  if (offset < offset_) {
    const std::string_view before = std::string_view(text).substr(0, offset_ - offset);
    if (offset != passed_to_) passed_.clear();
    keep_checked(passed_, before);
    passed_to_ = offset + before.size();
    const bool known = check_ != 0 && passed_.size() == std::min<std::uint64_t>(offset_, checked_length);
    fits = passed_to_ < offset_ || !known || check_before(passed_) == check_;
  }
  const std::size_t size = std::min<std::uint64_t>(end() - std::min(offset, end()), text.size());
  text.erase(0, size);
  offset += size;
  return fits;
}

void Bookmark::confirm(std::uint64_t end, std::uint64_t check) {
  if (end == offset_ && check_ == 0) check_ = check;
}

void Bookmark::go_on_from(std::uint64_t offset, std::uint64_t check) {
  // Who was shown more by an answer is followed from here on.
  passed_.clear();
  keep_checked(passed_, before_);
  keep_checked(passed_, line_);
  passed_to_ = end();
  again_.clear();
  offset_ = offset;
  check_ = check;
  before_.clear();
  line_.clear();
}

}  // namespace md2
