#include "server/diary/search.h"

#include <algorithm>
#include <utility>

namespace md2 {

Search::Search(Query query, std::uint64_t end, Scanner::Read read, std::size_t chunk)
    : last_(query.last), scanner_(std::move(query), std::move(read), chunk) {
  begin(end);
}

void Search::begin(std::uint64_t end) {
  begin_ = last_ ? end : 0;
  end_ = end;
  scanner_.seek(begin_, end_);
}

bool Search::step(std::size_t budget, std::size_t size, std::string& out) {
  const std::size_t limit = out.size() + size;
  scanner_.resume();
  out += std::exchange(pending_, {});
  while (out.size() < limit) {
    if (const auto match = scanner_.next(limit - out.size())) {
      take(*match, out);
      continue;
    }
    // Only here, or what is left of the chunk would be read again.
    if (scanner_.at_end() && !go_on()) return false;
    if (scanner_.work() >= budget) return true;
  }
  pending_ = out.substr(limit);
  out.resize(limit);
  return true;
}

/// Sends the scanner to where the search goes on. False when all is done.
bool Search::go_on() {
  if (!last_) return false;
  if (counted_ < *last_ && begin_ > 0) {
    begin_ = scanner_.seek_before(begin_);
    return true;
  }
  skip_ = counted_ - std::min(counted_, *last_);
  last_.reset();
  scanner_.seek(begin_, end_);
  return counted_ > 0;
}

void Search::take(const Scanner::Match& match, std::string& out) {
  if (last_) {
    ++counted_;
  } else if (skip_ > 0) {
    --skip_;
  } else {
    count_ += match.items;
    out += match.raw;
    out.append(match.newlines, '\n');
  }
}

}  // namespace md2
