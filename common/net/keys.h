#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace md2 {

/// Who may read and write the diary: a name that travels in clear, and 32 secret bytes that never travel.
struct Key {
  static constexpr std::size_t size = 32;  ///< bytes; OpenSSL would take fewer (RFC 9257, 6: at least 128 bits)

  std::string identity;
  std::array<unsigned char, size> secret{};

  Key() = default;
  Key(const Key&) = default;
  Key(Key&&) = default;
  Key& operator=(const Key&) = default;
  Key& operator=(Key&&) = default;
  ~Key();  ///< leaves no trace of the secret in memory

  /// Compares secrets in constant time.
  bool operator==(const Key& other) const;
};

/// True for the identity of a key that may write entries, and neither read the diary nor correct it: for a phone, or a
/// script on somebody else's machine.
bool only_writes(std::string_view identity);

/// The key file: lines `identity:hexkey`, as stunnel's PSKsecrets and GnuTLS's psktool have it, blank lines and lines
/// that begin with `#`. Turned down: one file a key (nothing to copy in one line), a password (guessed at leisure by
/// whoever records one handshake).
///
/// It is opened without following a symbolic link, and must be a regular file of the effective user that nobody else
/// can read or write. Every fault is an Error that says file, reason and remedy, and never shows a key.
inline constexpr std::size_t max_key_file = std::size_t{64} << 10;  ///< bytes, some 500 keys
inline constexpr std::size_t max_identity = 64;                     ///< bytes

/// Where keys are when nobody says otherwise: `keys` in config_folder().
std::string default_key_file();

/// The keys of `path`, in the order of their lines; none when there are none. Nothing when there is no such file.
std::optional<std::vector<Key>> read_keys(const std::string& path);

/// The same, but a missing file is made first, with one random key named after this host. When several programs do so
/// at one moment, one of them makes it and all return its key.
std::vector<Key> read_or_make_keys(const std::string& path);

/// Makes the file with this one key, and its folder, when there is no such file.
void keep_key(const std::string& path, const Key& key);

/// Makes the file `to` with all that the key file `from` holds, and its folder, when there is a `from` and no `to`.
void copy_keys(const std::string& from, const std::string& to);

/// Adds a random key and returns its line, to be copied to the other device. `name` is 1 to 64 of [A-Za-z0-9._-] and
/// must be new. The file is replaced as a whole: whoever reads it sees all of it, before or after. It is made, as
/// above, when it is missing. One with Rights::write gets an identity that only_writes().
enum class Rights { all, write };
std::string add_key(const std::string& path, std::string_view name, Rights rights = Rights::all);

/// The keys in the text of a key file; `path` is for the message of the Error.
std::vector<Key> parse_keys(std::string_view text, const std::string& path);

}  // namespace md2
