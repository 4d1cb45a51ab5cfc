#include "server/diary/note.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <charconv>

#include "common/os/disk.h"
#include "common/os/error.h"
#include "common/os/language.h"
#include "common/os/new_file.h"
#include "common/os/paths.h"
#include "common/text/lines.h"

namespace md2 {
namespace {

constexpr std::string_view last_line = "end";

bool is_control(char c) {
  return (c >= '\0' && c < ' ') || c == '\x7f';
}

}  // namespace

NoteReader::NoteReader(std::string_view text, std::string_view first_line) {
  if (text.ends_with('\n')) {
    for (const std::string_view line : Lines(text.substr(0, text.size() - 1))) lines_.push_back(line);
  }
  whole_ = text.size() <= longest && lines_.size() > 1 && lines_.front() == first_line && lines_.back() == last_line;
  if (whole_) lines_.pop_back();
  next_ = 1;
}

std::optional<std::string_view> NoteReader::take(std::string_view word) {
  if (!whole_ || next_ >= lines_.size()) return std::nullopt;
  const std::string_view line = lines_[next_];
  if (!line.starts_with(word) || line.size() <= word.size() || line[word.size()] != ' ') return std::nullopt;
  ++next_;
  return line.substr(word.size() + 1);
}

std::optional<std::uint64_t> NoteReader::take_number(std::string_view word) {
  const auto value = take(word);
  std::uint64_t number = 0;
  if (!value) return std::nullopt;
  const auto [end, code] = std::from_chars(value->data(), value->data() + value->size(), number);
  return code == std::errc{} && end == value->data() + value->size() ? std::optional(number) : std::nullopt;
}

std::optional<std::string> NoteReader::take_path(std::string_view word) {
  const auto value = take(word);
  if (!value || std::any_of(value->begin(), value->end(), is_control)) return std::nullopt;
  std::string path;
  for (std::size_t i = 0; i < value->size(); ++i) {
    if ((*value)[i] != '%') {
      path += (*value)[i];
      continue;
    }
    unsigned byte = 0;
    const std::string_view digits = value->substr(i + 1, 2);
    const auto [stop, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), byte, 16);
    if (fault != std::errc{} || stop != digits.data() + 2) return std::nullopt;
    path += static_cast<char>(byte);
    i += 2;
  }
  return path;
}

bool NoteReader::at_end() const {
  return whole_ && next_ == lines_.size();
}

std::string escaped_path(std::string_view path) {
  std::string text;
  for (const char c : path) {
    if (c == '%' || is_control(c)) {
      fmt::format_to(std::back_inserter(text), "%{:02X}", static_cast<unsigned char>(c));
    } else {
      text += c;
    }
  }
  return text;
}

bool lies_there(const std::string& path, std::uint64_t inode, const std::string& folder) {
  Disk::Status status = {};
  if (disk().lstat(path, status) != 0) throw_errno(tr("cannot look at '{}'", path));
  return status.st_ino == inode && folder_of(path) == folder;
}

/// A file keeps its inode when it takes another name.
void write_note(const std::string& path, const std::function<std::string(std::uint64_t inode)>& text) {
  NewFile file = NewFile::beside(path);
  Disk::Status status = {};
  if (disk().stat(file.name(), status) != 0) throw_errno(tr("cannot look at '{}'", file.name()));
  file.append(text(status.st_ino));
  file.replace(path);
}

}  // namespace md2
