// Times of entries: what is understood is shown by the clock as it was asked for, and all else is refused.
#include "common/diary/when.h"

#include "common/text/text.h"
#include "tests/fuzz/input.h"

using namespace md2;
using namespace md2::fuzz;

namespace {

constexpr std::int64_t day = 86'400'000'000;  // microseconds

/// A zone that is put forward and back by an hour every so many microseconds.
struct FuzzClock : Clock {
  WallTime wall() override { return {micros, offset_at(micros)}; }
  int offset_at(std::int64_t at) override { return base + ((at / period) % 2 == 0 ? 0 : 60); }

  std::int64_t micros = 0;
  std::int64_t period = 0;
  int base = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Input input(data, size);
  FuzzClock clock;
  clock.base = (input.byte() - 128) * 5;
  clock.period = (30 + input.byte()) * day;
  // From 1970 to some 75 years later.
  for (int i = 0; i < 3; ++i) clock.micros = clock.micros * 256 + input.byte();
  clock.micros = clock.micros * 141'421'356 + 1;
  const std::string_view line = input.rest();
  const DatedLine dated = split_when(line);
  require(dated.when.data() == nullptr || (dated.when.data() >= line.data() && dated.text.size() <= line.size()));
  require(trimmed(dated.text) == dated.text);
  try {
    const Timestamp time = parse_when(dated.when, clock);
    require(time.micros <= clock.micros + day);
    require(time.offset_minutes == clock.offset_at(time.micros));
    // The same in other words.
    const std::string written = to_string(time).substr(0, 19);
    const Timestamp again = parse_when(written, clock);
    require(again.micros <= time.micros && to_string(again).substr(0, 26) == to_string(time).substr(0, 26));
  } catch (const WhenError& error) {
    require(text_error(error.what()).empty());  // a terminal obeys nothing of it
  }
  return 0;
}
