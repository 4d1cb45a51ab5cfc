#include "server/diary/untold.h"

#include <fcntl.h>
#include <fmt/format.h>

#include <cerrno>
#include <utility>

#include "common/os/disk.h"
#include "common/os/error.h"
#include "common/os/file.h"
#include "common/os/language.h"
#include "common/os/new_file.h"
#include "common/os/unique_fd.h"

namespace md2 {
namespace {

constexpr std::size_t longest = std::size_t{16} << 10;

}  // namespace

Untold::Untold(std::string path) : path_(std::move(path)) {
  const UniqueFd fd(disk().open(path_, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (!fd && errno == ENOENT) return;
  if (!fd) throw_errno(tr("cannot open '{}'", path_));
  text_ = read_at(fd.get(), 0, longest, {tr_later("file"), path_});
  if (!text_.empty()) version_ = 1;
}

void Untold::add(std::string_view line) {
  text_ += line;
  text_ += '\n';
  while (text_.size() > longest) text_.erase(0, text_.find('\n') + 1);
  ++version_;
  try {
    NewFile file = NewFile::beside(path_);
    file.append(text_);
    file.replace(path_);
  } catch (const Error&) {
    // It is told all the same, and stands in the log.
  }
}

void Untold::told(std::uint64_t version) {
  if (version != version_ || text_.empty()) return;
  text_.clear();
  disk().unlink(path_);
}

}  // namespace md2
