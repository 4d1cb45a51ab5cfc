#include "tests/support/emulator.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "common/text/character.h"

namespace md2::test {
namespace {

constexpr std::uint32_t right_half = 0xffffffff;  ///< of a wide character, as libvterm marks it

std::string without_trailing_spaces(std::string row) {
  row.erase(row.find_last_not_of(' ') + 1);
  return row;
}

/// How many bytes at the end begin a UTF-8 character and do not end it.
std::size_t begun_character(std::string_view bytes) {
  for (std::size_t back = 1; back <= 3 && back <= bytes.size(); ++back) {
    const auto byte = static_cast<unsigned char>(bytes[bytes.size() - back]);
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return back < (byte >= 0xf0 ? 4U : byte >= 0xe0 ? 3U : 2U) ? back : 0;
  }
  return 0;
}

void append_cell(std::string& row, const VTermScreenCell& cell) {
  if (cell.chars[0] == 0) row += ' ';
  if (cell.chars[0] == right_half) return;
  for (int i = 0; i < VTERM_MAX_CHARS_PER_CELL && cell.chars[i] != 0; ++i)
    append_character(row, static_cast<char32_t>(cell.chars[i]));
}

}  // namespace

bool ends_with(std::vector<std::string> rows, Position cursor, const std::vector<std::string>& wanted, int column) {
  // The cursor's row may be an empty one below the last that shows something.
  rows.resize(std::max(rows.size(), static_cast<std::size_t>(cursor.row) + 1));
  return rows.size() >= wanted.size() && cursor == Position{static_cast<int>(rows.size()) - 1, column} &&
         std::equal(wanted.rbegin(), wanted.rend(), rows.rbegin());
}

Emulator::Emulator(int rows, int columns) : terminal_(vterm_new(rows, columns)) {
  static const VTermScreenCallbacks callbacks = [] {
    VTermScreenCallbacks result{};
    result.sb_pushline = &Emulator::push_line;
    return result;
  }();
  vterm_set_utf8(terminal_.get(), 1);
  vterm_output_set_callback(
      terminal_.get(),
      [](const char* bytes, std::size_t size, void* self) {
        static_cast<Emulator*>(self)->answers_.append(bytes, size);
      },
      this);
  screen_ = vterm_obtain_screen(terminal_.get());
  vterm_screen_set_callbacks(screen_, &callbacks, this);
  vterm_screen_enable_altscreen(screen_, 1);
  vterm_screen_reset(screen_, 1);
}

int Emulator::push_line(int columns, const VTermScreenCell* cells, void* self) {
  std::string row;
  for (int i = 0; i < columns; ++i) append_cell(row, cells[i]);
  auto& scrolled = static_cast<Emulator*>(self)->scrolled_;
  scrolled.push_back(without_trailing_spaces(row));
  if (scrolled.size() > kept_rows) scrolled.pop_front();
  return 1;
}

void Emulator::feed(std::string_view bytes) {
  begun_ += bytes;
  const std::size_t whole = begun_.size() - begun_character(begun_);
  vterm_input_write(terminal_.get(), begun_.data(), whole);
  begun_.erase(0, whole);
  // libvterm does not tell whether the mode is on.
  constexpr std::string_view on = "\x1b[?2004h";
  constexpr std::string_view off = "\x1b[?2004l";
  last_bytes_ += bytes;
  const std::size_t last_on = last_bytes_.rfind(on);
  const std::size_t last_off = last_bytes_.rfind(off);
  if (last_on != std::string::npos) paste_mode_ = last_off == std::string::npos || last_on > last_off;
  if (last_on == std::string::npos && last_off != std::string::npos) paste_mode_ = false;
  if (last_bytes_.size() >= on.size()) last_bytes_.erase(0, last_bytes_.size() - (on.size() - 1));
}

void Emulator::resize(int rows, int columns) {
  vterm_set_size(terminal_.get(), rows, columns);
}

std::vector<std::string> Emulator::rows() const {
  int row_count = 0;
  int column_count = 0;
  vterm_get_size(terminal_.get(), &row_count, &column_count);
  std::vector<std::string> rows;
  for (int row = 0; row < row_count; ++row) {
    std::string text;
    for (int column = 0; column < column_count; ++column) {
      VTermScreenCell cell;
      if (vterm_screen_get_cell(screen_, {row, column}, &cell) != 0) append_cell(text, cell);
    }
    rows.push_back(without_trailing_spaces(text));
  }
  while (!rows.empty() && rows.back().empty()) rows.pop_back();
  return rows;
}

std::string Emulator::text() const {
  std::string text;
  for (const std::string& row : scrolled_) text += row + '\n';
  for (const std::string& row : rows()) text += row + '\n';
  return text;
}

Emulator::Look Emulator::look(Position position) const {
  VTermScreenCell cell;
  if (vterm_screen_get_cell(screen_, {position.row, position.column}, &cell) == 0) return {};
  const auto index = [](const VTermColor& colour, bool own) {
    return !own && VTERM_COLOR_IS_INDEXED(&colour) ? static_cast<int>(colour.indexed.idx) : -1;
  };
  return {index(cell.bg, VTERM_COLOR_IS_DEFAULT_BG(&cell.bg)), index(cell.fg, VTERM_COLOR_IS_DEFAULT_FG(&cell.fg)),
          cell.attrs.reverse != 0};
}

Position Emulator::cursor() const {
  VTermPos position;
  vterm_state_get_cursorpos(vterm_obtain_state(terminal_.get()), &position);
  return {position.row, position.col};
}

void Emulator::press(VTermKey key, VTermModifier modifier) {
  vterm_keyboard_key(terminal_.get(), key, modifier);
}

void Emulator::press(char32_t character, VTermModifier modifier) {
  vterm_keyboard_unichar(terminal_.get(), character, modifier);
}

void Emulator::start_paste() {
  vterm_keyboard_start_paste(terminal_.get());
}

void Emulator::end_paste() {
  vterm_keyboard_end_paste(terminal_.get());
}

std::string Emulator::answers() {
  return std::exchange(answers_, {});
}

}  // namespace md2::test
