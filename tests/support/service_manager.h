#pragma once

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <string>

#include "common/os/error.h"
#include "common/os/unique_fd.h"
#include "tests/support/deadline.h"
#include "tests/support/temporary_folder.h"

namespace md2::test {

/// What systemd is to a service of Type=notify: the socket at which it is told how the service is (sd_notify(3)).
class ServiceManager {
 public:
  enum class Kind { path, abstract_name };

  explicit ServiceManager(Kind kind = Kind::path) : name_(folder_.path("notify")) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (kind == Kind::abstract_name) name_[0] = '@';
    std::memcpy(address.sun_path, name_.data(), name_.size());
    if (kind == Kind::abstract_name) address.sun_path[0] = '\0';
    length_ = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name_.size());
    if (bind(socket_.get(), reinterpret_cast<const sockaddr*>(&address), length_) != 0) throw_errno("cannot bind");
    address_ = address;
  }

  /// For NOTIFY_SOCKET.
  const std::string& address() const { return name_; }

  /// What it is told next. Throws Failure when that does not come.
  std::string next() const {
    if (!wait_readable(socket_.get(), Deadline())) throw Failure("the service manager was told nothing");
    std::array<char, 4096> told;
    const ssize_t count = recv(socket_.get(), told.data(), told.size(), 0);
    return {told.data(), count > 0 ? static_cast<std::size_t>(count) : 0};
  }

  bool told_nothing() const { return recv(socket_.get(), nullptr, 0, MSG_PEEK | MSG_DONTWAIT) < 0 && errno == EAGAIN; }

  /// From now on it takes no more.
  void fill() const {
    const UniqueFd sender(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    const auto* const to = reinterpret_cast<const sockaddr*>(&address_);
    while (sendto(sender.get(), "X", 1, MSG_DONTWAIT, to, length_) == 1) {
    }
  }

 private:
  TemporaryFolder folder_;
  std::string name_;
  UniqueFd socket_{::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
  sockaddr_un address_{};
  socklen_t length_ = 0;
};

}  // namespace md2::test
