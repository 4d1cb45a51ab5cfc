#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace md2::sim {

/// Bytes, and for each of them whose it is: a letter of Author. Who copies a file copies that, too: what md2 wrote
/// stays md2's in a copy that the owner puts in its place.
struct Marked {
  std::string bytes;
  std::string authors;
  std::size_t hole = 0;  ///< zeros behind them that take no memory

  Marked() = default;
  Marked(std::string_view text, char author) : bytes(text), authors(text.size(), author) {}

  std::size_t size() const { return bytes.size() + hole; }
  bool empty() const { return size() == 0; }
  bool operator==(const Marked& other) const { return bytes == other.bytes && hole == other.hole; }

  void append(const Marked& other) {
    bytes += other.bytes;
    authors += other.authors;
  }
  void append(std::string_view text, char author) { append(Marked(text, author)); }

  Marked part(std::size_t begin, std::size_t count = std::string::npos) const {
    Marked out;
    out.bytes = bytes.substr(begin, count);
    out.authors = authors.substr(begin, count);
    return out;
  }

  void resize(std::size_t size, char author) {
    constexpr std::size_t large = 1 << 16;
    hole = size > bytes.size() + large ? size - bytes.size() : 0;
    bytes.resize(size - hole, '\0');
    authors.resize(size - hole, author);
  }

  /// As pwrite(2) does it: a hole is filled with zeros.
  void write(std::size_t offset, const Marked& other, char nobody) {
    const std::size_t end = std::max(size(), offset + other.size());
    if (offset > bytes.size()) {
      bytes.resize(offset, '\0');
      authors.resize(offset, nobody);
    }
    bytes.replace(offset, other.size(), other.bytes);
    authors.replace(offset, other.size(), other.authors);
    hole = end - bytes.size();
  }

  /// Each with its newline.
  std::vector<Marked> lines() const {
    std::vector<Marked> out;
    for (std::size_t begin = 0; begin < bytes.size();) {
      const std::size_t newline = bytes.find('\n', begin);
      const std::size_t end = newline == std::string::npos ? bytes.size() : newline + 1;
      out.push_back(part(begin, end - begin));
      begin = end;
    }
    return out;
  }
};

/// Whose a byte is.
namespace author {
inline constexpr char md2 = 'm';
inline constexpr char owner = 'o';
inline constexpr char nobody = '0';  ///< zeros that a power cut has left
}  // namespace author

}  // namespace md2::sim
