#pragma once

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

#include "client/import/item.h"
#include "client/import/source.h"
#include "common/diary/timestamp.h"
#include "common/os/clock.h"
#include "tests/support/files.h"

namespace md2::test {

/// A text that comes by so many bytes at a time.
class Pieces : public Source {
 public:
  explicit Pieces(std::string text, std::size_t size = 1 << 16) : text_(std::move(text)), size_(size) {}

  std::string_view next() override {
    const std::string_view piece = std::string_view(text_).substr(begin_, size_);
    begin_ += piece.size();
    return piece;
  }

 private:
  std::string text_;
  std::size_t size_;
  std::size_t begin_ = 0;
};

/// A file of tests/client/import/samples, as a program or a person wrote it.
inline std::string sample(const std::string& name) {
  std::string text = read_file("tests/client/import/samples/" + name);
  REQUIRE_MESSAGE(!text.empty(), "'", name, "' can't be read: run the tests in the top folder of the repository");
  return text;
}

/// A zone that is put forward by an hour on 2019-03-31 at 02:00, and back on 2019-10-27 at 03:00, as in Berlin.
struct BerlinOf2019 : Clock {
  static constexpr std::int64_t spring = 1'553'994'000'000'000, autumn = 1'572'138'000'000'000;
  WallTime wall() override { return {autumn, 60}; }
  int offset_at(std::int64_t micros) override { return micros >= spring && micros < autumn ? 120 : 60; }
};

/// `2019-03-05 21:26:00 text` of each item, `- text` of a paragraph: what a reader gave, in whatever pieces it came.
/// The fraction is left out.
template <typename Read>
std::vector<std::string> items_by(Read read, const std::string& input, std::size_t size) {
  std::vector<std::string> out;
  Pieces pieces(input, size);
  read(pieces, [&](const Item& item) {
    const bool paragraph = item.kind == Item::Kind::paragraph;
    out.push_back((paragraph ? "-" : to_string(item.time).substr(0, 19)) + " " + item.text + item.fault);
  });
  return out;
}

}  // namespace md2::test
