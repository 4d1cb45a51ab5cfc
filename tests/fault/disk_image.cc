#include "tests/fault/disk_image.h"

#include <fcntl.h>
#include <fmt/format.h>

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

}  // namespace

DiskImage::DiskImage(const Sandbox& sandbox, std::string folder)
    : sandbox_(sandbox), image_(sandbox.path("image")), folder_(std::move(folder)) {
  write_file(image_, "");
  fs::resize_file(image_, static_cast<std::uintmax_t>(image_size));
  // -m 0: no blocks kept back for root.
  usable_ = run(sandbox, {"mkfs.ext4", "-q", "-F", "-m", "0", image_}).status == 0 && mount();
}

DiskImage::~DiskImage() {
  if (usable_) unmount();
}

/// By mount(8), for it makes the loop device. A commit of the journal by the clock would sync what nobody has synced.
bool DiskImage::mount() const {
  return run(sandbox_, {"mount", "-o", "loop,commit=1000", image_, folder_}).status == 0;
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
  usable_ = mount();
  if (!usable_) throw Failure("the disk did not come back");
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
