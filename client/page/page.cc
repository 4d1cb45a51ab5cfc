#include "client/page/page.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "client/page/calendar_names.h"
#include "client/page/find_matches.h"
#include "common/os/language.h"
#include "common/text/cluster.h"
#include "common/text/lines.h"
#include "common/text/text.h"

namespace md2 {
namespace {

constexpr int narrowest = 20;             ///< columns of a terminal where text beside the hour can be read
constexpr std::size_t text_column = 7;    ///< `21:26  `
constexpr std::string_view pencil = "✎";  ///< one column
constexpr std::size_t tab_stop = 8;       ///< columns
constexpr std::string_view day_on = "\033[1m", day_off = "\033[22m";
constexpr std::string_view hit_on = "\033[7m", hit_off = "\033[27m";
constexpr std::string_view tag_on = "\033[36m", tag_off = "\033[39m";

/// Replaces each tab by the spaces up to its stop.
void expand_tabs(std::string& line) {
  if (line.find('\t') == std::string::npos) return;
  std::string out;
  std::size_t column = 0;
  for (std::size_t at = 0; at < line.size();) {
    const Cluster c = cluster_at(line, at);
    const bool tab = c.first == '\t';
    const std::size_t columns = tab ? tab_stop - column % tab_stop : static_cast<std::size_t>(c.columns);
    if (tab) out.append(columns, ' ');
    const std::size_t shown = tab ? 1 : 0;  // of the cluster: marks may stand on a tab
    out.append(line, at + shown, c.length - shown);
    column += columns;
    at += c.length;
  }
  line = std::move(out);
}

/// A correction that stands by itself.
std::string correction_line(const ReadItem& read) {
  constexpr std::size_t to_the_minute = 16;
  const std::string when = to_string(read.corrects->time).substr(0, to_the_minute);
  return read.strikes() ? tr("{} {} struck out", pencil, when) : fmt::format("{} {}  {}", pencil, when, read.text);
}

/// The first of the ranges that ends after `at`; an empty one at `none` when there is no such range.
TextRange range_from(const std::vector<TextRange>& ranges, std::size_t at, std::size_t none) {
  const auto range = std::ranges::upper_bound(ranges, at, {}, &TextRange::end);
  return range == ranges.end() ? TextRange{none, none} : *range;
}

}  // namespace

std::string no_answer(const Query& query) {
  const std::string note = sanitised(query.note);
  return note.empty() ? tr(nothing_found) : tr(nothing_found) + tr("; ") + note;
}

void Page::add(std::string& out, const ReadItem& read) {
  const EntryReader::Item& item = read.item;
  if (item.raw == byte_order_mark) return;
  if (!item.time) return add_text(out, read.text, 0);
  // The header has been checked, so its parts stand where they must: [YYYY-MM-DD HH:MM:...
  const std::string_view header = item.raw;
  if (header.substr(1, 10) != day_) {
    day_ = header.substr(1, 10);
    if (style_.colour) out += day_on;
    out += day_;
    out += ' ';
    out += weekday_name(weekday(local_date(*item.time)));
    if (style_.colour) out += day_off;
    out += '\n';
  }
  out += header.substr(12, 5);
  const bool beside = style_.columns == 0 || style_.columns >= narrowest;
  out += read.corrected ? pencil : beside ? " " : "";
  out += beside ? ' ' : '\n';
  const std::size_t indent = beside ? text_column : 0;
  read.corrects ? add_text(out, correction_line(read), indent) : add_text(out, read.text, indent);
}

void Page::add_text(std::string& out, std::string_view text, std::size_t indent) {
  bool first = true;
  for (const std::string_view line : Lines(text)) {
    if (!std::exchange(first, false) && !line.empty()) out.append(indent, ' ');
    if (!add_rows(out, line, indent, TextRows::Kind::plain)) {
      line_.clear();
      append_sanitised(line_, line);
      expand_tabs(line_);
      add_rows(out, line_, indent, TextRows::Kind::any);
    }
    out += '\n';
  }
}

/// False, and nothing was added, when the line is not of that kind.
bool Page::add_rows(std::string& out, std::string_view line, std::size_t indent, TextRows::Kind kind) {
  const auto columns = style_.columns == 0 ? 0 : static_cast<std::size_t>(std::max(style_.columns, 2));
  const std::size_t before = out.size();
  TextRows rows(line, {columns, indent}, kind);
  while (rows.next()) {
    const TextRows::Row row = rows.row();
    if (row.begin == 0 && style_.colour) {
      tags_.clear();
      for (auto tag = find_tag(line, 0); tag; tag = find_tag(line, tag->end)) tags_.push_back(*tag);
      find_matches(query_, line, hits_);
    }
    if (row.begin > 0) out.append(1, '\n').append(indent, ' ');
    add_marked(out, line, row.begin, row.end);
  }
  if (rows.failed()) out.resize(before);
  return !rows.failed();
}

void Page::add_marked(std::string& out, std::string_view line, std::size_t begin, std::size_t end) {
  while (begin < end) {
    const TextRange tag = range_from(tags_, begin, end);
    const TextRange hit = range_from(hits_, begin, end);
    const bool in_tag = tag.begin <= begin;
    const bool in_hit = hit.begin <= begin;
    const std::size_t stop = std::min({end, in_tag ? tag.end : tag.begin, in_hit ? hit.end : hit.begin});
    if (in_tag) out += tag_on;
    if (in_hit) out += hit_on;
    out += line.substr(begin, stop - begin);
    if (in_hit) out += hit_off;
    if (in_tag) out += tag_off;
    begin = stop;
  }
}

}  // namespace md2
