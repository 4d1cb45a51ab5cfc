#include "client/commands/commands.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <functional>
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

bool found_nothing(const Message& message) {
  return message.verb == Verb::end && message.number == 0;
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

/// Entry by entry, as a page or as JSON.
class ItemOutput : public Output {
 public:
  using Append = std::function<void(std::string& out, const EntryReader::Item& item)>;

  /// `nothing`: what is put out when nothing was found.
  ItemOutput(Append append, std::string nothing, bool paged)
      : append_(std::move(append)), nothing_(std::move(nothing)) {
    if (paged) pager_.emplace();
  }

  bool take(Message message) override {
    reader_.feed(message.text);
    if (message.verb == Verb::end) reader_.finish();
    while (const auto item = reader_.next()) {
      append_(out_, *item);
      if (out_.size() >= slice && !put()) return false;
    }
    if (found_nothing(message)) out_ += nothing_;
    return put();
  }

  void finish() override {
    if (pager_) pager_->finish();
  }

  int fd() const override { return pager_ ? pager_->fd() : -1; }

 private:
  bool put() {
    const bool wanted = !pager_ || pager_->put(out_);
    if (!pager_) put_out(out_);
    out_.clear();
    return wanted;
  }

  Append append_;
  std::string nothing_;
  EntryReader reader_;
  std::string out_;  ///< not yet put out
  std::optional<Pager> pager_;
};

class DiaryOutput : public Output {
 public:
  /// `total`: bytes of the answer, 0 when not known.
  explicit DiaryOutput(std::uint64_t total) : progress_(goes_to_file() ? STDERR_FILENO : -1, "read", total) {}

  bool take(Message message) override {
    put_out(message.text);
    done_ += message.text.size();
    progress_.reach(done_);
    return true;
  }

  void finish() override { progress_.erase(); }

 private:
  /// What reads from a pipe may show something on the terminal itself.
  static bool goes_to_file() {
    struct stat status {};
    return fstat(STDOUT_FILENO, &status) == 0 && S_ISREG(status.st_mode);
  }

  Progress progress_;
  std::uint64_t done_ = 0;
};

std::unique_ptr<Output> make_output(AnswerForm form, Query query, std::uint64_t diary_end) {
  if (form == AnswerForm::diary) return std::make_unique<DiaryOutput>(query.empty() ? diary_end : 0);
  if (form == AnswerForm::json) return std::make_unique<ItemOutput>(append_json, "", false);
  Page page({columns_of(STDOUT_FILENO), takes_colour(STDOUT_FILENO)}, std::move(query));
  return std::make_unique<ItemOutput>(
      [page](std::string& out, const EntryReader::Item& item) mutable { page.add(out, item); },
      fmt::format("{}\n", nothing_found), form == AnswerForm::paged);
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
  const bool for_programs = form == AnswerForm::diary || form == AnswerForm::json;
  for (bool answering = true; answering;) {
    std::optional<Event> event = next(client, *output);
    if (!event) break;
    if (event->kind == Event::Kind::offline) throw Error(client.fault());
    if (event->kind != Event::Kind::message) continue;
    const Verb verb = event->message.verb;
    if (verb != Verb::found && verb != Verb::end) continue;
    if (for_programs && found_nothing(event->message)) to_stderr(std::string(nothing_found));
    answering = output->take(std::move(event->message)) && verb == Verb::found;
  }
  output->finish();
}

int run_read(const ClientOptions& options) {
  Client client(options, false);
  if (!client.wait_for_greeting()) throw Error(client.fault());
  const AnswerForm plain = isatty(STDOUT_FILENO) == 1 ? AnswerForm::paged : AnswerForm::diary;
  print_answer(client, options.text, options.json ? AnswerForm::json : plain);
  return client.exit_status_of_reader();
}

}  // namespace md2
