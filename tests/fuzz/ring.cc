// FILE.ring: whatever happens to its bytes, what it gives out was noted once, just so; and what is noted next is there.
#include "server/diary/ring.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "common/os/unique_fd.h"
#include "tests/fuzz/input.h"
#include "tests/support/temporary_folder.h"

using namespace md2;
using namespace md2::fuzz;

namespace {

constexpr int most_steps = 24;  // each new look at a ring reads all its 6 MiB

class Fuzz {
 public:
  explicit Fuzz(std::string path) : path_(std::move(path)) { ring_.emplace(path_); }

  void run(Input& input) {
    for (int steps = 0; steps < most_steps && !input.empty(); ++steps) step(input);
    open_anew();
    note(7, "the last one", true);
    open_anew();
  }

 private:
  using Noted = std::pair<std::uint64_t, std::string>;  ///< place and bytes

  void step(Input& input) {
    switch (input.byte() % 8) {
      case 0:
      case 1: {
        const std::uint64_t place = input.byte();
        note(place, std::string(input.bytes(input.byte())), place % 2 == 0);
        break;
      }
      case 2:  // a large one: the ring goes round
        note(input.byte(), std::string((std::size_t{1} + input.byte() % 3) << 20, static_cast<char>(input.byte())),
             true);
        break;
      case 3:
        ring_->forget_from(ring_->next_number() - 1);
        last_.reset();
        break;
      case 4:
        ring_->forget_before(ring_->next_number() - std::min<std::uint64_t>(ring_->next_number(), input.byte() % 8));
        last_.reset();
        break;
      case 5: {  // anything, anywhere near the beginning
        const std::uint64_t at = place_in_file(input);
        damage(at, std::string(input.bytes(input.byte())));
        break;
      }
      case 6: {  // bytes of its own where they don't belong
        const std::uint64_t from = place_in_file(input);
        const std::uint64_t to = place_in_file(input);
        damage(to, bytes_at(from, input.byte() * std::size_t{4}));
        break;
      }
      default:
        if (input.byte() % 16 == 0 && std::filesystem::exists(path_)) {
          std::filesystem::resize_file(path_, input.byte());
          damaged_ = true;
        }
        open_anew();
        break;
    }
  }

  static std::uint64_t place_in_file(Input& input) {
    const std::uint64_t high = input.byte();
    return high % 16 * 256 + input.byte();
  }

  void note(std::uint64_t place, std::string bytes, bool appended) {
    appended ? ring_->note(place, bytes) : ring_->take_up(place, bytes);
    last_ = *noted_.emplace(place, std::move(bytes)).first;
  }

  std::string bytes_at(std::uint64_t at, std::size_t size) const {
    std::string bytes(size, '\0');
    const UniqueFd fd(open(path_.c_str(), O_RDONLY | O_CLOEXEC));
    const ssize_t count = fd ? pread(fd.get(), bytes.data(), size, static_cast<off_t>(at)) : 0;
    bytes.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
    return bytes;
  }

  void damage(std::uint64_t at, const std::string& bytes) {
    const UniqueFd fd(open(path_.c_str(), O_WRONLY | O_CLOEXEC));
    if (!fd || bytes.empty()) return;
    require(pwrite(fd.get(), bytes.data(), bytes.size(), static_cast<off_t>(at)) == static_cast<ssize_t>(bytes.size()));
    damaged_ = true;
  }

  /// As the next server does.
  void open_anew() {
    ring_.emplace(path_);
    ring_->each([this](const Ring::Note& note) {
      require(noted_.contains({note.place, std::string(note.bytes)}));
      return true;
    });
    std::string storage;
    const auto last = ring_->last(storage);
    if (last_ && !damaged_) require(last && last->place == last_->first && last->bytes == last_->second);
    damaged_ = false;
    last_.reset();
  }

  std::string path_;
  std::optional<Ring> ring_;
  std::set<Noted> noted_;
  std::optional<Noted> last_;  ///< what must be the last, if nothing was damaged
  bool damaged_ = false;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const test::TemporaryFolder folder;
  for (const auto& file : std::filesystem::directory_iterator(folder.path())) std::filesystem::remove(file);
  Input input(data, size);
  Fuzz(folder.path("ring")).run(input);
  return 0;
}
