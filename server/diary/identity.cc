#include "server/diary/identity.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "common/diary/identity.h"
#include "common/os/disk.h"
#include "common/os/error.h"
#include "common/os/file.h"
#include "common/os/language.h"
#include "common/os/new_file.h"
#include "common/os/paths.h"
#include "common/os/sha256.h"
#include "common/text/lines.h"

namespace md2 {
namespace {

constexpr std::string_view first_line = "md2 identity 1";
constexpr std::string_view last_line = "end";
constexpr std::size_t max_note = std::size_t{16} << 10;  ///< bytes: a path has 4 KiB at most, escaped three times that

std::string hex(const unsigned char* bytes, std::size_t size) {
  std::string text;
  for (std::size_t i = 0; i < size; ++i) fmt::format_to(std::back_inserter(text), "{:02x}", bytes[i]);
  return text;
}

std::string new_id() {
  std::array<char, identity_digits / 2> random;
  if (disk().entropy(random.data(), random.size()) != 0) throw_errno(tr("cannot make an identity for the diary"));
  std::array<unsigned char, random.size()> bytes;
  std::copy(random.begin(), random.end(), bytes.begin());
  return hex(bytes.data(), bytes.size());
}

bool is_control(char c) {
  return (c >= '\0' && c < ' ') || c == '\x7f';
}

std::string escaped(std::string_view path) {
  std::string text;
  for (const char c : path) {
    if (c == '%' || is_control(c)) {
      fmt::format_to(std::back_inserter(text), "%{:02X}", static_cast<unsigned char>(c));
    } else {
      text += c;
    }
  }
  return text;
}

/// What stands behind `word` and a space.
std::optional<std::string_view> value_of(std::string_view line, std::string_view word) {
  if (!line.starts_with(word) || line.size() <= word.size() || line[word.size()] != ' ') return std::nullopt;
  return line.substr(word.size() + 1);
}

std::optional<std::string> id_of(std::string_view line, std::string_view word) {
  const auto value = value_of(line, word);
  if (!value || !is_diary_identity(*value)) return std::nullopt;
  return std::string(*value);
}

/// Writes the note in the place of what stands there. The inode that it names is the one it gets: a file keeps it
/// when it takes another name.
void write_note(const std::string& path, IdentityNote note) {
  NewFile file = NewFile::beside(path);
  Disk::Status status = {};
  if (disk().stat(file.name(), status) != 0) throw_errno(tr("cannot look at '{}'", file.name()));
  note.inode = status.st_ino;
  file.append(to_string(note));
  file.replace(path);
}

}  // namespace

std::string to_string(const IdentityNote& note) {
  std::string text = fmt::format("{}\nidentity {}\nmachine {}\ninode {}\nfolder {}\n", first_line, note.id,
                                 note.machine, note.inode, escaped(note.folder));
  for (const std::string& id : note.formerly) fmt::format_to(std::back_inserter(text), "formerly {}\n", id);
  return text.append(last_line) += '\n';
}

std::optional<IdentityNote> parse_identity_note(std::string_view text) {
  if (text.size() > max_note || !text.ends_with('\n')) return std::nullopt;
  std::vector<std::string_view> lines;
  for (const std::string_view line : Lines(text.substr(0, text.size() - 1))) lines.push_back(line);
  if (lines.size() < 6 || lines.size() > 6 + Identity::max_formerly) return std::nullopt;
  if (lines.front() != first_line || lines.back() != last_line) return std::nullopt;
  const auto id = id_of(lines[1], "identity");
  const auto machine = id_of(lines[2], "machine");
  const auto inode = value_of(lines[3], "inode");
  const auto folder = value_of(lines[4], "folder");
  if (!id || !machine || !inode || !folder) return std::nullopt;
  if (std::any_of(folder->begin(), folder->end(), is_control)) return std::nullopt;
  IdentityNote note{*id, *machine, 0, {}, {}};
  const auto [end, code] = std::from_chars(inode->data(), inode->data() + inode->size(), note.inode);
  if (code != std::errc{} || end != inode->data() + inode->size()) return std::nullopt;
  for (std::size_t i = 0; i < folder->size(); ++i) {
    if ((*folder)[i] != '%') {
      note.folder += (*folder)[i];
      continue;
    }
    unsigned value = 0;
    const std::string_view digits = folder->substr(i + 1, 2);
    const auto [stop, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
    if (fault != std::errc{} || stop != digits.data() + 2) return std::nullopt;
    note.folder += static_cast<char>(value);
    i += 2;
  }
  for (std::size_t i = 5; i + 1 < lines.size(); ++i) {
    const auto former = id_of(lines[i], "formerly");
    if (!former) return std::nullopt;
    note.formerly.push_back(*former);
  }
  return note;
}

std::string this_machine() {
  std::string name = read_small_file({tr_later("machine's name"), "/etc/machine-id"}, 64).value_or("");
  name.erase(std::min(name.find('\n'), name.size()));
  if (name.empty()) {
    std::array<char, 256> host{};
    if (gethostname(host.data(), host.size() - 1) == 0) name = host.data();
  }
  name.insert(0, "md2 diary on ");
  const Sha256 digest = sha256(name, tr("cannot name this machine"));
  return hex(digest.data(), identity_digits / 2);
}

Identity identify_diary(const std::string& path, const std::string& machine) {
  const std::string real = disk().real_path(path);
  const std::string file = real + ".id";
  const auto text = read_small_file({tr_later("identity"), file}, max_note + 1);
  std::optional<IdentityNote> note;
  if (text) {
    note = parse_identity_note(*text);
    if (!note) {
      throw Error(
          tr("cannot use identity '{}': it is damaged; put it back from a backup, or remove it: then the "
             "diary gets a new one, and md2client tells of each entry that waits for the old one",
             file));
    }
  }
  Disk::Status status = {};
  if (note && disk().lstat(file, status) != 0) throw_errno(tr("cannot look at identity '{}'", file));
  IdentityNote now{{}, machine, status.st_ino, folder_of(real), {}};
  if (note && note->machine == now.machine && note->inode == now.inode && note->folder == now.folder) {
    sync_folder_of(file);  // a server that died may not have come to that
    return {note->id, note->formerly, true};
  }
  if (note) {
    now.formerly = note->formerly;
    now.formerly.insert(now.formerly.begin(), note->id);
    now.formerly.resize(std::min(now.formerly.size(), Identity::max_formerly));
  }
  now.id = new_id();
  write_note(file, now);
  return {now.id, now.formerly, false};
}

}  // namespace md2
