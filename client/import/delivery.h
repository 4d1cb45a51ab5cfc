#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "client/import/comparison.h"
#include "client/import/importer.h"
#include "client/import/report.h"
#include "client/link/client.h"
#include "client/options.h"
#include "client/terminal/progress.h"
#include "client/terminal/signals.h"

namespace md2 {

/// Brings what was imported into the diary, and leaves out what that holds already. Entries that have a time of their
/// own may be in it, and the texts of those that have none: the first of them makes the diary pass by (Comparison).
///
/// A file is there and can be imported again: when the server goes away, the import ends. What comes in a stream is
/// there once: it is kept in the outbox until there is a server, at most 64 MiB of it; then the stream has to wait. So
/// has what bears no time in the stream of a diary, which would come again with every new start.
class Delivery {
 public:
  /// What is imported.
  enum class Of {
    files,
    stream,  ///< its end may never come: a signal is as good
    mirror,  ///< a stream of entries in diary format
  };

  /// `size`: of the input in bytes, 0 when not known. `signals`: what ends a stream; nothing when one has
  /// already, or files are imported.
  Delivery(const ClientOptions& options, std::uint64_t size, Of what, std::unique_ptr<Signals> signals);

  EntryClock& clock() { return client_.clock(); }

  /// Of the input so many bytes were taken.
  void reach(std::uint64_t bytes) { progress_.reach(bytes, imported_ + batch_.size() + already_there_); }

  /// `input`: its name, where there are several.
  void take(Imported imported, const std::string& input);

  /// Waits until `input` (a descriptor) can be read. What was taken so far goes out when nothing comes for 50 ms.
  /// False: a signal has ended the stream.
  bool wait_for(int input);

  /// Does the work, and says at its end what has become of everything. Returns the exit status.
  int account(const std::function<void()>& work);

 private:
  /// A signal has ended the stream, and what is awaited may never come.
  struct Interrupted {};

  Tell tell();
  bool is_there(Imported& imported);
  bool knows_texts();
  void flush();
  void take_events();
  void take(const Event& event);
  std::optional<Event> next();
  void obey_signals();
  void make_room();
  void wait_until_sent();
  void wait_for_diary();
  void begin_to_compare(bool texts);
  void compare();
  bool is_offline() const { return client_.tried_to_connect() && !client_.online(); }
  void finish();
  void finish_dry();
  std::string left_out() const;
  bool can_compare();

  bool dry_;     ///< nothing is written: it is only said what would be
  bool again_;   ///< paragraphs whose text the diary holds are taken all the same
  bool stream_;  ///< what comes is kept, whether there is a server or not
  bool mirror_;
  std::unique_ptr<Signals> signals_;  ///< of a stream, until one has ended it
  bool interrupted_ = false;          ///< one has
  Progress progress_;                 ///< before the client, whose words take its line away
  Client client_;
  Comparison comparison_{client_};
  FaultReport faults_;
  std::optional<bool> compares_texts_;  ///< of paragraphs and corrected entries; nothing before the first
  bool offline_told_ = false;
  std::vector<std::string> batch_;
  std::optional<std::uint64_t> heard_;  ///< when its first entry was compared; nothing when it was not
  std::size_t bytes_ = 0;               ///< of batch_
  std::size_t kept_bytes_ = 0;          ///< put since the outbox was empty
  std::size_t imported_ = 0;            ///< saved by now, kept or refused
  std::size_t already_there_ = 0;
  std::size_t texts_there_ = 0;  ///< those of them that are paragraphs
  std::size_t empty_ = 0;
  std::vector<std::string> first_;  ///< of what a dry run would bring
  std::optional<Timestamp> from_, to_;
};

}  // namespace md2
