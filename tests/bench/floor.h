#pragma once

#include <string>

#include "common/os/unique_fd.h"

namespace md2::bench {

// What the machine takes for the same with nothing around it.

/// A file that is appended to and synced, as outbox and diary are.
class Bare {
 public:
  explicit Bare(const std::string& path);

  void append(const std::string& bytes);

 private:
  UniqueFd fd_;
};

/// Milliseconds to send the file through a socket on loopback, from one thread to another that writes it to `copy`: a
/// loop of read(2) and send(2), and one of recv(2) and write(2).
double time_loopback(const std::string& file, const std::string& copy);

/// Milliseconds to find every `word` in the file: memmem(3) over what pread(2) reads.
double time_memmem(const std::string& file, const std::string& word);

}  // namespace md2::bench
