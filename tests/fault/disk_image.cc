#include "tests/fault/disk_image.h"

#include <fcntl.h>
#include <fmt/format.h>

#include <cstdint>
#include <filesystem>
#include <utility>

#include "common/os/error.h"
#include "tests/support/deadline.h"
#include "tests/support/files.h"
#include "tests/support/program.h"

namespace md2::test {
namespace {

namespace fs = std::filesystem;

constexpr off_t image_size = 16 << 20;
constexpr const char* filler = "/filler";

std::string first_line_of(const std::string& text) {
  return text.substr(0, text.find('\n'));
}

}  // namespace

DiskImage::DiskImage(const Sandbox& sandbox, std::string folder)
    : sandbox_(sandbox), image_(sandbox.path("image")), folder_(std::move(folder)) {
  write_file(image_, "");
  fs::resize_file(image_, static_cast<std::uintmax_t>(image_size));
  // -m 0: no blocks kept back for root.
  trouble_ = trouble_of({"mkfs.ext4", "-q", "-F", "-m", "0", image_});
  if (usable()) trouble_ = mount();
}

DiskImage::~DiskImage() {
  if (usable()) unmount();
}

std::string DiskImage::trouble_of(const Command& command) const {
  const Result result = run(sandbox_, command);
  if (result.status == 0) return {};
  return result.status == 127 ? "there is no " + command[0] : first_line_of(result.error);
}

/// By mount(8), for it makes the loop device. A commit of the journal by the clock would sync what nobody has synced.
std::string DiskImage::mount() const {
  return trouble_of({"mount", "-o", "loop,commit=1000", image_, folder_});
}

void DiskImage::unmount() const {
  run(sandbox_, {"umount", "-l", folder_});
}

void DiskImage::cut_power() const {
  fs::copy_file(image_, image_ + ".cut", fs::copy_options::overwrite_existing);
}

void DiskImage::come_back() {
  unmount();
  fs::rename(image_ + ".cut", image_);
  trouble_ = mount();
  if (!usable()) throw Failure("the disk did not come back: " + trouble_);
}

void DiskImage::fill() const {
  const UniqueFd fd(::open((folder_ + filler).c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
  if (!fd) throw_errno("cannot fill the disk");
  off_t end = 0;
  for (off_t size = image_size; size > 0; size /= 2) {
    while (fallocate(fd.get(), 0, end, size) == 0) end += size;
  }
}

void DiskImage::make_room() const {
  fs::remove(folder_ + filler);
}

}  // namespace md2::test
