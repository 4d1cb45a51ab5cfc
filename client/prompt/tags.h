#pragma once

#include <cstddef>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace md2 {

/// The tags of the diary as far as it was seen, for completion: a bounded number of them, of which those seen last
/// stay.
class Tags {
 public:
  static constexpr std::size_t max_tags = 10'000;
  static constexpr std::size_t max_name = 256;  ///< bytes; a longer one is nothing to complete

  /// Text of the diary, of any length, in the order in which it was written. As it stands there will do: no tag reaches
  /// over the end of a line.
  void see(std::string_view text);

  /// Those that begin with `prefix`, both with an ASCII `#` in front; the one seen last comes first.
  std::vector<std::string> with_prefix(std::string_view prefix) const;

 private:
  void add(std::string_view name);

  std::list<std::string> newest_first_;  ///< without the hash
  std::unordered_map<std::string_view, std::list<std::string>::iterator> places_;
};

}  // namespace md2
