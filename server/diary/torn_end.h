#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "server/diary/diary_file.h"

namespace md2 {

/// What the end of a file in diary format looks like after a power cut, of which the ring has no note any more.
///
/// Of an append that was torn, the disk may hold a beginning that is cut inside a UTF-8 character, or zeros where text
/// should be. That, and nothing else, is the torn end: text belongs to the owner and stays, also when its ending is
/// missing or when it is an old diary in another encoding. So does damage with sound text after it.
struct FileEnd {
  /// Where the torn end begins; it goes on to the end of the file.
  std::optional<std::uint64_t> torn;
  std::string torn_bytes;

  /// Where the first line (or entry) begins that holds NUL bytes or broken UTF-8 and that is no part of the torn end.
  std::optional<std::uint64_t> damage;
};

/// How much of `end` is not torn: what a file holds from where `noted` was appended to its end. Where that is a
/// beginning of `noted`, its whole entries are; `zeros`: though zeros stand behind it, as a power cut leaves them. Else
/// all of it.
std::size_t whole_part(std::string_view end, std::string_view noted, bool zeros);

/// Reads only the end of the file: zeros as far as they go, before them two of the longest entries. Throws Error when
/// that can't be read.
FileEnd look_at_end(int fd);

/// Moves what the diary `file` at `path` holds from `begin` on, if that is `end` still, to a new file beside it, whose
/// name is returned. Throws Error, with `why` it was to go, when it can't be cut off; then it is in both.
std::string move_aside(DiaryFile& file, const std::string& path, std::uint64_t begin, std::string_view end,
                       const std::string& why);

}  // namespace md2
