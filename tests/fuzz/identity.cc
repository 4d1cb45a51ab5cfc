// FILE.id: a note or nothing, and a note reads back as it is written.
#include "server/diary/identity.h"

#include <cstdint>

#include "common/diary/identity.h"
#include "tests/fuzz/input.h"

using namespace md2;
using namespace md2::fuzz;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto note = parse_identity_note(Input(data, size).rest());
  if (!note) return 0;
  require(is_diary_identity(note->id));
  require(note->formerly.size() <= Identity::max_formerly);
  for (const std::string& id : note->formerly) require(is_diary_identity(id));
  require(parse_identity_note(to_string(*note)) == note);
  return 0;
}
