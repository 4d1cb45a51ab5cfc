#include "server/purge.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <limits>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "common/diary/correction.h"
#include "common/diary/entry.h"
#include "common/diary/file_items.h"
#include "common/os/disk.h"
#include "common/os/error.h"
#include "common/os/file.h"
#include "common/os/language.h"
#include "common/os/new_file.h"
#include "common/os/paths.h"
#include "server/diary/closed_times.h"
#include "server/diary/corrected.h"
#include "server/diary/corrections.h"
#include "server/diary/diary.h"
#include "server/log.h"

namespace md2 {
namespace {

using namespace std::chrono_literals;

constexpr auto longest_comparison = 30s;  ///< of the diary with the ring; where it can't be, as on a full disk, never

/// An entry that goes: its time, and name_hash() of its text.
using Gone = std::pair<std::pair<std::int64_t, int>, std::uint32_t>;

std::pair<std::int64_t, int> key_of(Timestamp time) {
  return {time.micros, time.offset_minutes};
}

/// What a start does: an append that was cut short goes, and what the ring holds stands in the diary or is kept.
void settle(const std::string& path) {
  Diary diary(path, [](const std::string& report) { log(report); });
  const auto limit = real_clock().steady() + longest_comparison;
  while (diary.comparisons() == 0) {
    const auto now = real_clock().steady();
    const auto next = std::max(now, diary.next_look().value_or(now));
    if (now >= limit) throw Error(tr("cannot purge diary '{}': what was saved last could not be looked for", path));
    poll(nullptr, 0, static_cast<int>((next - now) / 1ms));
    diary.check_for_changes();
  }
}

void remove_file(const std::string& path) {
  if (disk().unlink(path) != 0 && errno != ENOENT) throw_errno(tr("cannot remove '{}'", path));
}

class Purge {
 public:
  explicit Purge(const std::string& path)
      : path_(path), real_(disk().real_path(path)), file_(path), end_(file_.size()), closed_(real_) {}

  std::string run() {
    learn();
    each_item(file_.fd(), 0, end_, [this](const EntryReader::Item& item) { look_at(item); });
    remove_left_over();
    if (gone_.empty()) return tr("diary '{}' has no corrections that could be made final\n", path_);
    closed_.add(times_);
    closed_.keep(real_);
    remove_file(real_ + ".corrections");
    remove_file(real_ + ".ring");
    sync_folder_of(real_);
    for (const std::string& file : files_beside(".missing.")) purge_beside(file, false);
    for (const std::string& file : files_beside(".torn.")) purge_beside(file, true);
    write_anew();
    return told();
  }

 private:
  std::size_t read(std::uint64_t offset, char* to, std::size_t size) const {
    if (offset >= end_) return 0;
    return read_at(file_.fd(), offset, to, std::min<std::uint64_t>(size, end_ - offset), {tr_later("diary"), path_});
  }

  void learn() {
    const auto reader = [this](std::uint64_t offset, char* to, std::size_t size) { return read(offset, to, size); };
    while (!corrections_.step(reader, end_, std::numeric_limits<std::size_t>::max())) {
    }
    if (corrections_.too_many()) {
      throw Error(tr("cannot purge diary '{}': it has more than {} corrections", path_, CorrectionList::most));
    }
    corrected_.emplace(corrections_.list(), reader, end_);
  }

  Corrected::Shown shown(const EntryReader::Item& item) {
    const auto shown =
        corrected_->may_concern(item.raw) ? corrected_->shown(item.offset, item.raw) : Corrected::Shown{};
    if (corrected_->stale()) throw changed();
    return shown;
  }

  Error changed() const {
    return Error(tr("diary '{}' was changed while it was to be purged; it is as it was, try again", path_));
  }

  void look_at(const EntryReader::Item& item) {
    using As = Corrected::Shown::As;
    const As as = shown(item).as;
    if (as == As::is && !settled(item)) return;
    const std::string text = item.text();
    const bool is_correction = parse_correction(text).has_value();
    if (as != As::is) ++(as == As::corrected ? renewed_ : is_correction ? dropped_ : struck_);
    gone_.insert({key_of(*item.time), name_hash(text)});
    gone_times_.insert(key_of(*item.time));
    times_.push_back(*item.time);
  }

  /// Of a purge, or another writer, that was killed.
  void remove_left_over() {
    for (const char* const word : {".new", ".ring.new", ".missing.new", ".torn.new", ".purged.new"}) {
      remove_file(real_ + word);
      remove_file(path_ + word);
    }
    for (const char* const word : {".missing.", ".torn."}) {
      for (const std::string& file : files_beside(word)) {
        if (file.ends_with(".new")) remove_file(file);
      }
    }
  }

  std::vector<std::string> files_beside(const std::string& word) const {
    std::vector<std::string> names;
    const std::string folder = folder_of(path_);
    if (disk().names_in(folder, names) != 0) throw_errno(tr("cannot read folder '{}'", folder));
    const std::string begin = path_.substr(path_.rfind('/') + 1) + word;
    std::vector<std::string> files;
    for (const std::string& name : names) {
      if (name.starts_with(begin)) files.push_back(fmt::format("{}/{}", folder, name));
    }
    return files;
  }

  /// Entries that go here go there, too. `cut`: their ends may be missing, so the time decides; they were acknowledged
  /// to nobody.
  void purge_beside(const std::string& path, bool cut) {
    const UniqueFd fd(disk().open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
    if (!fd) throw_errno(tr("cannot open '{}'", path));
    const std::uint64_t size = size_of(fd.get(), {path, {}});
    std::optional<NewFile> left;
    std::size_t taken_out = 0;
    const auto goes = [&](const EntryReader::Item& item) {
      if (!item.time || !gone_times_.contains(key_of(*item.time))) return false;
      return cut || gone_.contains({key_of(*item.time), name_hash(item.text())});
    };
    each_item(fd.get(), 0, size, [&](const EntryReader::Item& item) { taken_out += goes(item) ? 1 : 0; });
    if (taken_out == 0) return;
    beside_ += taken_out;
    each_item(fd.get(), 0, size, [&](const EntryReader::Item& item) {
      if (goes(item)) return;
      if (!left) left.emplace(NewFile::beside(path));
      left->append(item.raw);
    });
    if (left) return left->replace(path);
    remove_file(path);
    sync_folder_of(path);
  }

  void write_anew() {
    const struct stat before = file_.status();
    NewFile anew = NewFile::beside(real_);
    if (chmod(anew.name().c_str(), before.st_mode & 07777U) != 0) throw_errno(tr("cannot make '{}'", anew.name()));
    each_item(file_.fd(), 0, end_, [&](const EntryReader::Item& item) {
      const auto shown = this->shown(item);
      if (shown.as == Corrected::Shown::As::is) anew.append(settled(item).value_or(item.raw));
      if (shown.as == Corrected::Shown::As::corrected) anew.append(renewed(*item.time, shown.number));
    });
    const struct stat after = file_.status();
    const auto copied = static_cast<std::uint64_t>(after.st_size);
    const bool only_grown =
        copied >= end_ && (copied > end_ || nanoseconds(after.st_mtim) == nanoseconds(before.st_mtim));
    if (!only_grown || !names(real_, file_.fd())) throw changed();
    anew.append_from(file_.fd(), end_, copied);
    anew.replace(real_);
    carry_over(copied);
  }

  /// A correction by hand that means none of the entries of its time, as a text that is none: the texts of now may be
  /// others than it was written beside, and it would change one of them. `item` is shown as it is.
  std::optional<std::string> settled(const EntryReader::Item& item) const {
    const auto correction =
        item.time && corrected_->may_concern(item.raw) ? parse_correction(item.text()) : std::nullopt;
    if (!correction || !corrected_->misses(correction->of)) return std::nullopt;
    return encode({*item.time, as_stored(item.text())});
  }

  /// The entry with its newest text.
  std::string renewed(Timestamp time, std::size_t number) {
    const std::string item = corrected_->newest(number);
    if (corrected_->stale()) throw changed();
    std::string scratch;
    return encode({time, as_stored(std::string(item_text(item, true, scratch)))});
  }

  /// Who had the old file open may have appended to it in the last moment.
  void carry_over(std::uint64_t copied) const {
    const std::uint64_t end = file_.size();
    if (end <= copied) return;
    const UniqueFd anew(disk().open(real_, O_WRONLY | O_APPEND | O_CLOEXEC));
    const std::string rest = read_at(file_.fd(), copied, end - copied, {tr_later("diary"), path_});
    if (!anew || write_all(anew.get(), rest) != rest.size() || disk().fdatasync(anew.get()) != 0)
      throw_errno(tr("cannot append to diary '{}' what was written into the old one meanwhile", path_));
  }

  std::string told() const {
    std::string lines =
        tr("diary '{}' was purged: {} entries have their newest texts, {} that were struck out are gone, and "
           "so are the {} corrections that said so",
           path_, renewed_, struck_, dropped_) +
        '\n';
    if (beside_ > 0)
      lines += tr("{} of these entries were taken out of .missing and .torn files beside it", beside_) + '\n';
    return lines +
           tr("What is elsewhere can't be reached from here: mirrors of this diary, backups and snapshots, outboxes "
              "(what comes again\nfrom one of these is refused), the line histories of md2client, and what an "
              "editor keeps\n");
  }

  std::string path_;
  std::string real_;
  DiaryFile file_;
  std::uint64_t end_;
  ClosedTimes closed_;
  Corrections corrections_;
  std::optional<Corrected> corrected_;
  std::set<Gone> gone_;
  std::set<std::pair<std::int64_t, int>> gone_times_;
  std::vector<Timestamp> times_;
  std::size_t renewed_ = 0;
  std::size_t struck_ = 0;
  std::size_t dropped_ = 0;
  std::size_t beside_ = 0;
};

}  // namespace

std::string purge(const std::string& diary) {
  struct stat status = {};
  if (disk().stat(diary, status) != 0) throw_errno(tr("cannot purge diary '{}'", diary));
  settle(diary);
  DiaryLock lock(diary);
  lock.serve_at(std::string(DiaryLock::being_purged));
  return Purge(diary).run();
}

}  // namespace md2
