#include "server/diary/known_end.h"

#include <algorithm>
#include <string>
#include <utility>

#include "server/diary/entries_in.h"

namespace md2 {
namespace {

constexpr std::uint64_t taken_in_at_most = std::uint64_t{1} << 20;  // bytes of what others have appended, at once
constexpr std::size_t taken_in_at_start = std::size_t{128} << 10;

}  // namespace

void KnownEnd::begin_at(const DiaryFile& file, std::uint64_t end) {
  rest_known_ = 0;
  own_from_ = end;
  std::string bytes = file.bytes_before(end, taken_in_at_start);
  std::uint64_t begin = end - bytes.size();
  const std::string tail = bytes.substr(bytes.size() - std::min(bytes.size(), Recent::tail_length));
  if (begin > 0) {  // what it begins with may be half of an entry
    const std::size_t header = bytes.find("\n[");
    begin += header == std::string::npos ? bytes.size() : header + 1;
    bytes.erase(0, begin - (end - bytes.size()));
  }
  recent_.begin_at(begin, tail);
  taken_in_ = know(begin, bytes, false);
}

bool KnownEnd::grow(const DiaryFile& file, std::uint64_t before, std::uint64_t end) {
  const std::string bytes = file.bytes_before(end, std::min(end - taken_in_, taken_in_at_most + 1));
  if (bytes.size() > taken_in_at_most || bytes.size() < end - before) return false;
  recent_.append(std::string_view(bytes).substr(bytes.size() - (end - before)));
  taken_in_ = know(taken_in_, bytes, false);
  own_from_ = end;
  return true;
}

void KnownEnd::finish_last(const DiaryFile& file, std::uint64_t end) {
  if (taken_in_ < end && std::exchange(rest_known_, end) != end)
    know(taken_in_, file.bytes_before(end, end - taken_in_), true);
}

void KnownEnd::appended(std::string_view bytes, std::uint64_t end) {
  taken_in_ = end;
  recent_.append(bytes);
}

/// What others have appended, from `offset` on: its entries are known from now on. Returns where those end that are
/// whole; `finished`: all are.
std::uint64_t KnownEnd::know(std::uint64_t offset, std::string_view bytes, bool finished) {
  return each_entry_in(bytes, offset, finished, [this](std::uint64_t place, const std::string& text) {
    recent_.add(place, text + "\n\n", Recent::By::others);
  });
}

}  // namespace md2
