#pragma once

#include <cstdint>
#include <optional>

namespace md2 {

/// What the end of a file in diary format looks like after whatever stopped its writer.
///
/// An append begins with a header and ends in an empty line. Of one that was torn, the disk may hold a beginning (cut
/// anywhere, inside a UTF-8 character as well), zeros where text should be, or zeros alone. All of that, and nothing
/// else, is the torn end: text that no append of ours can have left, such as a note without a final newline or an old
/// diary in another encoding, belongs to the owner and stays. So does damage with sound text after it.
struct FileEnd {
  /// Where the torn end begins; it goes on to the end of the file. Nothing when the file has none, or when its last
  /// entry lacks the empty line and nothing else: that may be torn, but it may be whole, and an editor's work.
  std::optional<std::uint64_t> torn;

  /// Where the first line (or entry) begins that holds NUL bytes or broken UTF-8 and that is no part of the torn end.
  std::optional<std::uint64_t> damage;
};

/// Reads only the end of the file: zeros as far as they go, before them two of the longest entries. Throws Error when
/// that can't be read.
FileEnd look_at_end(int fd);

}  // namespace md2
