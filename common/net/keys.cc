#include "common/net/keys.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "common/os/error.h"
#include "common/os/file.h"
#include "common/os/language.h"
#include "common/os/new_file.h"
#include "common/os/paths.h"
#include "common/os/unique_fd.h"
#include "common/text/lines.h"

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
  throw Error(tr("cannot use key file '{}': {}", path, reason));
}

constexpr std::string_view write_only_ending = "+write";

bool is_name_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
}

/// An identity that somebody else's tool wrote may hold more than one of ours, as long as it can't break a log line.
bool is_identity(std::string_view text) {
  return !text.empty() && text.size() <= max_identity &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~' && c != ':'; });
}

/// A line of a key file, newline included.
SecretText line_of(const Key& key) {
  std::array<char, 2 * Key::size + 1> hex;
  OPENSSL_buf2hexstr_ex(hex.data(), hex.size(), nullptr, key.secret.data(), key.secret.size(), '\0');
  std::transform(hex.begin(), hex.end(), hex.begin(), [](char c) { return c >= 'A' && c <= 'F' ? c - 'A' + 'a' : c; });
  SecretText line(key.identity.size() + hex.size() + 1);
  line.text.append(key.identity) += ':';
  line.text += hex.data();
  OPENSSL_cleanse(hex.data(), hex.size());
  line.text += '\n';
  return line;
}

/// The same with a new random key.
SecretText new_line(std::string_view identity) {
  Key key;
  key.identity = identity;
  if (RAND_priv_bytes(key.secret.data(), static_cast<int>(key.secret.size())) != 1) {
    throw Error(tr("cannot make a key: the system gives no random bytes"));
  }
  return line_of(key);
}

/// A file that holds the text, unless another program has just made one.
void make_file(const std::string& path, const SecretText& text) {
  make_folders(folder_of(path));
  NewFile made = NewFile::beside_others(path);
  made.append(text.text);
  made.link(path);
}

/// Gives no descriptor when there is no such file. O_NONBLOCK: a FIFO must not hold us up before it is refused.
UniqueFd open_key_file(const std::string& path) {
  UniqueFd fd(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
  if (!fd && errno == ENOENT) return fd;
  if (!fd && errno == ELOOP) refuse(path, tr("it is a symbolic link, and none is followed; name the file itself"));
  if (!fd) throw_errno(tr("cannot open key file '{}'", path));
  struct stat status = {};
  if (fstat(fd.get(), &status) != 0) throw_errno(tr("cannot look at key file '{}'", path));
  if (!S_ISREG(status.st_mode)) refuse(path, tr("it is not a regular file"));
  if (status.st_uid != geteuid()) {
    refuse(path, tr("it belongs to another user (uid {}); copy it to a file of your own", status.st_uid));
  }
  if ((status.st_mode & 077) != 0) {
    refuse(path, tr("others may open it (mode {:04o}); close it to them with: chmod 600 '{}'", status.st_mode & 07777u,
                    path));
  }
  return fd;
}

SecretText read_text(const UniqueFd& fd, const std::string& path) {
  SecretText file(max_key_file + 1);
  file.text.resize(max_key_file + 1);
  file.text.resize(read_at(fd.get(), 0, file.text.data(), file.text.size(), {tr_later("key file"), path}));
  if (file.text.size() > max_key_file) refuse(path, tr("it has more than 64 KiB, so it is hardly a key file"));
  return file;
}

/// Opens and locks the file that bears the name: while one waits for the lock, the file may have been replaced.
UniqueFd open_locked(const std::string& path) {
  for (;;) {
    UniqueFd fd = open_key_file(path);
    if (!fd) throw Error(tr("key file '{}' has just been removed; try again", path));
    lock(fd.get(), Wait::yes, {tr_later("key file"), path});
    if (names(path, fd.get())) return fd;
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
  std::size_t number = 0;
  for (std::string_view line : Lines(text)) {
    ++number;
    line = line.substr(0, line.find_last_not_of(" \t\r") + 1);
    if (line.empty() || line[0] == '#') continue;
    const std::string_view identity = line.substr(0, line.find(':'));
    if (identity.size() == line.size()) refuse(path, tr("line {} is not identity:hexkey", number));
    if (!is_identity(identity)) {
      refuse(path, tr("the identity in line {} is not 1 to {} visible ASCII characters", number, max_identity));
    }
    Key key;
    key.identity = identity;
    const std::string hex(line.substr(identity.size() + 1));
    std::size_t size = 0;
    if (hex.size() != 2 * Key::size || hex.find(':') != hex.npos ||
        OPENSSL_hexstr2buf_ex(key.secret.data(), Key::size, &size, hex.c_str(), '\0') != 1) {
      refuse(path, tr("the key in line {} is not {} hexadecimal digits", number, 2 * Key::size));
    }
    if (std::any_of(keys.begin(), keys.end(), [&](const Key& other) { return other.identity == identity; })) {
      refuse(path, tr("line {} has the identity '{}' of a line before it", number, identity));
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
  make_file(path, new_line(host_identity()));  // or another program has just made it: its key is as good
  if (auto keys = read_keys(path)) return *std::move(keys);
  throw Error(tr("key file '{}' was removed as soon as it was made", path));
}

void keep_key(const std::string& path, const Key& key) {
  if (!open_key_file(path)) make_file(path, line_of(key));
}

void copy_keys(const std::string& from, const std::string& to) {
  if (open_key_file(to)) return;
  const UniqueFd fd = open_key_file(from);
  if (!fd) return;
  const SecretText text = read_text(fd, from);
  parse_keys(text.text, from);
  make_file(to, text);
}

bool only_writes(std::string_view identity) {
  return identity.ends_with(write_only_ending);
}

std::string add_key(const std::string& path, std::string_view name, Rights rights) {
  const std::string identity = std::string(name) + std::string(rights == Rights::write ? write_only_ending : "");
  if (name.empty() || identity.size() > max_identity || !std::all_of(name.begin(), name.end(), is_name_char)) {
    const std::size_t longest = max_identity - (identity.size() - name.size());
    throw Error(tr("a key's name is 1 to {} of A-Z, a-z, 0-9, '.', '_' and '-'", longest));
  }
  read_or_make_keys(path);
  const UniqueFd locked = open_locked(path);  // until the new file is in its place
  const SecretText old = read_text(locked, path);
  const auto keys = parse_keys(old.text, path);
  if (std::any_of(keys.begin(), keys.end(), [&](const Key& key) { return key.identity == identity; })) {
    throw Error(
        tr("key file '{}' has a key '{}' already: take another name, or delete its line first", path, identity));
  }
  const SecretText line = new_line(identity);
  SecretText text(old.text.size() + 1 + line.text.size());
  text.text += old.text;
  if (!text.text.empty() && text.text.back() != '\n') text.text += '\n';
  text.text += line.text;
  if (text.text.size() > max_key_file) refuse(path, tr("it has no room for one more key: delete lines first"));
  NewFile longer = NewFile::beside_others(path);
  longer.append(text.text);
  longer.replace(path);
  return line.text.substr(0, line.text.size() - 1);
}

}  // namespace md2
