#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace md2 {

/// What the server notes for itself beside a diary, as text: a first line that names the format, lines `WORD VALUE`,
/// and `end`. Such a note may name the file and the folder that it lies in: where these are others, it was copied,
/// moved or restored, and what it says is of another place.
class NoteReader {
 public:
  static constexpr std::size_t longest = std::size_t{64} << 10;  ///< bytes

  /// `text` is borrowed.
  NoteReader(std::string_view text, std::string_view first_line);

  /// The value of the next line, which is taken. Nothing, and nothing is taken, when it does not begin with `word`.
  std::optional<std::string_view> take(std::string_view word);

  /// The same for a decimal number, and for what escaped_path() has made of a path.
  std::optional<std::uint64_t> take_number(std::string_view word);
  std::optional<std::string> take_path(std::string_view word);

  /// All lines were taken, and the text is whole.
  bool at_end() const;

 private:
  std::vector<std::string_view> lines_;
  std::size_t next_ = 0;
  bool whole_;
};

/// Control characters and % as %XX, so that a path is one line.
std::string escaped_path(std::string_view path);

/// True when `path` is a file with that inode in that folder. Throws Error when it can't be looked at.
bool lies_there(const std::string& path, std::uint64_t inode, const std::string& folder);

/// Writes the note `path` (0600) in the place of what stands there; `text` makes it of the inode that it gets. It is on
/// stable storage when this returns. The caller holds the diary's lock. Throws Error.
void write_note(const std::string& path, const std::function<std::string(std::uint64_t inode)>& text);

}  // namespace md2
