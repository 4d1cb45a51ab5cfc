#pragma once

#include <string>

#include "tests/support/program.h"

namespace md2::bench {

// What others take for the same. Each runs in the sandbox that it is given, on 127.0.0.1, and ends with its owner.

/// redis-server that syncs before each answer, as md2server does, and without TLS.
class Redis {
 public:
  explicit Redis(const test::Sandbox& sandbox);

  /// What redis-benchmark appends to: a log of entries, each of which gets a time of its own that the answer tells, or
  /// a bare list.
  enum class Kind { stream, list };

  /// Appends that many entries, each client one at a time.
  double entries_per_second(Kind kind, std::size_t clients, std::size_t entries) const;

  static bool installed();

 private:
  const test::Sandbox& sandbox_;
  std::string port_;
  test::Program program_;
};

/// nginx that serves the sandbox's diary over TLS.
class Nginx {
 public:
  explicit Nginx(const test::Sandbox& sandbox);

  /// curl(1) prints the diary.
  test::Command fetch() const;

  static bool installed();

 private:
  static test::Command prepare(const test::Sandbox& sandbox, const std::string& port);

  std::string port_;
  test::Program program_;
};

/// jrnl with a copy of the sandbox's diary: it may not write ours.
class Jrnl {
 public:
  explicit Jrnl(const test::Sandbox& sandbox);

  test::Command command(const test::Command& more) const;

  static bool installed();

 private:
  std::string config_;
};

}  // namespace md2::bench
