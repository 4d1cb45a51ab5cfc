#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/diary/timestamp.h"

namespace md2 {

/// A correction is an entry whose text names another one and then says what that shall be (md4logging(5)):
///
///     [2026-11-25 19:20:00.000001+08:00] ~[2015-10-28 21:26:03.417293+08:00#5f1c09ab] 今天开始写日记，网络版
///
/// Nothing behind the bracket strikes the other one out. The form alone decides what is a correction, so a text that
/// has it by itself, or has it behind more than one `~`, is stored with one more `~` in front and read with one less.
struct EntryName {
  Timestamp time;                     ///< in the header of the entry
  std::optional<std::uint32_t> hash;  ///< name_hash() of its text; without it, of the only entry with that time

  bool operator==(const EntryName&) const = default;
};

struct Correction {
  EntryName of;
  std::string text;  ///< as a person reads it; empty: struck out

  bool strikes() const { return text.empty(); }
  bool operator==(const Correction&) const = default;
};

/// Bytes that stand before the new text in the text of a correction, its blank included.
inline constexpr std::size_t correction_prefix = 1 + 1 + timestamp_length + 1 + 8 + 1 + 1;

/// What an entry's text says when it is a correction. `text` is what EntryReader and item_text() give.
std::optional<Correction> parse_correction(std::string_view text);

/// The first bytes of every correction's text, as it stands behind the header. Not all that begins so is one.
inline constexpr std::string_view correction_sign = "~[";

/// The text of the entry that corrects another; `correction.text` empty for one that strikes it out.
std::string correction_text(const Correction& correction);

/// The first 32 bits of the SHA-256 of the text as it is stored, without carriage returns and blanks at the ends of its
/// lines: editors add them and take them away. So `printf %s TEXT | sha256sum` begins with it. Throws Error when
/// OpenSSL gives no SHA-256.
std::uint32_t name_hash(std::string_view text);

/// As it stands behind the `#`: 8 digits.
std::string written_hash(std::uint32_t hash);

/// The inverse; nothing when it is none.
std::optional<std::uint32_t> parse_name_hash(std::string_view digits);

/// What is stored so that `text` is read as it is, and never as a correction.
std::string as_stored(std::string text);

/// What a person reads of an entry's text that is no correction: the inverse of as_stored().
std::string_view as_read(std::string_view text);

}  // namespace md2
