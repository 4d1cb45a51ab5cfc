#include "client/commands/status.h"

#include <fmt/format.h>
#include <unistd.h>

#include "client/commands/commands.h"
#include "client/commands/fact.h"
#include "client/link/local_server.h"
#include "client/outbox/known_diaries.h"
#include "client/outbox/waiting_elsewhere.h"
#include "client/terminal/progress.h"
#include "client/terminal/terminal.h"
#include "common/net/keys.h"
#include "common/net/server_name.h"
#include "common/os/error.h"
#include "common/os/standard_streams.h"
#include "common/os/version.h"
#include "common/text/text.h"

namespace md2 {
namespace {

/// Bytes of a diary that is counted: it comes over the network for that.
constexpr std::uint64_t most_counted = std::uint64_t{64} << 20;

std::string server_text(const Client& client, const std::string& address) {
  const std::string where = address.empty() ? "" : address + ", ";
  if (client.online()) return fmt::format("{}md2server {}", where, client.greeting().text);
  if (!client.tried_to_connect()) return where + "not reached yet";
  return fmt::format("{}not there: {}", where, client.fault());
}

/// Where the diary is looked for: HOST:PORT, or a path.
std::string diary_place(const ClientOptions& options) {
  return options.diary.empty() ? to_string(options.server) : options.diary;
}

std::string waiting_text(std::size_t here, const std::string& folder, const std::string& name,
                         const std::string& identity, const KnownDiaries& known) {
  const auto is_ours = [&](const std::string& recipient) { return recipient == name || recipient == identity; };
  const WaitingElsewhere others = find_waiting_elsewhere(folder, is_ours);
  std::string text = here == 0 ? "nothing" : counted(here, "entry", "entries");
  if (others.entries == 0) return here == 0 ? text : text + " for this diary";
  return fmt::format("{} for this diary; {} {} for {}", text, number_of(others),
                     others.entries == 1 && !others.more ? "entry" : "entries", recipients_of(others, known));
}

}  // namespace

Status::Status(Client& client, const ClientOptions& options)
    : counts_(client.online() && client.diary_end() <= most_counted && !only_writes(client.exchange().way().key)) {
  const Way way = client.exchange().way();
  const std::string place = diary_place(options);
  const KnownDiaries known(options.outbox);
  const bool met = !client.greeting().identity.empty();
  const std::string identity = met ? client.greeting().identity : known.identity_of(server_name(place));
  server_ = server_text(client, way.address.empty() && options.diary.empty() ? place : way.address);
  key_ = way.key.empty() ? options.keys : fmt::format("{}, from {}", way.key, options.keys);
  diary_ = options.diary;
  if (!identity.empty()) diary_ += (diary_.empty() ? "identity " : ", identity ") + identity;
  if (diary_.empty()) diary_ = "not known yet";
  waiting_ = waiting_text(client.outbox().waiting(), options.outbox, server_name(place), identity, known);
  if (!client.online()) {
    entries_ = "not known";
  } else if (only_writes(way.key)) {
    entries_ = "not known, the key only writes";
  } else if (!counts_) {
    entries_ = fmt::format("not counted, the diary has {}; stats counts them", as_size(client.diary_end()));
  }
}

std::string Status::text(PageStyle style) const {
  std::string out;
  const auto add = [&](std::string_view label, const std::string& text) {
    append_fact(out, label, sanitised(text), style.columns);
  };
  add("server", server_);
  add("key", key_);
  add("diary", diary_);
  add("waiting", waiting_);
  add("client", fmt::format("md2client {}", version()));
  add("entries", entries_.empty() ? entries_text(count_) : entries_);
  return out;
}

std::string status_now(Client& client, const ClientOptions& options, PageStyle style) {
  Status status(client, options);
  if (status.counts()) ask_for_summary(client, {}, status);
  return status.text(style);
}

int run_status(const ClientOptions& options) {
  Client client(options, false);
  bool there = false;
  const int status = client.account_of_reader([&] {
    there = client.wait_for_greeting();
    if (there) client.wait_until_saved();
    const bool terminal = isatty(STDOUT_FILENO) == 1;
    put_out(status_now(client, options, {terminal ? columns_of(STDOUT_FILENO) : 0, false}));
  });
  return there ? status : 1;
}

}  // namespace md2
