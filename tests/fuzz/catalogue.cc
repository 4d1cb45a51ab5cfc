// A catalogue of messages: whatever its bytes are, a message is found in it or not.
#include "common/os/catalogue.h"

#include <cstdint>
#include <string>

#include "tests/fuzz/input.h"

using namespace md2;
using namespace md2::fuzz;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto catalogue = Catalogue::read(std::string(Input(data, size).rest()));
  if (!catalogue) return 0;
  for (const char* const text : {"", "another", "{} entry", "{} of {}", "\xff"}) {
    for (const unsigned number : {1U, 2U}) require(catalogue->find(text, number).size() <= size);
  }
  return 0;
}
