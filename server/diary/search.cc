#include "server/diary/search.h"

#include <string.h>

#include <algorithm>
#include <utility>

#include "common/diary/entry.h"
#include "common/diary/entry_reader.h"

namespace md2 {
namespace {

/// Enough to know the length of any item.
constexpr std::size_t longest_item = max_encoded + header_length;

/// Where an item is known to begin is looked for within this distance; then the search goes forward instead.
constexpr std::size_t farthest_border = 2 * max_encoded;

/// Most items are shorter, so the border of one is found within as much.
constexpr std::size_t near_border = 4096;

/// Of a block, to see which part of a query is rare there: what is written at one time is much alike.
constexpr std::size_t sample_size = std::size_t{8} << 10;

std::size_t length_at(std::string_view window, std::size_t at, bool final) {
  std::size_t scanned = 0;
  return item_length(window.substr(at), final, scanned);
}

/// The length of the item at `at`, or of all the empty lines there: there may be millions of them, and they answer
/// nothing. 0 while it can't be known.
std::size_t step_at(std::string_view window, std::size_t at, bool final) {
  if (window[at] != '\n') return length_at(window, at, final);
  return std::min(window.find_first_not_of('\n', at), window.size()) - at;
}

/// The last place after `from` and at or before `to` where a header begins a line; `from` when there is none.
std::size_t last_header(std::string_view window, std::size_t from, std::size_t to) {
  while (to > from) {
    const void* found = memrchr(window.data() + from + 1, '[', std::min(to, window.size() - 1) - from);
    if (found == nullptr) break;
    to = static_cast<std::size_t>(static_cast<const char*>(found) - window.data());
    if (window[to - 1] == '\n' && is_header(window.substr(to))) return to;
    --to;
  }
  return from;
}

/// The last beginning of a line after `from` and at or before `to`; `from` when there is none.
std::size_t last_line(std::string_view window, std::size_t from, std::size_t to) {
  const void* found = memrchr(window.data() + from, '\n', to - from);
  return found == nullptr ? from : static_cast<std::size_t>(static_cast<const char*>(found) - window.data()) + 1;
}

/// The beginning of the item that holds the byte at `at`. At `from` begins an item. The length of that item is 0 when
/// it can't be known.
std::pair<std::size_t, std::size_t> item_around(std::string_view window, std::size_t from, std::size_t at, bool final) {
  std::size_t begin = last_header(window, from, at);
  std::size_t length = length_at(window, begin, final);
  if (length == 0 || begin + length > at) return {begin, length};
  // Behind the entry, if it was one, stand loose lines.
  begin = last_line(window, begin + length, at);
  return {begin, length_at(window, begin, final)};
}

/// False for what a page would show as nothing.
bool has_words(std::string_view raw) {
  return raw.find_first_not_of(" \t\r\n") != raw.npos;
}

/// Newlines that the item lacks to end as the diary format has it.
std::size_t missing_newlines(std::string_view raw, bool has_header) {
  if (!raw.ends_with('\n')) return has_header ? 2 : 1;
  return has_header && !raw.ends_with("\n\n") ? 1 : 0;
}

/// One thread steps all searches, one after another, so they share their memory: between two steps a search is a few
/// numbers. Never shrinks, because filling it anew with zeros for every block would cost more than the search.
thread_local std::string block_buffer;

/// The first place after the beginning of the window where an item is known to begin; nothing when there is none.
std::optional<std::size_t> first_border(std::string_view window) {
  for (std::size_t at = window.find('\n'); at != window.npos && at + 1 < window.size();
       at = window.find('\n', at + 1)) {
    if ((at > 0 && window[at - 1] == '\n') || is_header(window.substr(at + 1))) return at + 1;
  }
  return std::nullopt;
}

}  // namespace

Search::Search(Query query, std::uint64_t end, Read read, std::size_t block)
    : query_(std::move(query)),
      anchors_(query_.anchors()),
      read_(std::move(read)),
      block_(std::clamp<std::size_t>(block, 1, max_encoded)),
      end_(end),
      stop_(end),
      counting_(query_.last().has_value()),
      region_(end) {
  if (counting_) at_ = end;
}

bool Search::step(std::size_t scan, std::size_t size, std::string& out) {
  const std::size_t limit = out.size() + size;
  read_in_slice_ = 0;
  for (;;) {
    give(out, limit);
    if (out.size() >= limit || read_in_slice_ >= scan) return true;
    if (at_ < stop_) {
      look(out, limit);
    } else if (!next_region()) {
      return false;
    }
  }
}

/// What to search next. False when all is done.
bool Search::next_region() {
  if (!counting_) return false;
  if (counted_ < *query_.last() && region_ > 0) {
    stop_ = region_;
    at_ = region_ = border_before(region_);
  } else {
    counting_ = false;
    skip_ = counted_ - std::min(counted_, *query_.last());
    at_ = counted_ == 0 ? end_ : region_;
    stop_ = end_;
  }
  return true;
}

/// The border of an item about a block before `offset`, or 0.
std::uint64_t Search::border_before(std::uint64_t offset) {
  for (std::size_t back = block_; back < offset && back < farthest_border; back *= 2) {
    for (const std::size_t size : {std::min(near_border, back), back}) {
      if (const auto border = first_border(load(offset - back, size))) return offset - back + *border;
    }
  }
  return 0;
}

/// Searches one block from at_ on, or the item there if it is longer.
void Search::look(std::string& out, std::size_t limit) {
  std::size_t size = std::min<std::uint64_t>(block_, stop_ - at_);
  if (query_.empty()) size = std::min(size, limit - out.size() + near_border);  // all of it goes out
  std::string_view window = load(at_, size);
  bool final = at_ + size == stop_;
  if (window.size() < size) {  // the diary was cut
    end_ = stop_ = at_ + window.size();
    final = true;
  }
  std::size_t done = query_.empty()     ? whole(window, final, out, limit)
                     : anchors_.empty() ? each(window, final, out, limit)
                                        : filter(window, final, out, limit);
  if (done == 0 && at_ < stop_) {
    size = std::min<std::uint64_t>(longest_item, stop_ - at_);
    window = load(at_, size);
    done = length_at(window, 0, at_ + size == stop_);
    take(window.substr(0, done), at_, out, limit);
  }
  at_ += done;
}

/// The anchor that stands least often in the sample, the first of several.
const Literal& Search::rarest_in(std::string_view sample) const {
  const Literal* rarest = &anchors_.front();
  std::size_t fewest = std::string_view::npos;
  for (std::size_t i = 0; i < anchors_.size() && anchors_.size() > 1 && fewest > 0; ++i) {
    std::size_t count = 0;
    for (auto hit = anchors_[i].find(sample, 0); hit && count < fewest; hit = anchors_[i].find(sample, hit->end))
      ++count;
    if (count < fewest) {
      fewest = count;
      rarest = &anchors_[i];
    }
  }
  return *rarest;
}

/// Takes the items of the window that hold an anchor. Returns up to where the window has been dealt with.
std::size_t Search::filter(std::string_view window, bool final, std::string& out, std::size_t limit) {
  const Literal& anchor = rarest_in(window.substr(0, sample_size));
  for (std::size_t at = 0;;) {
    const auto hit = anchor.find(window, at);
    if (!hit) return final ? window.size() : item_around(window, at, window.size(), false).first;
    const auto [begin, length] = item_around(window, at, std::max(at, hit->begin), final);
    if (length == 0) return begin;
    at = begin + length;
    if (!take(window.substr(begin, length), at_ + begin, out, limit)) return at;
  }
}

/// Gives out the items of the window in one go, for the query that they all match. Returns what filter() does.
std::size_t Search::whole(std::string_view window, bool final, std::string& out, std::size_t limit) {
  const std::size_t room = limit - out.size();
  std::size_t done = 0;
  std::size_t length = 0;
  while (done < window.size() && (length = step_at(window, done, final)) > 0 && done + length <= room) {
    if (has_words(window.substr(done, length))) ++count_;
    done += length;
  }
  out += window.substr(0, done);
  if (done == window.size() || length == 0) return done;
  take(window.substr(done, length), at_ + done, out, limit);  // a part of it
  return done + length;
}

/// Takes the items of the window one by one, for a query in which there is nothing to look for. Returns the same.
std::size_t Search::each(std::string_view window, bool final, std::string& out, std::size_t limit) {
  for (std::size_t at = 0; at < window.size();) {
    const std::size_t length = step_at(window, at, final);
    if (length == 0) return at;
    at += length;
    if (window[at - length] == '\n') continue;
    if (!take(window.substr(at - length, length), at_ + at - length, out, limit)) return at;
  }
  return window.size();
}

/// Counts the item or gives it out if it matches. False when the slice is full.
bool Search::take(std::string_view raw, std::uint64_t offset, std::string& out, std::size_t limit) {
  const bool has_header = !query_.empty() && is_header(raw);
  read_in_slice_ += raw.size();
  if (!query_.matches(raw, has_header)) return true;
  if (counting_) {
    ++counted_;
  } else if (skip_ > 0) {
    --skip_;
  } else {
    if (has_words(raw)) ++count_;
    gift_ = {offset, offset + raw.size(), query_.empty() ? 0 : missing_newlines(raw, has_header)};
    if (raw.size() + gift_.newlines > limit - out.size()) return false;
    out += raw;
    out.append(gift_.newlines, '\n');
    gift_ = {};
  }
  return out.size() < limit;
}

/// Goes on giving out an item.
void Search::give(std::string& out, std::size_t limit) {
  if (gift_.at < gift_.end && out.size() < limit) {
    const std::size_t begin = out.size();
    const std::size_t size = std::min<std::uint64_t>(gift_.end - gift_.at, limit - begin);
    out.resize(begin + size);
    const std::size_t got = read_(gift_.at, out.data() + begin, size);
    out.resize(begin + got);
    gift_.at = got < size ? gift_.end : gift_.at + got;
    read_in_slice_ += got;
  }
  for (; gift_.at == gift_.end && gift_.newlines > 0 && out.size() < limit; --gift_.newlines) out += '\n';
}

/// Valid until the next call, whichever search makes it.
std::string_view Search::load(std::uint64_t offset, std::size_t size) {
  if (block_buffer.size() < size) block_buffer.resize(size);
  const std::size_t got = read_(offset, block_buffer.data(), size);
  read_in_slice_ += got;
  return std::string_view(block_buffer).substr(0, got);
}

}  // namespace md2
