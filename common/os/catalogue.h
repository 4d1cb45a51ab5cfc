#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace md2 {

/// The messages of a language, as msgfmt(1) compiles them: the format of GNU gettext's manual, "The Format of GNU MO
/// Files", with numbers in little-endian order. gettext(3) itself says nothing but English where the C library's locale
/// of that language was not generated, as in most containers, and from glibc 2.39 on LANGUAGE does not help either.
class Catalogue {
 public:
  /// Nothing when `bytes` is no such file. Wrong places inside are found when they are looked up, and cost that
  /// message.
  static std::optional<Catalogue> read(std::string bytes);

  /// The translation of `text`; empty when there is none. With `number` that of the plural whose singular `text` is.
  /// A language has one form, or two as English has them: which of them a number takes is not read from the header.
  /// Valid as long as the catalogue.
  std::string_view find(std::string_view text, std::optional<std::uint64_t> number = {}) const;

 private:
  explicit Catalogue(std::string bytes) : bytes_(std::move(bytes)) {}

  std::uint32_t number_at(std::size_t at) const;
  /// Of the table at `table`; empty where it leads out of the file.
  std::string_view entry(std::uint32_t table, std::uint32_t index) const;

  std::string bytes_;
  std::uint32_t count_ = 0;
  std::uint32_t originals_ = 0;  ///< where the table of their places begins
  std::uint32_t translations_ = 0;
};

}  // namespace md2
