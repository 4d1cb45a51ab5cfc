#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "client/import/source.h"
#include "common/diary/timestamp.h"
#include "common/os/unique_fd.h"

namespace md2 {

/// A file that is imported, or standard input. Its beginning can be looked at before it is read.
class Input : public Source {
 public:
  /// Standard input when there is no path. Throws Error.
  explicit Input(const std::optional<std::string>& path);

  /// `'diary.txt'` or `standard input`, for messages.
  const std::string& name() const { return name_; }

  /// Its bytes so far, from the beginning on, until the first next().
  std::string_view head() const { return head_; }

  /// Reads on into head(). False at the end. Throws Error.
  bool look_further();

  /// The bytes from the beginning on, those of head() first. Throws Error.
  std::string_view next() override;

  /// Bytes that next() has given, and those that there are: 0 when not known.
  std::uint64_t taken() const { return taken_; }
  std::uint64_t size() const { return size_; }

  /// When the file was changed last, in the zone of then; nothing for what is no file, and for what lies in the future.
  std::optional<Timestamp> changed() const { return changed_; }

 private:
  UniqueFd file_;
  std::string name_;
  std::string head_;
  std::string piece_;
  std::uint64_t taken_ = 0;
  std::uint64_t size_ = 0;
  std::optional<Timestamp> changed_;
};

}  // namespace md2
