// Old diaries of whatever form: by whatever pieces they come, the same is found in them, and what can be imported is an
// entry.
#include <string>
#include <vector>

#include "client/import/date_survey.h"
#include "client/import/format.h"
#include "client/import/importer.h"
#include "common/diary/entry.h"
#include "tests/fuzz/input.h"

using namespace md2;
using namespace md2::fuzz;

namespace {

struct Pieces : Source {
  Pieces(std::string_view text, std::size_t piece) : rest(text), size(piece) {}

  std::string_view next() override {
    const std::string_view piece = rest.substr(0, size);
    rest.remove_prefix(piece.size());
    return piece;
  }

  std::string_view rest;
  std::size_t size;
};

/// A zone without changes.
struct FuzzClock : Clock {
  WallTime wall() override { return {0, 480}; }
  int offset_at(std::int64_t /*micros*/) override { return 480; }
};

std::vector<std::string> imported(Format format, std::string_view text, std::size_t size) {
  FuzzClock zone;
  EntryClock clock({}, zone);
  Importer importer(clock, Timestamp{});
  std::vector<std::string> out;
  Pieces pieces(text, size);
  read_items(format, pieces, zone, [&](const Item& item) {
    const Imported one = importer.make(item);
    require(one.encoded.empty() == (one.is_empty || !one.fault.empty()));
    require(one.encoded.empty() || decode(one.encoded));
    out.push_back(one.encoded + one.fault);
  });
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Input input(data, size);
  const std::size_t step = 1 + input.byte();
  const std::string_view text = input.rest();
  const auto recognised = recognise(text, true);
  require(recognised.has_value());
  for (const FormatName& name : format_names()) {
    Pieces pieces(text, step);
    (void)survey_dates(name.format, pieces);
    require(imported(name.format, text, step) == imported(name.format, text, text.size() + 1));
  }
  return 0;
}
