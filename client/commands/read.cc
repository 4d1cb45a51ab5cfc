#include "client/commands/commands.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <functional>
#include <optional>
#include <utility>

#include "client/commands/day_counts.h"
#include "client/html/html_page.h"
#include "client/page/json.h"
#include "client/page/page.h"
#include "client/terminal/pager.h"
#include "client/terminal/progress.h"
#include "client/terminal/terminal.h"
#include "common/os/error.h"
#include "common/os/language.h"
#include "common/os/standard_streams.h"

namespace md2 {
namespace {

constexpr std::size_t slice = std::size_t{64} << 10;

/// What reads from a pipe may show something on the terminal itself.
bool goes_to_file() {
  struct stat status = {};
  return fstat(STDOUT_FILENO, &status) == 0 && S_ISREG(status.st_mode);
}

/// What becomes of an answer: bytes as they are, or entry by entry, as a page or as JSON.
class Output {
 public:
  Output(AnswerForm form, Query query, Ink ink, std::uint64_t diary_end, const AboutPage& about)
      : reader_(ink),
        for_programs_(form == AnswerForm::diary || form == AnswerForm::json || form == AnswerForm::html),
        nothing_(no_answer(query)),
        progress_(form == AnswerForm::diary && goes_to_file() ? STDERR_FILENO : -1, tr("read"),
                  query.empty() ? diary_end : 0) {
    if (form == AnswerForm::json) append_ = append_json;
    if (form == AnswerForm::html) {
      html_.emplace(about);
      append_ = [this](std::string& out, const ReadItem& item) { html_->add(out, item); };
    }
    if (form == AnswerForm::paged) pager_.emplace();
    if (for_programs_) return;
    const PageStyle style{columns_of(STDOUT_FILENO), takes_colour(STDOUT_FILENO)};
    if (!query.empty()) count_.emplace();
    append_ = [this, page = Page(style, std::move(query))](std::string& out, const ReadItem& item) mutable {
      page.add(out, item);
      if (count_) count_->add(item.item);
    };
  }

  /// A `found` or the `end`. False when nothing more is wanted.
  bool take(const Message& message) {
    const bool nothing = message.verb == Verb::end && message.number == 0;
    if (nothing && for_programs_) to_stderr(tr(nothing_found));
    if (!append_) return take_bytes(message.text);
    reader_.feed(message.text);
    if (message.verb == Verb::end) reader_.finish();
    while (const auto item = reader_.next()) {
      append_(out_, *item);
      if (out_.size() >= slice && !put()) return false;
    }
    if (message.verb == Verb::end && html_) html_->end(out_);
    if (nothing && !for_programs_) out_ += nothing_ + '\n';
    if (message.verb == Verb::end && count_ && count_->is_worth_saying()) {
      out_ += quiet_line(count_->text(), takes_colour(STDOUT_FILENO));
    }
    return put();
  }

  void finish() {
    if (pager_) pager_->finish();
    progress_.erase();
  }

  /// Has an error when nothing more is wanted, see Pager::fd().
  int fd() const { return pager_ ? pager_->fd() : -1; }

 private:
  bool take_bytes(std::string_view bytes) {
    put_out(bytes);
    done_ += bytes.size();
    progress_.reach(done_);
    return true;
  }

  bool put() {
    const bool wanted = !pager_ || pager_->put(out_);
    if (!pager_) put_out(out_);
    out_.clear();
    return wanted;
  }

  CorrectedReader reader_;
  bool for_programs_;
  std::string nothing_;  ///< what a person is told when nothing was found
  std::function<void(std::string& out, const ReadItem& item)> append_;  ///< none: bytes as they are
  std::optional<HtmlPage> html_;
  std::optional<AnswerCount> count_;  ///< of an answer to a person who asked something
  std::string out_;                   ///< not yet put out
  std::optional<Pager> pager_;
  Progress progress_;
  std::uint64_t done_ = 0;  ///< bytes
};

}  // namespace

void print_answer(Client& client, const std::string& query, AnswerForm form, Ink ink, const std::string& diary) {
  Query parsed = Query::parse(query, local_date(now()));
  if (form == AnswerForm::diary && parsed.empty()) ink = Ink::all;
  Output output(form, std::move(parsed), ink, client.diary_end(), {diary, query, now()});
  const auto take = [&](const Message& message) { return output.take(message); };
  ask(client, ink, query, take, [&] { return output.fd(); });
  output.finish();
}

int run_read(const ClientOptions& options) {
  Client client(options, false);
  return client.account_of_reader([&] {
    client.wait_for_greeting();
    const AnswerForm plain = isatty(STDOUT_FILENO) == 1 ? AnswerForm::paged : AnswerForm::diary;
    const AnswerForm form = options.html ? AnswerForm::html : options.json ? AnswerForm::json : plain;
    print_answer(client, options.text, form, options.all ? Ink::all : Ink::newest, options.name);
  });
}

}  // namespace md2
