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
  std::uint64_t size = 0;  ///< of the file

  /// Where the torn end begins; it goes on to the end of the file. Nothing when the file has none.
  std::optional<std::uint64_t> torn;

  /// Where the last entry begins when it lacks its empty line and nothing else. It may be whole, after an editor took
  /// the line away, or torn after one of its lines: where no editor comes, that is the likelier.
  std::optional<std::uint64_t> open;

  /// Where the first line (or entry) begins that holds NUL bytes or broken UTF-8 and that is no part of the torn end.
  std::optional<std::uint64_t> damage;
};

/// Reads only the end of the file: zeros as far as they go, before them two of the longest entries. Throws Error when
/// that can't be read.
FileEnd look_at_end(int fd);

}  // namespace md2
