#include "common/net/keys.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>

#include "common/os/error.h"
#include "common/os/file.h"
#include "common/os/paths.h"
#include "common/os/unique_fd.h"

namespace md2 {
namespace {

/// Text that holds keys. It must not grow after construction: what a reallocation leaves behind is not wiped.
struct SecretText {
  explicit SecretText(std::size_t capacity) { text.reserve(capacity); }
  SecretText(SecretText&&) = default;
  ~SecretText() { OPENSSL_cleanse(text.data(), text.size()); }

  std::string text;
};

[[noreturn]] void refuse(const std::string& path, const std::string& reason) {
  throw Error(fmt::format("cannot use key file '{}': {}", path, reason));
}

bool is_name_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
}

/// An identity that somebody else's tool wrote may hold more than one of ours, as long as it can't break a log line.
bool is_identity(std::string_view text) {
  return !text.empty() && text.size() <= max_identity &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~' && c != ':'; });
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool decode_hex(std::string_view hex, std::array<unsigned char, Key::size>& out) {
  if (hex.size() != 2 * out.size()) return false;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const int high = hex_digit(hex[2 * i]);
    const int low = hex_digit(hex[2 * i + 1]);
    if (high < 0 || low < 0) return false;
    out[i] = static_cast<unsigned char>(high * 16 + low);
  }
  return true;
}

/// A line of a key file, newline included, with a new random key.
SecretText new_line(std::string_view identity) {
  Key key;
  if (RAND_priv_bytes(key.secret.data(), static_cast<int>(key.secret.size())) != 1) {
    throw Error("cannot make a key: the system gives no random bytes");
  }
  constexpr std::string_view digits = "0123456789abcdef";
  SecretText line(identity.size() + 2 * Key::size + 2);
  line.text.append(identity) += ':';
  for (const unsigned char byte : key.secret) {
    line.text += digits[byte >> 4];
    line.text += digits[byte & 15];
  }
  line.text += '\n';
  return line;
}

/// Gives no descriptor when there is no such file. O_NONBLOCK: a FIFO must not hold us up before it is refused.
UniqueFd open_key_file(const std::string& path) {
  UniqueFd fd(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
  if (!fd && errno == ENOENT) return fd;
  if (!fd && errno == ELOOP) refuse(path, "it is a symbolic link, and none is followed; name the file itself");
  if (!fd) throw_errno(fmt::format("cannot open key file '{}'", path));
  struct stat status = {};
  if (fstat(fd.get(), &status) != 0) throw_errno(fmt::format("cannot look at key file '{}'", path));
  if (!S_ISREG(status.st_mode)) refuse(path, "it is not a regular file");
  if (status.st_uid != geteuid()) {
    refuse(path, fmt::format("it belongs to another user (uid {}); copy it to a file of your own", status.st_uid));
  }
  if ((status.st_mode & 077) != 0) {
    refuse(path, fmt::format("others may open it (mode {:04o}); close it to them with: chmod 600 '{}'",
                             status.st_mode & 07777u, path));
  }
  return fd;
}

SecretText read_text(const UniqueFd& fd, const std::string& path) {
  SecretText file(max_key_file + 1);
  file.text.resize(max_key_file + 1);
  const std::ptrdiff_t size = read_at(fd.get(), 0, file.text.data(), file.text.size());
  if (size < 0) throw_errno(fmt::format("cannot read key file '{}'", path));
  file.text.resize(static_cast<std::size_t>(size));
  if (file.text.size() > max_key_file) refuse(path, "it has more than 64 KiB, so it is hardly a key file");
  return file;
}

/// A file beside `path` that takes its place whole or not at all, and is gone when it has not.
class Draft {
 public:
  Draft(const std::string& path, std::string_view text) : path_(path), name_(path + ".XXXXXX") {
    const UniqueFd fd(mkostemp(name_.data(), O_CLOEXEC));  // 0600
    if (!fd) throw_errno(fmt::format("cannot make a file beside '{}'", path));
    if (write_all(fd.get(), text) != text.size() || fsync(fd.get()) != 0) {
      const std::string message = with_errno(fmt::format("cannot write '{}'", name_));
      ::unlink(name_.c_str());  // no destructor runs
      throw Error(message);
    }
  }
  Draft(const Draft&) = delete;
  Draft& operator=(const Draft&) = delete;
  ~Draft() {
    if (!renamed_) ::unlink(name_.c_str());
  }

  /// Takes the name if nobody has it. link(2), because rename(2) would replace what another program has just made.
  void become_new() {
    if (::link(name_.c_str(), path_.c_str()) != 0 && errno != EEXIST) {
      throw_errno(fmt::format("cannot make key file '{}'", path_));
    }
    sync_folder_of(path_);
  }

  void replace() {
    if (::rename(name_.c_str(), path_.c_str()) != 0) throw_errno(fmt::format("cannot replace key file '{}'", path_));
    renamed_ = true;
    sync_folder_of(path_);
  }

 private:
  std::string path_;
  std::string name_;
  bool renamed_ = false;
};

/// Opens and locks the file that bears the name: while one waits for the lock, the file may have been replaced.
UniqueFd open_locked(const std::string& path) {
  for (;;) {
    UniqueFd fd = open_key_file(path);
    if (!fd) throw Error(fmt::format("key file '{}' has just been removed; try again", path));
    while (flock(fd.get(), LOCK_EX) != 0) {
      if (errno != EINTR) throw_errno(fmt::format("cannot lock key file '{}'", path));
    }
    struct stat locked = {};
    struct stat named = {};
    if (fstat(fd.get(), &locked) != 0) throw_errno(fmt::format("cannot look at key file '{}'", path));
    if (lstat(path.c_str(), &named) == 0 && named.st_ino == locked.st_ino && named.st_dev == locked.st_dev) return fd;
  }
}

std::string host_identity() {
  char name[256] = {};
  if (gethostname(name, sizeof name - 1) != 0) return "md2";
  std::string identity(name);
  identity.resize(std::min(identity.find('.'), std::min(identity.size(), max_identity)));
  std::erase_if(identity, [](char c) { return !is_name_char(c); });
  return identity.empty() ? "md2" : identity;
}

}  // namespace

Key::~Key() {
  OPENSSL_cleanse(secret.data(), secret.size());
}

bool Key::operator==(const Key& other) const {
  return identity == other.identity && CRYPTO_memcmp(secret.data(), other.secret.data(), size) == 0;
}

std::string default_key_file() {
  return config_folder() + "/keys";
}

std::vector<Key> parse_keys(std::string_view text, const std::string& path) {
  std::vector<Key> keys;
  for (std::size_t number = 1; !text.empty(); ++number) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    line = line.substr(0, line.find_last_not_of(" \t\r") + 1);
    if (line.empty() || line[0] == '#') continue;
    const std::string_view identity = line.substr(0, line.find(':'));
    if (identity.size() == line.size()) refuse(path, fmt::format("line {} is not identity:hexkey", number));
    if (!is_identity(identity)) {
      refuse(path,
             fmt::format("the identity in line {} is not 1 to {} visible ASCII characters", number, max_identity));
    }
    Key key;
    key.identity = identity;
    if (!decode_hex(line.substr(identity.size() + 1), key.secret)) {
      refuse(path, fmt::format("the key in line {} is not {} hexadecimal digits", number, 2 * Key::size));
    }
    if (std::any_of(keys.begin(), keys.end(), [&](const Key& other) { return other.identity == identity; })) {
      refuse(path, fmt::format("line {} has the identity '{}' of a line before it", number, identity));
    }
    keys.push_back(std::move(key));
  }
  return keys;
}

std::optional<std::vector<Key>> read_keys(const std::string& path) {
  const UniqueFd fd = open_key_file(path);
  if (!fd) return std::nullopt;
  return parse_keys(read_text(fd, path).text, path);
}

std::vector<Key> read_or_make_keys(const std::string& path) {
  if (auto keys = read_keys(path)) return *std::move(keys);
  make_folders(folder_of(path));
  Draft(path, new_line(host_identity()).text).become_new();
  if (auto keys = read_keys(path)) return *std::move(keys);
  throw Error(fmt::format("key file '{}' was removed as soon as it was made", path));
}

std::string add_key(const std::string& path, std::string_view name) {
  if (name.empty() || name.size() > max_identity || !std::all_of(name.begin(), name.end(), is_name_char)) {
    throw Error(fmt::format("a key's name is 1 to {} of A-Z, a-z, 0-9, '.', '_' and '-'", max_identity));
  }
  read_or_make_keys(path);
  const UniqueFd locked = open_locked(path);  // until the new file is in its place
  const SecretText old = read_text(locked, path);
  const auto keys = parse_keys(old.text, path);
  if (std::any_of(keys.begin(), keys.end(), [&](const Key& key) { return key.identity == name; })) {
    throw Error(
        fmt::format("key file '{}' has a key '{}' already: take another name, or delete its line first", path, name));
  }
  const SecretText line = new_line(name);
  SecretText text(old.text.size() + 1 + line.text.size());
  text.text += old.text;
  if (!text.text.empty() && text.text.back() != '\n') text.text += '\n';
  text.text += line.text;
  if (text.text.size() > max_key_file) refuse(path, "it has no room for one more key: delete lines first");
  Draft(path, text.text).replace();
  return line.text.substr(0, line.text.size() - 1);
}

}  // namespace md2
