#include "client/link/sender.h"

#include <algorithm>
#include <utility>

#include "common/os/language.h"

namespace md2 {
namespace {

/// Entries that may be without an answer. Enough to fill a turn of the server, fewer than it lets wait.
constexpr std::size_t max_under_way = 512;

}  // namespace

void Sender::connected() {
  floors_.clear();
  under_way_.clear();
  next_id_ = 0;
  end_ = 0;
  end_is_old_ = false;
  failing_ = false;
}

void Sender::disconnected() {
  ++connection_;
  floors_.clear();
}

void Sender::changed(std::uint64_t floor, std::uint64_t change) {
  if (change != floors_.size() + 1) throw ProtocolError(tr("the server counts its changes in another way"));
  floors_.push_back(floor);
  end_is_old_ = true;
}

void Sender::heard_of(std::uint64_t offset) {
  end_ = std::exchange(end_is_old_, false) ? offset : std::max(end_, offset);
}

std::uint64_t Sender::since_of_new(const Outbox::Item& item) const {
  const bool held = held_since_.offset != 0 && held_since_.heard >> 32 == connection_;
  std::uint64_t since = held ? held_since_.offset : end_;
  const std::uint64_t heard = held ? held_since_.heard : item.heard;
  for (std::size_t i = heard & 0xffffffff; i < floors_.size(); ++i) since = std::min(since, floors_[i]);
  return since;
}

void Sender::send(std::string& out, std::size_t limit) {
  while (!failing_ && under_way_.size() < max_under_way && out.size() < limit) {
    const auto item = outbox_.get(next_id_);
    if (!item) return;
    next_id_ = item->id + 1;
    if (refused_.count(item->id) != 0) continue;
    const bool in_doubt = item->in_doubt || item->heard >> 32 != connection_;
    std::uint64_t since = 0;
    if (!in_doubt) since = since_of_new(*item);
    append_message(out, Verb::write, since, item->encoded, floors_.size());
    outbox_.mark_sent(item->id);
    under_way_.push_back({item->id, item->encoded.size()});
  }
}

void Sender::answered(const Message& answer, const std::function<void(const Outbox::Item& refused)>& tell) {
  if (under_way_.empty()) throw ProtocolError(tr("the server answers a 'write' that was not sent"));
  const Sent sent = under_way_.front();
  under_way_.pop_front();
  if (answer.verb == Verb::failed) {
    failing_ = true;
    if (sent.id < next_id_) next_id_ = sent.id;
    return;
  }
  if (answer.verb == Verb::saved) {
    heard_of(answer.number + sent.size);
    outbox_.remove(sent.id);
  } else if (const auto item = outbox_.get(sent.id); item && item->id == sent.id) {
    refused_.insert(sent.id);
    tell(*item);
  }
}

}  // namespace md2
