#include "client/commands/summary.h"

#include <unistd.h>

#include <utility>

#include "client/commands/calendar.h"
#include "client/commands/commands.h"
#include "client/commands/statistics.h"
#include "client/commands/tag_counts.h"
#include "client/terminal/pager.h"
#include "client/terminal/terminal.h"
#include "common/diary/query.h"
#include "common/os/language.h"
#include "common/os/standard_streams.h"
#include "common/text/text.h"

namespace md2 {
namespace {

bool asks_for_all(const std::string& query) {
  return !has_words(query);
}

}  // namespace

void Summary::feed(std::string_view bytes) {
  reader_.feed(bytes);
  take();
}

void Summary::finish() {
  reader_.finish();
  take();
}

void Summary::take() {
  while (const auto read = reader_.next()) add(*read);
}

void ask_for_summary(Client& client, const std::string& wire, Summary& summary) {
  ask(client, Ink::newest, wire, [&](const Message& message) {
    summary.feed(message.text);
    return true;
  });
  summary.finish();
}

std::optional<SummaryKind> summary_kind(Line::Kind kind) {
  if (kind == Line::Kind::tags) return SummaryKind::tags;
  if (kind == Line::Kind::calendar) return SummaryKind::calendar;
  if (kind == Line::Kind::statistics) return SummaryKind::statistics;
  return std::nullopt;
}

std::unique_ptr<Summary> make_summary(SummaryKind kind, const std::string& query, Date today) {
  switch (kind) {
    case SummaryKind::tags:
      return std::make_unique<TagCounts>();
    case SummaryKind::calendar:
      return std::make_unique<Calendar>(
          today, asks_for_all(query) ? Calendar::Range::last_year : Calendar::Range::what_was_found);
    case SummaryKind::statistics:
      break;
  }
  return std::make_unique<Statistics>(today);
}

std::string query_of_summary(SummaryKind kind, const std::string& query, Date today) {
  return kind == SummaryKind::calendar && asks_for_all(query) ? Calendar::query_of_last_year(today) : query;
}

void print_summary(Client& client, SummaryKind kind, const std::string& query, AnswerForm form) {
  const Date today = local_date(now());
  const std::string asked = query_of_summary(kind, query, today);
  const std::string nothing = no_answer(Query::parse(asked, today));
  const std::unique_ptr<Summary> summary = make_summary(kind, query, today);
  ask_for_summary(client, wire_query(asked, today), *summary);
  const bool for_programs = form == AnswerForm::diary;
  if (summary->empty() && for_programs) return to_stderr(tr(nothing_found));
  const PageStyle style{for_programs ? 0 : columns_of(STDOUT_FILENO), takes_colour(STDOUT_FILENO)};
  const std::string text = summary->empty() ? nothing + '\n' : summary->text(style);
  if (form != AnswerForm::paged) return put_out(text);
  Pager pager;
  pager.put(text);
  pager.finish();
}

int run_summary(const ClientOptions& options, SummaryKind kind) {
  Client client(options, false);
  return client.account_of_reader([&] {
    client.wait_for_greeting();
    print_summary(client, kind, options.text, isatty(STDOUT_FILENO) == 1 ? AnswerForm::paged : AnswerForm::diary);
  });
}

}  // namespace md2
