#include "client/outbox/waiting_elsewhere.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "client/outbox/outbox_file.h"
#include "common/diary/file_items.h"
#include "common/diary/identity.h"
#include "common/net/server_name.h"
#include "common/os/disk.h"
#include "common/os/error.h"
#include "common/os/file.h"
#include "common/os/language.h"

namespace md2 {
namespace {

/// Bytes of each outbox that are looked at: this is told at every start.
constexpr std::uint64_t counted_bytes = std::uint64_t{1} << 20;

constexpr std::size_t named_files = 3;  ///< the line stays one that can be read

struct Waiting {
  std::size_t entries = 0;
  bool more = false;  ///< may be there than were counted
};

Waiting count(const OutboxFile& file) {
  Waiting waiting;
  each_item(file.fd(), 0, counted_bytes, [&](const EntryReader::Item& item) { waiting.entries += item.time ? 1 : 0; });
  waiting.more = size_of(file.fd(), {tr_later("outbox"), file.path()}) > counted_bytes;
  return waiting;
}

std::string name_of(const std::string& recipient, const KnownDiaries& known) {
  if (!is_diary_identity(recipient)) return shown_server_name(recipient);
  const std::string name = known.name_of(recipient);
  const std::string_view beginning = std::string_view(recipient).substr(0, 8);
  return name.empty() ? tr("diary {}", beginning) : tr("diary {} that was at {}", beginning, shown_server_name(name));
}

}  // namespace

WaitingElsewhere find_waiting_elsewhere(const std::string& folder,
                                        const std::function<bool(const std::string&)>& is_ours) {
  WaitingElsewhere all;
  for (const std::string& path : OutboxFile::list(folder)) {
    const std::string recipient = OutboxFile::recipient_of(path);
    if (is_ours(recipient)) continue;
    Waiting waiting;
    try {
      const auto file = OutboxFile::adopt(path);
      if (!file) continue;
      disk().flock(file->fd(), LOCK_UN);  // whoever it is for may be starting right now
      waiting = count(*file);
    } catch (const Error&) {
      continue;  // whoever it is for tells that it can't be read
    }
    if (waiting.entries == 0) continue;
    all.entries += waiting.entries;
    all.more = all.more || waiting.more;
    all.entries_of[recipient] += waiting.entries;
    all.paths.push_back(path);
  }
  return all;
}

std::string number_of(const WaitingElsewhere& waiting) {
  return waiting.more ? tr("at least {}", waiting.entries) : std::to_string(waiting.entries);
}

std::string recipients_of(const WaitingElsewhere& waiting, const KnownDiaries& known) {
  std::string whose;
  for (const auto& [recipient, entries] : waiting.entries_of) {
    if (!whose.empty()) whose += tr(", ");
    whose += name_of(recipient, known);
    if (waiting.entries_of.size() > 1) whose += fmt::format(": {}", entries);
  }
  return whose;
}

std::string told_of_waiting_elsewhere(const WaitingElsewhere& waiting, const std::string& called,
                                      const KnownDiaries& known) {
  const std::vector<std::string>& paths = waiting.paths;
  if (paths.empty()) return {};
  std::string where;
  for (std::size_t i = 0; i < std::min(paths.size(), named_files); ++i) {
    fmt::format_to(std::back_inserter(where), "{}'{}'", i == 0 ? "" : tr(", "), paths[i]);
  }
  if (paths.size() > named_files) where += tr(" and {} more", paths.size() - named_files);
  const std::string here = called.empty() ? "" : fmt::format(" -s {}", called);
  return trn(waiting.more ? 2 : waiting.entries,
             "{0} entry waits for another diary ({1}) and goes out when md2client reaches it; to send it to this one "
             "instead: md2client{2} import FILE, to give it up remove FILE, which is {3}",
             "{0} entries wait for another diary ({1}) and go out when md2client reaches it; to send them to this one "
             "instead: md2client{2} import FILE, to give them up remove FILE, which is {3}",
             number_of(waiting), recipients_of(waiting, known), here, where);
}

}  // namespace md2
