#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "client/commands/commands.h"
#include "client/link/client.h"
#include "client/page/corrected.h"
#include "client/page/page.h"
#include "client/terminal/signals.h"
#include "client/terminal/whole_output.h"
#include "common/diary/entry_reader.h"
#include "common/diary/query.h"

namespace md2 {

/// `md2client read --follow`: what matches, and then each new item that does, as it comes. In diary format without a
/// query it is the file, byte for byte, and what is appended to it.
///
/// What has been put out can't be taken back, so an item goes out when it is known to be whole: before, the owner may
/// still put another in its place.
class Follow {
 public:
  /// `form`: page, diary or json. Throws Error.
  Follow(const ClientOptions& options, AnswerForm form);

  /// Until somebody has enough. Returns the exit status.
  int run();

  /// That ended it and is not a wish of somebody who has enough: its terminal is gone. 0: none.
  int signal() const { return signal_; }

 private:
  enum class State {
    following,
    left,   ///< nobody wants more
    ended,  ///< by a signal
  };

  bool following() const { return state_ == State::following; }
  void obey(const SeenSignals& seen);
  void talk();
  void take(const Event& event);
  void take(const Message& message);
  void take_answer(const Message& message);
  void changed(const Message& change);
  void put_new_ones();
  void put(const ReadItem& read);
  void put_file(std::string_view raw, bool has_header);
  void wait();
  bool wait_to_write(bool begun);
  bool is_file() const { return form_ == AnswerForm::diary && query_.empty(); }

  AnswerForm form_;
  Query query_;
  Signals signals_;
  Client client_;
  Page page_;
  WholeOutput out_;
  State state_ = State::following;
  std::optional<Clock::Steady> leave_at_;  ///< at the latest: a signal has come
  int signal_ = 0;
  bool was_online_ = false;
  bool offline_told_ = false;
  bool answered_ = false;  ///< the beginning is whole: what comes is new
  CorrectedReader answer_;
  EntryReader live_;
  bool unended_ = false;  ///< what was put out last of the file may go on
  std::string scratch_;
};

}  // namespace md2
