#include "server/search.h"

#include <algorithm>

namespace md2 {

Search::Search(std::string_view, const Diary& diary) : diary_(diary), end_(diary.durable()) {}

bool Search::step(std::size_t, std::size_t size, std::string& out) {
  out.resize(std::min<std::uint64_t>(size, end_ - at_));
  out.resize(diary_.read(at_, out.data(), out.size()));
  if (out.empty()) {
    reader_.finish();
  } else {
    reader_.feed(out);
    at_ += out.size();
  }
  while (const auto item = reader_.next()) count_ += item->time.has_value();
  return !out.empty();
}

}  // namespace md2
