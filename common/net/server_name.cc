#include "common/net/server_name.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdint>

namespace md2 {

namespace {

constexpr std::size_t longest_path = 180;  ///< bytes; an outbox adds its time and process, and NAME_MAX is 255

/// Its end, and a hash of all (FNV-1a).
std::string shortened_path(std::string_view name) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return fmt::format("{:016x}-{}", hash, name.substr(name.size() - (longest_path - 17)));
}

}  // namespace

std::string server_name(std::string_view server) {
  const bool is_path = server.starts_with('/');
  std::string name;
  for (const char c : server) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z' && !is_path) || (c >= '0' && c <= '9') ||
                       c == '-' || (c == '.' && !name.empty());
    if (c == ':') {
      name += '_';
    } else if (plain) {
      name += c;
    } else {
      name += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  if (is_path && name.size() > longest_path) name = shortened_path(name);
  return canonical_server_name(name);
}

std::string canonical_server_name(std::string_view name) {
  std::string canonical(name);
  for (char& c : canonical) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  const std::size_t port = canonical.rfind('_');
  if (port != std::string::npos && port > 1 && canonical[port - 1] == '.') canonical.erase(port - 1, 1);
  return canonical;
}

std::string shown_server_name(std::string_view name) {
  std::string shown;
  for (std::size_t i = 0; i < name.size(); ++i) {
    unsigned char byte = 0;
    const char* const digits = name.data() + i + 1;
    if (name[i] == '%' && i + 2 < name.size() && std::from_chars(digits, digits + 2, byte, 16).ptr == digits + 2) {
      shown += static_cast<char>(byte);
      i += 2;
    } else {
      shown += name[i] == '_' ? ':' : name[i];
    }
  }
  return shown;
}

}  // namespace md2
