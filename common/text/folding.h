#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace md2 {

/// How far two texts may differ and still be the same to who looks for one of them.
struct Folding {
  enum class Case {
    exact,
    ascii,  ///< letters of ASCII have no case
    full,   ///< no letter has one (CaseFolding.txt of Unicode, C and F)
  };
  Case letters = Case::exact;
  bool width = false;  ///< a full-width form (`Ａ`, `，`, U+3000) counts as the one of ASCII

  bool operator==(const Folding&) const = default;
};

/// Reads a text as it is compared: composed (NFC, UAX #15), and folded. Piece by piece, so that whoever has found what
/// he looks for has not read further.
///
/// A piece is a character with the marks behind it, or one byte that is not UTF-8. Of more than 30 marks only as many
/// count as one piece: the Stream-Safe Text Format of UAX #15, without which a text of marks would take the square of
/// its length.
class FoldedText {
 public:
  /// The text must outlive this. `from` may lie anywhere.
  FoldedText(std::string_view text, std::size_t from, Folding folding);

  /// Goes to the next piece. False when there is none.
  bool next();

  std::size_t begin() const { return begin_; }         ///< of the piece in the text
  std::size_t end() const { return end_; }             ///< the same
  std::string_view folded() const { return folded_; }  ///< valid until next()

 private:
  void fold_letter(char letter);
  void fold_rest(char32_t first);

  std::string_view text_;
  Folding folding_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::string_view folded_;
  char letter_ = 0;      ///< what folded_ shows, for a letter of ASCII
  std::string scratch_;  ///< the same, for anything longer
};

/// All of it.
std::string folded(std::string_view text, Folding folding);

/// Only full-width forms that are in ASCII as well become those; all else stays as it is.
std::string narrowed(std::string_view text);

/// True for a character that can be spelled in another way: with a mark of its own, composed of several, full-width.
/// What is not so is found by its bytes alone, case aside. A few ideographs and signs have a rare twin for
/// compatibility (U+F90A, U+212A); that is left out.
bool has_other_spellings(char32_t code);

}  // namespace md2
