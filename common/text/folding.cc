#include "common/text/folding.h"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "common/text/character.h"
#include "common/text/property.h"

namespace md2 {
namespace {

constexpr std::size_t most_marks = 30;
constexpr utf8proc_uint16_t none = UINT16_MAX;  ///< in utf8proc's properties

bool is_ascii(char c) {
  return (c & 0x80) == 0;
}

/// May become one with what stands before it. All that composes as a second character is among these.
bool follows(char32_t code) {
  if (code < 0x300 || is_ideograph(code)) return false;
  const utf8proc_property_t& known = property(code);
  return known.combining_class != 0 || is_mark(code) || known.boundclass == UTF8PROC_BOUNDCLASS_V ||
         known.boundclass == UTF8PROC_BOUNDCLASS_T;
}

bool is_full_width(char32_t code) {
  return code >= 0x3000 && property(code).decomp_type == UTF8PROC_DECOMP_TYPE_WIDE;
}

bool decomposes(char32_t code) {
  const utf8proc_property_t& known = property(code);
  return known.decomp_seqindex != none && known.decomp_type == 0;
}

/// What a full-width form stands for.
char32_t half_width(char32_t code) {
  std::array<utf8proc_int32_t, 4> to{};
  int last_class = 0;
  constexpr auto option = static_cast<utf8proc_option_t>(UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT);
  const utf8proc_ssize_t count =
      utf8proc_decompose_char(static_cast<utf8proc_int32_t>(code), to.data(), to.size(), option, &last_class);
  return count == 1 ? static_cast<char32_t>(to[0]) : code;
}

/// Composes and folds; `text` is valid UTF-8.
std::string composed(std::string_view text, bool full_case) {
  int options = UTF8PROC_STABLE | UTF8PROC_COMPOSE;
  if (full_case) options |= UTF8PROC_CASEFOLD;
  const auto* const bytes = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
  const auto size = static_cast<utf8proc_ssize_t>(text.size());
  const auto option = static_cast<utf8proc_option_t>(options);
  // One more, because reencode ends what it writes with a NUL.
  std::vector<utf8proc_int32_t> codes(4 * text.size() + 1);
  utf8proc_ssize_t count =
      utf8proc_decompose(bytes, size, codes.data(), static_cast<utf8proc_ssize_t>(codes.size()) - 1, option);
  if (count < 0) return std::string(text);
  if (count >= static_cast<utf8proc_ssize_t>(codes.size())) {
    codes.resize(static_cast<std::size_t>(count) + 1);
    count = utf8proc_decompose(bytes, size, codes.data(), count, option);
  }
  count = utf8proc_reencode(codes.data(), count, option);
  if (count < 0) return std::string(text);
  return {reinterpret_cast<const char*>(codes.data()), static_cast<std::size_t>(count)};
}

}  // namespace

FoldedText::FoldedText(std::string_view text, std::size_t from, Folding folding)
    : text_(text), folding_(folding), end_(std::min(from, text.size())) {
  // Into the middle of a character nobody looks.
  for (int i = 0; i < 3 && end_ > 0 && end_ < text_.size() && (text_[end_] & 0xc0) == 0x80; ++i) ++end_;
}

bool FoldedText::next() {
  begin_ = end_;
  if (begin_ >= text_.size()) return false;
  const char byte = text_[begin_];
  // Nearly all there is: ASCII with ASCII behind it.
  if (is_ascii(byte) && (begin_ + 1 == text_.size() || is_ascii(text_[begin_ + 1]))) {
    end_ = begin_ + 1;
    fold_letter(byte);
    return true;
  }
  const Character first = character_at(text_, begin_);
  end_ = begin_ + first.length;
  folded_ = text_.substr(begin_, first.length);
  if (!first.broken()) fold_rest(first.code);
  return true;
}

void FoldedText::fold_letter(char letter) {
  const bool capital = letter >= 'A' && letter <= 'Z' && folding_.letters != Folding::Case::exact;
  letter_ = capital ? static_cast<char>(letter - 'A' + 'a') : letter;
  folded_ = {&letter_, 1};
}

/// What stands behind `first` belongs to the piece as long as it may become one with it.
void FoldedText::fold_rest(char32_t first) {
  for (std::size_t marks = 0; end_ < text_.size() && !is_ascii(text_[end_]) && marks < most_marks; ++marks) {
    const Character next = character_at(text_, end_);
    if (!follows(next.code)) break;
    end_ += next.length;
  }
  const bool alone = folded_.size() == end_ - begin_;
  if (alone && first < 0x80) return fold_letter(static_cast<char>(first));
  const bool narrow = folding_.width && is_full_width(first);
  const bool cased = folding_.letters == Folding::Case::full && property(first).casefold_seqindex != none;
  if (alone && !narrow && !cased && (is_ideograph(first) || !decomposes(first))) return;
  std::string piece;
  append_character(piece, narrow ? half_width(first) : first);
  piece += text_.substr(begin_ + folded_.size(), end_ - begin_ - folded_.size());
  scratch_ = composed(piece, folding_.letters == Folding::Case::full);
  if (folding_.letters == Folding::Case::ascii && scratch_[0] >= 'A' && scratch_[0] <= 'Z') {
    scratch_[0] = static_cast<char>(scratch_[0] - 'A' + 'a');
  }
  folded_ = scratch_;
}

std::string folded(std::string_view text, Folding folding) {
  std::string out;
  out.reserve(text.size());
  for (FoldedText pieces(text, 0, folding); pieces.next();) out += pieces.folded();
  return out;
}

std::string narrowed(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const Character c = character_at(text, at);
    const char32_t half = is_full_width(c.code) ? half_width(c.code) : c.code;
    half < 0x80 ? out.append(1, static_cast<char>(half)) : out.append(text, at, c.length);
    at += c.length;
  }
  return out;
}

bool has_other_spellings(char32_t code) {
  if (code < 0x80 || is_ideograph(code)) return false;
  const utf8proc_property_t& known = property(code);
  const bool hangul = known.boundclass == UTF8PROC_BOUNDCLASS_LV || known.boundclass == UTF8PROC_BOUNDCLASS_LVT ||
                      known.boundclass == UTF8PROC_BOUNDCLASS_L;
  return hangul || follows(code) || decomposes(code) || is_full_width(code);
}

}  // namespace md2
