#pragma once

#include <iconv.h>

#include <memory>
#include <string>
#include <string_view>

namespace md2 {

/// Makes UTF-8 of another encoding, by iconv(3).
class Decoder {
 public:
  /// `encoding`: as `iconv -l` names it. Throws Error when the system has none of that name.
  explicit Decoder(std::string encoding);

  /// The text of the next bytes; a character that is not whole yet comes with the next ones. Throws Error when the
  /// bytes are not of the encoding. `last`: nothing follows.
  std::string decode(std::string_view bytes, bool last);

 private:
  struct Close {
    void operator()(void* handle) const { iconv_close(handle); }
  };

  std::string encoding_;
  std::unique_ptr<void, Close> handle_;
  std::string held_;  ///< bytes of a character that is not whole
};

/// The encoding that the mark at the beginning of a file names, for iconv(3); empty without a mark or with that of
/// UTF-8, which readers drop.
std::string encoding_by_mark(std::string_view head);

/// What a text that is not UTF-8 may be in: `UTF-16LE`, `UTF-16BE`, `GB18030`; empty when nothing speaks for one.
std::string guessed_encoding(std::string_view head);

}  // namespace md2
