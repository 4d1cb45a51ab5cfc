#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "client/import/source.h"

namespace md2 {

/// What JSON says of one entry, whoever wrote it: its own strings, and its tags. What it nests (a place, the weather,
/// photos) is left out.
struct JsonEntry {
  std::map<std::string, std::string> strings;
  std::vector<std::string> tags;
  bool starred = false;
  std::uint64_t line = 0;  ///< where it begins, counted from 1

  /// Empty where there is none.
  std::string operator[](const std::string& key) const;
};

/// Reads values of JSON (RFC 8259), one after another (JSON Lines) or one. Each object is an entry, each in an array is
/// one; where an object has `entries`, an array, these are the entries. Returns why it could not read on, with the
/// line; empty when it came to the end. Never holds more than one entry. nlohmann-json reads
/// (nlohmann::json::sax_parse).
std::string read_json_entries(Source& source, const std::function<void(const JsonEntry&)>& take);

}  // namespace md2
