#include "client/answer.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
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

void print_page(View& view) {
  for (bool more = true; more;) {
    std::string out;
    more = view.render(out, slice);
    put_out(out);
  }
}

}  // namespace

void print_answer(Client& client, const std::string& query) {
  const bool terminal = isatty(STDOUT_FILENO) != 0;
  View view({terminal ? columns_of(STDOUT_FILENO) : 0, takes_colour(STDOUT_FILENO)});
  const Date today = local_date(now());
  view.asked(Query::parse(query, today));
  client.requests().ask(Verb::r, 0, wire_query(query, today));
  for (bool answering = true; answering;) {
    Event event = client.next();
    if (event.kind == Event::Kind::offline) throw Error(client.fault());
    if (event.kind != Event::Kind::message) continue;
    const Verb verb = event.message.verb;
    if (verb != Verb::found && verb != Verb::end) continue;
    answering = verb == Verb::found;
    if (terminal) {
      view.take(std::move(event.message));
      print_page(view);
    } else if (answering) {
      put_out(event.message.text);
    } else if (event.message.number == 0) {
      fmt::print(stderr, "md2client: nothing found\n");
    }
  }
}

}  // namespace md2
