#include "client/outbox/known_diaries.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/diary/identity.h"
#include "common/os/disk.h"
#include "common/os/error.h"
#include "common/os/file.h"
#include "common/os/language.h"
#include "common/os/new_file.h"
#include "common/text/lines.h"

namespace md2 {
namespace {

constexpr std::size_t max_file = std::size_t{256} << 10;  ///< bytes: a host's name has 255

std::string path_in(const std::string& folder) {
  return folder + "/diaries";
}

}  // namespace

KnownDiaries::KnownDiaries(const std::string& folder) : folder_(folder) {
  read();
}

void KnownDiaries::read() {
  lines_.clear();
  const std::string text = read_small_file({tr_later("list of diaries"), path_in(folder_)}, max_file).value_or("");
  for (const std::string_view line : Lines(text)) {
    const std::size_t space = line.find(' ');
    if (space == 0 || space == std::string_view::npos || !is_diary_identity(line.substr(space + 1))) continue;
    lines_.push_back({std::string(line.substr(0, space)), std::string(line.substr(space + 1))});
  }
}

std::string KnownDiaries::identity_of(std::string_view name) const {
  const auto line = std::find_if(lines_.rbegin(), lines_.rend(), [&](const Line& known) { return known.name == name; });
  return line == lines_.rend() ? std::string() : line->identity;
}

std::string KnownDiaries::name_of(std::string_view identity) const {
  const auto line =
      std::find_if(lines_.rbegin(), lines_.rend(), [&](const Line& known) { return known.identity == identity; });
  return line == lines_.rend() ? std::string() : line->name;
}

void KnownDiaries::remember(const std::string& name, const std::string& identity) {
  if (identity_of(name) == identity) return;
  // The folder stands for the file, which is another one after each replacement.
  const UniqueFd folder(disk().open(folder_, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder) throw_errno(tr("cannot open folder '{}'", folder_));
  lock(folder.get(), Wait::yes, {tr_later("folder"), folder_});
  read();
  std::erase_if(lines_, [&](const Line& known) { return known.name == name; });
  lines_.push_back({name, identity});
  if (lines_.size() > max_lines) lines_.erase(lines_.begin(), lines_.end() - max_lines);
  std::string text;
  for (const Line& line : lines_) text.append(line.name).append(" ").append(line.identity) += '\n';
  NewFile file = NewFile::beside(path_in(folder_));
  file.append(text);
  file.replace(path_in(folder_));
}

}  // namespace md2
