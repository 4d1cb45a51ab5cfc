#pragma once

#include <fmt/format.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace md2::sim {

/// What can happen in a world; `names` has each in words.
enum class Kind {
  put,
  several_put,
  corrected,
  struck,
  put_failed,
  sync_failed_client,
  sent_between_put_and_sync,
  saved,
  saved_again,
  refused,
  failed,
  adopted,
  client_started,
  client_left,
  client_killed,
  server_started,
  server_left,
  server_failed,
  server_killed,
  power_cut,
  connection_cut,
  disk_full,
  sync_failed,
  short_write,
  clock_ahead,
  clock_back,
  zone_changed,
  impossible_zone,
  other_diary,
  read_asked,
  read_answered,
  read_broken,
  settled,
  owner_without_server,
  owner_between_calls,
  owner_in_sync,
  owner_in_place,
  owner_same_size,
  owner_by_rename,
  owner_copied_in,
  owner_sorted_lines,
  owner_sorted_entries,
  owner_cut,
  owner_appended,
  owner_note_unfinished,
  owner_long_note,
  owner_rescue,
  owner_changed_line,
  owner_took_out,
  owner_crlf,
  owner_removed,
  owner_older_copy,
  owner_turned_link,
  owner_half_save,
  count_of_kinds,
};

inline constexpr std::size_t kinds = static_cast<std::size_t>(Kind::count_of_kinds);

std::string_view name_of(Kind kind);

/// What happened in one world: how often each kind of thing, and for a person, a line each. Lines are only made when
/// somebody wants them.
class Story {
 public:
  explicit Story(bool told) : told_(told) {}

  template <typename... Values>
  void happens(Kind kind, fmt::format_string<Values...> text, Values&&... values) {
    ++counts_[static_cast<std::size_t>(kind)];
    tell(text, std::forward<Values>(values)...);
  }

  template <typename... Values>
  void tell(fmt::format_string<Values...> text, Values&&... values) {
    if (told_) add(fmt::format(text, std::forward<Values>(values)...));
  }

  /// Time of the lines to come, in seconds since the world began.
  void at(double seconds) { now_ = seconds; }

  const std::array<std::size_t, kinds>& counts() const { return counts_; }
  const std::vector<std::string>& lines() const { return lines_; }

 private:
  void add(std::string line);

  bool told_;
  double now_ = 0;
  std::array<std::size_t, kinds> counts_{};
  std::vector<std::string> lines_;
};

/// An entry or another text, short enough for a line of the story.
std::string brief(std::string_view text);

}  // namespace md2::sim
