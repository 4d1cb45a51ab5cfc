#include "client/import/delivery.h"

#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "client/page/page.h"
#include "client/terminal/terminal.h"
#include "common/os/error.h"
#include "common/os/language.h"
#include "common/os/standard_streams.h"

namespace md2 {
namespace {

/// Entries and bytes that are kept, sent and awaited together; of a stream fewer, which is there only once.
constexpr std::size_t batch_entries = 4096;
constexpr std::size_t batch_bytes = std::size_t{4} << 20;
constexpr std::size_t stream_batch_bytes = std::size_t{64} << 10;

/// Bytes of a stream that are kept without a server.
constexpr std::size_t most_kept = std::size_t{64} << 20;

/// Milliseconds in which nothing comes: a stream pauses.
constexpr int pause = 50;

constexpr std::size_t shown_by_dry_run = 3;

std::string date_of(Timestamp time) {
  return to_string(time).substr(0, 10);
}

}  // namespace

Delivery::Delivery(const ClientOptions& options, std::uint64_t size, Of what, std::unique_ptr<Signals> signals)
    : dry_(options.dry_run),
      again_(options.again),
      stream_(what != Of::files && !dry_),
      mirror_(what == Of::mirror && !dry_),
      signals_(std::move(signals)),
      interrupted_(stream_ && !signals_),
      progress_(STDERR_FILENO, tr("read"), size),
      client_(stream_ ? Client(options, Client::Follower{}, tell()) : Client(options, false, tell())) {}

Tell Delivery::tell() {
  return [this](const std::string& sentence) {
    progress_.erase();
    to_stderr(sentence);
  };
}

void Delivery::take(Imported imported, const std::string& input) {
  if (!imported.fault.empty()) return faults_.add(input.empty() ? imported.fault : tr("{}, {}", input, imported.fault));
  if (imported.is_empty) {
    ++empty_;
    return;
  }
  bool there = false;
  try {
    there = is_there(imported);
  } catch (const Interrupted&) {
    return faults_.add(
        tr("line {}: the import was ended before it was known whether the diary holds it", imported.line));
  }
  if (there) {
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
  // What comes while it waits to go out may hold the same entry.
  if (batch_.empty()) heard_ = comparison_.begun() ? std::optional(comparison_.hold()) : std::nullopt;
  bytes_ += imported.encoded.size();
  batch_.push_back(std::move(imported.encoded));
  if (batch_.size() >= batch_entries || bytes_ >= (stream_ ? stream_batch_bytes : batch_bytes)) flush();
}

/// The diary holds it. From now on it does, if it has a time of its own.
bool Delivery::is_there(Imported& imported) {
  if (!imported.has_own_time) return !again_ && knows_texts() && comparison_.take_text(imported.text);
  if (imported.correction && knows_texts() && comparison_.holds(imported.correction->of))
    imported.encoded = imported.correction->encoded;
  if (!comparison_.begun() && (!dry_ || can_compare())) begin_to_compare(false);
  if (comparison_.begun()) compare();
  return !comparison_.add(imported.encoded);
}

/// Without a server paragraphs are kept like any other entry, but for those of a mirror.
bool Delivery::knows_texts() {
  if (!compares_texts_ && mirror_) {
    wait_for_diary();
    compares_texts_ = true;
  }
  if (!compares_texts_) {
    compares_texts_ = can_compare();
    if (*compares_texts_) begin_to_compare(true);
  }
  if (*compares_texts_) compare();
  return *compares_texts_;
}

bool Delivery::can_compare() {
  flush();
  return client_.wait_for_greeting() && client_.wait_until_saved();
}

/// With what an earlier import has kept in it.
void Delivery::wait_for_diary() {
  flush();
  const auto wait_until = [this](auto holds) {
    while (!holds()) {
      if (interrupted_) throw Interrupted();
      if (const auto event = next()) take(*event);
    }
  };
  wait_until([this] { return client_.online() && client_.outbox().waiting() == 0; });
  begin_to_compare(true);
  wait_until([this] { return comparison_.whole(); });
}

void Delivery::begin_to_compare(bool texts) {
  flush();
  comparison_.begin(texts);
}

/// All that the diary holds is known when it returns; or, of a stream, there is no server.
void Delivery::compare() {
  take_events();
  if (comparison_.whole() || (stream_ && is_offline())) return;
  Progress compared(STDERR_FILENO, tr("compared"), client_.diary_end());
  while (!comparison_.whole()) {
    if (is_offline() && stream_) return;
    if (is_offline()) {
      throw Error(
          tr("entries with a time of their own can only be imported when the diary can be compared, "
             "so that none is doubled: {}",
             client_.fault()));
    }
    if (const auto event = next()) take(*event);
    compared.reach(comparison_.end());
  }
}

bool Delivery::wait_for(int input) {
  for (bool paused = false;;) {
    take_events();
    obey_signals();
    if (interrupted_) return false;
    std::array<pollfd, 3> watched{pollfd{input, POLLIN, 0}, pollfd{client_.exchange().fd(), POLLIN, 0},
                                  pollfd{signals_ ? signals_->fd() : -1, POLLIN, 0}};
    const int count = poll(watched.data(), watched.size(), paused ? -1 : pause);
    if (count < 0 && errno != EINTR) throw_errno(tr("cannot wait for input"));
    if (count > 0 && watched[0].revents != 0) return true;
    if (count != 0) continue;
    flush();
    paused = true;
  }
}

/// The next thing that the link says; nothing when a signal comes first.
std::optional<Event> Delivery::next() {
  for (;;) {
    const bool before = interrupted_;
    obey_signals();
    if (auto event = client_.poll()) return event;
    if (interrupted_ != before) return std::nullopt;
    std::array<pollfd, 2> watched{pollfd{client_.exchange().fd(), POLLIN, 0},
                                  pollfd{signals_ ? signals_->fd() : -1, POLLIN, 0}};
    if (poll(watched.data(), watched.size(), -1) < 0 && errno != EINTR) throw_errno(tr("cannot wait for the server"));
  }
}

/// The first one ends the stream; a second ends the program.
void Delivery::obey_signals() {
  if (!signals_) return;
  const SeenSignals seen = signals_->take();
  if (seen.stop) signals_->stop_process();
  if (seen.end == 0 && !seen.interrupt) return;
  signals_.reset();
  interrupted_ = true;
}

void Delivery::take_events() {
  while (const auto event = client_.poll()) take(*event);
}

void Delivery::take(const Event& event) {
  comparison_.take(event);
  if (!stream_) return;
  if (event.kind == Event::Kind::offline || event.kind == Event::Kind::no_key) {
    tell()(tr("{}; what comes is kept, and goes out when the server is there", event.message.text));
    offline_told_ = true;
  } else if (event.kind == Event::Kind::online && std::exchange(offline_told_, false)) {
    tell()(tr("the server is there again"));
  }
}

void Delivery::flush() {
  if (batch_.empty()) return;
  imported_ += batch_.size();
  kept_bytes_ += std::exchange(bytes_, 0);
  // Without a comparison they are of now: there is nothing that they could be doubled by.
  client_.keep(std::exchange(batch_, {}), heard_);
  if (stream_ && !interrupted_) make_room();
  if (stream_) return;
  if (!heard_) return;
  wait_until_sent();
  compare();
}

/// The rest of a stream has to wait while there is no server for what was kept of it.
void Delivery::make_room() {
  take_events();
  if (client_.outbox().waiting() == 0) kept_bytes_ = 0;
  if (kept_bytes_ < most_kept) return;
  while (client_.outbox().waiting() > 0 && !interrupted_) {
    if (const auto event = next()) take(*event);
  }
  kept_bytes_ = 0;
}

void Delivery::wait_until_sent() {
  while (client_.outbox().waiting() > 0) {
    if (!client_.may_be_saved_soon()) {
      throw Error(
          tr("not all is imported: {}; to import the rest, import the same again: none is doubled", client_.fault()));
    }
    take(client_.next());
  }
}

int Delivery::account(const std::function<void()>& work) {
  return client_.account([&] {
    work();
    dry_ ? finish_dry() : finish();
  });
}

/// What is said of entries that are in neither the diary nor a fault.
std::string Delivery::left_out() const {
  std::string text = tr(", {} already in the diary", already_there_);
  if (texts_there_ > 0) text += tr(" ({} of them without a time: --again takes them)", texts_there_);
  if (empty_ > 0) text += tr(", {} without text", empty_);
  return text;
}

void Delivery::finish() {
  signals_.reset();
  flush();
  client_.wait_until_saved();
  // More were left by others, and what they left goes out first.
  const std::size_t kept = std::min(client_.outbox().waiting(), imported_);
  const std::size_t refused = std::min(client_.refused(), imported_ - kept);
  progress_.erase();
  if (faults_.count() > 0) client_.refuse(faults_.text(tr("not imported:"), isatty(STDERR_FILENO) == 1));
  std::string text = tr("{} imported", imported_ - refused - kept);
  if (kept > 0) text += tr(", {} kept and not yet saved", kept);
  offer_out(text + left_out() + tr(", {} not imported", faults_.count() + refused) + '\n');
}

void Delivery::finish_dry() {
  progress_.erase();
  if (faults_.count() > 0) client_.refuse(faults_.text(tr("would not be imported:"), isatty(STDERR_FILENO) == 1));
  std::string text = tr("{} would be imported", imported_);
  if (from_) text += tr(", from {} to {}", date_of(*from_), date_of(*to_));
  const bool compared = comparison_.begun() || already_there_ > 0 || imported_ == 0;
  text += compared ? left_out() : tr(", compared with no diary");
  text += tr(", {} not imported", faults_.count()) + '\n';
  const bool terminal = isatty(STDOUT_FILENO) == 1;
  Page page({terminal ? columns_of(STDOUT_FILENO) : 0, terminal && takes_colour(STDOUT_FILENO)});
  EntryReader reader;
  for (const std::string& encoded : first_) reader.feed(encoded);
  reader.finish();
  while (auto item = reader.next()) page.add(text, read_item(*std::move(item)));
  put_out(text);
}

}  // namespace md2
