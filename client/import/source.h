#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace md2 {

/// The bytes that a reader reads, as they come.
class Source {
 public:
  virtual ~Source() = default;

  /// The next bytes, valid until it is asked again; empty at the end.
  virtual std::string_view next() = 0;
};

/// A source as lines, for formats that are made of them. A byte order mark at the beginning and the CR before a newline
/// belong to none. Memory is bounded: a line over twice max_encoded bytes is cut to as many.
class SourceLines {
 public:
  explicit SourceLines(Source& source) : source_(source) {}

  /// The next line without its newline, valid until it is asked again; nothing at the end.
  std::optional<std::string_view> next();

  /// Of the line that was given last, counted from 1.
  std::uint64_t number() const { return number_; }

 private:
  bool fill();

  Source& source_;
  std::string buffer_;
  std::size_t begin_ = 0;  ///< of what has not been given
  bool ended_ = false;
  std::uint64_t number_ = 0;
};

/// The text of one item, gathered line by line.
class GatheredText {
 public:
  void add(std::string_view line);
  bool empty() const { return !any_; }

  /// There were more bytes than an entry may have; they are dropped.
  bool is_cut() const { return is_cut_; }

  /// Without a newline at its end. Nothing is gathered afterwards.
  std::string take();

 private:
  std::string text_;
  bool any_ = false;
  bool is_cut_ = false;
};

}  // namespace md2
