#include "server/diary/identity.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "common/diary/identity.h"
#include "common/os/disk.h"
#include "common/os/error.h"
#include "common/os/file.h"
#include "common/os/language.h"
#include "common/os/paths.h"
#include "common/os/sha256.h"
#include "server/diary/note.h"

namespace md2 {
namespace {

constexpr std::string_view identity_format = "md2 identity 1";

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

std::optional<std::string> take_id(NoteReader& lines, std::string_view word) {
  const auto value = lines.take(word);
  return value && is_diary_identity(*value) ? std::optional<std::string>(*value) : std::nullopt;
}

/// What `file` says, and nothing when there is none. Throws Error.
std::optional<IdentityNote> read_identity_note(const std::string& file) {
  const auto text = read_small_file({tr_later("identity"), file}, NoteReader::longest + 1);
  if (!text) return std::nullopt;
  auto note = parse_identity_note(*text);
  if (note) return note;
  throw Error(
      tr("cannot use identity '{}': it is damaged; put it back from a backup, or remove it: then the "
         "diary gets a new one, and md2client tells of each entry that waits for the old one",
         file));
}

void write_identity_note(const std::string& file, IdentityNote note) {
  write_note(file, [&note](std::uint64_t inode) {
    note.inode = inode;
    return to_string(note);
  });
}

}  // namespace

std::string to_string(const IdentityNote& note) {
  std::string text = fmt::format("{}\nidentity {}\nmachine {}\ninode {}\nfolder {}\n", identity_format, note.id,
                                 note.machine, note.inode, escaped_path(note.folder));
  for (const std::string& id : note.formerly) fmt::format_to(std::back_inserter(text), "formerly {}\n", id);
  return text += "end\n";
}

std::optional<IdentityNote> parse_identity_note(std::string_view text) {
  NoteReader lines(text, identity_format);
  const auto id = take_id(lines, "identity");
  const auto machine = id ? take_id(lines, "machine") : std::nullopt;
  const auto inode = machine ? lines.take_number("inode") : std::nullopt;
  auto folder = inode ? lines.take_path("folder") : std::nullopt;
  if (!folder) return std::nullopt;
  IdentityNote note{*id, *machine, *inode, *std::move(folder), {}};
  while (auto former = take_id(lines, "formerly")) note.formerly.push_back(*std::move(former));
  if (!lines.at_end() || note.formerly.size() > Identity::max_formerly) return std::nullopt;
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

void bring_identity(const std::string& from, const std::string& to) {
  const std::string old = from + ".id";
  const std::string file = to + ".id";
  auto note = read_identity_note(old);
  if (!note || !lies_there(old, note->inode, note->folder)) return;
  const auto there = read_identity_note(file);
  if (there && there->id != note->id) return;
  if (!there) {
    note->folder = folder_of(file);
    write_identity_note(file, *note);
  }
  if (disk().unlink(old) == 0) return sync_folder_of(old);
  // Where nothing can be removed no lock can be made, and nobody serves what bears the identity as well.
  if (errno != EROFS && errno != EACCES && errno != EPERM) throw_errno(tr("cannot remove '{}'", old));
}

Identity identify_diary(const std::string& real, const std::string& machine) {
  const std::string file = real + ".id";
  const auto note = read_identity_note(file);
  if (note && note->machine == machine && lies_there(file, note->inode, note->folder)) {
    sync_folder_of(file);  // a server that died may not have come to that
    return {note->id, note->formerly, true};
  }
  IdentityNote now{new_id(), machine, 0, folder_of(real), {}};
  if (note) {
    now.formerly = note->formerly;
    now.formerly.insert(now.formerly.begin(), note->id);
    now.formerly.resize(std::min(now.formerly.size(), Identity::max_formerly));
  }
  write_identity_note(file, now);
  return {now.id, now.formerly, false};
}

}  // namespace md2
