#include "tests/support/catalogue_bytes.h"

#include <cstddef>
#include <cstdint>

namespace md2::test {
namespace {

void append_number(std::string& out, std::size_t number) {
  for (int shift = 0; shift < 32; shift += 8) out += static_cast<char>(number >> shift & 0xff);
}

}  // namespace

std::string catalogue_bytes(const std::map<std::string, std::string>& messages) {
  constexpr std::size_t header = 28;
  const std::size_t table = messages.size() * 8;
  std::string out;
  for (const std::size_t number : {std::size_t{0x950412de}, std::size_t{0}, messages.size(), header, header + table,
                                   std::size_t{0}, header + 2 * table})
    append_number(out, number);
  std::string originals;
  std::string translations;
  std::string texts;
  const auto add = [&](std::string& to, const std::string& text) {
    append_number(to, text.size());
    append_number(to, header + 2 * table + texts.size());
    texts += text + '\0';
  };
  for (const auto& [original, translation] : messages) {
    add(originals, original);
    add(translations, translation);
  }
  return out + originals + translations + texts;
}

}  // namespace md2::test
