#include "server/server.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "common/net/diary_keys.h"
#include "common/net/keys.h"
#include "common/net/message.h"
#include "common/net/socket.h"
#include "common/os/error.h"
#include "common/os/heap.h"
#include "common/os/language.h"
#include "common/text/text.h"
#include "server/key_file.h"
#include "server/log.h"
#include "server/notify.h"

namespace md2 {
namespace {

using namespace std::chrono_literals;

constexpr auto idle_time = 10s;       ///< that --until-idle waits for its first client
constexpr int clients_a_turn = 16;    ///< accepted in one turn, so that those who are there are served as well
constexpr int last_descriptors = 16;  ///< below FD_SETSIZE: enough to tell this many clients at a time that it is full
constexpr std::ptrdiff_t max_openings = 64;  ///< handshakes under way: more than come at once where nobody means harm
constexpr auto accept_pause = 100ms;         ///< when the system has no room for a client: the listener stays readable
constexpr auto opening_grace = 1s;           ///< that one has, with a key, before it may have to go for another
constexpr auto longest_good_bye = 1s;
constexpr auto turn_length = 5ms;                              ///< that all clients together take of it
constexpr std::size_t received_a_turn = std::size_t{1} << 20;  ///< bytes, of all clients together: 4 ms
constexpr std::size_t least_received = std::size_t{4} << 10;   ///< bytes of each, even so
constexpr std::size_t max_held = std::size_t{64} << 20;        ///< bytes that wait, of all clients together
constexpr std::size_t worth_giving_back = std::size_t{4} << 20;

UniqueFd spare_descriptor() {
  return UniqueFd(open("/dev/null", O_RDONLY | O_CLOEXEC));
}

Listeners listeners_for(const ServerOptions& options, std::vector<UniqueFd> passed) {
  if (passed.empty())
    return {options.listen.value_or(Address()), options.any_port ? Listeners::Port::or_any : Listeners::Port::as_asked};
  if (options.listen) log(tr("--listen is not heeded: the sockets that LISTEN_FDS speaks of stand in its place"));
  return Listeners(std::move(passed));
}

}  // namespace

Server::Server(const ServerOptions& options, std::vector<UniqueFd> passed, Clock& clock)
    : clock_(clock),
      turn_(clock, turn_length),
      until_idle_(options.until_idle),
      diary_(
          options.diary, [](const std::string& line) { log(line); }, clock),
      watch_(options.diary),
      real_path_(diary_.real_path()),
      identity_(identify_diary(real_path_)),
      own_keys_(options.own_keys),
      keys_path_(options.keys),
      tls_(read_or_make_keys(keys_path_)),
      listeners_(listeners_for(options, std::move(passed))),
      spare_(spare_descriptor()),
      idle_at_(clock.steady() + idle_time) {
  if (watch_.fd() < 0)
    log(tr("the system tells nothing of files (inotify): a change by hand shows when somebody comes or writes"));
  try {
    diary_.serve_at(listeners_.first());
  } catch (const Error& error) {
    log(tr("{}: an md2client without --server does not find this server", error.what()));
  }
}

std::string Server::address() const {
  return listeners_.shown();
}

void Server::run() {
  while (!loop_.stopped() && !idle()) {
    if (loop_.take_reload()) read_keys_again();
    wait();
    if (in_a_save()) continue;
    if (accept_at_ || listeners_.ready(loop_)) accept_clients();
    if (input_open_ && loop_.readable(STDIN_FILENO)) read_standard_input();
    turn();
  }
  say_good_bye();
}

void Server::wait() {
  bool busy = false;
  if (!listeners_.closed()) {
    if (!accept_at_) listeners_.want(loop_);
    if (input_open_) loop_.want(STDIN_FILENO, true, false);
    if (watch_.fd() >= 0) loop_.want(watch_.fd(), true, false);
  }
  for (Connection& client : clients_) {
    client.want(loop_);
    busy = busy || client.busy();
  }
  if (log_waits()) loop_.want(STDERR_FILENO, false, true);
  loop_.wait(busy ? clock_.steady() : next_deadline());
  flush_log();
}

/// True when all that has happened is something to the diary that may not be whole yet.
bool Server::in_a_save() {
  if (watch_.fd() < 0 || !loop_.readable(watch_.fd())) return false;
  watch_.take(clock_.steady());
  return loop_.ready() == 1 && !watch_.due(clock_.steady());
}

/// Reads from all who are ready, appends what they wrote at once, answers.
void Server::turn() {
  const auto ready = static_cast<std::size_t>(
      std::ranges::count_if(clients_, [this](const Connection& client) { return loop_.readable(client.socket()); }));
  const std::size_t from_each = std::max(received_a_turn / std::max<std::size_t>(ready, 1), least_received);
  for (Connection& client : clients_) {
    if (loop_.readable(client.socket()) || client.has_input()) client.receive(from_each);
  }
  const Diary::Change change = diary_.check_for_changes();
  if (change == Diary::Change::text || watch_.due(clock_.steady())) watch_.looked(clock_.steady());
  if (diary_.real_path() != real_path_ && diary_.is_settled()) follow_diary();
  if (change != Diary::Change::none) {
    for (Connection& client : clients_) client.session().changed(change, diary_.unchanged_up_to());
  }
  const auto number_of = [](const Connection& client) { return client.session().number(); };
  turn_.requests.serve(clients_, number_of, [](Connection& client) { client.session().handle_requests(); });
  const Commit commit = diary_.commit();
  if (commit.state == Commit::State::failed)
    log(tr("{}; the diary is as it was, and the writers keep what it could not take", commit.reason), LogLevel::error);
  const Clock::Steady now = clock_.steady();
  turn_.answers.serve(clients_, number_of, [&](Connection& client) {
    client.session().committed(commit);
    client.send();
    if (client.deadline() && *client.deadline() <= now) client.expire();
  });
  forget_finished();
  bound_memory();
}

/// The diary's name leads elsewhere now. A file that was a diary by itself stays that: who is here came to another one.
void Server::follow_diary() {
  const std::string before = std::exchange(real_path_, diary_.real_path());
  try {
    const Identity now = identify_diary(real_path_);
    const bool same = now.id == identity_.id;
    if (own_keys_ && same) bring_keys(before, real_path_);
    if (own_keys_) keys_path_ = key_file_at(real_path_);
    if (own_keys_ && !same) tls_.replace_keys(read_or_make_keys(keys_path_));
    if (same) return;
    identity_ = now;
    log(tr("diary '{}' is another one now, by itself at '{}'", diary_.name(), real_path_));
  } catch (const Error& error) {
    return log(error.what(), LogLevel::error);
  }
  for (Connection& client : clients_) client.leave(tr_later("the diary here is another one now"));
}

/// What waits is bounded for all clients together: while it is too much, who has most goes. malloc(3) would keep what
/// they had.
void Server::bound_memory() {
  std::size_t held = 0;
  for (const Connection& client : clients_) held += client.held();
  while (held > max_held) {
    Connection& heaviest = *std::max_element(
        clients_.begin(), clients_.end(), [](const auto& one, const auto& other) { return one.held() < other.held(); });
    held -= heaviest.held();
    heaviest.turn_away(tr_later("the server's memory is full, and this client has most of it; try again later"));
    held += heaviest.held();
  }
  most_held_ = std::max(most_held_, held);
  if (most_held_ < worth_giving_back || held > most_held_ / 2) return;
  give_back_memory();
  most_held_ = held;
}

void Server::accept_clients() {
  for (int i = 0; i < clients_a_turn && make_room(); ++i) {
    UniqueFd socket = listeners_.accept();
    const int error = errno;
    if (socket) {
      take_client(std::move(socket));
      continue;
    }
    if (error == EINTR || error == ECONNABORTED) continue;
    if (error == EMFILE || error == ENFILE) {
      // The listener would stay readable: make room, accept, and let the client see that it is refused.
      log_refusal(tr("a client was refused: no descriptor is left"));
      spare_.reset();
      socket = listeners_.accept();
    }
    // When it was not accepted, another process took the descriptor.
    if (!socket && error != EAGAIN) accept_at_ = clock_.steady() + accept_pause;
    socket.reset();
    if (!spare_) spare_ = spare_descriptor();
    return;
  }
}

/// Strangers can't keep a client out: for whoever comes, the oldest connection goes that has not shown a key, or plays
/// back what somebody else has sent. Those who have get a second; while there are too many of them, others wait where
/// the kernel keeps them. False: nobody can be let in before accept_at_.
bool Server::make_room() {
  accept_at_.reset();
  const auto opening = [](const Connection& client) { return client.phase() == Connection::Phase::opening; };
  if (std::count_if(clients_.begin(), clients_.end(), opening) < max_openings) return true;
  auto oldest = std::find_if(clients_.begin(), clients_.end(),
                             [&](const Connection& client) { return opening(client) && client.unproved(); });
  if (oldest == clients_.end()) oldest = std::find_if(clients_.begin(), clients_.end(), opening);
  if (!oldest->unproved() && clock_.steady() < oldest->since() + opening_grace) {
    accept_at_ = oldest->since() + opening_grace;
    return false;
  }
  oldest->drop(tr("others came before its handshake was done"));
  return true;
}

void Server::take_client(UniqueFd socket) {
  if (socket.get() >= FD_SETSIZE) {
    log_refusal(tr("{} was refused: {} clients are all that select(2) can watch", peer_name(socket.get()), FD_SETSIZE));
    return;
  }
  const bool full = socket.get() >= FD_SETSIZE - last_descriptors;
  set_connection_options(socket.get());
  const auto to_all = [this](std::string_view text) { return announce(text); };
  clients_.emplace_back(std::move(socket), Channel(tls_), Session(diary_, identity_.id, to_all, turn_), hellos_);
  if (full)
    clients_.back().session().refuse(tr_later("the server has as many clients as it can serve; try again later"));
  clients_.back().receive();
}

/// SIGHUP: who holds a key that is no longer there is shut out. A file that can't be read changes nothing.
void Server::read_keys_again() {
  try {
    auto keys = read_keys(keys_path_);
    if (!keys) throw Error(tr("there is no key file '{}'", keys_path_));
    tls_.replace_keys(*std::move(keys));
    log(tr("the keys were read again"), LogLevel::info);
  } catch (const Error& error) {
    log(tr("{}; the keys stay as they were", error.what()), LogLevel::error);
  }
  for (Connection& client : clients_) {
    if (client.phase() == Connection::Phase::finished || !client.channel().key() || tls_.holds(*client.channel().key()))
      continue;
    client.leave(tr_later("the key of this device is no longer among the server's keys"));
  }
}

/// Lines typed into the server are announcements.
void Server::read_standard_input() {
  std::array<char, 4096> buffer;
  const ssize_t count = read(STDIN_FILENO, buffer.data(), buffer.size());
  if (count < 0 && (errno == EINTR || errno == EAGAIN)) return;
  if (count <= 0) {
    input_open_ = false;  // closed, or the terminal belongs to another job now (EIO)
    return;
  }
  typed_.append(buffer.data(), static_cast<std::size_t>(count));
  for (std::size_t newline = 0; (newline = typed_.find('\n')) != std::string::npos; typed_.erase(0, newline + 1)) {
    const std::string plain = unix_text(std::string_view(typed_).substr(0, newline));
    const std::string line(trimmed(plain));
    if (line.empty()) continue;
    std::string fault = text_error(line);
    if (fault.empty() && line.size() > max_announcement) fault = tr("it is longer than 64 KiB");
    if (fault.empty()) {
      log(tr("announced; clients that follow: {}", announce(line)), LogLevel::info);
    } else {
      log(tr("not announced: {}", fault));
    }
  }
  if (typed_.size() > max_announcement) {
    log(tr("not announced: it is longer than 64 KiB"));
    typed_.clear();
  }
}

std::size_t Server::announce(std::string_view text) {
  const Announcement shared = announcement(text);
  return static_cast<std::size_t>(std::count_if(clients_.begin(), clients_.end(), [&](Connection& client) {
    return client.phase() == Connection::Phase::serving && client.session().announce(shared);
  }));
}

void Server::forget_finished() {
  clients_.remove_if([this](const Connection& client) {
    if (client.phase() == Connection::Phase::serving) idle_at_ = {};
    if (client.phase() != Connection::Phase::finished) return false;
    if (!client.fault().empty()) log_refusal(fmt::format("{}: {}", client.name(), client.fault()));
    return true;
  });
}

std::optional<Clock::Steady> Server::next_deadline() const {
  std::optional<Clock::Steady> next = accept_at_;
  if (until_idle_ && clients_.empty()) next = earlier(next, idle_at_);
  next = earlier(earlier(next, diary_.next_look()), watch_.deadline());
  for (const Connection& client : clients_) next = earlier(next, client.deadline());
  return next;
}

/// In this order: with the port already another server's, a client of this diary would take that one for ours, and for
/// one that refuses its key.
void Server::stop_listening() {
  diary_.serve_nowhere();
  listeners_.close();
}

/// Tells everybody, and waits for their last words to go out as long as they take them.
void Server::say_good_bye() {
  notify("STOPPING=1");
  stop_listening();
  accept_at_.reset();
  const auto limit = Loop::Clock::now() + longest_good_bye;
  for (Connection& client : clients_) {
    client.part(tr_later("the server ends; what was saved is in the diary"), limit);
    client.send();
  }
  forget_finished();
  while (!clients_.empty()) {
    wait();
    turn();
  }
}

}  // namespace md2
