#include "client/prompt/pasted_lines.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

using namespace md2;

TEST_CASE("CR LF in a paste is one newline, wherever the bytes are parted, and each alone stays") {
  const std::string pasted = "\na\r\nb\r\rc\n\nd\n\r\ne\r";
  for (std::size_t piece = 1; piece <= pasted.size(); ++piece) {
    CAPTURE(piece);
    PastedLines lines;
    std::string kept;
    for (std::size_t at = 0; at < pasted.size(); at += piece) {
      std::string bytes = pasted.substr(at, piece);
      kept.append(bytes, 0, lines.filter(bytes.data(), bytes.size()));
    }
    CHECK(kept == "\na\rb\r\rc\n\nd\n\re\r");
  }
}

TEST_CASE("what ended one paste says nothing of the next") {
  PastedLines lines;
  std::string bytes = "\r";
  CHECK(lines.filter(bytes.data(), 1) == 1);
  lines.begin();
  bytes = "\n";
  CHECK(lines.filter(bytes.data(), 1) == 1);
}
