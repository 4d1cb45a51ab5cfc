#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace md2::test {

/// A value of JSON (RFC 8259) of the kinds that md2 writes: a string, an array or an object.
struct Json {
  enum class Kind { string, array, object };
  Kind kind = Kind::string;
  std::string string;
  std::vector<Json> array;
  std::map<std::string, Json> object;
};

/// Nothing unless `text` is exactly one such value, without white space outside strings. Escaped surrogates are not
/// read: md2 has no use for them.
std::optional<Json> read_json(std::string_view text);

}  // namespace md2::test
