#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "common/entry_reader.h"
#include "server/diary.h"

namespace md2 {

/// The answer to an `r`, made in slices.
class Search {
 public:
  Search(std::string_view query, const Diary& diary);
  bool step(std::size_t scan, std::size_t size, std::string& out);
  std::uint64_t count() const { return count_; }

 private:
  const Diary& diary_;
  std::uint64_t at_ = 0;
  std::uint64_t end_;
  EntryReader reader_;
  std::uint64_t count_ = 0;
};

}  // namespace md2
