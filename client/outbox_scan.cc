#include "client/outbox_scan.h"

#include <fmt/format.h>

#include <vector>

#include "common/entry.h"
#include "common/entry_reader.h"
#include "common/error.h"

namespace md2 {
namespace {

constexpr std::size_t piece = std::size_t{256} << 10;

void add(const EntryReader::Item& item, OutboxIndex& index, std::vector<OutboxFile::Range>& damage) {
  if (decode(item.raw)) return index.add(item.raw.size(), true);
  const std::uint64_t end = item.offset + item.raw.size();
  index.add_gap(item.raw.size());
  if (!damage.empty() && damage.back().end == item.offset) {
    damage.back().end = end;
  } else {
    damage.push_back({item.offset, end});
  }
}

void move_aside(OutboxFile& file, const std::vector<OutboxFile::Range>& damage, OutboxScan& scan) {
  std::uint64_t bytes = 0;
  for (const OutboxFile::Range& range : damage) bytes += range.end - range.begin;
  try {
    const std::string copy = file.move_aside(damage);
    scan.notice = fmt::format("{} bytes in '{}' are no whole entry (a write was cut short); they are kept in '{}'",
                              bytes, file.path(), copy);
  } catch (const Error& error) {
    scan.must_stay = true;
    scan.notice =
        fmt::format("{} bytes in '{}' are no whole entry (a write was cut short); they stay there, because: {}", bytes,
                    file.path(), error.what());
  }
}

}  // namespace

OutboxScan scan_outbox(OutboxFile& file, std::uint64_t first_id) {
  OutboxScan scan{OutboxIndex(first_id), {}, false};
  std::vector<OutboxFile::Range> damage;
  EntryReader reader;
  for (std::uint64_t offset = 0;;) {
    const std::string bytes = file.read(offset, piece);
    offset += bytes.size();
    if (bytes.empty()) reader.finish();
    reader.feed(bytes);
    while (const auto item = reader.next()) add(*item, scan.index, damage);
    if (bytes.empty()) break;
  }
  if (!damage.empty()) move_aside(file, damage, scan);
  return scan;
}

}  // namespace md2
