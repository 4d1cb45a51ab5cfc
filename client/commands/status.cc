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
#include "common/os/language.h"
#include "common/os/standard_streams.h"
#include "common/os/version.h"
#include "common/text/text.h"

namespace md2 {
namespace {

/// Bytes of a diary that is counted: it comes over the network for that.
constexpr std::uint64_t most_counted = std::uint64_t{64} << 20;

std::string server_text(const Client& client, const std::string& address) {
  const std::string state = client.online()             ? fmt::format("md2server {}", client.greeting().text)
                            : client.tried_to_connect() ? tr("not there: {}", client.fault())
                                                        : tr("not reached yet");
  return address.empty() ? state : tr("{}, {}", address, state);
}

/// Where the diary is looked for: HOST:PORT, or a path.
std::string diary_place(const ClientOptions& options) {
  return options.diary.empty() ? to_string(options.server) : options.diary;
}

std::string waiting_text(std::size_t here, const std::string& folder, const std::string& name,
                         const std::string& identity, const KnownDiaries& known) {
  const auto is_ours = [&](const std::string& recipient) { return recipient == name || recipient == identity; };
  const WaitingElsewhere others = find_waiting_elsewhere(folder, is_ours);
  const std::string ours = here == 0
                               ? tr("nothing for this diary")
                               : trn(here, "{} entry for this diary", "{} entries for this diary", with_commas(here));
  if (others.entries == 0) return here == 0 ? tr("nothing") : ours;
  return ours + tr("; ") +
         trn(others.more ? 2 : others.entries, "{} entry for {}", "{} entries for {}", number_of(others),
             recipients_of(others, known));
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
  key_ = way.key.empty() ? options.keys : tr("{}, from {}", way.key, options.keys);
  diary_ = options.diary;
  if (const std::string id = identity.empty() ? "" : tr("identity {}", identity); !id.empty())
    diary_ = diary_.empty() ? id : tr("{}, {}", diary_, id);
  if (diary_.empty()) diary_ = tr("not known yet");
  waiting_ = waiting_text(client.outbox().waiting(), options.outbox, server_name(place), identity, known);
  if (!client.online()) {
    entries_ = tr("not known");
  } else if (only_writes(way.key)) {
    entries_ = tr("not known, the key only writes");
  } else if (!counts_) {
    entries_ = tr("not counted, the diary has {}; stats counts them", as_size(client.diary_end()));
  }
}

std::string Status::text(PageStyle style) const {
  std::string out;
  const auto add = [&](std::string_view label, const std::string& text) {
    append_fact(out, label, sanitised(text), style.columns);
  };
  add(tr("server"), server_);
  add(tr("key"), key_);
  add(tr("diary"), diary_);
  add(tr("waiting"), waiting_);
  add(tr("client"), fmt::format("md2client {}", version()));
  add(tr("entries"), entries_.empty() ? entries_text(count_) : entries_);
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
