#include "client/answer.h"

#include <unistd.h>

#include <cerrno>
#include <utility>

#include "client/terminal.h"
#include "client/view.h"
#include "common/error.h"
#include "common/file.h"

namespace md2 {
namespace {

constexpr std::size_t slice = std::size_t{64} << 10;

void put_out(std::string_view bytes) {
  if (write_all(STDOUT_FILENO, bytes) != bytes.size()) throw_errno("cannot write to standard output");
}

}  // namespace

void print_answer(Client& client, const std::string& query) {
  const bool terminal = isatty(STDOUT_FILENO) != 0;
  View view({terminal ? columns_of(STDOUT_FILENO) : 0, takes_colour(STDOUT_FILENO)});
  const Date today = local_date(now());
  view.asked(Query::parse(query, today));
  client.requests().ask(Verb::r, 0, wire_query(query, today));
  while (view.answering()) {
    Event event = client.next();
    if (event.kind == Event::Kind::offline) throw Error(client.fault());
    if (event.kind != Event::Kind::message) continue;
    const Verb verb = event.message.verb;
    if (verb != Verb::found && verb != Verb::end) continue;
    if (!terminal && verb == Verb::found) {
      put_out(event.message.text);
      continue;
    }
    view.take(std::move(event.message));
    for (bool more = terminal; more;) {
      std::string out;
      more = view.render(out, slice);
      put_out(out);
    }
  }
}

}  // namespace md2
