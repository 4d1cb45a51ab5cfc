#include "server/diary/missing.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "common/diary/entry_reader.h"
#include "common/diary/file_items.h"
#include "common/os/file.h"
#include "common/os/new_file.h"

namespace md2 {
namespace {

constexpr std::size_t max_wanted = std::size_t{4} << 20;  // bytes
constexpr std::uint64_t chunk_size = std::uint64_t{64} << 10;

constexpr FileName old_diary{"the old diary", {}};
constexpr FileName new_diary{"the new diary", {}};

/// Editors like to take the empty line away at the end of a file, or to add one.
std::string_view without_newlines(std::string_view raw) {
  return raw.substr(0, raw.find_last_not_of('\n') + 1);
}

/// How many chunks from the two offsets on are the same in both files, in bytes; `size` at most.
std::uint64_t same_length(int one, std::uint64_t at, int other, std::uint64_t other_at, std::uint64_t size) {
  for (std::uint64_t same = 0; same < size; same += chunk_size) {
    const std::size_t chunk = std::min(size - same, chunk_size);
    if (read_at(one, at + same, chunk, old_diary) != read_at(other, other_at + same, chunk, new_diary)) return same;
  }
  return size;
}

/// Keeps those of `entries` that the new diary lacks, in a file beside `path`. Returns how many.
std::size_t keep_lacking(const std::vector<std::string>& entries, int new_fd, const std::string& path,
                         std::optional<NewFile>& file) {
  std::unordered_set<std::string_view> lacking(entries.begin(), entries.end());
  if (lacking.empty()) return 0;
  each_item(new_fd, 0, std::numeric_limits<std::int64_t>::max(), [&](const EntryReader::Item& item) {
    if (item.time) lacking.erase(without_newlines(item.raw));
  });
  std::size_t count = 0;
  for (const std::string& entry : entries) {
    if (!lacking.contains(entry)) continue;
    if (!file) file.emplace(NewFile::aside(path, "missing"));
    file->append(entry + "\n\n");
    ++count;
  }
  return count;
}

}  // namespace

Missing keep_missing(const std::string& path, int old_fd, std::uint64_t begin, std::uint64_t end, int new_fd) {
  const std::uint64_t length = end - begin;
  const std::uint64_t same = same_length(old_fd, begin, new_fd, begin, length);
  const std::uint64_t size = size_of(new_fd, new_diary);
  if (same == length) return {};
  if (size >= length && same_length(old_fd, begin, new_fd, size - length, length) == length) return {};
  std::optional<NewFile> file;
  std::vector<std::string> wanted;
  std::size_t bytes = 0;  // in wanted
  std::size_t count = 0;
  each_item(old_fd, begin, end, [&](const EntryReader::Item& item) {
    if (!item.time || item.offset + item.raw.size() <= begin + same) return;
    wanted.emplace_back(without_newlines(item.raw));
    bytes += item.raw.size();
    if (bytes < max_wanted) return;
    count += keep_lacking(wanted, new_fd, path, file);
    wanted.clear();
    bytes = 0;
  });
  count += keep_lacking(wanted, new_fd, path, file);
  if (!file) return {};
  file->keep();
  return {count, file->name()};
}

}  // namespace md2
