#include "client/link/conversation.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "client/link/waiting.h"
#include "common/os/error.h"

namespace md2 {
namespace {

using namespace std::chrono_literals;

constexpr auto retry_pause = 5s;  ///< after the server could not save: its disk is full, and somebody must make room

constexpr auto greeting_time = 10s;  ///< for what listens there to say the first word; longer, and it is not there

constexpr std::size_t receive_slice = std::size_t{64} << 10;
constexpr std::size_t send_slice = std::size_t{256} << 10;  ///< bytes that may wait for the socket

}  // namespace

Conversation::Conversation(Outbox& outbox, Inbox& inbox, Requests& requests, bool follow)
    : outbox_(outbox), inbox_(inbox), requests_(requests), follow_(follow), sender_(outbox) {}

Conversation::End Conversation::talk(UniqueFd socket, Channel channel) {
  socket_ = std::move(socket);
  channel_.emplace(std::move(channel));
  reader_.emplace(Side::server);
  greeted_ = said_bye_ = false;
  retry_at_.reset();
  end_.reset();
  const auto greeting_due = Clock::now() + greeting_time;
  while (!over() && !requests_.stopping()) {
    send();
    flush();
    if (over()) break;
    const bool room = inbox_.has_room();
    const bool unsent = !channel_->outgoing().empty();
    const Ready ready = wait_for(socket_.get(), static_cast<short>((room ? POLLIN : 0) | (unsent ? POLLOUT : 0)),
                                 requests_, greeted_ ? retry_at_ : greeting_due);
    if (room && (ready.events & (POLLIN | POLLHUP | POLLERR)) != 0) receive();
    if (retry_at_ && Clock::now() >= *retry_at_) retry_failed();
    if (!greeted_ && !over() && Clock::now() >= greeting_due) {
      end("what listens there said nothing within 10 s");
      end_->silent = true;
    }
  }
  socket_.reset();
  channel_.reset();
  if (!over()) end("this program ends");
  return *std::exchange(end_, std::nullopt);
}

void Conversation::send() {
  std::string out;
  if (greeted_) {
    for (Message& request : requests_.take()) append_message(out, request.verb, request.number, request.text);
    sender_.hold_since(requests_.held_since());
    const std::size_t unsent = channel_->outgoing().size();
    if (unsent < send_slice) sender_.send(out, send_slice - unsent);
    if (outbox_.waiting() > 0) {
      drained_said_ = false;
    } else if (!std::exchange(drained_said_, true)) {
      push(Event::Kind::drained);
    }
  }
  if (!out.empty()) channel_->write(out);
}

void Conversation::flush() {
  for (std::string_view bytes = channel_->outgoing(); !bytes.empty(); bytes = channel_->outgoing()) {
    const ssize_t count = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count >= 0) {
      channel_->sent(static_cast<std::size_t>(count));
    } else if (errno == EAGAIN) {
      return;
    } else if (errno != EINTR) {
      const std::string broken = with_errno("the connection broke");
      if (!over()) receive();  // the server's last words may still be there: they tell more than errno
      end(broken);
      return;
    }
  }
}

void Conversation::receive() {
  static thread_local std::array<char, receive_slice> buffer;
  const ssize_t count = recv(socket_.get(), buffer.data(), buffer.size(), 0);
  if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
  const std::string broken = count < 0 ? with_errno("the connection broke") : "the server closed the connection";
  if (count > 0) {
    channel_->receive({buffer.data(), static_cast<std::size_t>(count)});
  } else {
    channel_->receive_end();
  }
  std::string said;
  said.reserve(static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
  while (channel_->read(said, receive_slice)) {
  }
  try {
    reader_->feed(said);
    while (auto message = reader_->next()) handle(std::move(*message));
  } catch (const ProtocolError& error) {
    end(fmt::format("what it says is not md2's protocol: {}", error.what()), !greeted_);
  }
  switch (channel_->state()) {
    case Channel::State::handshaking:
    case Channel::State::open:
      break;
    case Channel::State::closed:
    case Channel::State::truncated:
      end(broken);
      break;
    case Channel::State::failed:
      end(channel_->fault(), true);
      end_->key_refused = channel_->fault_kind() == Channel::Fault::refused_key;
      flush();  // the alert
      break;
  }
}

void Conversation::handle(Message message) {
  switch (message.verb) {
    case Verb::greeting:
      greeted(message);
      return;
    case Verb::diary:
      cursor_ = message.number + message.text.size();
      sender_.heard_of(cursor_);
      break;
    case Verb::now:
      cursor_ = message.number;
      sender_.heard_of(cursor_);
      break;
    case Verb::saved:
    case Verb::failed:
    case Verb::refused: {
      const bool failing = sender_.failing();
      const std::string entry = sender_.answered(message);
      if (!entry.empty()) push(Event::Kind::refused, {Verb::refused, 0, message.text + "\n" + entry});
      if (!sender_.failing()) return;
      retry_at_ = Clock::now() + retry_pause;
      if (failing) return;  // told once
      break;
    }
    case Verb::bye:
      said_bye_ = true;
      end(message.text);
      return;
    case Verb::error:
      end(message.text, true);
      return;
    default:
      break;
  }
  push(Event::Kind::message, std::move(message));
}

void Conversation::greeted(const Message& greeting) {
  greeted_ = true;
  sender_.connected();
  sender_.heard_of(greeting.number);
  push(Event::Kind::online, greeting);
  std::string out;
  if (follow_) append_message(out, Verb::hi, cursor_);
  channel_->write(out);
}

/// The server answers `failed` to every `write` until the first that failed comes again, so that no entry overtakes
/// another.
void Conversation::retry_failed() {
  retry_at_.reset();
  if (sender_.quiet()) sender_.retry();
}

void Conversation::push(Event::Kind kind, Message message) {
  inbox_.push({kind, std::move(message)});
}

void Conversation::end(std::string why, bool hopeless) {
  if (!over()) end_ = End{std::move(why), greeted_, said_bye_, hopeless, false, false};
}

}  // namespace md2
