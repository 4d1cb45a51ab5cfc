#include "client/terminal/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "client/terminal/terminal.h"
#include "common/os/file.h"
#include "common/os/language.h"

namespace md2 {
namespace {

using namespace std::chrono_literals;

constexpr auto patience = 500ms;
constexpr auto interval = 100ms;
constexpr std::string_view fresh_line = "\r\033[K";

}  // namespace

std::string with_commas(std::uint64_t number) {
  std::string digits = fmt::format("{}", number);
  for (std::size_t at = digits.size(); at > 3;) digits.insert(at -= 3, 1, ',');
  return digits;
}

std::string as_size(std::uint64_t bytes) {
  constexpr std::array<std::string_view, 3> units = {"KiB", "MiB", "GiB"};
  double size = static_cast<double>(bytes) / 1024;
  std::size_t unit = 0;
  for (; size >= 1000 && unit + 1 < units.size(); ++unit) size /= 1024;
  return fmt::format("{:.{}f} {}", size, size < 10 ? 1 : 0, units[unit]);
}

Progress::Progress(int fd, std::string done, std::uint64_t total, Now now)
    : fd_(isatty(fd) == 1 ? fd : -1),
      done_(std::move(done)),
      total_(total),
      now_(std::move(now)),
      begin_(now_()),
      next_(begin_ + patience) {}

void Progress::reach(std::uint64_t bytes, std::uint64_t entries) {
  if (fd_ < 0) return;
  const auto now = now_();
  if (now < next_) return;
  next_ = now + interval;
  const double seconds = std::chrono::duration<double>(now - begin_).count();
  std::string line = done_;
  if (entries > 0) line += ' ' + tr("{} entries,", with_commas(entries));
  line += fmt::format(" {}, {}/s", as_size(bytes),
                      as_size(static_cast<std::uint64_t>(static_cast<double>(bytes) / seconds)));
  if (total_ > 0) line += fmt::format(", {} %", std::min<std::uint64_t>(100, bytes * 100 / total_));
  // A line that reached the last column would be wrapped, and \r would no longer find its beginning.
  line.resize(std::min(line.size(), static_cast<std::size_t>(columns_of(fd_)) - 1));
  write_all(fd_, std::string(fresh_line) + line);  // a terminal that is gone ends the program in another way
  shown_ = true;
}

void Progress::erase() {
  if (std::exchange(shown_, false)) write_all(fd_, fresh_line);
}

}  // namespace md2
