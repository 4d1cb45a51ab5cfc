#include "client/import/zone.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <system_error>

namespace md2 {
namespace {

constexpr std::size_t header_size = 44;

/// A number in network byte order.
std::int64_t number_at(std::string_view bytes, std::size_t at, std::size_t size) {
  std::uint64_t value = 0;
  for (std::size_t i = at; i < at + size; ++i) value = value << 8 | static_cast<unsigned char>(bytes[i]);
  if (size == 4) return static_cast<std::int32_t>(static_cast<std::uint32_t>(value));
  return static_cast<std::int64_t>(value);
}

/// One of the two blocks of a file, of which the second has eight bytes for a time.
struct Block {
  std::size_t times = 0, types = 0, names = 0, leaps = 0, standards = 0, utcs = 0;  ///< how many

  static std::optional<Block> parse(std::string_view bytes) {
    if (bytes.size() < header_size || !bytes.starts_with("TZif")) return std::nullopt;
    const auto count = [&](std::size_t at) { return static_cast<std::size_t>(number_at(bytes, at, 4)) & 0xffff; };
    return Block{count(32), count(36), count(40), count(28), count(24), count(20)};
  }

  std::size_t size(std::size_t of_time) const {
    return header_size + times * (of_time + 1) + types * 6 + names + leaps * (of_time + 4) + standards + utcs;
  }
};

bool take_sign(std::string_view& text, char sign) {
  if (!text.starts_with(sign)) return false;
  text.remove_prefix(1);
  return true;
}

std::optional<int> take_digits(std::string_view& text) {
  std::size_t length = 0;
  int value = 0;
  for (; length < text.size() && length < 4 && text[length] >= '0' && text[length] <= '9'; ++length) {
    value = value * 10 + (text[length] - '0');
  }
  text.remove_prefix(length);
  return length > 0 ? std::optional(value) : std::nullopt;
}

/// `[+-]hh[:mm[:ss]]`
std::optional<int> take_seconds(std::string_view& text) {
  const bool negative = take_sign(text, '-');
  if (!negative) take_sign(text, '+');
  const auto hours = take_digits(text);
  if (!hours) return std::nullopt;
  int seconds = *hours * 3600;
  for (int unit = 60; unit > 0 && take_sign(text, ':'); unit /= 60) seconds += take_digits(text).value_or(0) * unit;
  return negative ? -seconds : seconds;
}

/// `CET`, `<+0330>`
bool take_name(std::string_view& text) {
  const bool quoted = take_sign(text, '<');
  const std::size_t end = quoted ? text.find('>') : text.find_first_of("+-0123456789,");
  if (quoted && end == text.npos) return false;
  const std::size_t length = std::min(end, text.size());
  text.remove_prefix(length + (quoted ? 1 : 0));
  return length > 0;
}

}  // namespace

std::optional<Zone> Zone::parse(std::string_view file) {
  const auto first = Block::parse(file);
  if (!first || file[4] < '2' || file.size() < first->size(4)) return std::nullopt;
  file.remove_prefix(first->size(4));
  const auto block = Block::parse(file);
  if (!block || block->types == 0 || file.size() < block->size(8)) return std::nullopt;
  const std::size_t indices = header_size + block->times * 8;
  const std::size_t types = indices + block->times;
  const auto offset = [&](std::size_t type) {
    return static_cast<int>(number_at(file, types + std::min(type, block->types - 1) * 6, 4));
  };
  Zone zone;
  zone.first_ = offset(0);
  zone.changes_.reserve(block->times);
  for (std::size_t i = 0; i < block->times; ++i) {
    const auto type = static_cast<unsigned char>(file[indices + i]);
    zone.changes_.push_back({number_at(file, header_size + i * 8, 8), offset(type)});
  }
  std::string_view rule = file.substr(block->size(8));
  if (take_sign(rule, '\n')) zone.rule_ = parse_rule(rule.substr(0, rule.find('\n')));
  return zone;
}

std::optional<Zone::Rule> Zone::parse_rule(std::string_view text) {
  Rule rule;
  if (!take_name(text)) return std::nullopt;
  const auto standard = take_seconds(text);
  if (!standard) return std::nullopt;
  rule.standard = -*standard;
  if (text.empty()) return rule;
  if (!take_name(text)) return std::nullopt;
  const auto summer = text.starts_with(',') ? std::nullopt : take_seconds(text);
  rule.summer = summer ? -*summer : rule.standard + 3600;
  for (Rule::Day* const day : {&rule.begin, &rule.end}) {
    if (!take_sign(text, ',') || !take_sign(text, 'M')) return std::nullopt;
    for (int* const part : {&day->month, &day->week, &day->weekday}) {
      const auto number = take_digits(text);
      if (!number) return std::nullopt;
      *part = *number;
      take_sign(text, '.');
    }
    if (take_sign(text, '/')) day->seconds = take_seconds(text).value_or(day->seconds);
    if (day->month < 1 || day->month > 12 || day->week < 1 || day->week > 5 || day->weekday > 6) return std::nullopt;
  }
  return rule;
}

int Zone::offset_by(const Rule& rule, std::int64_t seconds) {
  using namespace std::chrono;
  if (!rule.summer) return rule.standard;
  const year_month_day date{floor<days>(sys_seconds(std::chrono::seconds(seconds + rule.standard)))};
  const auto moment = [&](const Rule::Day& day, int offset) {
    const year_month month = date.year() / day.month;
    const std::chrono::weekday of_week(static_cast<unsigned>(day.weekday));
    const sys_days at =
        day.week == 5 ? sys_days(month / of_week[last]) : sys_days(month / of_week[static_cast<unsigned>(day.week)]);
    return sys_seconds(at).time_since_epoch().count() + day.seconds - offset;
  };
  const std::int64_t begin = moment(rule.begin, rule.standard);
  const std::int64_t end = moment(rule.end, *rule.summer);
  // In the south summer lasts over the turn of the year.
  const bool is_summer = begin < end ? seconds >= begin && seconds < end : seconds >= begin || seconds < end;
  return is_summer ? *rule.summer : rule.standard;
}

int Zone::offset_at(std::int64_t seconds) const {
  const auto next = std::ranges::upper_bound(changes_, seconds, {}, &Change::from);
  if (next == changes_.end() && rule_) return offset_by(*rule_, seconds);
  return next == changes_.begin() ? first_ : std::prev(next)->offset;
}

std::optional<int> offset_in_zone(const std::string& name, std::int64_t seconds) {
  static std::map<std::string, std::optional<Zone>> zones;
  if (name.empty() || name.front() == '/' || name.find("..") != name.npos) return std::nullopt;
  auto found = zones.find(name);
  if (found == zones.end()) {
    const char* const folder = std::getenv("TZDIR");
    const std::string path = std::string(folder != nullptr ? folder : "/usr/share/zoneinfo") + "/" + name;
    std::error_code failure;
    std::string bytes;
    if (std::filesystem::is_regular_file(path, failure)) {
      std::ifstream file(path, std::ios::binary);
      bytes.assign(std::istreambuf_iterator<char>(file), {});
    }
    found = zones.emplace(name, Zone::parse(bytes)).first;
  }
  if (!found->second) return std::nullopt;
  return found->second->offset_at(seconds) / 60;
}

}  // namespace md2
