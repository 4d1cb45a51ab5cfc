#include "server/diary/search.h"

#include <algorithm>
#include <utility>

namespace md2 {

Search::Search(Query query, std::uint64_t end, Scanner::Read read, std::size_t chunk)
    : last_(query.last), begin_(last_ ? end : 0), end_(end), scanner_(std::move(query), std::move(read), chunk) {
  scanner_.seek(begin_, end_);
}

bool Search::step(std::size_t budget, std::size_t size, std::string& out) {
  const std::size_t limit = out.size() + size;
  const std::uint64_t before = scanner_.work();
  scanner_.resume();
  for (;;) {
    emit(out, limit);
    if (out.size() >= limit) return true;
    if (const auto match = scanner_.next(limit - out.size())) {
      take(*match, out, limit);
      continue;
    }
    // Only here, or what is left of the chunk would be read again.
    if (scanner_.at_end() && !go_on()) return false;
    if (scanner_.work() - before >= budget) return true;
  }
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

void Search::take(const Scanner::Match& match, std::string& out, std::size_t limit) {
  if (last_) {
    ++counted_;
  } else if (skip_ > 0) {
    --skip_;
  } else {
    count_ += match.items;
    if (match.raw.size() + match.newlines > limit - out.size()) {
      pending_ = {match.offset, match.offset + match.raw.size(), match.newlines};
    } else {
      out += match.raw;
      out.append(match.newlines, '\n');
    }
  }
}

/// Gives out what is left of a match, as far as there is room.
void Search::emit(std::string& out, std::size_t limit) {
  if (pending_.at < pending_.end && out.size() < limit) {
    const std::size_t begin = out.size();
    const std::size_t size = std::min<std::uint64_t>(pending_.end - pending_.at, limit - begin);
    out.resize(begin + size);
    const std::size_t got = scanner_.read(pending_.at, out.data() + begin, size);
    out.resize(begin + got);
    pending_.at = got < size ? pending_.end : pending_.at + got;
  }
  for (; pending_.at == pending_.end && pending_.newlines > 0 && out.size() < limit; --pending_.newlines) out += '\n';
}

}  // namespace md2
