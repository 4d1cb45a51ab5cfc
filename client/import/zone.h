#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace md2 {

/// A time zone of the system's, from its file (TZif, RFC 8536), so that no process's TZ has to be changed for it.
class Zone {
 public:
  /// Of the bytes of such a file; nothing when they are none.
  static std::optional<Zone> parse(std::string_view file);

  /// Seconds east of Greenwich at that moment, in seconds since 1970.
  int offset_at(std::int64_t seconds) const;

 private:
  struct Change {
    std::int64_t from;
    int offset;
  };

  /// What holds behind the last change, by the rule at the file's end (tzset(3)): `CET-1CEST,M3.5.0,M10.5.0/3`.
  struct Rule {
    struct Day {
      int month = 0, week = 0, weekday = 0;  ///< the week-th such day of the month, 5: the last
      int seconds = 7200;                    ///< of that day
    };
    int standard = 0;
    std::optional<int> summer;
    Day begin, end;
  };

  static std::optional<Rule> parse_rule(std::string_view text);
  static int offset_by(const Rule& rule, std::int64_t seconds);

  int first_ = 0;  ///< before all changes
  std::vector<Change> changes_;
  std::optional<Rule> rule_;
};

/// Minutes east of Greenwich in the zone of that name (`Asia/Shanghai`) at that moment, in seconds since 1970. Nothing
/// when the system has no such zone. Remembers the zones that were asked for.
std::optional<int> offset_in_zone(const std::string& name, std::int64_t seconds);

}  // namespace md2
