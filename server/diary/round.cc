#include "server/diary/round.h"

#include <algorithm>
#include <array>

#include "common/diary/entry.h"
#include "common/text/text.h"
#include "server/diary/same_entry.h"

namespace md2 {
namespace {

constexpr std::size_t round_chunk = std::size_t{256} << 10;
constexpr std::size_t longest_line_end = 64;  ///< bytes: blanks, and a byte of text before them

}  // namespace

void HeaderBegin::add(std::string_view header) {
  const std::string_view before = begin_.value_or(header);
  const auto differ = std::mismatch(before.begin(), before.end(), header.begin(), header.end()).first;
  begin_ = before.substr(0, static_cast<std::size_t>(differ - before.begin()));
}

HeaderWalk::Seen HeaderWalk::step(const Literal& line, const Read& read, std::uint64_t first, std::uint64_t end,
                                  const Take& take) {
  static std::array<char, round_chunk> chunk;  // one thread serves all
  if (position_ >= end || position_ < first) position_ = first;
  const std::uint64_t begin = position_ - (position_ > 0 ? 1 : 0);  // the byte before tells whether a line begins
  const std::size_t count = read(begin, chunk.data(), chunk.size());
  const std::string_view text(chunk.data(), count);
  const bool at_end = count < chunk.size() || begin + count >= end;
  // A header may begin in the last bytes and be cut there.
  Seen seen{position_, at_end ? end : begin + count - (header_length - 1)};
  const auto next = [&](std::size_t from) {
    const auto found = line.find(text, from);
    return found ? found->begin + 1 : std::string_view::npos;
  };
  const std::size_t first_header = begin == 0 && text.starts_with(byte_order_mark) ? byte_order_mark.size() : 0;
  const bool at_first = begin == 0 && text.substr(first_header).starts_with(std::string_view(line.bytes()).substr(1));
  std::size_t at = at_first ? first_header : next(0);
  for (bool more = true; at != std::string_view::npos && text.size() - at >= header_length;) {
    if (!more) {
      seen.to = std::min(seen.to, begin + at);
      break;
    }
    more = take(begin + at, text.substr(at));
    at = next(at);
  }
  position_ = seen.to;
  return seen;
}

bool stands_at(const HeaderWalk::Read& read, std::uint64_t place, std::string_view text, std::string_view from_header) {
  std::string bytes;
  if (const std::size_t size = longest_form(text); from_header.size() < size) {
    bytes.resize(size);
    bytes.resize(read(place, bytes.data(), size));
    from_header = bytes;
  }
  if (same_entry(text, from_header)) return true;
  if (!same_lines(text, from_header)) return false;
  std::array<char, longest_line_end> before{};
  const std::size_t size = std::min<std::uint64_t>(place, before.size());
  return is_behind_text({before.data(), read(place - size, before.data(), size)});
}

void Round::saw(const HeaderWalk::Seen& seen) {
  const std::uint64_t from = std::max(seen.from, begin_);
  const std::uint64_t to = std::min(seen.to, end_);
  left_ -= std::min(left_, to - std::min(from, to));
}

}  // namespace md2
