#include "client/import/comparison.h"

namespace md2 {

void Comparison::begin(bool texts) {
  begun_ = true;
  if (texts) known_.gather_texts();
  pass_again();
}

/// What is still on its way from before does not begin with the first byte.
void Comparison::pass_again() {
  whole_ = false;
  known_.restart();
  client_.ask(Verb::hi);
}

void Comparison::take(const Event& event) {
  switch (event.kind) {
    case Event::Kind::online:
      if (const std::string fault = client_.rights_fault(); begun_ && !fault.empty()) throw Error(fault);
      connection_ = event.message.second >> 32 << 32;
      changes_ = 0;
      whole_ = false;
      break;
    case Event::Kind::offline:
    case Event::Kind::no_key:
      whole_ = false;
      break;
    case Event::Kind::message:
      take(event.message);
      break;
    default:
      break;
  }
}

void Comparison::take(const Message& message) {
  if (message.verb == Verb::since) changes_ = message.second;
  if (!begun_) return;
  switch (message.verb) {
    case Verb::diary:
      if (message.number == known_.end()) known_.feed(message.text);
      break;
    case Verb::now:
      if (message.number != known_.end()) break;
      known_.finish();
      whole_ = true;
      break;
    case Verb::since:
      if (message.number < known_.offset()) pass_again();
      break;
    case Verb::changed:
      pass_again();
      break;
    default:
      break;
  }
}

/// What the link was told holds for all that waits: it is told another offset when nothing does. An empty diary is no
/// place to look up to.
std::uint64_t Comparison::hold() {
  if (!whole_ || known_.offset() == 0) return 0;
  const std::uint64_t heard = connection_ | changes_;
  if (held_connection_ != connection_ || client_.outbox().waiting() == 0) {
    client_.exchange().hold_since({known_.offset(), heard});
    held_connection_ = connection_;
  }
  return heard;
}

}  // namespace md2
