#pragma once

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

  Marked() = default;
  Marked(std::string_view text, char author) : bytes(text), authors(text.size(), author) {}

  std::size_t size() const { return bytes.size(); }
  bool empty() const { return bytes.empty(); }
  bool operator==(const Marked& other) const { return bytes == other.bytes; }

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
    bytes.resize(size, '\0');
    authors.resize(size, author);
  }

  /// As pwrite(2) does it: a hole is filled with zeros.
  void write(std::size_t offset, const Marked& other, char hole) {
    if (offset > size()) resize(offset, hole);
    bytes.replace(offset, other.size(), other.bytes);
    authors.replace(offset, other.size(), other.authors);
  }

  /// Each with its newline.
  std::vector<Marked> lines() const {
    std::vector<Marked> out;
    for (std::size_t begin = 0; begin < size();) {
      const std::size_t newline = bytes.find('\n', begin);
      const std::size_t end = newline == std::string::npos ? size() : newline + 1;
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
