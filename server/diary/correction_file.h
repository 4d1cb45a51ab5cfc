#pragma once

#include <sys/stat.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "common/os/unique_fd.h"
#include "common/text/checksum.h"

namespace md2 {

/// What is known of a diary's corrections, beside it in `FILE.corrections` (0600): their texts, so that a search looks
/// for words through them alone, and, when a server ends, the list, so that the next one need not look through the
/// diary. Whatever happens to it costs time and nothing else, so nothing of it is synced.
///
///     4096 bytes  what the rest is worth: only of the diary with that inode, size and time stamps; zeros while a
///                 server is at work
///     texts       in diary format, each under the header of the entry that is named
///     list        as it stands in memory
///
/// Each has a checksum. Turned down: offsets into the diary in place of the texts (a hundred thousand reads for each
/// question), and texts in memory.
class CorrectionFile {
 public:
  using Sink = std::function<void(std::string_view bytes)>;
  using Source = std::function<bool(char* to, std::size_t size)>;  ///< false when there are not so many

  /// `diary`: its path, without symbolic links. The caller holds its lock. Makes nothing.
  explicit CorrectionFile(const std::string& diary) : path_(diary + ".corrections") {}

  /// False when that diary, a path without symbolic links, has another one.
  bool is_of(const std::string& diary) const { return path_ == diary + ".corrections"; }

  /// Takes up what an earlier server left of the diary that has this status now; `read_list` is to read just what
  /// `write_list` wrote then, and to return false where that can't be. Else the file goes: it may hold what the owner
  /// has taken out of the diary.
  bool take_up(const struct stat& diary, const std::function<bool(const Source&)>& read_list);

  /// Adds an item in diary format to the texts.
  void add(std::string_view item);

  /// What was added can be read.
  void flush();

  /// Nothing is left of the texts.
  void clear();

  /// False when the texts can't be kept, until clear(): the disk is full, or somebody has written into the file.
  bool usable() const { return !failed_; }

  /// True when nobody else has written into it.
  bool untouched() const;

  /// Bytes of the texts.
  std::uint64_t size() const { return size_; }

  /// Reads texts. Fewer bytes than there are make it unusable.
  std::size_t read(std::uint64_t offset, char* to, std::size_t size);

  /// The server ends; the diary has that status.
  void keep(const struct stat& diary, const std::function<void(const Sink&)>& write_list);

  /// The file goes.
  void remove();

 private:
  struct Head;

  bool make();
  bool write(std::uint64_t at, std::string_view bytes);
  bool take_up_list(const Head& head, const std::function<bool(const Source&)>& read_list);
  bool take_up_texts(const Head& head);
  void fail();

  std::string path_;
  UniqueFd fd_;
  std::string pending_;  ///< texts that were not written yet
  std::uint64_t size_ = 0;
  Checksum checksum_;         ///< of the texts
  std::int64_t changed_ = 0;  ///< when it was written last, as stat(2) says
  bool failed_ = false;
};

}  // namespace md2
