#include "common/net/stream.h"

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "common/os/error.h"
#include "common/os/language.h"

namespace md2 {

bool Stream::receive(std::string& said, std::size_t records, std::size_t bytes) {
  static thread_local std::array<char, most_at_once> buffer;
  if (!has_more()) {
    if (ended_) return false;
    const ssize_t count = recv(socket_.get(), buffer.data(), std::min(bytes, buffer.size()), 0);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return false;
    if (count > 0) {
      channel_.receive({buffer.data(), static_cast<std::size_t>(count)});
      said.reserve(said.size() + static_cast<std::size_t>(count));
    } else {
      if (count < 0) broke();
      ended_ = true;
      channel_.receive_end();
    }
  }
  do {
    channel_.read(said, most_at_once, records);
  } while (records == Channel::all_records && channel_.has_more());
  return true;
}

bool Stream::flush() {
  for (std::string_view bytes = channel_.outgoing(); !bytes.empty(); bytes = channel_.outgoing()) {
    const ssize_t count = send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count >= 0) {
      channel_.sent(static_cast<std::size_t>(count));
    } else if (errno == EAGAIN) {
      return true;
    } else if (errno != EINTR) {
      broke();
      return false;
    }
  }
  return true;
}

void Stream::finish_sending() {
  shutdown(socket_.get(), SHUT_WR);
}

void Stream::broke() {
  if (error_.empty()) error_ = with_errno(tr("the connection broke"));
}

}  // namespace md2
