#include "server/diary/whereabouts.h"

#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <utility>

#include "common/os/disk.h"
#include "common/os/error.h"
#include "common/os/file.h"
#include "common/os/language.h"
#include "common/os/paths.h"
#include "common/os/unique_fd.h"
#include "server/diary/note.h"

namespace md2 {
namespace {

constexpr std::string_view place_format = "md2 place 1";

/// The note of that name was written in `folder`, and is there still, another one than this.
bool is_copy(const std::string& note, const std::string& folder) {
  const std::string written = (std::filesystem::path(folder) / std::filesystem::path(note).filename()).string();
  Disk::Status here = {};
  Disk::Status there = {};
  if (disk().stat(written, there) != 0 || disk().stat(note, here) != 0) return false;
  return here.st_dev != there.st_dev || here.st_ino != there.st_ino;
}

/// What the note says; nothing when there is none, or when it is a copy.
std::vector<std::string> read_places(const std::string& note) {
  std::vector<std::string> paths;
  const auto text = read_small_file({tr_later("file"), note}, NoteReader::longest + 1);
  if (!text) return paths;
  NoteReader lines(*text, place_format);
  const auto folder = lines.take_path("folder");
  if (!folder || is_copy(note, *folder)) return paths;
  while (auto path = lines.take_path("diary")) paths.push_back(*std::move(path));
  if (!lines.at_end()) paths.clear();
  return paths;
}

bool is_served(const std::string& path) {
  const UniqueFd file(disk().open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  return file && !lock(file.get(), Wait::no, {tr_later("diary"), path});
}

}  // namespace

std::string place_beside(const std::string& name) {
  const std::filesystem::path path = std::filesystem::absolute(name);
  return (std::filesystem::path(disk().real_path(path.parent_path())) / path.filename()).string();
}

std::vector<std::string> noted_places(const std::string& name) {
  const std::string beside = place_beside(name);
  std::vector<std::string> paths = read_places(beside + ".place");
  if (paths.empty()) paths.push_back(beside);
  return paths;
}

Whereabouts::Whereabouts(const std::string& name)
    : beside_name_(place_beside(name)), note_(beside_name_ + ".place"), noted_(noted_places(name)), paths_(noted_) {
  if (paths_ != std::vector{beside_name_}) std::erase_if(paths_, is_served);
  if (paths_.empty()) paths_.push_back(beside_name_);
}

void Whereabouts::lead_to(const std::string& real) {
  std::vector<std::string> paths = paths_;
  std::erase(paths, real);
  paths.insert(paths.begin(), real);
  paths.resize(std::min(paths.size(), most));
  keep(std::move(paths));
}

void Whereabouts::settle() {
  if (paths_.size() == 1) return;
  std::vector<std::string> paths = away();
  paths.insert(paths.begin(), paths_.front());
  keep(std::move(paths));
}

std::vector<std::string> Whereabouts::away() const {
  std::vector<std::string> away(paths_.begin() + 1, paths_.end());
  Disk::Status status = {};
  std::erase_if(away, [&](const std::string& path) { return disk().stat(folder_of(path), status) == 0; });
  return away;
}

void Whereabouts::keep(std::vector<std::string> paths) {
  if (paths == noted_) {
    paths_ = std::move(paths);
    return;
  }
  if (paths == std::vector{beside_name_}) {
    if (disk().unlink(note_) != 0 && errno != ENOENT) throw_errno(tr("cannot remove '{}'", note_));
    sync_folder_of(note_);
  } else {
    write_note(note_, [&](std::uint64_t /*inode*/) {
      std::string text = fmt::format("{}\nfolder {}\n", place_format, escaped_path(folder_of(note_)));
      for (const std::string& path : paths) text += fmt::format("diary {}\n", escaped_path(path));
      return text += "end\n";
    });
  }
  paths_ = noted_ = std::move(paths);
}

}  // namespace md2
