#pragma once

#include <string_view>

#include "common/os/error.h"

namespace md2 {

/// Opens those of the descriptors 0, 1 and 2 that are closed. Else the next file that is opened gets such a number, and
/// what is said to the user stands in the diary. What is opened can't be used: reading from it and writing to it fail
/// (EBADF), as they did when it was closed, so an answer that nobody got is no success. The first call of a program.
void open_standard_streams();

/// Standard output did not take what was asked for.
class OutputError : public Error {
 public:
  OutputError(const std::string& what, bool reader_left) : Error(what), reader_left_(reader_left) {}

  /// Whoever read from the pipe has enough: nothing to speak of.
  bool reader_left() const { return reader_left_; }

 private:
  bool reader_left_;
};

/// Writes an answer to standard output, all of it. Throws OutputError.
void put_out(std::string_view text);

/// The same for what nothing depends on: goes on when nobody takes it.
void offer_out(std::string_view text) noexcept;

/// Writes to standard error as far as it takes it: nothing depends on that.
void put_err(std::string_view text) noexcept;

}  // namespace md2
