#include "tests/fault/writer.h"

#include <exception>
#include <optional>

#include "client/link/entry_clock.h"
#include "common/diary/entry.h"
#include "tests/support/wire_client.h"

namespace md2::test {

void Writer::add(const std::string& text) {
  thread_local EntryClock clock;  // one for all: no two entries of a scene, which has one thread, have the same time
  waiting_.push_back({text, encode({clock.next(), text})});
  ledger_.note(name_, text, Ledger::State::kept);
}

void Writer::deliver(ServerProgram& server) {
  std::optional<WireClient> wire;
  try {
    wire.emplace(server);
    for (const Sent& one : waiting_) wire->send(Verb::write, 0, one.encoded);
    while (!waiting_.empty()) {
      const Message answer = wire->next();
      if (answer.verb != Verb::saved) return;
      ledger_.note(name_, waiting_.front().text, Ledger::State::acknowledged);
      waiting_.front().offset = answer.number;
      saved_.push_back(std::move(waiting_.front()));
      waiting_.pop_front();
    }
  } catch (const std::exception&) {
    if (wire && !wire->ended()) throw;  // the server is there and silent
  }
}

bool Writer::all_stand_in(const std::string& diary) const {
  for (const Sent& one : saved_) {
    if (one.offset > diary.size() || diary.compare(one.offset, one.encoded.size(), one.encoded) != 0) return false;
  }
  return true;
}

}  // namespace md2::test
