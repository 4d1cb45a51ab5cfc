#include "server/diary/entries_in.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "common/diary/entry_reader.h"
#include "common/os/file.h"
#include "common/os/language.h"
#include "server/diary/same_entry.h"

namespace md2 {
namespace {

constexpr std::uint64_t taken_up = std::uint64_t{1} << 20;  ///< bytes of the end of a diary
constexpr std::size_t read_ahead = std::size_t{256} << 10;
constexpr std::size_t longest_run = std::size_t{256} << 10;

}  // namespace

std::uint64_t each_entry_in(std::string_view bytes, std::uint64_t offset, bool finished,
                            const std::function<void(std::uint64_t place, const std::string& text)>& take) {
  std::string plain;
  plain.reserve(bytes.size());
  std::vector<std::uint64_t> returns;  // places in `plain` of what was left out
  for (std::size_t i = 0; i < bytes.size();) {
    const std::size_t end = std::min(bytes.find_first_not_of('\r', i), bytes.size());
    const bool at_end_of_line =
        end == bytes.size() || bytes[end] == '\n';  // elsewhere it is text, as same_entry() has it
    if (at_end_of_line) {
      returns.insert(returns.end(), end - i, plain.size());
    } else {
      plain.append(bytes, i, end - i);
    }
    i = end;
    const std::size_t next = std::min(bytes.find('\r', i), bytes.size());
    plain.append(bytes, i, next - i);
    i = next;
  }
  const auto place_of = [&](std::uint64_t at) {
    const auto before = std::lower_bound(returns.begin(), returns.end(), at);
    return offset + at + static_cast<std::uint64_t>(before - returns.begin());
  };
  EntryReader reader;
  reader.feed(plain);
  if (finished) reader.finish();
  while (const auto item = reader.next()) {
    if (item->time) take(place_of(item->offset), std::string(without_end(item->raw)));
  }
  return place_of(reader.offset());
}

void TakingUp::add(std::uint64_t place, std::string_view text) {
  const std::string encoded = std::string(text) + "\n\n";
  const bool as_saved = file_.read(fd_, place, encoded.size(), read_ahead, the_diary) == encoded;
  if (!as_saved || place != place_ + run_.size() || run_.size() > longest_run) finish();
  if (run_.empty()) place_ = place;
  run_ += encoded;
  if (!as_saved) finish();
}

void TakingUp::finish() {
  if (!run_.empty()) ring_.take_up(place_, run_);
  run_.clear();
}

bool take_up_end(Ring& ring, int fd, std::uint64_t end, const Proof& proof) {
  const std::uint64_t begin = end - std::min(end, taken_up);
  const std::string bytes = read_at(fd, begin, end - begin, the_diary);
  const bool stood_still = proof.knows(fd);
  bool half = begin > 0;  // what it begins with may be half of an entry
  TakingUp taking_up(ring, fd);
  each_entry_in(bytes, begin, stood_still, [&](std::uint64_t place, const std::string& text) {
    if (!std::exchange(half, false)) taking_up.add(place, text);
  });
  taking_up.finish();
  ring.sync();
  return stood_still;
}

}  // namespace md2
