#include "client/import/input.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <utility>

#include "client/commands/commands.h"
#include "common/os/clock.h"
#include "common/os/error.h"

namespace md2 {

Input::Input(const std::optional<std::string>& path)
    : name_(path ? fmt::format("'{}'", *path) : std::string("standard input")) {
  if (path) {
    file_.reset(open(path->c_str(), O_RDONLY | O_CLOEXEC));
    if (!file_) throw_errno("cannot open " + name_);
  }
  struct stat status = {};
  if (fstat(file_ ? file_.get() : STDIN_FILENO, &status) != 0 || !S_ISREG(status.st_mode)) return;
  size_ = static_cast<std::uint64_t>(status.st_size);
  const WallTime present = real_clock().wall();
  const std::int64_t micros = std::int64_t{status.st_mtim.tv_sec} * 1'000'000 + status.st_mtim.tv_nsec / 1000;
  if (micros <= present.micros) changed_ = Timestamp{micros, real_clock().offset_at(micros)};
}

bool Input::look_further() {
  return read_piece(file_ ? file_.get() : STDIN_FILENO, name_, head_);
}

std::string_view Input::next() {
  piece_ = std::exchange(head_, {});
  if (piece_.empty()) read_piece(file_ ? file_.get() : STDIN_FILENO, name_, piece_);
  taken_ += piece_.size();
  return piece_;
}

}  // namespace md2
