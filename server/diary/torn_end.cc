#include "server/diary/torn_end.h"

#include <sys/stat.h>
#include <utf8cpp/utf8.h>

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "common/diary/entry.h"
#include "common/diary/file_items.h"
#include "common/os/error.h"
#include "common/os/file.h"

namespace md2 {
namespace {

constexpr std::uint64_t window = 2 * max_encoded;

/// The size the file would have without the NUL bytes at its end.
std::uint64_t without_zeros(int fd, std::uint64_t size) {
  std::vector<char> block(std::size_t{64} << 10);
  while (size > 0) {
    const std::size_t count = std::min<std::uint64_t>(size, block.size());
    if (read_at(fd, size - count, block.data(), count) != static_cast<std::ptrdiff_t>(count)) {
      throw_errno("cannot read the end of a file");
    }
    const std::string_view bytes(block.data(), count);
    const std::size_t last = bytes.find_last_not_of('\0');
    if (last != std::string_view::npos) return size - count + last + 1;
    size -= count;
  }
  return 0;
}

bool is_sound(std::string_view text) {
  return text.find('\0') == std::string_view::npos && utf8::is_valid(text.begin(), text.end());
}

/// True when `text` is the beginning of a header, cut off before its end. Whether the moment exists doesn't matter.
bool begins_header(std::string_view text) {
  constexpr std::string_view shape = "[dddd-dd-dd dd:dd:dd.dddddd+dd:dd] ";
  static_assert(shape.size() == header_length);
  if (text.size() >= shape.size()) return false;
  return std::equal(text.begin(), text.end(), shape.begin(), [](char c, char s) {
    return s == 'd' ? c >= '0' && c <= '9' : s == '+' ? c == '+' || c == '-' : c == s;
  });
}

/// Takes the items of the window in order and remembers what the last of them are.
class Scan {
 public:
  explicit Scan(bool from_start) : from_start_(from_start), after_empty_line_(from_start) {}

  void take(const EntryReader::Item& item) {
    // What the window begins with may be the second half of something.
    if (std::exchange(from_start_, true)) item.time ? take_entry(item) : take_loose(item);
    after_empty_line_ = item.raw == "\n" || item.raw.ends_with("\n\n");
    ends_in_newline_ = item.raw.ends_with('\n');
  }

  FileEnd result(std::uint64_t size, std::uint64_t zeros) const {
    FileEnd end{size, torn_, std::nullopt, damage_};
    if (end.torn) return end;
    if (zeros < size) {
      end.torn = unfinished_ ? unfinished_ : zeros;
    } else if (unfinished_) {
      (ends_in_newline_ ? end.open : end.torn) = unfinished_;
    }
    return end;
  }

 private:
  void take_entry(const EntryReader::Item& item) {
    unfinished_.reset();
    if (item.raw.size() >= max_encoded) return;  // an editor's work, and only a part of it
    if (!is_sound(item.raw)) {
      if (!torn_) torn_ = item.offset;
    } else if (item.raw.ends_with("\n\n")) {
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

  bool from_start_;
  bool after_empty_line_;
  bool ends_in_newline_ = true;
  std::optional<std::uint64_t> torn_;        ///< the first damaged append after the last sound text
  std::optional<std::uint64_t> unfinished_;  ///< the last item, when it is sound but its end is missing
  std::optional<std::uint64_t> damage_;
};

}  // namespace

FileEnd look_at_end(int fd) {
  struct stat status = {};
  if (fstat(fd, &status) != 0) throw_errno("cannot look at a file");
  const auto size = static_cast<std::uint64_t>(status.st_size);
  const std::uint64_t zeros = without_zeros(fd, size);
  const std::uint64_t begin = zeros > window ? zeros - window : 0;
  Scan scan(begin == 0);
  each_item(fd, begin, zeros, [&](const EntryReader::Item& item) { scan.take(item); });
  return scan.result(size, zeros);
}

}  // namespace md2
