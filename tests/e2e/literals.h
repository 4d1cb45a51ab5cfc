#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace md2::test {

/// A string literal of a C++ source, those that follow each other as one, escapes as they are written.
struct Literal {
  std::string text;
  std::size_t line = 0;
  bool marked = false;  ///< it stands in a call of tr, trn or tr_later (common/os/language.h)
};

/// Those of code; not of comments and #include.
std::vector<Literal> literals_of(std::string_view source);

/// True for words that a person would read one after another: `cannot open {}`, `it is gone`; false for `read`,
/// `--key`.
bool reads_like_a_sentence(const std::string& text);

}  // namespace md2::test
