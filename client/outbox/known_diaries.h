#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace md2 {

/// Which diary answered last at each address: the file `diaries` beside the outboxes, lines `NAME IDENTITY`, the latest
/// at the end, at most 256. With it a client that starts without a server knows for which diary it keeps what is
/// written. It is a hint: a line that is none is passed over, and without the file a client waits for the first
/// greeting.
class KnownDiaries {
 public:
  static constexpr std::size_t max_lines = 256;

  /// Throws Error when the file can't be read.
  explicit KnownDiaries(const std::string& folder);

  /// Empty when nobody is known by that name (common/net/server_name.h).
  std::string identity_of(std::string_view name) const;

  /// Where this diary answered last; empty when it never did, or others have answered there since.
  std::string name_of(std::string_view identity) const;

  /// Reads the file again, and replaces it when it said otherwise; one client after the other. On stable storage when
  /// it returns. Throws Error.
  void remember(const std::string& name, const std::string& identity);

 private:
  struct Line {
    std::string name;
    std::string identity;
  };

  void read();

  std::string folder_;
  std::vector<Line> lines_;
};

}  // namespace md2
