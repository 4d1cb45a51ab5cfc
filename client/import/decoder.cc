#include "client/import/decoder.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "common/os/error.h"
#include "common/os/language.h"
#include "common/text/character.h"

namespace md2 {

Decoder::Decoder(std::string encoding) : encoding_(std::move(encoding)) {
  // iconv_open(3) drops what is not of ASCII from a name, and takes an empty one for the locale's.
  const bool may_be_name =
      !encoding_.empty() && std::ranges::all_of(encoding_, [](char c) { return c > ' ' && c < 0x7f; });
  const iconv_t handle =
      may_be_name ? iconv_open("UTF-8", encoding_.c_str()) : reinterpret_cast<iconv_t>(-1);  // NOLINT
  if (handle == reinterpret_cast<iconv_t>(-1)) {  // NOLINT(performance-no-int-to-ptr): so iconv_open(3) has it
    throw Error(tr("--encoding={}: this system knows no such encoding; iconv -l names those it knows", encoding_));
  }
  handle_.reset(handle);
}

std::string Decoder::decode(std::string_view bytes, bool last) {
  held_ += bytes;
  std::string text;
  char* from = held_.data();
  std::size_t left = held_.size();
  while (left > 0) {
    std::array<char, 1 << 14> buffer;
    char* to = buffer.data();
    std::size_t room = buffer.size();
    const std::size_t result = iconv(handle_.get(), &from, &left, &to, &room);
    text.append(buffer.data(), buffer.size() - room);
    if (result != static_cast<std::size_t>(-1) || errno == E2BIG) continue;
    if (errno == EINVAL && !last) break;
    throw Error(tr("it is not {}: one of its characters is none of that encoding", encoding_));
  }
  held_.erase(0, held_.size() - left);
  return text;
}

std::string encoding_by_mark(std::string_view head) {
  using namespace std::string_view_literals;
  if (head.starts_with("\xff\xfe\0\0"sv) || head.starts_with("\0\0\xfe\xff"sv)) return "UTF-32";
  if (head.starts_with("\xff\xfe") || head.starts_with("\xfe\xff")) return "UTF-16";
  return head.starts_with("\x84\x31\x95\x33") ? "GB18030" : "";
}

std::string guessed_encoding(std::string_view head) {
  if (head.find('\0') != head.npos) {
    std::array<std::size_t, 2> zeros{};
    for (std::size_t i = 0; i < head.size(); ++i) zeros[i % 2] += head[i] == '\0' ? 1 : 0;
    return zeros[0] > zeros[1] ? "UTF-16BE" : "UTF-16LE";
  }
  // In GB18030 nearly all that is written is Chinese characters; what only happens to be valid is not.
  try {
    const std::string text = Decoder("GB18030").decode(head, false);
    std::size_t wide = 0;
    std::size_t ideographs = 0;
    for (std::size_t at = 0; at < text.size();) {
      const Character character = character_at(text, at);
      at += character.length;
      if (character.code >= 0x80) ++wide;
      if (is_ideograph(character.code)) ++ideographs;
    }
    return 2 * ideographs > wide ? "GB18030" : "";
  } catch (const Error&) {  // not valid
    return {};
  }
}

}  // namespace md2
