#include "server/diary/append.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <vector>

#include "common/os/disk.h"
#include "common/os/file.h"
#include "common/os/language.h"
#include "server/diary/entries_in.h"
#include "server/diary/proof.h"

namespace md2 {
namespace {

constexpr std::size_t compared_size = 256;  ///< bytes of an append that are looked at afterwards
constexpr int appends_of_one_entry = 16;    ///< while somebody else appends without a newline before each of them
constexpr std::uint64_t looked_through = std::uint64_t{16} << 20;  ///< bytes that somebody else wrote in between

}  // namespace

Commit Append::run(const Batch& batch, std::uint64_t end) {
  Commit commit;
  number_ = ring_.next_number();
  try {
    ring_.note(end, batch.bytes);
  } catch (const Error& error) {
    return {Commit::State::failed, error.what()};
  }
  if (std::string failure = write(batch.bytes, end); !failure.empty()) {
    ring_.forget_from(number_);
    return {Commit::State::failed, std::move(failure)};
  }
  const bool placed = place(batch, end, commit) && is_where_it_was_sought(batch);
  file_.sync();
  end_ = std::max(begin_ + batch.bytes.size(), commit.first_place + batch.first_entry.size());
  const bool named = disk().stat(path_, status_) == 0 && file_.is(status_);
  if (placed && named && static_cast<std::uint64_t>(status_.st_size) >= end_) return commit;
  // Nothing of it was answered, and the writers still have it.
  ring_.forget_from(number_);
  return {Commit::State::again, {}};
}

/// Says in `commit` where the entries stand. False when they do not, or when the owner has them there as well.
bool Append::place(const Batch& batch, std::uint64_t end, Commit& commit) {
  if (split_) return false;
  if (begin_ != end) {
    ring_.forget_from(number_);
    if (may_stand_already(batch, end) && file_.cut_back(begin_, batch.bytes)) return false;
    ring_.note(begin_, batch.bytes);
  }
  commit.shift = begin_ - end;
  commit.first = batch.first;
  commit.first_place = batch.first + commit.shift;
  switch (standing_at(begin_, batch.bytes)) {
    case Standing::well:
      return true;
    case Standing::gone:
      return false;
    case Standing::glued:
      break;
  }
  const auto place = write_again(batch.first_entry);
  commit.first_place = place.value_or(0);
  return place.has_value();
}

/// What was looked for and not found is in the file nevertheless when its owner has written that anew: since it was
/// last compared, under a stamp that was an append's, or just now.
bool Append::is_where_it_was_sought(const Batch& batch) {
  if (!batch.sought || stands_as_noted(ring_, file_.fd(), *batch.sought)) return true;
  file_.cut_back(begin_, batch.bytes);
  return false;
}

/// Appends. Returns why not all of it could be written; nothing of it is left then.
std::string Append::write(std::string_view bytes, std::uint64_t end) {
  if (!file_.reserve(end, bytes.size())) return with_errno(tr("cannot write to diary '{}'", path_));
  const DiaryFile::Written written = file_.append(bytes, end);
  begin_ = written.begin;
  split_ = written.split;
  return written.bytes < bytes.size() ? take_back(bytes, written) : std::string();
}

/// Takes back what a failed write has left in the file. Returns the reason for the writers; one that more room can't
/// mend ends the server.
std::string Append::take_back(std::string_view bytes, const DiaryFile::Written& written) {
  errno = written.error;
  std::string reason = with_errno(tr("cannot write to diary '{}'", path_));
  errno = 0;
  if (written.bytes > 0 && (written.split || !file_.cut_back(written.begin, bytes.substr(0, written.bytes)))) {
    if (errno != 0) {
      throw Broken(with_errno(tr("cannot cut diary '{}' back to {} bytes after {}", path_, written.begin, reason)) +
                   tr("; those bytes are as they were, and what follows them was not acknowledged"));
    }
    report_(tr("{} bytes of an entry stand in diary '{}' at byte {}: {}, and somebody has written to it since",
               written.bytes, path_, written.begin, reason));
  }
  if (written.error != ENOSPC && written.error != EDQUOT && written.error != EFBIG)
    throw Broken(tr("{}; what it held is as it was, and the writers still have the rest", reason));
  return reason;
}

/// Behind a line that is whole a header begins an entry, with an empty line or without: a second copy would double it.
Append::Standing Append::standing_at(std::uint64_t begin, std::string_view bytes) const {
  const std::string_view head = bytes.substr(0, compared_size);
  std::string there =
      read_at(file_.fd(), begin - std::min<std::uint64_t>(begin, 1), head.size() + 1, {tr_later("diary"), path_});
  if (begin == 0) there.insert(0, 1, '\n');
  if (there.empty() || std::string_view(there).substr(1, head.size()) != head) return Standing::gone;
  return there.front() == '\n' || head.starts_with('\n') ? Standing::well : Standing::glued;
}

/// True when the owner has just written the file anew, with whatever he had of the batch in an outbox, or has appended
/// an entry of it: then he has it twice.
bool Append::may_stand_already(const Batch& batch, std::uint64_t end) const {
  if (begin_ < end || file_.bytes_before(end, batch.tail.size()) != batch.tail) return true;
  if (begin_ - end > looked_through) return false;
  const std::string his = file_.bytes_before(begin_, begin_ - end);
  bool first = false;
  each_entry_in(batch.bytes, 0, true, [&](std::uint64_t /*place*/, const std::string& text) {
    first = first || his.find(text) != std::string::npos;
  });
  return first;
}

/// Appends an entry once more, whose first copy is no entry. Nothing when others write faster, or when the owner has
/// moved one of the copies: it may be an entry by now, and the one behind it would double it.
std::optional<std::uint64_t> Append::write_again(std::string_view entry) {
  const auto is_glued = [&](std::uint64_t place) { return standing_at(place, entry) == Standing::glued; };
  std::vector<std::uint64_t> glued{begin_};
  for (int i = 0; i < appends_of_one_entry; ++i) {
    const std::uint64_t end = file_.size();
    const std::string before = file_.bytes_before(end, 2);
    std::string bytes = before == "\n\n" ? "" : before.ends_with('\n') ? "\n" : "\n\n";
    bytes += entry;
    const std::uint64_t number = ring_.next_number();
    ring_.note(end, bytes);
    const DiaryFile::Written written = file_.append(bytes, end);
    if (written.bytes < bytes.size()) {
      take_back(bytes, written);
      return std::nullopt;
    }
    const Standing standing = written.split ? Standing::gone : standing_at(written.begin, bytes);
    const bool alone = std::all_of(glued.begin(), glued.end(), is_glued);
    const std::uint64_t place = written.begin + bytes.size() - entry.size();
    if (alone && standing == Standing::well) return place;
    ring_.forget_from(number);
    if (!alone && standing != Standing::gone) file_.cut_back(written.begin, bytes);
    if (!alone || standing == Standing::gone) return std::nullopt;
    glued.push_back(place);
  }
  return std::nullopt;
}

}  // namespace md2
