#include "client/import/importer.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "common/diary/correction.h"
#include "common/diary/entry.h"
#include "common/os/language.h"
#include "common/text/lines.h"
#include "common/text/text.h"

namespace md2 {
namespace {

/// The reason of text_error() with the line counted from `line` on.
std::string fault_in(std::string_view text, std::uint64_t line) {
  for (const std::string_view one : Lines(text)) {
    if (std::string fault = text_error(one, line); !fault.empty()) return fault;
    ++line;
  }
  return {};
}

/// `stored` is what is left of the item's text.
Imported imported(const Item& item, Timestamp time, std::string stored) {
  Imported result;
  result.has_own_time = item.kind != Item::Kind::paragraph;
  result.line = item.line;
  const std::string time_fault = time_error(time);
  const std::string fault = entry_error(stored);
  if (!time_fault.empty()) {
    result.fault = tr("line {}: {}", item.line, time_fault);
  } else if (fault.empty()) {
    result.encoded = encode({time, std::move(stored)});
  } else if (stored.empty() || stored.size() > max_text) {
    result.fault = tr("line {}: {}", item.line, fault);
  } else {  // of the whole text: blank lines before what is kept count, too
    result.fault = fault_in(item.text, std::max(item.line, item.text_line));
  }
  return result;
}

/// What speaks against an item before its time and text are looked at.
std::optional<Imported> faulty(const Item& item) {
  if (item.fault.empty() && !item.is_cut) return std::nullopt;
  Imported result;
  result.has_own_time = item.kind != Item::Kind::paragraph;
  result.line = item.line;
  result.fault = !item.fault.empty()
                     ? item.fault
                     : tr("line {}: the entry has more than the 1 MiB that one entry may have", item.line);
  return result;
}

}  // namespace

Imported import_exact(const Item& item) {
  if (auto fault = faulty(item)) return *std::move(fault);
  std::string text(trimmed_of_ascii(item.text));
  std::optional<Imported::Correction> correction;
  if (item.corrected) {
    const EntryName first{item.time, item.corrected->first};
    correction = {first, encode({item.corrected->when, correction_text({first, text})})};
  }
  Imported result = imported(item, item.time, item.is_stored ? std::move(text) : as_stored(std::move(text)));
  result.correction = std::move(correction);
  return result;
}

Imported Importer::make(const Item& item, bool interrupted) {
  Imported result = made_of(item);
  const bool is_exact = item.kind == Item::Kind::exact;
  const bool is_cut_off = (interrupted && item.is_open) || (stream_ && is_exact && item.is_unended);
  if (is_cut_off && result.fault.empty() && !result.is_empty)
    result.fault = tr("line {}: the input ends in the middle of this entry", item.line);
  return result;
}

Imported Importer::made_of(const Item& item) {
  if (item.kind == Item::Kind::exact) return import_exact(item);
  if (auto fault = faulty(item)) return *std::move(fault);
  const std::string_view text = trimmed(item.text);
  if (item.kind == Item::Kind::dated && text.empty()) {
    Imported empty;
    empty.line = item.line;
    empty.is_empty = true;
    return empty;
  }
  std::string stored = as_stored(std::string(text));
  const Timestamp time = item.kind == Item::Kind::dated ? place(item.time, stored)
                         : changed_                     ? clock_.next_from(*changed_)
                                                        : clock_.next();
  Imported result = imported(item, time, std::move(stored));
  if (item.kind == Item::Kind::paragraph) result.text = text;
  return result;
}

Timestamp Importer::place(Timestamp moment, std::string_view stored) {
  constexpr std::uint32_t second = 1'000'000;
  if (std::exchange(moment_, moment) != moment) seen_.clear();
  const std::uint32_t hash = name_hash(stored);
  const std::uint32_t number = seen_[hash]++;
  moment.micros += (std::uint64_t{hash} + number) % second;
  return moment;
}

}  // namespace md2
