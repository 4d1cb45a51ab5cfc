#include "tests/bench/floor.h"

#include <fcntl.h>
#include <sys/socket.h>

#include <poll.h>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <thread>
#include <vector>

#include "common/net/socket.h"
#include "common/os/error.h"
#include "common/os/file.h"
#include "tests/bench/measure.h"
#include "tests/support/sockets.h"

namespace md2::bench {
namespace {

constexpr std::size_t stream_block = std::size_t{256} << 10;
constexpr std::size_t search_block = std::size_t{1} << 20;

UniqueFd open_file(const std::string& path, int flags) {
  UniqueFd fd(::open(path.c_str(), flags | O_CLOEXEC, 0600));
  if (!fd) throw_errno("cannot open " + path);
  return fd;
}

void send_all(int socket, const char* from, std::size_t size) {
  while (size > 0) {
    const ssize_t count = send(socket, from, size, MSG_NOSIGNAL);
    if (count <= 0) return;  // the receiver sees the end
    from += count;
    size -= static_cast<std::size_t>(count);
  }
}

void send_file(int listener, int file) {
  pollfd item{listener, POLLIN, 0};
  if (poll(&item, 1, -1) != 1) return;
  const UniqueFd socket(accept4(listener, nullptr, nullptr, SOCK_CLOEXEC));
  std::vector<char> block(stream_block);
  for (ssize_t count = 0; (count = ::read(file, block.data(), block.size())) > 0;)
    send_all(socket.get(), block.data(), static_cast<std::size_t>(count));
}

}  // namespace

Bare::Bare(const std::string& path) : fd_(open_file(path, O_WRONLY | O_CREAT | O_APPEND)) {}

void Bare::append(const std::string& bytes) {
  if (write_all(fd_.get(), bytes) != bytes.size() || fdatasync(fd_.get()) != 0) throw_errno("cannot append");
}

double time_loopback(const std::string& file, const std::string& copy) {
  const auto begin = Clock::now();
  const UniqueFd from = open_file(file, O_RDONLY);
  const UniqueFd to = open_file(copy, O_WRONLY | O_CREAT);
  const UniqueFd listener = test::listen_on_loopback();
  std::jthread sender(send_file, listener.get(), from.get());
  const UniqueFd socket = test::start_connect_to(bound_address(listener.get()));
  std::vector<char> block(stream_block);
  for (;;) {
    pollfd item{socket.get(), POLLIN, 0};
    if (poll(&item, 1, -1) < 0) break;
    const ssize_t count = recv(socket.get(), block.data(), block.size(), 0);
    if (count < 0 && errno == EAGAIN) continue;
    if (count < 0) throw_errno("cannot receive");
    if (count == 0) break;
    if (write_all(to.get(), {block.data(), static_cast<std::size_t>(count)}) != static_cast<std::size_t>(count))
      throw_errno("cannot write");
  }
  return milliseconds(Clock::now() - begin);
}

double time_memmem(const std::string& file, const std::string& word) {
  const auto begin = Clock::now();
  const UniqueFd fd = open_file(file, O_RDONLY);
  std::vector<char> block(search_block);
  std::size_t found = 0;
  std::uint64_t offset = 0;
  for (std::size_t size = 0; (size = read_at(fd.get(), offset, block.data(), block.size(), {"file", {}})) > 0;) {
    const char* at = block.data();
    const char* const end = at + size;
    while ((at = static_cast<const char*>(memmem(at, static_cast<std::size_t>(end - at), word.data(), word.size())))) {
      at += word.size();
      ++found;
    }
    if (size < block.size()) break;
    offset += size - word.size() + 1;  // one may stand across the border
  }
  if (found == 0) throw Error("the word is not in the file");
  return milliseconds(Clock::now() - begin);
}

}  // namespace md2::bench
