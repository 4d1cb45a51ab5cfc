#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>

#include "client/commands/summary.h"

namespace md2 {

/// How many entries and loose lines bear each tag, one that bears it twice counted once. A tag is what is written: only
/// what is spelled in several ways and looks the same (an accent, a full-width letter) is one.
///
///       12  #日记
///        3  #to-do
///
/// The most frequent first, those of one number by their bytes. Memory grows with the number of different tags, up to
/// about 64 MiB, some 300,000 of them; further ones are not counted, which is said.
class TagCounts : public Summary {
 public:
  /// `room`: bytes that the tags may take, about.
  explicit TagCounts(std::size_t room = std::size_t{64} << 20) : room_(room) {}

  bool empty() const override { return items_ == 0; }
  std::string text(PageStyle style) const override;

 private:
  void add(const ReadItem& read) override;

  struct Tag {
    std::string name;
    std::uint64_t items = 0;
    std::uint64_t last = 0;  ///< number of the item that was counted last
  };

  Tag* find(std::string_view spelled);

  std::size_t room_;
  std::deque<Tag> tags_;                             ///< in the order in which they came: they stay where they are
  std::unordered_map<std::string, Tag*> spellings_;  ///< of each
  std::uint64_t items_ = 0;
  std::uint64_t left_out_ = 0;  ///< how often a tag stood there that there was no room for
};

}  // namespace md2
