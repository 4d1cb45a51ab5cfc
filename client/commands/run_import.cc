#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "client/commands/commands.h"
#include "client/commands/import.h"
#include "client/commands/input.h"
#include "client/commands/known.h"
#include "client/link/client.h"
#include "client/terminal/progress.h"
#include "common/diary/entry_reader.h"
#include "common/os/error.h"
#include "common/text/text.h"

namespace md2 {
namespace {

/// Entries and bytes that are kept, sent and awaited together.
constexpr std::size_t batch_entries = 4096;
constexpr std::size_t batch_bytes = std::size_t{4} << 20;

/// What one import has come to. Entries that have a time of their own may be in the diary already: the first of them
/// makes the whole diary pass by once (`hi 0`), and what others write later is followed, so that it can be said of each
/// entry up to which offset the diary does not hold it.
class Import {
 public:
  /// `size`: of the input in bytes, 0 when not known.
  Import(const ClientOptions& options, std::uint64_t size)
      : client_(options, false), progress_(STDERR_FILENO, "imported", size) {}

  /// Of the input so many bytes were taken.
  void reach(std::uint64_t bytes) { progress_.reach(bytes, imported_ + batch_.size() + already_there_); }

  void take(Imported imported) {
    if (!imported.fault.empty()) {
      progress_.erase();
      fmt::print(stderr, "md2client: not imported: {}\n", sanitised(imported.fault));
      ++faults_;
      return;
    }
    if (imported.has_own_time) {
      if (!compares_) learn_diary();
      if (known_.contains(imported.encoded)) {
        ++already_there_;
        return;
      }
      known_.add(imported.encoded);
    }
    bytes_ += imported.encoded.size();
    batch_.push_back(std::move(imported.encoded));
    if (batch_.size() >= batch_entries || bytes_ >= batch_bytes) flush();
  }

  void flush() {
    if (batch_.empty()) return;
    imported_ += batch_.size();
    bytes_ = 0;
    client_.keep_and_tell(std::exchange(batch_, {}));
    if (!compares_) return;  // entries of now: there is nothing to compare, the outbox takes them all
    while (client_.outbox().waiting() > 0) {
      if (!client_.hopeful())
        throw Error(fmt::format("{}; to import the rest, import the same again: none is doubled", client_.unsaved()));
      follow(client_.next());
    }
    client_.requests().hold_since(live_.offset());
  }

  int finish() {
    flush();
    const bool saved = client_.settle();
    progress_.erase();
    fmt::print("{} imported, {} already in the diary, {} not imported\n", imported_, already_there_, faults_);
    if (!saved) {
      fmt::print(stderr, "md2client: {}\n", sanitised(client_.unsaved()));
      return exit_kept;
    }
    return faults_ == 0 && client_.all_taken() ? 0 : 1;
  }

 private:
  void learn_diary() {
    flush();
    if (!client_.reach() || !client_.settle()) {
      throw Error(
          fmt::format("entries with a time of their own can only be imported when the diary can be compared, "
                      "so that none is doubled: {}",
                      client_.fault()));
    }
    compares_ = true;
    client_.requests().ask(Verb::hi, 0);
    Progress compared(STDERR_FILENO, "compared", client_.diary_end());
    for (bool learning = true; learning;) {
      const Event event = client_.next();
      if (event.kind == Event::Kind::offline) throw Error(client_.fault());
      if (event.kind != Event::Kind::message) continue;
      if (event.message.verb == Verb::diary) {
        known_.feed(event.message.text);
        compared.reach(event.message.number + event.message.text.size());
      }
      if (event.message.verb == Verb::now) {
        learning = false;
        live_ = EntryReader(event.message.number);
      }
    }
    known_.finish();
    client_.requests().hold_since(live_.offset());
  }

  /// What others write while the import runs is known as well.
  void follow(const Event& event) {
    if (event.kind != Event::Kind::message || event.message.verb != Verb::diary) return;
    live_.feed(event.message.text);
    while (const auto item = live_.next()) {
      if (item->time) known_.add(item->raw);
    }
  }

  Client client_;
  Progress progress_;
  KnownEntries known_;
  EntryReader live_;  ///< of what was appended since the diary was learnt
  bool compares_ = false;
  std::vector<std::string> batch_;
  std::size_t bytes_ = 0;  ///< of batch_
  std::size_t imported_ = 0;
  std::size_t already_there_ = 0;
  std::size_t faults_ = 0;

 public:
  EntryClock& clock() { return client_.clock(); }
};

/// Bytes of a regular file; 0 for anything else.
std::uint64_t size_of(int fd) {
  struct stat status = {};
  return fstat(fd, &status) == 0 && S_ISREG(status.st_mode) ? static_cast<std::uint64_t>(status.st_size) : 0;
}

}  // namespace

int run_import(const ClientOptions& options) {
  UniqueFd file;
  const std::string name = options.file ? fmt::format("'{}'", *options.file) : "standard input";
  if (options.file) {
    file.reset(open(options.file->c_str(), O_RDONLY | O_CLOEXEC));
    if (!file) throw_errno("cannot open " + name);
  }
  const int input = file ? file.get() : STDIN_FILENO;
  Import import(options, size_of(input));
  Importer importer(import.clock());
  const auto take_all = [&] {
    while (auto imported = importer.next()) import.take(*std::move(imported));
  };
  std::uint64_t done = 0;
  for (std::string piece; read_piece(input, name, piece); piece.clear()) {
    importer.feed(piece);
    take_all();
    import.reach(done += piece.size());
  }
  importer.finish();
  take_all();
  return import.finish();
}

}  // namespace md2
