#include "client/page/plain_text.h"

namespace md2 {
namespace {

constexpr std::size_t block_size = 16;
constexpr std::size_t longest = 3;  ///< bytes of a plain character

using Byte = unsigned char;

constexpr Byte in_range(Byte byte, Byte first, Byte last) {
  return static_cast<Byte>(byte - first) <= static_cast<Byte>(last - first);
}

/// 1 for the three bytes of a plain character in UTF-8, else 0.
constexpr Byte begins_wide(Byte a, Byte b, Byte c) {
  const Byte ideograph = in_range(a, 0xe5, 0xe9) | ((a == 0xe4) & in_range(b, 0xb8, 0xbf));
  const Byte punctuation = (a == 0xe3) & (b == 0x80) & in_range(c, 0x81, 0xa9);
  const Byte full_width = (a == 0xef) & (((b == 0xbc) & (c != 0x80)) | ((b == 0xbd) & (c <= 0xa0)));
  return (ideograph | punctuation | full_width) & in_range(b, 0x80, 0xbf) & in_range(c, 0x80, 0xbf);
}

/// Of the block at `text`, with what its last character has behind it; no bytes when something in it is not plain. Two
/// bytes behind the block must be there.
PlainText plain_block(const char* text) {
  const auto byte = [&](std::size_t i) { return static_cast<Byte>(text[i]); };
  // Without a branch, so that it becomes vector instructions: which kind of character comes next can't be foretold.
  Byte narrow = 0;
  Byte wide = 0;
  for (std::size_t i = 0; i < block_size; ++i) {
    narrow += in_range(byte(i), 0x20, 0x7e);
    wide += begins_wide(byte(i), byte(i + 1), byte(i + 2));
  }
  // No two of these characters overlap. So the block has nothing else when they fill it. How long it is, its last bytes
  // tell as well: so the processor goes on with the next one before the sums are there, which halves the time.
  const std::size_t bytes = block_size + (byte(block_size - 1) >= 0xc0 ? 2 : byte(block_size - 2) >= 0xc0 ? 1 : 0);
  return narrow + longest * wide == bytes ? PlainText{bytes, narrow + 2U * wide} : PlainText{};
}

}  // namespace

bool is_plain(char32_t code) {
  return (code - 0x20 < 0x7f - 0x20) | (code - 0x4e00 < 0x5200) | (code - 0x3001 < 0x29) | (code - 0xff01 < 0x60);
}

PlainText leading_plain_text(std::string_view text, std::size_t room) {
  PlainText all;
  while (text.size() - all.bytes >= block_size + longest - 1) {
    const PlainText block = plain_block(text.data() + all.bytes);
    if (block.bytes == 0 || all.columns + block.columns > room) break;
    all.bytes += block.bytes;
    all.columns += block.columns;
  }
  return all;
}

}  // namespace md2
