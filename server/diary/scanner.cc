#include "server/diary/scanner.h"

#include <string.h>

#include <algorithm>
#include <limits>

#include "common/diary/entry.h"
#include "common/diary/entry_reader.h"
#include "common/diary/matches.h"
#include "common/text/text.h"
#include "server/diary/item_at.h"

namespace md2 {
namespace {

/// Where an item is known to begin is looked for within this distance; then the search goes forward instead.
constexpr std::size_t farthest_border = 2 * max_encoded;

/// Most items are shorter, so the border of one is found within as much.
constexpr std::size_t near_border = 4096;

/// As a place in the diary.
constexpr std::uint64_t no_hit = std::numeric_limits<std::uint64_t>::max();

/// Of a chunk, to see which literal is rare there: what is written at one time is much alike.
constexpr std::size_t sample_size = std::size_t{8} << 10;

std::size_t length_at(std::string_view chunk, std::size_t at, bool final) {
  std::size_t scanned = 0;
  return item_length(chunk.substr(at), final, scanned);
}

/// The length of the item at `at`, or of all the empty lines there: there may be millions of them. 0 while it can't be
/// known.
std::size_t step_at(std::string_view chunk, std::size_t at, bool final) {
  if (chunk[at] != '\n') return length_at(chunk, at, final);
  return std::min(chunk.find_first_not_of('\n', at), chunk.size()) - at;
}

/// The last place at or before `to` where a header begins a line; 0 when there is none.
std::size_t last_header(std::string_view chunk, std::size_t to) {
  std::size_t end = std::min(to + 1, chunk.size());
  while (const void* const found = memrchr(chunk.data(), '[', end)) {
    end = static_cast<std::size_t>(static_cast<const char*>(found) - chunk.data());
    if (end > 0 && chunk[end - 1] == '\n' && is_header(chunk.substr(end))) return end;
  }
  return 0;
}

/// The beginning of the item that holds the byte at `at`. The chunk begins with an item. The length of that item is 0
/// when it can't be known.
std::pair<std::size_t, std::size_t> item_around(std::string_view chunk, std::size_t at, bool final) {
  std::size_t begin = last_header(chunk, at);
  std::size_t length = length_at(chunk, begin, final);
  if (length == 0 || begin + length > at) return {begin, length};
  // Behind the entry, if it was one, stand loose lines.
  begin = std::max(begin + length, chunk.rfind('\n', at - 1) + 1);
  return {begin, length_at(chunk, begin, final)};
}

/// One thread steps all scanners, one after another, so they share their memory. Never shrinks, because filling it anew
/// with zeros for every chunk would cost more than the search.
thread_local std::string chunk_buffer;

/// The first place after the beginning of the chunk where an item is known to begin; nothing when there is none.
std::optional<std::size_t> first_border(std::string_view chunk) {
  for (std::size_t at = chunk.find('\n'); at != chunk.npos && at + 1 < chunk.size(); at = chunk.find('\n', at + 1)) {
    if ((at > 0 && chunk[at - 1] == '\n') || is_header(chunk.substr(at + 1))) return at + 1;
  }
  return std::nullopt;
}

}  // namespace

Scanner::Scanner(Query query, Read read, std::size_t chunk)
    : query_(std::move(query)),
      required_(required_literals(query_)),
      read_(std::move(read)),
      chunk_size_(std::clamp<std::size_t>(chunk, 1, max_encoded)) {
  for (const Query::Part& part : query_.parts) literals_ += part.literals.size();
}

void Scanner::resume() {
  chunk_ = {};
  work_ = 0;
}

void Scanner::seek(std::uint64_t begin, std::uint64_t end) {
  at_ = begin;
  end_ = end;
  chunk_ = {};
}

std::uint64_t Scanner::seek_before(std::uint64_t offset) {
  seek(0, offset);
  for (std::size_t back = chunk_size_; back < offset && back < farthest_border; back *= 2) {
    if (const auto border = first_border(load(offset - back, back))) return at_ = offset - back + *border;
  }
  return 0;
}

std::optional<Scanner::Match> Scanner::next(std::size_t room) {
  // When an item is longer than the chunk, it gets a chunk that holds any.
  for (const std::size_t size :
       {query_.empty() ? std::min(chunk_size_, room + near_border) : chunk_size_, longest_item}) {
    const std::uint64_t begin = at_;
    const bool fresh = chunk_.empty();
    if (fresh) load_chunk(size);
    if (auto found = query_.empty() ? next_run(room) : next_match()) return found;
    chunk_ = {};
    if (!fresh || at_ > begin || at_end()) break;
  }
  return std::nullopt;
}

std::optional<Scanner::Match> Scanner::next_match() {
  while (!chunk_.empty()) {
    const auto [begin, length] = candidate();
    take(begin);
    if (length == 0) break;
    if (auto found = match(take(length))) return found;
  }
  return std::nullopt;
}

/// Where in the chunk the next item stands that may match, and its length. Length 0: none that is known to be whole
/// does, and what stands before the place has been dealt with.
std::pair<std::size_t, std::size_t> Scanner::candidate() {
  if (rarest_ == nullptr) {
    const std::size_t begin = std::min(chunk_.find_first_not_of('\n'), chunk_.size());
    return {begin, begin < chunk_.size() ? length_at(chunk_, begin, last_chunk_) : 0};
  }
  if (const auto hit = first_hit()) return item_around(chunk_, *hit, last_chunk_);
  return {last_chunk_ ? chunk_.size() : item_around(chunk_, chunk_.size(), false).first, 0};
}

/// Where in the chunk the first of the rarest stands.
std::optional<std::size_t> Scanner::first_hit() {
  std::uint64_t first = no_hit;
  for (std::size_t i = 0; i < rarest_->size(); ++i) {
    if (!hits_[i] || *hits_[i] < at_) {
      std::size_t wasted = 0;
      const auto hit = (*rarest_)[i].find(chunk_, 0, &wasted);
      if (i > 0) wasted += hit ? hit->begin : chunk_.size();  // what the first has looked at is counted
      work_ += wasted;
      hits_[i] = hit ? at_ + hit->begin : no_hit;
    }
    first = std::min(first, *hits_[i]);
  }
  return first == no_hit ? std::nullopt : std::optional<std::size_t>(first - at_);
}

/// All items match. They are given in one go.
std::optional<Scanner::Match> Scanner::next_run(std::size_t room) {
  std::size_t size = 0;
  std::size_t items = 0;
  while (size < chunk_.size()) {
    const std::size_t length = step_at(chunk_, size, last_chunk_);
    if (length == 0 || (size > 0 && size + length > room)) break;
    const std::string_view raw = chunk_.substr(size, length);
    const bool alone = alone_ && alone_(raw);
    if (alone && size > 0) break;
    if (has_words(raw)) ++items;
    size += length;
    if (alone) break;
  }
  if (size == 0) return std::nullopt;
  const std::uint64_t place = at_;
  return Match{take(size), place, items, 0};
}

std::optional<Scanner::Match> Scanner::match(std::string_view raw) {
  work_ += raw.size() * std::max<std::size_t>(literals_, 1);
  const bool has_header = is_header(raw);
  if (!matches(query_, raw, has_header, scratch_)) return std::nullopt;
  return Match{raw, at_ - raw.size(), has_words(raw) ? std::size_t{1} : 0, missing_newlines(raw, has_header)};
}

/// What stands least often in the sample, the first of several; nothing when there is none to look for.
const Alternatives* Scanner::rarest_in(std::string_view sample) const {
  if (required_.size() == 1) return &required_.front();
  const Alternatives* rarest = nullptr;
  std::size_t fewest = std::string_view::npos;
  for (const Alternatives& all : required_) {
    std::size_t count = 0;
    for (const Literal& literal : all) {
      for (auto hit = literal.find(sample, 0); hit && count < fewest; hit = literal.find(sample, hit->end)) ++count;
    }
    if (count < fewest) {
      fewest = count;
      rarest = &all;
    }
    if (fewest == 0) break;
  }
  return rarest;
}

void Scanner::load_chunk(std::size_t size) {
  size = std::min<std::uint64_t>(size, end_ - at_);
  chunk_ = load(at_, size);
  if (chunk_.size() < size) end_ = at_ + chunk_.size();  // the diary was cut
  last_chunk_ = at_ + chunk_.size() == end_;
  rarest_ = rarest_in(chunk_.substr(0, sample_size));
  hits_.assign(rarest_ == nullptr ? 0 : rarest_->size(), std::nullopt);
}

/// Valid until the next call, whichever scanner makes it.
std::string_view Scanner::load(std::uint64_t offset, std::size_t size) {
  if (chunk_buffer.size() < size) chunk_buffer.resize(size);
  const std::size_t count = read_(offset, chunk_buffer.data(), size);
  work_ += count;
  return std::string_view(chunk_buffer).substr(0, count);
}

/// The first `size` bytes of the chunk have been dealt with.
std::string_view Scanner::take(std::size_t size) {
  const std::string_view taken = chunk_.substr(0, size);
  chunk_.remove_prefix(size);
  at_ += size;
  return taken;
}

}  // namespace md2
