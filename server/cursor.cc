#include "server/cursor.h"

#include <algorithm>
#include <array>
#include <utility>

#include "common/os/language.h"

namespace md2 {

DiaryPlace last_place(const Diary& diary, std::uint64_t end) {
  std::array<char, checked_length + longest_last_line> last;
  const std::uint64_t begin = end - std::min<std::uint64_t>(end, last.size());
  // It may just have been cut.
  const std::string_view read(last.data(), diary.read(begin, last.data(), end - begin));
  const std::size_t newline = read.rfind('\n');
  const std::size_t line = newline == std::string_view::npos ? 0 : newline + 1;
  const std::string_view whole = read.size() - line < longest_last_line ? read.substr(0, line) : read;
  return {begin + whole.size(), check_before(whole)};
}

bool Cursor::behind() const {
  return state_ == State::catching_up || (state_ == State::live && offset_ < diary_.durable());
}

std::uint64_t Cursor::greet() {
  greeted_ = last_place(diary_, diary_.durable());
  return greeted_.offset;
}

/// From an offset that another life of the file has given, a client would miss entries, or begin inside one.
std::optional<Message> Cursor::begin(const Message& hi) {
  const bool beyond = hi.number > diary_.durable();
  const std::uint64_t check = hi.second == 0 && hi.number == greeted_.offset ? greeted_.check : hi.second;
  std::string known = before(hi.number);  // once: by the next read the owner may have saved
  if (beyond || (check != 0 && check != check_before(known)))
    return broken_off(tr_later("the diary was changed since it was read up to there"));
  state_ = State::catching_up;
  offset_ = hi.number;
  before_ = std::move(known);
  return std::nullopt;
}

void Cursor::skip() {
  if (state_ != State::catching_up) return;
  offset_ = diary_.durable();
  before_ = before(offset_);
}

/// The bytes by which the place is known again.
std::string Cursor::before(std::uint64_t offset) const {
  std::string bytes(std::min<std::uint64_t>(offset, checked_length), '\0');
  bytes.resize(diary_.read(offset - bytes.size(), bytes.data(), bytes.size()));
  return bytes;
}

Message Cursor::broken_off(std::string why) {
  state_ = State::off;
  const DiaryPlace place = last_place(diary_, diary_.durable());
  return {Verb::changed, place.offset, std::move(why), place.check};
}

/// What comes is read together with the bytes before it: a save of the owner's that came since the last look at the
/// file shows by them.
std::optional<Message> Cursor::produce(std::string& out, std::size_t budget) {
  static std::array<char, checked_length + piece_size> chunk;  // one thread serves all sessions
  if (state_ == State::off) return std::nullopt;
  const std::size_t limit = out.size() + budget;
  while (offset_ < diary_.durable() && out.size() + framing_size < limit) {
    const std::size_t room = std::min(piece_size, limit - out.size() - framing_size);
    const std::size_t size = std::min<std::uint64_t>(room, diary_.durable() - offset_);
    const std::size_t known = before_.size();
    const std::size_t count = diary_.read(offset_ - known, chunk.data(), known + size);
    const std::string_view read(chunk.data(), count);
    if (count != known + size || !read.starts_with(before_))
      return broken_off(tr_later("the diary was changed by hand"));
    out.reserve(out.size() + framing_size + size);
    append_message(out, Verb::diary, offset_, read.substr(known));
    offset_ += size;
    before_ = read.substr(count - std::min(count, checked_length));
  }
  if (state_ == State::catching_up && offset_ >= diary_.durable()) {
    state_ = State::live;
    append_message(out, Verb::now, offset_, {}, check_before(before_));
  }
  return std::nullopt;
}

}  // namespace md2
