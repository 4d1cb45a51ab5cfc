#pragma once

#include <string>

#include "tests/fault/scene.h"
#include "tests/fault/writer.h"

namespace md2::test {

/// One life of a server while a fault befalls it and two clients write, and what comes after. Checks that the bytes
/// which were there are there, and that what was acknowledged stands where it was said.
class ServerLife {
 public:
  /// `name`: the entries are told by it.
  ServerLife(Scene& scene, const std::string& name);

  /// Starts the server with the command in front, lets the clients write, ends the server. Returns its exit_status.
  int live(const Command& injection);

  /// A server to which nothing happens; the clients get rid of what they have.
  void recover();

 private:
  Scene& scene_;
  std::string name_;
  Writer writer_;
};

}  // namespace md2::test
