// Corrections: what is read of a text is what was stored, and what corrects is the same again when it is written again.
#include "common/diary/correction.h"

#include "common/diary/entry.h"
#include "tests/fuzz/input.h"

using namespace md2;
using namespace md2::fuzz;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Input input(data, size);
  const std::string text(input.rest());
  const std::string stored = as_stored(text);
  require(as_read(stored) == text);
  require(!parse_correction(stored));
  const auto correction = parse_correction(text);
  require(correction.has_value() == (stored != text && text.starts_with(correction_sign)));
  if (!correction) return 0;
  const auto again = parse_correction(correction_text(*correction));
  require(again == correction);
  if (correction->of.hash)
    require(correction_text(*correction).size() <= correction_prefix + correction->text.size() + 1);
  return 0;
}
