#include "client/commands/answer.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <optional>
#include <utility>

#include "client/commands/json.h"
#include "client/page.h"
#include "client/terminal/pager.h"
#include "client/terminal/progress.h"
#include "client/terminal/terminal.h"
#include "common/os/error.h"
#include "common/os/file.h"

namespace md2 {
namespace {

constexpr std::size_t slice = std::size_t{64} << 10;

void put_out(std::string_view bytes) {
  if (write_all(STDOUT_FILENO, bytes) != bytes.size()) throw_errno("cannot write to standard output");
}

/// What becomes of an answer.
class Output {
 public:
  virtual ~Output() = default;

  /// A `found` or the `end`. False when nothing more is wanted.
  virtual bool take(Message message) = 0;
  virtual void finish() {}

  /// Has an error when nothing more is wanted, see Pager::fd().
  virtual int fd() const { return -1; }
};

class PageOutput : public Output {
 public:
  PageOutput(Query query, bool paged)
      : page_({columns_of(STDOUT_FILENO), takes_colour(STDOUT_FILENO)}, std::move(query)) {
    if (paged) pager_.emplace();
  }

  bool take(Message message) override {
    reader_.feed(message.text);
    if (message.verb == Verb::end) reader_.finish();
    while (const auto item = reader_.next()) {
      page_.add(lines_, *item);
      if (lines_.size() >= slice && !put()) return false;
    }
    if (message.verb == Verb::end && message.number == 0) lines_ += nothing_found;
    return put();
  }

  void finish() override {
    if (pager_) pager_->finish();
  }

  int fd() const override { return pager_ ? pager_->fd() : -1; }

 private:
  bool put() {
    const bool wanted = !pager_ || pager_->put(lines_);
    if (!pager_) put_out(lines_);
    lines_.clear();
    return wanted;
  }

  EntryReader reader_;
  Page page_;
  std::string lines_;  ///< not yet put out
  std::optional<Pager> pager_;
};

void tell_if_nothing(const Message& message) {
  if (message.verb == Verb::end && message.number == 0) fmt::print(stderr, "md2client: {}", nothing_found);
}

class DiaryOutput : public Output {
 public:
  /// `total`: bytes of the answer, 0 when not known.
  explicit DiaryOutput(std::uint64_t total) : progress_(goes_to_file() ? STDERR_FILENO : -1, "read", total) {}

  bool take(Message message) override {
    put_out(message.text);
    done_ += message.text.size();
    progress_.reach(done_);
    tell_if_nothing(message);
    return true;
  }

  void finish() override { progress_.erase(); }

 private:
  /// What reads from a pipe may show something on the terminal itself.
  static bool goes_to_file() {
    struct stat status = {};
    return fstat(STDOUT_FILENO, &status) == 0 && S_ISREG(status.st_mode);
  }

  Progress progress_;
  std::uint64_t done_ = 0;
};

class JsonOutput : public Output {
 public:
  bool take(Message message) override {
    reader_.feed(message.text);
    if (message.verb == Verb::end) reader_.finish();
    std::string out;
    while (const auto item = reader_.next()) append_json(out, *item);
    put_out(out);
    tell_if_nothing(message);
    return true;
  }

 private:
  EntryReader reader_;
};

std::unique_ptr<Output> make_output(AnswerForm form, Query query, std::uint64_t diary_end) {
  switch (form) {
    case AnswerForm::diary:
      return std::make_unique<DiaryOutput>(query.empty() ? diary_end : 0);
    case AnswerForm::json:
      return std::make_unique<JsonOutput>();
    case AnswerForm::page:
    case AnswerForm::paged:
      break;
  }
  return std::make_unique<PageOutput>(std::move(query), form == AnswerForm::paged);
}

/// The next thing that the link says; nothing when the reader has left.
std::optional<Event> next(Client& client, const Output& output) {
  for (;;) {
    if (auto event = client.poll()) return event;
    std::array<pollfd, 2> watched{pollfd{client.inbox().fd(), POLLIN, 0}, pollfd{output.fd(), 0, 0}};
    if (::poll(watched.data(), watched.size(), -1) < 0 && errno != EINTR) throw_errno("cannot wait for the server");
    if (watched[1].revents != 0) return std::nullopt;
  }
}

}  // namespace

void print_answer(Client& client, const std::string& query, AnswerForm form) {
  const Date today = local_date(now());
  const std::unique_ptr<Output> output = make_output(form, Query::parse(query, today), client.diary_end());
  client.requests().ask(Verb::r, 0, wire_query(query, today));
  for (bool answering = true; answering;) {
    std::optional<Event> event = next(client, *output);
    if (!event) break;
    if (event->kind == Event::Kind::offline) throw Error(client.fault());
    if (event->kind != Event::Kind::message) continue;
    const Verb verb = event->message.verb;
    if (verb != Verb::found && verb != Verb::end) continue;
    answering = output->take(std::move(event->message)) && verb == Verb::found;
  }
  output->finish();
}

}  // namespace md2
