// Key files: keys or an Error that shows none of them.
#include "common/net/keys.h"

#include <cstdint>
#include <string>

#include "common/os/error.h"
#include "tests/fuzz/input.h"

using namespace md2;
using namespace md2::fuzz;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = Input(data, size).rest();
  try {
    for (const Key& key : parse_keys(text, "keys")) {
      require(!key.identity.empty() && key.identity.size() <= max_identity);
      require(text.find(key.identity + ':') != text.npos);
    }
  } catch (const Error& error) {
    const std::string_view says = error.what();
    for (std::size_t colon = text.find(':'); colon != text.npos; colon = text.find(':', colon + 1)) {
      const std::string_view secret = text.substr(colon + 1, 16);
      const bool is_hex = secret.size() == 16 && secret.find_first_not_of("0123456789abcdefABCDEF") == secret.npos;
      // What stands somewhere else as well may be a name, which an Error may show.
      if (is_hex && text.find(secret) == text.rfind(secret)) require(says.find(secret) == says.npos);
    }
  }
  return 0;
}
