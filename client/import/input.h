#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "client/import/decoder.h"
#include "client/import/source.h"
#include "common/diary/timestamp.h"
#include "common/os/unique_fd.h"

namespace md2 {

/// A file that is imported, or standard input, as UTF-8. Its beginning can be looked at before it is read.
class Input : public Source {
 public:
  /// Standard input when there is no path. `encoding`: what it is in; empty: what its mark says, or UTF-8. Throws
  /// Error.
  Input(const std::optional<std::string>& path, std::string encoding);

  /// `'diary.txt'` or `standard input`, for messages.
  const std::string& name() const { return name_; }

  /// Its text so far, from the beginning on, until the first next().
  std::string_view head() const { return head_; }

  /// Reads on into head(). False at the end. Throws Error.
  bool look_further();

  /// The text from the beginning on, that of head() first. Throws Error.
  std::string_view next() override;

  /// It was named, and can be read again.
  bool is_file() const { return is_file_; }

  /// A file: what is read next is its beginning.
  void rewind();

  /// It is no file: its end may never come, and it can't be read again.
  bool is_stream() const { return !is_regular_; }

  /// `wait` is called before a stream is read, and returns true when the descriptor can be, false to end it there.
  void wait_with(std::function<bool(int fd)> wait) { wait_ = std::move(wait); }

  /// It was ended before its end came.
  bool is_interrupted() const { return interrupted_; }

  /// Bytes that next() has taken, and those that there are: 0 when not known.
  std::uint64_t taken() const { return taken_; }
  std::uint64_t size() const { return size_; }

  /// When the file was changed last, in the zone of then; nothing for what is no file, and for what lies in the future.
  std::optional<Timestamp> changed() const { return changed_; }

 private:
  int fd() const;
  std::string read_text();

  UniqueFd file_;
  std::string name_;
  std::string encoding_;
  std::optional<Decoder> decoder_;
  bool at_beginning_ = true;
  bool ended_ = false;  ///< a terminal goes on behind its end: it is not asked again
  bool is_file_ = false;
  bool is_regular_ = false;
  std::string head_;
  std::string piece_;
  std::function<bool(int fd)> wait_;
  bool interrupted_ = false;
  std::uint64_t taken_ = 0;
  std::uint64_t size_ = 0;
  std::optional<Timestamp> changed_;
};

}  // namespace md2
