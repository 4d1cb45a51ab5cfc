#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace md2 {

/// Standard output for who follows the diary: things that are whole go out together, up to PIPE_BUF bytes in one
/// write(2), which a pipe takes whole or not at all (pipe(7)). So whoever reads never gets a part of a small one, even
/// when the writer is killed. Nothing larger is written at once either, or a reader that takes its time would hold up
/// who has a signal to obey.
class WholeOutput {
 public:
  /// Waits until standard output takes something, or has an error (true). False: no more is to be written. `begun`: a
  /// part of something large has been.
  using Wait = std::function<bool(bool begun)>;

  explicit WholeOutput(Wait wait) : wait_(std::move(wait)) {}

  /// `text` is whole. Throws OutputError.
  void put(std::string_view text);

  /// What was put is with the reader when it returns, unless no more was to be written. Throws OutputError.
  void flush();

 private:
  Wait wait_;
  std::string group_;  ///< under PIPE_BUF bytes, or one thing that is larger
};

}  // namespace md2
