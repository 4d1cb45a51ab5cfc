#include "client/import/import.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "client/import/format.h"
#include "client/import/importer.h"
#include "client/import/input.h"
#include "client/import/known_entries.h"
#include "client/link/client.h"
#include "client/terminal/progress.h"
#include "common/os/error.h"
#include "common/os/paths.h"
#include "common/os/standard_streams.h"

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
      : progress_(STDERR_FILENO, "read", size), client_(options, false, [this](const std::string& sentence) {
          progress_.erase();
          to_stderr(sentence);
        }) {}

  EntryClock& clock() { return client_.clock(); }

  /// Of the input so many bytes were taken.
  void reach(std::uint64_t bytes) { progress_.reach(bytes, imported_ + batch_.size() + already_there_); }

  void take(Imported imported) {
    if (!imported.fault.empty()) {
      client_.refuse("not imported: " + imported.fault);
      ++faults_;
      return;
    }
    if (imported.has_own_time) {
      if (!compares_) learn_diary();
      if (!known_.add(imported.encoded)) {
        ++already_there_;
        return;
      }
    }
    bytes_ += imported.encoded.size();
    batch_.push_back(std::move(imported.encoded));
    if (batch_.size() >= batch_entries || bytes_ >= batch_bytes) flush();
  }

  void flush() {
    if (batch_.empty()) return;
    imported_ += batch_.size();
    bytes_ = 0;
    client_.keep(std::exchange(batch_, {}));
    if (!compares_) return;  // entries of now: there is nothing to compare, the outbox takes them all
    while (client_.outbox().waiting() > 0) {
      if (!client_.may_be_saved_soon()) {
        throw Error(fmt::format("not all is imported: {}; to import the rest, import the same again: none is doubled",
                                client_.fault()));
      }
      const Event event = client_.next();
      if (event.kind == Event::Kind::message) see(event.message);
    }
    if (changed_ || edited_) learn();
    hold_since();
  }

  void hold_since() {
    const std::uint64_t connection = client_.exchange().heard() >> 32 << 32;
    client_.exchange().hold_since({known_.offset(), connection | changes_});
  }

  /// What others write while the import runs is known as well.
  void see(const Message& message) {
    if (message.verb == Verb::diary) known_.feed(message.text);
    if (message.verb == Verb::since) {
      changes_ = message.second;
      edited_ = edited_ || message.number < known_.offset();
    }
    if (message.verb == Verb::changed) changed_ = true;
  }

  int account(const std::function<void()>& work) {
    return client_.account([&] {
      work();
      finish();
    });
  }

 private:
  void finish() {
    flush();
    client_.wait_until_saved();
    // More were left by others, and what they left goes out first.
    const std::size_t kept = std::min(client_.outbox().waiting(), imported_);
    const std::size_t refused = std::min(client_.refused() - faults_, imported_ - kept);
    progress_.erase();
    offer_out(fmt::format("{} imported, {}{} already in the diary, {} not imported\n", imported_ - refused - kept,
                          kept > 0 ? fmt::format("{} kept and not yet saved, ", kept) : "", already_there_,
                          faults_ + refused));
  }

  void learn_diary() {
    flush();
    if (!client_.wait_for_greeting() || !client_.wait_until_saved()) {
      throw Error(
          fmt::format("entries with a time of their own can only be imported when the diary can be compared, "
                      "so that none is doubled: {}",
                      client_.fault()));
    }
    compares_ = true;
    learn();
    hold_since();
  }

  /// The diary passes by once, and once more whenever its owner has changed it meanwhile.
  void learn() {
    do {
      changed_ = edited_ = false;
      known_.restart();
      client_.exchange().ask(Verb::hi, 0);
      Progress compared(STDERR_FILENO, "compared", client_.diary_end());
      for (Message message; !changed_ && message.verb != Verb::now;) {
        message = client_.next_message();
        see(message);
        if (message.verb == Verb::diary) compared.reach(message.number + message.text.size());
      }
    } while (changed_ || edited_);
    known_.finish();
  }

  Progress progress_;  ///< before the client, whose words take its line away
  Client client_;
  KnownEntries known_;
  bool compares_ = false;
  bool changed_ = false;       ///< by the owner of the diary: what comes is not what follows what is known
  bool edited_ = false;        ///< maybe by him as well: what is known may stand there as something else
  std::uint64_t changes_ = 0;  ///< the server has told of
  std::vector<std::string> batch_;
  std::size_t bytes_ = 0;     ///< of batch_
  std::size_t imported_ = 0;  ///< saved by now, kept or refused
  std::size_t already_there_ = 0;
  std::size_t faults_ = 0;
};

/// True for an outbox among those that the clients of this user look at.
bool is_own_outbox(const ClientOptions& options, const std::string& file) {
  const std::filesystem::path path(file);
  std::error_code failure;
  const std::string name = path.filename();
  return name.ends_with(".outbox") && name.find('@') != std::string::npos &&
         std::filesystem::equivalent(folder_of(file), options.outbox, failure);
}

/// An outbox that waits for another diary becomes one of the diary that answers here: it takes another name, which is
/// all, so nothing can be lost or doubled on the way. What is in doubt is looked for as in any outbox.
int move_outbox(const ClientOptions& options, const std::string& file) {
  const std::string path = options.outbox + "/" + std::filesystem::path(file).filename().string();
  auto outbox = OutboxFile::adopt(path);
  if (!outbox) {
    throw Error(fmt::format("outbox '{}' is {}", path,
                            access(path.c_str(), F_OK) == 0 ? "that of an md2client that runs" : "not there any more"));
  }
  Client client(options, false, to_stderr, std::move(outbox));
  const std::size_t entries = client.outbox().claimed();
  if (!client.wait_for_greeting()) {
    to_stderr(fmt::format("nothing was imported, and '{}' is as it was: {}", path, client.fault()));
    return exit_kept;
  }
  client.wait_until_saved();
  const std::size_t left = std::min(client.outbox().waiting(), entries);  // others may wait as well
  const std::size_t refused = std::min(client.refused(), entries - left);
  fmt::print("{} of {} entries of the outbox are in the diary, {} refused\n", entries - left - refused, entries,
             refused);
  return client.exit_status();
}

Format format_named(const std::string& name) {
  std::string all;
  for (const FormatName& one : format_names()) {
    if (one.option == name) return one.format;
    all += all.empty() ? "" : ", ";
    all += one.option;
  }
  throw Error(fmt::format("--from={}: the formats are {}", name, all));
}

Format format_of(Input& input) {
  for (;;) {
    const bool whole = input.head().size() >= recognised_by || !input.look_further();
    if (const auto format = recognise(input.head(), whole, real_clock())) return *format;
  }
}

}  // namespace

int run_import(const ClientOptions& options) {
  if (options.files.size() == 1 && is_own_outbox(options, options.files[0]))
    return move_outbox(options, options.files[0]);
  std::optional<Format> format;
  if (options.from) format = format_named(*options.from);
  std::vector<Input> inputs;
  inputs.reserve(options.files.size() + 1);
  for (const std::string& file : options.files) inputs.emplace_back(file);
  if (inputs.empty()) inputs.emplace_back(std::nullopt);
  std::uint64_t size = 0;
  for (const Input& input : inputs) size += input.size();
  Import import(options, size);
  return import.account([&] {
    for (Input& input : inputs) {
      Importer importer(import.clock(), input.changed());
      read_items(format ? *format : format_of(input), input, real_clock(), [&](const Item& item) {
        import.take(importer.make(item));
        import.reach(input.taken());
      });
    }
  });
}

}  // namespace md2
