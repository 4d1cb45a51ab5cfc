#include "server/diary/missing.h"

#include <sys/stat.h>

#include <algorithm>
#include <functional>
#include <limits>
#include <optional>
#include <string_view>
#include <vector>

#include "common/diary/entry_reader.h"
#include "common/diary/file_items.h"
#include "common/os/error.h"
#include "common/os/file.h"
#include "common/os/side_file.h"

namespace md2 {
namespace {

/// An entry in doubt: looked for in the new file by its hash, then byte by byte.
struct Wanted {
  std::size_t hash;
  std::uint64_t offset;  ///< in the old file
  std::size_t length;
  bool found = false;
};

constexpr std::size_t max_wanted = std::size_t{64} << 10;

/// Editors like to take the empty line away at the end of a file, or to add one.
std::string_view without_newlines(std::string_view raw) {
  while (raw.ends_with('\n')) raw.remove_suffix(1);
  return raw;
}

std::string read_string(int fd, std::uint64_t offset, std::size_t length) {
  std::string bytes(length, '\0');
  if (read_at(fd, offset, bytes.data(), length) != static_cast<std::ptrdiff_t>(length)) {
    throw_errno("cannot read the old diary");
  }
  return bytes;
}

/// How many bytes are the same in both files, from the two offsets on; `size` at most.
std::uint64_t same_length(int one, std::uint64_t at, int other, std::uint64_t other_at, std::uint64_t size) {
  std::vector<char> a(std::size_t{64} << 10);
  std::vector<char> b(a.size());
  std::uint64_t same = 0;
  while (same < size) {
    const std::size_t piece = std::min<std::uint64_t>(size - same, a.size());
    const auto count =
        std::min(read_at(one, at + same, a.data(), piece), read_at(other, other_at + same, b.data(), piece));
    if (count < 0) throw_errno("cannot compare the old diary with the new one");
    const auto differ = std::mismatch(a.begin(), a.begin() + count, b.begin()).first - a.begin();
    same += static_cast<std::uint64_t>(differ);
    if (differ != static_cast<std::ptrdiff_t>(piece)) break;
  }
  return same;
}

/// True when the new file ends in the bytes of the old one from `begin` to before `end`.
bool ends_in(int old_fd, std::uint64_t begin, std::uint64_t end, int new_fd) {
  struct stat status = {};
  if (fstat(new_fd, &status) != 0) throw_errno("cannot look at the new diary");
  const auto size = static_cast<std::uint64_t>(status.st_size);
  return size >= end - begin && same_length(old_fd, begin, new_fd, size - (end - begin), end - begin) == end - begin;
}

class Search {
 public:
  Search(const std::string& path, int old_fd, int new_fd) : path_(path), old_fd_(old_fd), new_fd_(new_fd) {}

  void want(const EntryReader::Item& item) {
    const std::string_view entry = without_newlines(item.raw);
    wanted_.push_back({std::hash<std::string_view>{}(entry), item.offset, entry.size()});
    if (wanted_.size() == max_wanted) settle();
  }

  Missing result() {
    settle();
    if (!file_) return {};
    file_->keep();
    return {count_, file_->name()};
  }

 private:
  /// Looks for all that is wanted and keeps what is not found.
  void settle() {
    if (wanted_.empty()) return;
    std::sort(wanted_.begin(), wanted_.end(), [](const Wanted& a, const Wanted& b) { return a.hash < b.hash; });
    each_item(new_fd_, 0, std::numeric_limits<std::int64_t>::max(), [&](const EntryReader::Item& item) {
      if (item.time) mark(without_newlines(item.raw));
    });
    std::sort(wanted_.begin(), wanted_.end(), [](const Wanted& a, const Wanted& b) { return a.offset < b.offset; });
    for (const Wanted& entry : wanted_) {
      if (!entry.found) keep(entry);
    }
    wanted_.clear();
  }

  void mark(std::string_view entry) {
    const std::size_t hash = std::hash<std::string_view>{}(entry);
    auto at = std::lower_bound(wanted_.begin(), wanted_.end(), hash,
                               [](const Wanted& wanted, std::size_t value) { return wanted.hash < value; });
    for (; at != wanted_.end() && at->hash == hash; ++at) {
      if (!at->found && at->length == entry.size()) at->found = read_string(old_fd_, at->offset, at->length) == entry;
    }
  }

  void keep(const Wanted& entry) {
    if (!file_) file_.emplace(path_, "missing");
    file_->append_from(old_fd_, entry.offset, entry.offset + entry.length);
    file_->append("\n\n");
    ++count_;
  }

  const std::string& path_;
  int old_fd_;
  int new_fd_;
  std::vector<Wanted> wanted_;
  std::optional<SideFile> file_;
  std::size_t count_ = 0;
};

}  // namespace

Missing keep_missing(const std::string& path, int old_fd, std::uint64_t begin, std::uint64_t end, int new_fd) {
  const std::uint64_t same = begin + same_length(old_fd, begin, new_fd, begin, end - begin);
  if (same == end || ends_in(old_fd, begin, end, new_fd)) return {};
  Search search(path, old_fd, new_fd);
  each_item(old_fd, begin, end, [&](const EntryReader::Item& item) {
    if (item.time && item.offset + item.raw.size() > same) search.want(item);
  });
  return search.result();
}

}  // namespace md2
