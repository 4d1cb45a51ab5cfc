// The diary as a person reads it: whatever it holds and however narrow the terminal is, the page comes to its end,
// obeys nothing that it shows, and drops nothing but bare spaces where a row ends.
#include "client/page/page.h"

#include <cstdint>
#include <string>
#include <string_view>

#include "client/page/text_rows.h"
#include "common/text/lines.h"
#include "common/text/text.h"
#include "tests/fuzz/input.h"

using namespace md2;
using namespace md2::fuzz;

namespace {

/// False when the line is not of the kind.
bool check_rows(std::string_view line, TextRows::Layout layout, TextRows::Kind kind) {
  std::size_t end = 0;
  std::size_t count = 0;
  TextRows rows(line, layout, kind);
  while (rows.next()) {
    require(++count <= line.size() + 1);
    require(rows.row().begin >= end && rows.row().end >= rows.row().begin);
    require(line.substr(end, rows.row().begin - end).find_first_not_of(' ') == line.npos);
    end = rows.row().end;
  }
  if (rows.failed()) return false;
  require(line.find_first_not_of(' ', end) == line.npos);
  return true;
}

void check_text(std::string_view text, TextRows::Layout layout) {
  std::string harmless;
  append_sanitised(harmless, text);
  for (const std::string_view line : Lines(harmless)) {
    if (line.find('\t') != line.npos) continue;
    require(check_rows(line, layout, TextRows::Kind::any));
    check_rows(line, layout, TextRows::Kind::plain);
  }
}

void check_page(std::string_view diary, int columns) {
  CorrectedReader reader;
  reader.feed(diary);
  reader.finish();
  Page page({columns, false});
  std::string out;
  while (const auto item = reader.next()) page.add(out, *item);
  for (const char c : out) require(c == '\n' || static_cast<unsigned char>(c) >= 0x20);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Input input(data, size);
  const std::size_t columns = input.byte();
  const std::size_t indent = input.byte();
  const std::string_view bytes = input.rest();
  check_page(bytes, static_cast<int>(columns));
  if (columns >= 2) check_text(bytes, {columns, indent % columns});
  return 0;
}
