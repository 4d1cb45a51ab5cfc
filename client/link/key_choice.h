#pragma once

#include <cstddef>
#include <string>

#include "common/net/keys.h"
#include "common/net/socket.h"

namespace md2 {

/// Which key is offered to a server: one after the other of the lines in the server's own file. What lies there is for
/// this server only, and none of it opens anything here.
///
/// Before servers had files of their own, one file held the keys for all. As long as the server's is missing, those are
/// tried, and the one that opens is copied into it: from then on no other is offered to this server.
class KeyChoice {
 public:
  /// `file`: the server's; `shared`: the one for all, empty when there is none to be tried. Paths.
  KeyChoice(Address server, std::string file, std::string shared);

  const std::string& file() const { return file_; }

  /// The key to offer now; the files are read again each time, because they may have been made or changed. Throws Error
  /// with what to do when there is none.
  Key current();

  /// The server did not take it. False when it has taken none of them since it took one, or since this was said last.
  bool next();

  /// The server has taken it: it is the first to be offered again.
  void taken() { refused_ = 0; }

  /// For the message that the server took none: what to do where none was meant for it; else empty.
  std::string advice() const;

  /// The server has it, too. Throws Error when it can't be copied; then the next time is like this one.
  void opened(const Key& key);

 private:
  Address server_;
  std::string file_;
  std::string shared_;
  bool from_shared_ = false;  ///< current() was
  std::size_t line_ = 0;      ///< of the keys: the one that is tried
  std::size_t lines_ = 0;     ///< how many there are
  std::size_t refused_ = 0;   ///< so many, one after another
};

}  // namespace md2
