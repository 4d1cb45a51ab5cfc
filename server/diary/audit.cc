#include "server/diary/audit.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "common/diary/entry.h"
#include "common/os/disk.h"
#include "common/os/file.h"
#include "common/os/language.h"
#include "server/diary/entries_in.h"
#include "server/diary/same_entry.h"

namespace md2 {
namespace {

/// Bytes that one step compares before it rests.
constexpr std::uint64_t most_compared = std::uint64_t{1} << 20;

/// Bytes of an old diary that one step takes up.
constexpr std::uint64_t gathered_slice = std::uint64_t{1} << 20;

constexpr FileName old_diary{tr_later("the old diary"), {}};

}  // namespace

void Audit::doubt(const Ring& ring) {
  const std::uint64_t known = std::exchange(ring_notes_, ring.next_number());
  ring.each([&](const Ring::Note& note) {
    if (note.number >= known || ring_.empty()) {
      each_entry_in(note.bytes, note.place, true, [&](std::uint64_t /*place*/, const std::string& text) {
        ring_.push_back({text, {}, nullptr});
        in_ring_.emplace(same_entry_hash(text), &ring_.back());
      });
    }
  });
  restart();
}

void Audit::doubt(UniqueFd old, std::uint64_t begin, std::uint64_t end) {
  end = std::min(end, size_of(old.get(), old_diary));
  begin -= std::min<std::uint64_t>(begin, 1);  // that byte tells whether a line begins behind it
  if (begin < end) olds_.push_back({std::move(old), begin, end});
  restart();
}

void Audit::restart() {
  stage_ = Stage::nothing;
  wanted_ = nullptr;
  gathered_ = 0;
  walk_ = {};
  for (Wanted& wanted : ring_) wanted.place.reset();
}

std::optional<Audit::Outcome> Audit::step(int fd, std::uint64_t end, std::size_t budget) {
  try {
    while (budget > 0) {
      if (wanted_ == nullptr) {
        if (!want_next()) return finish();
        if (wanted_ == nullptr) return std::nullopt;
        round_ = {0, end};
      }
      const std::uint64_t seen = search(fd, end);
      budget -= std::min<std::size_t>(budget, seen + 1024);
      if (lacking_ > 0 && !round_.done()) continue;
      keep_lacking();
      wanted_ = nullptr;
    }
  } catch (...) {
    file_.reset();
    kept_.clear();
    restart();
    throw;
  }
  return std::nullopt;
}

/// Takes up what is looked for next, or a part of it. False when that was all.
bool Audit::want_next() {
  if (stage_ == Stage::nothing) {
    stage_ = Stage::ring;
    want(ring_);
    old_ = 0;
    if (!olds_.empty()) old_begin_ = olds_.front().begin;
    return true;
  }
  stage_ = Stage::olds;
  for (; old_ < olds_.size(); old_begin_ = ++old_ < olds_.size() ? olds_[old_].begin : 0) {
    gather();
    const bool all = old_begin_ >= olds_[old_].end;
    if (all || gathered_ >= at_once) gathered_ = 0;
    if (all && of_old_.empty()) continue;
    if (gathered_ == 0) want(of_old_);
    return true;
  }
  return false;
}

/// Takes up entries of the old diary, a slice of it: more where one of them is longer.
void Audit::gather() {
  const Old& old = olds_[old_];
  if (gathered_ == 0) of_old_.clear();
  const std::uint64_t begin = old_begin_;
  for (std::uint64_t size = gathered_slice; old_begin_ == begin && begin < old.end; size *= 2) {
    size = std::min(size, old.end - begin);
    const std::string bytes = read_at(old.fd.get(), begin, size, old_diary);
    const bool last = begin + size == old.end;
    const std::uint64_t end =
        each_entry_in(bytes, begin, last, [this](std::uint64_t /*place*/, const std::string& text) {
          if (!guards(text)) of_old_.push_back({text, {}, nullptr});
        });
    old_begin_ = last ? old.end : end;
  }
  gathered_ += old_begin_ - begin;
}

bool Audit::guards(std::string_view entry) const {
  const auto found = in_ring_.find(same_entry_hash(entry));
  return found != in_ring_.end() && same_entry(found->second->text, entry).has_value();
}

void Audit::want(std::deque<Wanted>& wanted) {
  wanted_ = &wanted;
  lacking_ = wanted.size();
  by_header_.clear();
  HeaderBegin begin;
  for (Wanted& one : wanted) {
    const std::string_view header = std::string_view(one.text).substr(0, header_length);
    begin.add(header);
    Wanted*& first = by_header_[header];
    one.same_header = std::exchange(first, &one);
  }
  line_ = begin.line();
}

/// Goes on round the diary, at the most to where all was found: what is wanted next stands behind what was found last.
/// Returns how many bytes it has looked through and compared.
std::uint64_t Audit::search(int fd, std::uint64_t end) {
  if (lacking_ == 0) return 0;
  std::uint64_t compared = 0;
  const HeaderWalk::Read read = [fd](std::uint64_t offset, char* to, std::size_t size) {
    return read_at(fd, offset, to, size, the_diary);
  };
  const auto seen = walk_.step(line_, read, 0, end, [&](std::uint64_t place, std::string_view from_header) {
    compared += look_at(read, place, from_header);
    return lacking_ > 0 && compared < most_compared;
  });
  round_.saw(seen);
  return seen.size() + compared;
}

/// Returns how many bytes that took to compare. Many entries may have one header, here and there.
std::uint64_t Audit::look_at(const HeaderWalk::Read& read, std::uint64_t place, std::string_view from_header) {
  const auto found = by_header_.find(from_header.substr(0, header_length));
  if (found == by_header_.end()) return 0;
  std::uint64_t compared = 0;
  for (Wanted* wanted = found->second; wanted != nullptr; wanted = wanted->same_header) {
    compared += header_length;
    if (wanted->place || !may_be_same(wanted->text, from_header)) continue;
    compared += wanted->text.size();
    if (!stands_at(read, place, wanted->text, from_header)) continue;
    wanted->place = place;
    --lacking_;
  }
  return compared;
}

void Audit::keep_lacking() {
  if (lacking_ == 0) return;
  for (const Wanted& wanted : *wanted_) {
    if (wanted.place || !kept_.insert(same_entry_hash(wanted.text)).second) continue;
    if (!file_) file_.emplace(NewFile::aside(path_, "missing"));
    file_->append(wanted.text);
    file_->append("\n\n");
  }
}

std::string Audit::Outcome::told(const std::string& path) const {
  return trn(missing, "{} entry that was written before is no longer in diary '{}', and now in '{}'",
             "{} entries that were written before are no longer in diary '{}', and now in '{}'", missing, path, file);
}

Audit::Outcome Audit::finish() {
  Outcome outcome{kept_.size(), {}};
  if (file_) {
    file_->keep();
    outcome.file = file_->name();
  }
  file_.reset();
  kept_.clear();
  for (Old& old : olds_) disk().close_apart(old.fd.release());
  olds_.clear();
  of_old_.clear();
  by_header_.clear();
  stage_ = Stage::nothing;
  return outcome;
}

void Audit::renew(Ring& ring, int fd) {
  std::erase_if(ring_, [](const Wanted& one) { return !one.place; });
  in_ring_.clear();
  for (const Wanted& one : ring_) in_ring_.emplace(same_entry_hash(one.text), &one);
  try {
    TakingUp taking_up(ring, fd);
    for (const Wanted& one : ring_) taking_up.add(*one.place, one.text);
    taking_up.finish();
    ring.forget_before(ring_notes_);
    ring.sync();
  } catch (...) {
    restart();
    throw;
  }
  ring_.clear();
  in_ring_.clear();
  ring_notes_ = 0;
}

}  // namespace md2
