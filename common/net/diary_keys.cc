#include "common/net/diary_keys.h"

#include <fmt/format.h>

#include "common/net/keys.h"
#include "common/os/disk.h"
#include "common/os/language.h"
#include "common/os/paths.h"
#include "common/os/sha256.h"

namespace md2 {
namespace {

constexpr std::size_t longest_name = 200;  ///< bytes; NAME_MAX is 255

std::string escaped(std::string_view path) {
  std::string name;
  for (const char c : path) {
    const bool plain =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
    if (plain) {
      name += c;
    } else {
      fmt::format_to(std::back_inserter(name), "%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return name;
}

/// A path that is too long for a name: its end, and a hash of all.
std::string shortened(const std::string& name) {
  const Sha256 digest = sha256(name, tr("cannot name the key file of a diary"));
  std::string text;
  for (std::size_t i = 0; i < 16; ++i) fmt::format_to(std::back_inserter(text), "{:02x}", digest[i]);
  return text + "-" + name.substr(name.size() - (longest_name - text.size() - 1));
}

}  // namespace

std::string default_diary() {
  return data_folder() + "/md4logging.log";
}

std::string key_file_of(const std::string& diary) {
  return key_file_at(disk().real_path(diary));
}

std::string key_file_at(const std::string& real) {
  if (real == disk().real_path(default_diary())) return default_key_file();
  const std::string name = escaped(real);
  return fmt::format("{}/diaries/{}.keys", config_folder(), name.size() > longest_name ? shortened(name) : name);
}

}  // namespace md2
