#include "client/commands/read_piece.h"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "common/os/error.h"

namespace md2 {

bool read_piece(int fd, const std::string& name, std::string& to) {
  std::array<char, 65536> buffer;
  ssize_t count = 0;
  do {
    count = ::read(fd, buffer.data(), buffer.size());
  } while (count < 0 && errno == EINTR);
  if (count < 0) throw_errno(fmt::format("cannot read {}", name));
  to.append(buffer.data(), static_cast<std::size_t>(count));
  return count > 0;
}

}  // namespace md2
