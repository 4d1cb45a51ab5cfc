#include "tests/picture/film.h"

#include <fmt/format.h>

#include <array>
#include <iterator>
#include <string_view>
#include <utility>

#include "common/text/character.h"

namespace md2::test {
namespace {

// Of the picture, in pixels.
constexpr int cell_width = 9, cell_height = 20, baseline = 15, margin = 18, title_height = 34;

constexpr std::string_view ground = "#1c1e26", letters = "#d9dce3", cursor_colour = "#8fa1b3";

/// Of the 256 colours of a terminal (xterm's): 16 that each has its own of, a cube of 6 x 6 x 6, and 24 greys.
std::string colour(int number) {
  constexpr std::array own = {"#30343f", "#e06c75", "#8fce9b", "#e5c07b", "#61afef", "#c678dd", "#56b6c2", "#d9dce3",
                              "#7a8291", "#ff8790", "#b5e8b0", "#ffd68a", "#82c4ff", "#dd9bf0", "#7fd6e0", "#ffffff"};
  constexpr int cube = 16, greys = 232, sides = 6;
  if (number < cube) return own.at(static_cast<std::size_t>(number));
  const auto level = [](int side) { return side == 0 ? 0 : 55 + 40 * side; };
  const int grey = 8 + 10 * (number - greys), place = number - cube;
  const int red = number >= greys ? grey : level(place / sides / sides);
  const int green = number >= greys ? grey : level(place / sides % sides);
  const int blue = number >= greys ? grey : level(place % sides);
  return fmt::format("#{:02x}{:02x}{:02x}", red, green, blue);
}

void append_escaped(std::string& out, std::string_view text) {
  for (const char c : text) {
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else
      out += c;
  }
}

/// Cells side by side that look alike and are equally wide.
struct Run {
  int column = 0;
  int cells = 0;
  bool wide = false;
  Emulator::Look look;
  std::string text;
};

std::vector<Run> runs_of(const Screen& screen, int number, const std::string& row) {
  std::vector<Run> runs;
  int column = 0;
  for (std::size_t at = 0; at < row.size();) {
    const Character character = character_at(row, at);
    const int width = width_of(character.code);
    const Emulator::Look look = screen.look({number, column});
    if (runs.empty() || runs.back().look != look || runs.back().wide != (width == 2))
      runs.push_back({column, 0, width == 2, look, {}});
    runs.back().text += row.substr(at, character.length);
    runs.back().cells += width;
    column += width;
    at += character.length;
  }
  return runs;
}

/// Each run is as wide as its cells, whatever font the reader has.
std::string drawn(const std::vector<Run>& runs) {
  std::string out;
  for (const Run& run : runs) {
    const std::string own = run.look.letters < 0 ? std::string(letters) : colour(run.look.letters);
    const std::string behind = run.look.ground < 0 ? std::string(ground) : colour(run.look.ground);
    const int x = run.column * cell_width, width = run.cells * cell_width;
    if (run.look.inverse || run.look.ground >= 0)
      out += fmt::format("<rect x='{}' width='{}' height='{}' fill='{}'/>", x, width, cell_height,
                         run.look.inverse ? own : behind);
    if (run.text.find_first_not_of(' ') == run.text.npos) continue;
    out += fmt::format("<text x='{}' y='{}' textLength='{}' fill='{}'>", x, baseline, width,
                       run.look.inverse ? behind : own);
    append_escaped(out, run.text);
    out += "</text>";
  }
  return out;
}

}  // namespace

void Film::shoot(const Screen& screen, double seconds) {
  const double begin = shots_.empty() ? 0 : shots_.back().end;
  Shot shot{{}, screen.cursor(), begin, begin + seconds};
  for (int row = 0; row < rows_; ++row) {
    std::string one = drawn(runs_of(screen, row, screen.row(row)));
    const auto [known, is_new] = known_.try_emplace(one, drawn_.size());
    if (is_new) drawn_.push_back(std::move(one));
    shot.rows.push_back(known->second);
  }
  shots_.push_back(std::move(shot));
}

std::string Film::svg(const std::string& title) const {
  const int width = columns_ * cell_width + 2 * margin, height = rows_ * cell_height + title_height + margin;
  const double length = shots_.back().end;
  std::string out;
  const auto add = [&out](auto format, const auto&... values) {
    fmt::format_to(std::back_inserter(out), fmt::runtime(format), values...);
  };
  add("<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {} {}' role='img'>\n<title>", width, height);
  append_escaped(out, title);
  out += "</title>\n<style>\n";
  out += "text{font:15px 'DejaVu Sans Mono',Menlo,Consolas,'Noto Sans Mono CJK SC',monospace;white-space:pre}\n";
  add(".s{{visibility:hidden;animation:{:.2f}s step-end infinite}}\n", length);
  for (std::size_t i = 0; i < shots_.size(); ++i) {
    const double begin = 100 * shots_[i].begin / length, end = 100 * shots_[i].end / length;
    add("@keyframes k{}{{0%{{visibility:{}}}", i, i == 0 ? "visible" : "hidden");
    if (i > 0) add("{:.2f}%{{visibility:visible}}", begin);
    if (i + 1 < shots_.size()) add("{:.2f}%{{visibility:hidden}}", end);
    add("}}\n#s{}{{animation-name:k{}}}\n", i, i);
  }
  add("@media (prefers-reduced-motion){{.s{{animation:none}}#s{}{{visibility:visible}}}}\n</style>\n",
      shots_.size() - 1);
  out += "<defs>\n";
  for (std::size_t i = 0; i < drawn_.size(); ++i) add("<g id='r{}'>{}</g>\n", i, drawn_[i]);
  add("</defs>\n<rect width='{}' height='{}' rx='8' fill='{}'/>\n", width, height, ground);
  for (const auto& [x, light] : {std::pair{20, 1}, {40, 3}, {60, 2}})
    add("<circle cx='{}' cy='17' r='6' fill='{}'/>\n", x, colour(light));
  for (std::size_t i = 0; i < shots_.size(); ++i) {
    const Shot& shot = shots_[i];
    add("<g class='s' id='s{}' transform='translate({} {})'>", i, margin, title_height);
    add("<rect x='{}' y='{}' width='{}' height='{}' fill='{}'/>", shot.cursor.column * cell_width,
        shot.cursor.row * cell_height, cell_width, cell_height, cursor_colour);
    for (std::size_t row = 0; row < shot.rows.size(); ++row) {
      if (!drawn_[shot.rows[row]].empty())
        add("<use href='#r{}' y='{}'/>", shot.rows[row], row * static_cast<std::size_t>(cell_height));
    }
    out += "</g>\n";
  }
  return out + "</svg>\n";
}

}  // namespace md2::test
