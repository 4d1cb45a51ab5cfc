#include "client/import/delivery.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "client/page/page.h"
#include "client/terminal/terminal.h"
#include "common/os/error.h"
#include "common/os/standard_streams.h"

namespace md2 {
namespace {

/// Entries and bytes that are kept, sent and awaited together.
constexpr std::size_t batch_entries = 4096;
constexpr std::size_t batch_bytes = std::size_t{4} << 20;

constexpr std::size_t shown_by_dry_run = 3;

std::string date_of(Timestamp time) {
  return to_string(time).substr(0, 10);
}

}  // namespace

Delivery::Delivery(const ClientOptions& options, std::uint64_t size)
    : dry_(options.dry_run),
      again_(options.again),
      progress_(STDERR_FILENO, "read", size),
      client_(options, false, [this](const std::string& sentence) {
        progress_.erase();
        to_stderr(sentence);
      }) {}

void Delivery::take(Imported imported, const std::string& input) {
  if (!imported.fault.empty()) return faults_.add(input.empty() ? imported.fault : input + ", " + imported.fault);
  if (imported.is_empty) {
    ++empty_;
    return;
  }
  if (is_there(imported)) {
    ++already_there_;
    if (!imported.has_own_time) ++texts_there_;
    return;
  }
  if (dry_) {
    ++imported_;
    const Timestamp time = *parse_header(imported.encoded);
    if (!from_ || time.micros < from_->micros) from_ = time;
    if (!to_ || time.micros > to_->micros) to_ = time;
    if (first_.size() < shown_by_dry_run) first_.push_back(std::move(imported.encoded));
    return;
  }
  bytes_ += imported.encoded.size();
  batch_.push_back(std::move(imported.encoded));
  if (batch_.size() >= batch_entries || bytes_ >= batch_bytes) flush();
}

/// The diary holds it. From now on it does, if it has a time of its own.
bool Delivery::is_there(const Imported& imported) {
  if (imported.has_own_time) {
    if (!compares_ && (!dry_ || can_compare())) learn_diary();
    return !known_.add(imported.encoded);
  }
  if (again_) return false;
  if (!compares_texts_) {
    // Without a server they are kept like any other entry.
    compares_texts_ = can_compare();
    known_.gather_texts();
    if (*compares_texts_) learn_diary();
  }
  return *compares_texts_ && known_.holds_text(imported.text);
}

bool Delivery::can_compare() {
  flush();
  return client_.wait_for_greeting() && client_.wait_until_saved();
}

void Delivery::flush() {
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

void Delivery::hold_since() {
  const std::uint64_t connection = client_.exchange().heard() >> 32 << 32;
  client_.exchange().hold_since({known_.offset(), connection | changes_});
}

/// What others write while the import runs is known as well.
void Delivery::see(const Message& message) {
  if (message.verb == Verb::diary) known_.feed(message.text);
  if (message.verb == Verb::since) {
    changes_ = message.second;
    edited_ = edited_ || message.number < known_.offset();
  }
  if (message.verb == Verb::changed) changed_ = true;
}

int Delivery::account(const std::function<void()>& work) {
  return client_.account([&] {
    work();
    dry_ ? finish_dry() : finish();
  });
}

/// What is said of entries that are in neither the diary nor a fault.
std::string Delivery::left_out() const {
  std::string text = fmt::format("{} already in the diary", already_there_);
  if (texts_there_ > 0) text += fmt::format(" ({} of them without a time: --again takes them)", texts_there_);
  if (empty_ > 0) text += fmt::format(", {} without text", empty_);
  return text;
}

void Delivery::finish() {
  flush();
  client_.wait_until_saved();
  // More were left by others, and what they left goes out first.
  const std::size_t kept = std::min(client_.outbox().waiting(), imported_);
  const std::size_t refused = std::min(client_.refused(), imported_ - kept);
  progress_.erase();
  if (faults_.count() > 0) client_.refuse(faults_.text("not imported:", isatty(STDERR_FILENO) == 1));
  offer_out(fmt::format("{} imported, {}{}, {} not imported\n", imported_ - refused - kept,
                        kept > 0 ? fmt::format("{} kept and not yet saved, ", kept) : "", left_out(),
                        faults_.count() + refused));
}

void Delivery::finish_dry() {
  progress_.erase();
  if (faults_.count() > 0) client_.refuse(faults_.text("would not be imported:", isatty(STDERR_FILENO) == 1));
  std::string text = fmt::format("{} would be imported", imported_);
  if (from_) text += fmt::format(", from {} to {}", date_of(*from_), date_of(*to_));
  const bool compared = compares_ || already_there_ > 0 || imported_ == 0;
  text += compared ? ", " + left_out() : ", compared with no diary";
  text += fmt::format(", {} not imported\n", faults_.count());
  const bool terminal = isatty(STDOUT_FILENO) == 1;
  Page page({terminal ? columns_of(STDOUT_FILENO) : 0, terminal && takes_colour(STDOUT_FILENO)});
  EntryReader reader;
  for (const std::string& encoded : first_) reader.feed(encoded);
  reader.finish();
  while (auto item = reader.next()) page.add(text, read_item(*std::move(item)));
  put_out(text);
}

void Delivery::learn_diary() {
  if (!can_compare()) {
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
void Delivery::learn() {
  do {
    changed_ = edited_ = false;
    known_.restart();
    client_.ask(Verb::hi);
    Progress compared(STDERR_FILENO, "compared", client_.diary_end());
    for (Message message; !changed_ && message.verb != Verb::now;) {
      message = client_.next_message();
      see(message);
      if (message.verb == Verb::diary) compared.reach(message.number + message.text.size());
    }
  } while (changed_ || edited_);
  known_.finish();
}

}  // namespace md2
