#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "client/import/importer.h"
#include "client/import/known_entries.h"
#include "client/import/report.h"
#include "client/link/client.h"
#include "client/options.h"
#include "client/terminal/progress.h"

namespace md2 {

/// Brings what was imported into the diary, and leaves out what that holds already. Entries that have a time of their
/// own may be in it, and the texts of those that have none: the first of them makes the whole diary pass by once
/// (`hi 0`), and what others write later is followed, so that it can be said of each entry up to which offset the diary
/// does not hold it.
class Delivery {
 public:
  /// `size`: of the input in bytes, 0 when not known.
  Delivery(const ClientOptions& options, std::uint64_t size);

  EntryClock& clock() { return client_.clock(); }

  /// Of the input so many bytes were taken.
  void reach(std::uint64_t bytes) { progress_.reach(bytes, imported_ + batch_.size() + already_there_); }

  /// `input`: its name, where there are several.
  void take(Imported imported, const std::string& input);

  /// What was taken so far goes out now.
  void flush();

  /// Does the work, and says at its end what has become of everything. Returns the exit status.
  int account(const std::function<void()>& work);

 private:
  bool is_there(const Imported& imported);
  void hold_since();
  void see(const Message& message);
  void finish();
  void finish_dry();
  std::string left_out() const;
  bool can_compare();
  void learn_diary();
  void learn();

  bool dry_;           ///< nothing is written: it is only said what would be
  bool again_;         ///< paragraphs whose text the diary holds are taken all the same
  Progress progress_;  ///< before the client, whose words take its line away
  Client client_;
  KnownEntries known_;
  FaultReport faults_;
  bool compares_ = false;
  std::optional<bool> compares_texts_;  ///< of paragraphs; nothing before the first
  bool changed_ = false;                ///< by the owner of the diary: what comes is not what follows what is known
  bool edited_ = false;                 ///< maybe by him as well: what is known may stand there as something else
  std::uint64_t changes_ = 0;           ///< the server has told of
  std::vector<std::string> batch_;
  std::size_t bytes_ = 0;     ///< of batch_
  std::size_t imported_ = 0;  ///< saved by now, kept or refused
  std::size_t already_there_ = 0;
  std::size_t texts_there_ = 0;  ///< those of them that are paragraphs
  std::size_t empty_ = 0;
  std::vector<std::string> first_;  ///< of what a dry run would bring
  std::optional<Timestamp> from_, to_;
};

}  // namespace md2
