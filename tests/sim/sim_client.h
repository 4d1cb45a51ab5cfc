#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "client/link/conversation.h"
#include "client/link/entry_clock.h"
#include "client/link/exchange.h"
#include "client/link/reconnector.h"
#include "client/outbox/outbox.h"
#include "tests/sim/ledger.h"
#include "tests/sim/mutant.h"
#include "tests/sim/network.h"
#include "tests/sim/process.h"

namespace md2::sim {

/// What a client finds at the address of its server.
class Address {
 public:
  virtual ~Address() = default;

  /// Nothing: nobody listens there.
  virtual std::shared_ptr<Connection> connect() = 0;
  /// Which diary answers there now.
  virtual std::size_t diary() const = 0;

  /// All was asked for: true when `answer`, some time later, is all that the diary then held, or, `corrected`, showed.
  virtual void asks() = 0;
  virtual bool was_a_state(const std::string& answer, bool corrected) const = 0;
  /// True when the diary has ever had this line, of which `first` bytes came at once (States::had_line()).
  virtual bool was_a_line(const std::string& line, std::size_t first) const = 0;
  /// False when nobody but md2 has touched the diary, and it is the only one.
  virtual bool others_act() const = 0;
  /// True when the diary holds these bytes there.
  virtual bool holds(std::uint64_t offset, const std::string& bytes) const = 0;
  /// A person was shown an announcement.
  virtual void announced(const std::string& text) = 0;
};

/// A life of md2client with a prompt: what Client and Link do, with a person who types and no threads.
class SimClient {
 public:
  using Outcome = Process::Outcome;

  struct World {
    Files& files;
    Interference& interference;
    Random& random;
    Story& story;
    Ledger& ledger;
    Address& address;
    Mutant mutant;
    std::string outboxes;  ///< folder
    bool refusals;         ///< now and then somebody writes what the server refuses
    bool corrects;         ///< or a correction of what he or somebody else wrote
  };

  SimClient(const World& world, SimClock& clock, int number)
      : world_(world), process_(world.files, world.interference, clock, number) {}
  ~SimClient();
  SimClient(const SimClient&) = delete;
  SimClient& operator=(const SimClient&) = delete;

  /// After any other outcome than `fine` it is over.
  Outcome start();

  /// Somebody writes so many entries and presses Enter once.
  Outcome write(std::size_t entries);

  /// The link thread goes on; then, or not, the main thread.
  Outcome step(bool main_too);

  /// Somebody asks for the whole diary.
  void ask();

  /// Somebody leaves. The object is to be destroyed next.
  Outcome leave();
  void kill() { process_.kill(); }

  int number() const { return process_.number(); }
  const std::string& error() const { return process_.error(); }
  bool hopeless() const { return hopeless_; }
  bool caught_up() const { return caught_up_; }
  bool waits_for_answer() const { return answer_.has_value(); }
  std::size_t waiting() const { return outbox_ ? outbox_->waiting() : 0; }
  Connection* connection() { return connection_.get(); }

 private:
  std::optional<std::string> make_entry();
  std::optional<std::string> make_correction();
  void link_step();
  void connect();
  void talk();
  void disconnect();
  void main_step();
  void take(const Message& message);
  void follow(const Message& piece);
  void note_sent(std::string& out);
  void note_answers(const std::string& said);
  std::int64_t now() { return process_.clock().steady().time_since_epoch() / std::chrono::microseconds(1); }

  World world_;
  Process process_;
  std::optional<Outbox> outbox_;
  std::optional<Exchange> exchange_;
  std::optional<Conversation> conversation_;
  std::optional<EntryClock> entry_clock_;
  Reconnector reconnector_;
  std::shared_ptr<Connection> connection_;
  std::int64_t next_attempt_ = 0;
  bool hopeless_ = false;
  int written_ = 0;

  // What an eavesdropper knows of the connection under way:
  MessageReader requests_{Role::client};
  MessageReader answers_{Role::server};
  std::deque<std::string> sent_;  ///< entries without an answer
  std::uint64_t greeted_at_ = 0;
  std::size_t connection_diary_ = 0;  ///< that answers there
  bool greeted_now_ = false;
  int met_ = -1;  ///< the first diary that this client met

  bool online_ = false;                ///< as the person knows
  std::optional<std::string> answer_;  ///< to an `r` or `raw`, as far as it has come
  bool starts_ = true;                 ///< that is the diary as it is shown at the start
  int starts_anew_ = -1;               ///< connections over which it came, but for the first
  bool corrected_ = true;              ///< it is to an `r`
  bool caught_up_ = false;             ///< all of the diary was shown on this connection
  std::uint64_t shown_to_ = 0;
  std::optional<std::string> first_line_ = "";  ///< of what is shown, as far as it has come
  std::size_t first_piece_ = 0;                 ///< bytes of it, or more, that came at once
  bool jumped_ = false;                         ///< what comes next is not what follows what was shown
  std::uint64_t jumped_from_ = 0;               ///< what was shown before first_line_ ended there
  std::uint64_t jumped_to_ = 0;                 ///< and first_line_ begins here
};

}  // namespace md2::sim
