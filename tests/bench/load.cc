#include "tests/bench/load.h"

#include <poll.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <optional>
#include <string>

#include "common/diary/entry.h"
#include "common/net/channel.h"
#include "common/net/message.h"
#include "common/net/socket.h"
#include "common/os/error.h"
#include "tests/support/sockets.h"

namespace md2::bench {

using namespace md2::test;

class Load::Writer {
 public:
  explicit Writer(ServerProgram& server) : fd_(start_connect_to(server.address())), channel_(server.tls()) {
    set_connection_options(fd_.get());
    wait(POLLOUT);
    if (connect_error(fd_.get()) != 0) throw Failure("cannot connect to " + server.address_text());
    send();
    for (std::optional<Message> greeting; !greeting; greeting = receive()) wait(POLLIN);
  }

  int fd() const { return fd_.get(); }

  void write(const std::string& entry) {
    begun_ = Clock::now();
    size_ = entry.size();
    request_.clear();
    append_message(request_, Verb::write, since_, entry, changes_);
    channel_.write(request_);
    send();
  }

  /// When the socket is readable. Nothing when no whole message has come.
  std::optional<Message> receive() {
    std::array<char, 16384> bytes;
    const ssize_t count = recv(fd_.get(), bytes.data(), bytes.size(), 0);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return std::nullopt;
    if (count <= 0) throw Failure("the server closed a connection: " + channel_.fault());
    channel_.receive({bytes.data(), static_cast<std::size_t>(count)});
    send();  // of the handshake
    said_.clear();
    while (channel_.read(said_, bytes.size())) {
    }
    reader_.feed(said_);
    auto message = reader_.next();
    for (; message && (message->verb == Verb::since || message->verb == Verb::found); message = reader_.next()) {
      if (message->verb == Verb::since) changes_ = message->second;
    }
    if (message && (message->verb == Verb::saved || message->verb == Verb::greeting)) {
      since_ = message->number + size_;
    } else if (message) {
      throw Failure("an entry was not saved: " + message->text);
    }
    return message;
  }

  void hear_of_change() {
    for (const std::uint64_t before = changes_; changes_ == before; receive()) wait(POLLIN);
  }

  Clock::duration waited() const { return Clock::now() - begun_; }

 private:
  void wait(short event) const {
    pollfd item{fd_.get(), event, 0};
    if (poll(&item, 1, Deadline().left()) == 0) throw Failure("the server does not answer");
    check_interrupts();
  }

  void send() {
    for (std::string_view bytes; !(bytes = channel_.outgoing()).empty();) {
      const ssize_t count = ::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (count < 0 && errno != EAGAIN) throw_errno("cannot send");
      if (count < 0) wait(POLLOUT);
      if (count > 0) channel_.sent(static_cast<std::size_t>(count));
    }
  }

  UniqueFd fd_;
  Channel channel_;
  MessageReader reader_{Role::server};
  std::string request_;
  std::string said_;
  std::uint64_t since_ = 0;    ///< the diary's end, as far as this client knows
  std::uint64_t changes_ = 0;  ///< the owner's, that the server has told of
  std::size_t size_ = 0;       ///< of the entry under way
  Clock::time_point begun_;
};

Load::Load(ServerProgram& server, std::size_t clients) : epoll_(epoll_create1(EPOLL_CLOEXEC)) {
  if (!epoll_) throw_errno("cannot make an epoll instance");
  for (std::size_t i = 0; i < clients; ++i) {
    Writer& writer = *writers_.emplace_back(std::make_unique<Writer>(server));
    epoll_event event{EPOLLIN, {.ptr = &writer}};
    if (epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, writer.fd(), &event) != 0) throw_errno("cannot watch a socket");
  }
}

Load::~Load() = default;

void Load::hear_of_change() {
  for (const auto& writer : writers_) writer->hear_of_change();
}

std::string Load::make_entry() {
  static const std::string text = [] {
    std::string made;
    while (made.size() < entry_text) made += "今天写日记，";
    return made;
  }();
  return encode({clock_.next(), text});
}

Load::Outcome Load::write_all(const Next& next) {
  Outcome outcome{};
  std::size_t under_way = 0;
  const auto write = [&](Writer& writer) {
    const std::string entry = next();
    if (entry.empty()) return;
    writer.write(entry);
    ++under_way;
  };
  const auto begin = Clock::now();
  for (const auto& writer : writers_) write(*writer);
  for (std::array<epoll_event, 64> events; under_way > 0;) {
    const int count = epoll_wait(epoll_.get(), events.data(), events.size(), Deadline().left());
    check_interrupts();
    if (count == 0) throw Failure("the server does not answer");
    for (int i = 0; i < count; ++i) {
      Writer& writer = *static_cast<Writer*>(events[static_cast<std::size_t>(i)].data.ptr);
      if (!writer.receive()) continue;
      --under_way;
      outcome.milliseconds.push_back(milliseconds(writer.waited()));
      write(writer);
    }
  }
  outcome.entries_per_second = static_cast<double>(outcome.milliseconds.size()) / seconds(Clock::now() - begin);
  return outcome;
}

Load::Outcome Load::run(const std::function<bool()>& more) {
  return write_all([&] { return more() ? make_entry() : ""; });
}

Load::Outcome Load::run(std::size_t entries) {
  std::vector<std::string> made(entries);
  std::generate(made.begin(), made.end(), [&] { return make_entry(); });
  return write_all([&, next = made.begin()]() mutable { return next == made.end() ? "" : std::move(*next++); });
}

}  // namespace md2::bench
