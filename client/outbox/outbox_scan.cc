#include "client/outbox/outbox_scan.h"

#include <fmt/format.h>

#include <limits>

#include "common/diary/entry.h"
#include "common/diary/file_items.h"
#include "common/os/error.h"
#include "common/os/language.h"
#include "common/os/new_file.h"

namespace md2 {
namespace {

/// Bytes that are no entry.
struct Damage {
  std::uint64_t bytes = 0;  ///< in all
  std::uint64_t begin = 0;  ///< of the last run of them
  std::uint64_t end = 0;
};

std::string move_aside(OutboxFile& file, std::uint64_t begin, std::uint64_t end) {
  NewFile copy = NewFile::aside(file.path(), "torn");
  copy.append_from(file.fd(), begin, end);
  copy.keep();
  file.cut(begin);
  return copy.name();
}

/// Moves a torn end away and says so; what stands elsewhere stays.
void handle(OutboxFile& file, const Damage& damage, OutboxScan& scan) {
  std::uint64_t left = damage.bytes;
  std::string why;
  if (damage.end == scan.index.end()) {
    try {
      const std::uint64_t torn = damage.end - damage.begin;
      const std::string copy = move_aside(file, damage.begin, damage.end);
      scan.notice = tr("the last {} bytes of '{}' are no whole entry (its writing was cut short) and are now in '{}'",
                       torn, file.path(), copy);
      left -= torn;
    } catch (const Error& error) {
      why = fmt::format(" ({})", error.what());
    }
  }
  if (left == 0) return;
  scan.damaged = true;
  if (!scan.notice.empty()) scan.notice += tr("; ");
  scan.notice += tr("{} bytes in '{}' are no entry{}; when the rest is sent, the file is kept as '{}.damaged'", left,
                    file.path(), why, file.path());
}

}  // namespace

OutboxScan scan_outbox(OutboxFile& file, std::uint64_t first_id) {
  OutboxScan scan{OutboxIndex(first_id), {}, false};
  Damage damage;
  each_item(file.fd(), 0, std::numeric_limits<std::uint64_t>::max(), [&](const EntryReader::Item& item) {
    if (decode(item.raw)) return scan.index.add(item.raw.size(), true, check_of(item.raw));
    scan.index.add_gap(item.raw.size());
    if (damage.end != item.offset || damage.bytes == 0) damage.begin = item.offset;
    damage.end = item.offset + item.raw.size();
    damage.bytes += item.raw.size();
  });
  if (damage.bytes > 0) handle(file, damage, scan);
  return scan;
}

}  // namespace md2
