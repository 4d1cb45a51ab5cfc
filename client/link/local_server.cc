#include "client/link/local_server.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <filesystem>
#include <utility>

#include "client/link/server_start.h"
#include "common/diary/identity.h"
#include "common/net/diary_keys.h"
#include "common/os/disk.h"
#include "common/os/error.h"
#include "common/os/file.h"
#include "common/os/language.h"
#include "common/os/paths.h"

namespace md2 {
namespace {

using namespace std::chrono_literals;

constexpr auto patience = 10s;      ///< for a server that leaves, and for one that comes
constexpr auto look_pause = 30ms;   ///< between two looks at the lock file
constexpr auto silent_server = 1s;  ///< that holds the lock and has no line in it for its address: it is an old one
constexpr int most_starts = 3;      ///< in one attempt: a server that ends at once ends again
constexpr std::size_t longest_lock = 512;  ///< bytes of a lock file

}  // namespace

LocalServer::LocalServer(std::string diary, const std::string& key_file, Exchange& exchange, Connector& connector)
    : diary_(std::move(diary)),
      key_file_(key_file == key_file_of(diary_) ? "" : std::filesystem::absolute(key_file).string()),
      exchange_(exchange),
      connector_(connector) {}

/// A shared lock for a moment is how one sees that nobody holds it; a server that wants it just then tries again.
LocalServer::Lock LocalServer::look() const {
  const std::string path = diary_ + ".lock";
  const UniqueFd file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY));
  if (!file || flock(file.get(), LOCK_SH | LOCK_NB) == 0 || errno != EWOULDBLOCK) return {};
  const std::string text = read_at(file.get(), 0, longest_lock, {tr_later("lock file"), path});
  try {
    return {true, !text.empty(), parse_address(text.substr(0, text.find('\n')))};
  } catch (const Error&) {
    return {true, !text.empty(), std::nullopt};
  }
}

UniqueFd LocalServer::connect(Clock::Steady limit) {
  const auto begin = exchange_.now();
  if (!trouble_) trouble_ = begin;
  std::string fault;
  for (int starts = 0;;) {
    if (exchange_.stopping()) return {};
    const Lock lock = look();
    if (!lock.held && !may_start_)
      throw Error(tr("its server has ended; the next md2client that is started starts one"));
    try {
      if (lock.address) return connect_to(*lock.address, limit);
      if (lock.held) fault = tr("diary '{}' is in use, and nobody says where it is served", diary_);
      const bool old = lock.held && !lock.tells && exchange_.now() >= begin + silent_server;
      if (old && !std::exchange(at_old_port_, true)) return connect_to({}, limit);
    } catch (const Error& error) {
      fault = error.what();
    }
    if (lock.held) {
      exchange_.wait_for(-1, 0, exchange_.now() + look_pause);
    } else if (start(limit)) {
      if (++starts == most_starts) throw Error(tr("its server has ended as soon as it was started, see server.log"));
      continue;
    } else {
      fault = tr("another md2client is starting its server");
    }
    if (exchange_.now() >= std::min(*trouble_ + patience, limit)) throw Error(fault);
  }
}

UniqueFd LocalServer::connect_to(const Address& address, Clock::Steady limit) {
  last_ = to_string(address);
  connector_.begin_pass();
  return connector_.connect(address, limit);
}

/// Two clients that start at the same moment start servers one after the other, so only one does. None when it is not
/// our turn yet.
UniqueFd LocalServer::take_turn() {
  make_folders(state_folder());
  UniqueFd turn = lock_file(state_folder() + "/server.start", Wait::no);
  if (!turn) exchange_.wait_for(-1, 0, exchange_.now() + look_pause);
  return turn;
}

/// True when a server was started here. Throws Error when none can be.
bool LocalServer::start(Clock::Steady limit) {
  const UniqueFd turn = take_turn();
  if (!turn || look().held || exchange_.stopping()) return false;
  struct stat status = {};
  const bool is_new = stat(diary_.c_str(), &status) != 0;
  make_folders(folder_of(diary_));
  try {
    start_server({diary_, key_file_}, exchange_, limit);
  } catch (const Error&) {
    if (!look().held) throw;  // else somebody has started one by hand
  }
  if (is_new && stat(diary_.c_str(), &status) == 0) {
    exchange_.push({Event::Kind::notice, {Verb::error, 0, tr("a new diary was made: '{}'", diary_)}});
  }
  return true;
}

std::string LocalServer::identity() const {
  return identity_in_note(
      read_small_file({tr_later("identity"), disk().real_path(diary_) + ".id"}, longest_lock).value_or(""));
}

bool LocalServer::ended(const Ending& ending) {
  if (ending.greeted) {
    may_start_ = ending.why != Ending::Why::bye;
    may_replace_ = true;
    at_old_port_ = false;
    trouble_.reset();
    return false;
  }
  switch (ending.why) {
    case Ending::Why::lost:
    case Ending::Why::bye:
    case Ending::Why::silent:
    case Ending::Why::fault:
    case Ending::Why::other_diary:
      break;
    case Ending::Why::key_refused: {  // by whoever has taken the port meanwhile?
      const Lock lock = look();
      if (lock.address && to_string(*lock.address) == last_) return false;
      break;
    }
    default:
      return false;
  }
  return exchange_.now() < *trouble_ + patience;
}

bool LocalServer::replaced(Clock::Steady limit) {
  if (!std::exchange(may_replace_, false)) return false;
  may_start_ = true;
  while (!exchange_.stopping() && exchange_.now() < limit) {
    if (!look().held) return true;
    exchange_.wait_for(-1, 0, exchange_.now() + look_pause);
  }
  return false;
}

}  // namespace md2
