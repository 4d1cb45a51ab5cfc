#include "client/import/input.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <utility>

#include "client/commands/commands.h"
#include "common/os/clock.h"
#include "common/os/error.h"
#include "common/os/language.h"

namespace md2 {

Input::Input(const std::optional<std::string>& path, std::string encoding)
    : name_(path ? tr("'{}'", *path) : std::string(tr("standard input"))), encoding_(std::move(encoding)) {
  if (path) {
    file_.reset(open(path->c_str(), O_RDONLY | O_CLOEXEC));
    if (!file_) throw_errno(tr("cannot open {}", name_));
  }
  if (!encoding_.empty()) decoder_.emplace(encoding_);
  struct stat status = {};
  if (fstat(fd(), &status) != 0 || !S_ISREG(status.st_mode)) return;
  is_file_ = path.has_value();
  is_regular_ = true;
  size_ = static_cast<std::uint64_t>(status.st_size);
  const WallTime present = real_clock().wall();
  const std::int64_t micros = std::int64_t{status.st_mtim.tv_sec} * 1'000'000 + status.st_mtim.tv_nsec / 1000;
  if (micros <= present.micros) changed_ = Timestamp{micros, real_clock().offset_at(micros)};
}

int Input::fd() const {
  return file_ ? file_.get() : STDIN_FILENO;
}

/// The text of the next bytes that are one; empty at the end.
std::string Input::read_text() {
  while (!ended_) {
    if (wait_ && is_stream() && !wait_(fd())) interrupted_ = ended_ = true;
    std::string bytes;
    const bool last = ended_ = ended_ || !read_piece(fd(), name_, bytes);
    taken_ += bytes.size();
    if (std::exchange(at_beginning_, false) && !decoder_) {
      if (const std::string encoding = encoding_by_mark(bytes); !encoding.empty()) decoder_.emplace(encoding);
    }
    if (!decoder_) return bytes;
    try {
      std::string text = decoder_->decode(bytes, last);
      if (last || !text.empty()) return text;
    } catch (const Error& error) {
      throw Error(tr("cannot read {} any further: {}", name_, error.what()));
    }
  }
  return {};
}

bool Input::look_further() {
  const std::string text = read_text();
  head_ += text;
  return !text.empty();
}

std::string_view Input::next() {
  piece_ = std::exchange(head_, {});
  if (piece_.empty()) piece_ = read_text();
  return piece_;
}

void Input::rewind() {
  if (lseek(fd(), 0, SEEK_SET) != 0) throw_errno(tr("cannot read again {}", name_));
  if (encoding_.empty()) {
    decoder_.reset();
  } else {
    decoder_.emplace(encoding_);
  }
  at_beginning_ = true;
  ended_ = false;
  head_.clear();
  taken_ = 0;
}

}  // namespace md2
