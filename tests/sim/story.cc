#include "tests/sim/story.h"

#include <unistd.h>

namespace md2::sim {
namespace {

constexpr std::array<std::string_view, kinds> names{
    "an entry was put and synced",
    "several entries were put at once",
    "an entry was corrected",
    "an entry was struck out",
    "a put failed",
    "a client's sync failed",
    "an entry was sent before it was synced",
    "an entry was answered `saved`",
    "an entry was answered `saved` more than once",
    "an entry was refused",
    "an entry was answered `failed`",
    "an outbox that was left was adopted",
    "a client started",
    "a client left",
    "a client was killed",
    "a server started",
    "a server left",
    "a server ended by itself or could not start",
    "a server was killed",
    "the power was cut",
    "a connection was cut",
    "the disk was full",
    "a server's sync failed",
    "writes were short",
    "a clock jumped ahead",
    "a clock jumped back",
    "a zone changed",
    "a clock showed what no entry can bear",
    "another diary at the same address",
    "all was asked for",
    "all was answered",
    "an answer was broken off",
    "all was left alone for a while and looked at",
    "owner: something while no server ran",
    "owner: something between two calls of the server",
    "owner: something during a sync of the server",
    "owner: wrote a buffer over the file",
    "owner: the same with the size and times as they were",
    "owner: saved a buffer by rename",
    "owner: copied a buffer into the file",
    "owner: sorted the lines",
    "owner: sorted the entries",
    "owner: cut the file",
    "owner: appended an entry of his own",
    "owner: appended a note without a newline",
    "owner: appended more than a server knows when it starts",
    "owner: appended an outbox (cat outbox >> diary)",
    "owner: changed a line (sed -i)",
    "owner: took an entry out",
    "owner: made all line ends CRLF",
    "owner: removed the file",
    "owner: moved an older copy over it",
    "owner: made the name a link, or turned it",
    "owner: a save with others' calls in the middle",
};

}  // namespace

std::string_view name_of(Kind kind) {
  return names[static_cast<std::size_t>(kind)];
}

/// The number of this process, which is in the names of outboxes, differs from run to run; nothing else does.
void Story::add(std::string line) {
  const std::string process = fmt::format("-{}.outbox", getpid());
  for (std::size_t at = line.find(process); at != std::string::npos; at = line.find(process, at)) {
    line.replace(at, process.size(), ".outbox");
  }
  lines_.push_back(fmt::format("{:>8.3f} s  {}", now_, line));
}

std::string brief(std::string_view text) {
  constexpr std::size_t longest = 90;
  std::string out;
  for (const char c : text.substr(0, longest)) {
    if (c == '\n') {
      out += "\\n";
    } else if (c == '\r') {
      out += "\\r";
    } else if (c == '\0') {
      out += "\\0";
    } else {
      out += c;
    }
  }
  if (text.size() > longest) out += "...";
  return out;
}

}  // namespace md2::sim
