#include "client/import/json_reader.h"

#include <fmt/format.h>

#include <optional>
#include <utility>

#include "client/import/tags.h"
#include "client/import/written_date.h"
#include "client/import/zone.h"
#include "common/diary/correction.h"
#include "common/diary/entry.h"
#include "common/os/language.h"

namespace md2 {
namespace {

Item item_at(const JsonEntry& entry, const std::string& text) {
  Item item;
  item.line = entry.line;
  item.is_cut = text.size() > max_encoded;
  item.text = unix_text(text);
  return item;
}

/// Sets the time that is written there, or says that it is none.
void set_time(Item& item, const std::string& written, Clock& clock) {
  const auto date = read_written_date(written);
  if (date && date->rest.empty()) {
    item.kind = Item::Kind::dated;
    item.time = moment_of(*date, clock);
  } else {
    item.fault = tr("line {}: '{}' is no time", item.line, written.substr(0, 40));
  }
}

/// `2015-10-28T21:26:03.417293+08:00`
std::optional<Timestamp> exact_time(std::string time) {
  if (const std::size_t t = time.find('T'); t != time.npos) time[t] = ' ';
  return parse_timestamp(time);
}

std::string without_escapes(const std::string& text) {
  constexpr std::string_view escaped = ".-+()[]!";
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size() && escaped.find(text[i + 1]) != escaped.npos) ++i;
    out += text[i];
  }
  return out;
}

}  // namespace

Item item_of_md2(const JsonEntry& entry, Clock& clock) {
  Item item = item_at(entry, entry["text"]);
  const std::string time = entry["time"];
  if (time.empty()) return item;
  const auto hash = parse_name_hash(entry["hash"]);
  if (const auto corrected = exact_time(entry["corrects"])) {
    item.text = correction_text({{*corrected, hash}, item.text});
    item.is_stored = true;
  }
  set_time(item, time, clock);
  if (const auto exact = exact_time(time)) {
    item.kind = Item::Kind::exact;
    item.time = *exact;
    if (const auto when = exact_time(entry["corrected"]); when && hash) item.corrected = {*when, *hash};
  }
  return item;
}

Item item_of_jrnl(const JsonEntry& entry, Clock& clock) {
  std::string text = entry["title"];
  text.erase(text.find_last_not_of(" \n") + 1);
  if (entry.starred) text += " *";
  if (const std::string body = entry["body"]; !body.empty()) text += '\n' + body;
  Item item = item_at(entry, text);
  set_time(item, entry["date"] + " " + entry["time"], clock);
  return item;
}

Item item_of_day_one(const JsonEntry& entry, Clock& clock) {
  std::string text = without_escapes(entry["text"]);
  add_tags(text, entry.tags);
  Item item = item_at(entry, text);
  set_time(item, entry["creationDate"], clock);
  constexpr std::int64_t second = 1'000'000;
  if (const auto offset = offset_in_zone(entry["timeZone"], item.time.micros / second))
    item.time.offset_minutes = *offset;
  return item;
}

void read_json(Source& source, Clock& clock, const TakeItem& take) {
  std::uint64_t line = 1;
  std::string fault = read_json_entries(source, [&](const JsonEntry& entry) {
    line = entry.line;
    const auto has = [&](const char* key) { return entry.strings.contains(key); };
    if (has("creationDate")) return take(item_of_day_one(entry, clock));
    if (has("date") && (has("title") || has("body"))) return take(item_of_jrnl(entry, clock));
    if (has("text")) return take(item_of_md2(entry, clock));
    Item item = item_at(entry, {});
    item.fault = tr("line {}: neither md2 nor jrnl nor Day One writes such an entry", entry.line);
    take(std::move(item));
  });
  if (fault.empty()) return;
  Item item;
  item.line = line;
  item.fault = std::move(fault);
  take(std::move(item));
}

}  // namespace md2
