#include "client/link/sender.h"

namespace md2 {
namespace {

/// Entries that may be without an answer. Enough to fill a turn of the server, fewer than it lets wait.
constexpr std::size_t max_under_way = 512;

}  // namespace

void Sender::connected() {
  under_way_.clear();
  next_id_ = 0;
  place_ = 0;
  file_ = 0;
  end_ = 0;
  failing_ = false;
}

void Sender::send(std::string& out, std::size_t limit) {
  while (!failing_ && under_way_.size() < max_under_way && out.size() < limit) {
    const auto item = outbox_.get(next_id_);
    if (!item) return;
    std::uint64_t since = held_since_ != 0 ? held_since_ : end_;
    if (item->in_doubt) {
      if (item->file != file_) {  // written by another client perhaps: its entries may lie before the last one's
        if (!under_way_.empty()) return;
        place_ = 0;
        file_ = item->file;
      }
      if (place_ == 0 && !under_way_.empty()) return;  // the answer tells where the next one cannot lie before
      since = place_;
    }
    append_message(out, Verb::write, since, item->encoded);
    outbox_.mark_sent(item->id);
    under_way_.push_back({item->id, item->encoded.size(), item->in_doubt});
    next_id_ = item->id + 1;
  }
}

void Sender::answered(const Message& answer, const std::function<void(const std::string& entry)>& tell) {
  if (under_way_.empty()) throw ProtocolError("the server answers a 'write' that was not sent");
  const Sent sent = under_way_.front();
  under_way_.pop_front();
  if (answer.verb == Verb::failed) {
    failing_ = true;
    if (sent.id < next_id_) next_id_ = sent.id;
    return;
  }
  if (answer.verb == Verb::saved) {
    heard_of(answer.number + sent.size);
    if (sent.in_doubt) place_ = answer.number;
  } else if (const auto item = outbox_.get(sent.id); item && item->id == sent.id) {
    tell(item->encoded);
  }
  outbox_.remove(sent.id);
}

}  // namespace md2
