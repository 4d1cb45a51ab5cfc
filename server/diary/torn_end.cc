#include "server/diary/torn_end.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>
#include <string_view>

#include "common/diary/entry.h"
#include "common/diary/file_items.h"
#include "common/os/error.h"
#include "common/os/file.h"
#include "common/os/language.h"
#include "common/os/new_file.h"
#include "common/text/text.h"

namespace md2 {
namespace {

constexpr std::uint64_t checked_length = 2 * max_encoded;
constexpr FileName the_end{tr_later("the end of the diary"), {}};

/// The size the file would have without the NUL bytes at its end.
std::uint64_t without_zeros(int fd, std::uint64_t size) {
  while (size > 0) {
    const std::uint64_t begin = size - std::min(size, std::uint64_t{64} << 10);
    const std::size_t last = read_at(fd, begin, size - begin, the_end).find_last_not_of('\0');
    if (last != std::string::npos) return begin + last + 1;
    size = begin;
  }
  return 0;
}

bool is_sound(std::string_view text) {
  return text.find('\0') == std::string_view::npos && is_utf8(text);
}

/// Takes the items of the end in order and remembers what the last of them are.
class Scan {
 public:
  explicit Scan(std::uint64_t begin) : begin_(begin), after_empty_line_(begin == 0) {}

  void take(const EntryReader::Item& item) {
    // What that begins with may be the second half of something.
    if (item.offset > begin_ || begin_ == 0) item.time ? take_entry(item) : take_loose(item);
    after_empty_line_ = item.raw == "\n" || item.raw.ends_with("\n\n");
  }

  FileEnd result(std::uint64_t size, std::uint64_t zeros) const {
    std::optional<std::uint64_t> torn = torn_;
    if (!torn && zeros < size) torn = unfinished_ ? unfinished_ : zeros;
    return {torn, {}, damage_};
  }

 private:
  void take_entry(const EntryReader::Item& item) {
    unfinished_.reset();
    if (item.raw.size() >= max_encoded) return;  // an editor's work, and only a part of it
    if (!is_sound(item.raw)) {
      if (!torn_) torn_ = item.offset;
    } else if (has_empty_line(item.raw)) {
      older_damage();
    } else {
      unfinished_ = item.offset;
    }
  }

  void take_loose(const EntryReader::Item& item) {
    if (item.raw == "\n") return;
    unfinished_.reset();
    // Up to its first NUL, or to the end of the file, all that is there of an append.
    const std::string_view head = std::string_view(item.raw).substr(0, item.raw.find('\0'));
    const bool ours =
        after_empty_line_ && (head.size() < item.raw.size() || !item.raw.ends_with('\n')) && begins_header(head);
    if (ours && head.size() == item.raw.size()) {
      unfinished_ = item.offset;
    } else if (ours) {
      if (!torn_) torn_ = item.offset;
    } else if (!is_sound(item.raw)) {
      if (!torn_ && !damage_) damage_ = item.offset;
    } else if (after_empty_line_) {
      older_damage();
    }
  }

  /// Sound text stands after what looked torn: it was not the last thing that was written.
  void older_damage() {
    if (torn_ && !damage_) damage_ = torn_;
    torn_.reset();
  }

  std::uint64_t begin_;
  bool after_empty_line_;
  std::optional<std::uint64_t> torn_;        ///< the first damaged append after the last sound text
  std::optional<std::uint64_t> unfinished_;  ///< the last item, when it is sound but its end is missing: zeros are
  std::optional<std::uint64_t> damage_;
};

}  // namespace

std::size_t whole_part(std::string_view end, std::string_view noted, bool zeros) {
  const auto same =
      static_cast<std::size_t>(std::mismatch(end.begin(), end.end(), noted.begin(), noted.end()).first - end.begin());
  const bool only_zeros_follow = zeros && end.find_first_not_of('\0', same) == std::string_view::npos;
  const bool only_newlines = end.find_first_not_of('\n') == std::string_view::npos;
  if (same == noted.size() || (same < end.size() && !only_zeros_follow) || only_newlines) return end.size();
  const std::size_t last_end = same < 2 ? std::string_view::npos : noted.rfind("\n\n", same - 2);
  return last_end == std::string_view::npos ? 0 : last_end + 2;
}

FileEnd look_at_end(int fd) {
  const std::uint64_t size = size_of(fd, the_end);
  const std::uint64_t zeros = without_zeros(fd, size);
  const std::uint64_t begin = zeros > checked_length ? zeros - checked_length : 0;
  Scan scan(begin);
  each_item(fd, begin, zeros, [&](const EntryReader::Item& item) { scan.take(item); });
  FileEnd end = scan.result(size, zeros);
  if (end.torn) end.torn_bytes = read_at(fd, *end.torn, size - *end.torn, the_end);
  if (is_sound(end.torn_bytes)) end.torn.reset();  // somebody has written there since it was looked through
  return end;
}

std::string move_aside(DiaryFile& file, const std::string& path, std::uint64_t begin, std::string_view end,
                       const std::string& why) {
  NewFile aside = NewFile::aside(path, "torn");
  aside.append(end);
  aside.keep();
  if (file.cut_back(begin, end)) return aside.name();
  throw Error(tr("cannot cut diary '{}' back to {} bytes ({}): {}", path, begin, why,
                 errno == 0 ? tr("another program is writing it") : errno_text(errno)));
}

}  // namespace md2
