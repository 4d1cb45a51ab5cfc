#pragma once

#include <list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/net/tls.h"
#include "common/os/clock.h"
#include "common/os/unique_fd.h"
#include "server/connection.h"
#include "server/diary/diary.h"
#include "server/diary/identity.h"
#include "server/diary/watch.h"
#include "server/listeners.h"
#include "server/loop.h"
#include "server/options.h"
#include "server/turn.h"

namespace md2 {

/// The turn of the server: read everything that is ready, append all accepted entries together, sync once, release the
/// answers, write what can be written, sleep. Owns listeners, diary and clients.
class Server {
 public:
  /// Opens the diary and the keys, then listens: whoever can connect finds them. With `passed` it listens there, and
  /// nowhere else. Disk and clock must live as long. Throws Error.
  explicit Server(const ServerOptions& options, std::vector<UniqueFd> passed = {}, Clock& clock = real_clock());
  ~Server() { stop_listening(); }
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// See Listeners::shown().
  std::string address() const;

  /// Serves until SIGINT, SIGTERM or, with until_idle, until the last client has left; then says good-bye to those who
  /// are there. Throws Error when it can't go on (the disk lost what was written).
  void run();

 private:
  void turn();
  void follow_diary();
  void wait();
  bool in_a_save();
  void accept_clients();
  bool make_room();
  void take_client(UniqueFd socket);
  void read_keys_again();
  void read_standard_input();
  void forget_finished();
  void stop_listening();
  void say_good_bye();
  bool idle() const { return until_idle_ && clients_.empty() && clock_.steady() >= idle_at_; }
  std::optional<Clock::Steady> next_deadline() const;
  std::size_t announce(std::string_view text);
  void bound_memory();

  Clock& clock_;
  Turn turn_;
  bool until_idle_;
  Loop loop_;
  Diary diary_;
  Watch watch_;
  std::string real_path_;  ///< of the diary that identity_ and keys_path_ are of
  Identity identity_;
  bool own_keys_;  ///< the diary's, see key_file_of()
  std::string keys_path_;
  ServerTlsContext tls_;
  Hellos hellos_;
  Listeners listeners_;
  UniqueFd spare_;                 ///< given up to accept and refuse a client when there is no descriptor left
  std::list<Connection> clients_;  ///< in the order in which they came
  std::size_t most_held_ = 0;      ///< by them, since memory was given back last
  std::string typed_;              ///< of an announcement, before its newline
  bool input_open_ = true;
  std::optional<Clock::Steady> accept_at_;  ///< nobody is let in before: handshakes enough are under way
  Clock::Steady idle_at_;                   ///< with nobody here, the server is idle from then on
};

}  // namespace md2
