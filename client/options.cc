#include "client/options.h"

#include <unistd.h>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <string_view>
#include <vector>

#include "client/config.h"
#include "common/diary/query.h"
#include "common/net/diary_keys.h"
#include "common/net/keys.h"
#include "common/net/server_name.h"
#include "common/os/error.h"
#include "common/os/language.h"
#include "common/os/paths.h"
#include "common/os/standard_streams.h"
#include "common/os/usage.h"

namespace md2 {
namespace {

constexpr const char* usage = tr_later(R"(md2client: a diary at a prompt, live, kept by md2server.

Usage:
  md2client [options]
      [write [--at=WHEN] [--] [TEXT...]
       | read [--html | [--json] [--follow]] [--all] [--] [QUERY...]
       | edit [--all] [--yes] [--] [QUERY...] | delete [--yes] [--] QUERY...
       | tags [--] [QUERY...] | cal [--] [QUERY...] | stats [--] [QUERY...]
       | import [--from=FORMAT] [--encoding=NAME] [--dry-run] [--again]
                [FILE...] | status | announce [--] TEXT...]

Without a command: the diary, then a prompt; ? there explains the rest. Piped
input is taken as if typed. Commands:
  write     one entry: TEXT, or all of standard input
  read      the diary, or what matches QUERY: -10, 2015-10, 2015..2016, 10-28,
            today, last-week, -7d, on-this-day, #tag, a word, "a phrase", -#tag
            without it, 'a|b' either, and any of these together; on a terminal
            through $PAGER when it is longer than the screen; with --follow also
            each new entry as it is saved
  edit      the last entry, or what matches QUERY, in $EDITOR: what was changed
            is written as corrections, what was removed is struck out
  delete    strikes out what matches QUERY, asking for each
  tags      how many entries have each tag, of all or of what matches QUERY
  cal       on which days something was written, and how much: the last twelve
            months, or those with what matches QUERY
  stats     how much was written, since when, how regularly, at what time
  status    the server, the key, the diary, what waits for it; 1: no server
  import    an old diary, FILE or standard input (-), which may have no end,
            with its dates, and none doubled: md2's own, jrnl's, text under
            dates, or paragraphs
  announce  a line to everybody who is at a prompt

Options:
  -s DIARY, --server=DIARY  HOST:PORT of a server, or a name that the file
                          $XDG_CONFIG_HOME/md2/config gives a diary; without
                          it your own diary on this machine.
  -k FILE, --key=FILE     The key; when not given, $XDG_CONFIG_HOME/md2/keys,
                          and with -s: $XDG_CONFIG_HOME/md2/servers/HOST_PORT.
  --outbox=DIR            What could not be sent yet; $XDG_STATE_HOME/md2/outbox
                          when not given.
  --at=WHEN               The time of the entry: a day, HH:MM[:SS] or both.
  --from=FORMAT           diary, jrnl, json, org, dated or paragraphs; what it
                          looks like when not given.
  --encoding=NAME         What it is in, by its name for iconv(1); UTF-8 when
                          not given, or what its mark says.
  --dry-run               Only say what would be imported.
  --again                 Also paragraphs whose text the diary holds.
  --json                  One JSON object a line: time, text, tags.
  --html                  One file for any browser, which needs nothing else:
                          read --html > diary.html
  --all                   Corrections and what was struck out as well; edit can
                          bring that back.
  --follow                Go on with each new entry as it is saved.
  --yes                   Strike out without asking.
  -h --help               Print this.
  --version               Print the version.

Exit status: 0 done, 1 failed, 2 usage, 75 kept in the outbox, not yet saved.
)");

/// Which of the words is the command; their number when none is.
std::size_t find_command(const std::vector<std::string>& words) {
  constexpr std::string_view with_value[] = {"--server", "--key", "--outbox"};
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (!word.starts_with('-')) return i;
    const auto begins_with_word = [&](std::string_view name) { return word.size() > 2 && name.starts_with(word); };
    if (word == "-s" || word == "-k" || std::ranges::any_of(with_value, begins_with_word)) ++i;
  }
  return words.size();
}

/// The usage takes `-10` and `-work` for options. Words that begin so are the diary's: those with a digit everywhere
/// (`read -10`, `write -5°C outside`), as no option of ours begins so, and behind a command that asks all with one
/// hyphen. A NUL in front, which no argument can hold, makes them words.
std::vector<std::string> shielded(int argc, char** argv) {
  std::vector<std::string> words(argv + 1, argv + argc);
  const std::size_t command = find_command(words);
  constexpr std::string_view asking[] = {"read", "edit", "delete", "tags", "cal", "stats"};
  const bool asks = command < words.size() && std::ranges::find(asking, words[command]) != std::end(asking);
  for (std::size_t i = 0; i < words.size(); ++i) {
    std::string& word = words[i];
    if (word.size() < 2 || word[0] != '-' || word[1] == '-') continue;
    if ((asks && i > command) || (word[1] >= '0' && word[1] <= '9')) word.insert(word.begin(), '\0');
  }
  return words;
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) {
    if (!text.empty()) text += ' ';
    text += word.starts_with('\0') ? word.substr(1) : word;
  }
  return text;
}

/// What is set and not empty.
std::optional<std::string> from_environment(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr || *value == '\0' ? std::nullopt : std::optional<std::string>(value);
}

/// Where a name of the configuration is asked for, what it stands for. Throws Error when it stands for nothing.
DiarySettings settings_of(const std::string& name, const Config& config) {
  if (const DiarySettings* const settings = config.find(name)) {
    // Else what is written would go to the user's own diary.
    if (settings->misplaced && !settings->server && !settings->diary)
      throw Error(tr("nothing that can be used says in '{}' where the diary '{}' is", config.path(), name));
    return *settings;
  }
  if (name == Config::default_name) return {};
  const auto names = config.names();
  if (access(config.path().c_str(), F_OK) != 0)
    throw Error(tr("'{}' is no HOST:PORT, and there is no '{}' that could name a diary so", name, config.path()));
  if (names.empty()) throw Error(tr("'{}' is no HOST:PORT, and '{}' names no diary", name, config.path()));
  throw Error(tr("'{}' is no HOST:PORT and no diary in '{}', which names {}", name, config.path(),
                 fmt::format("{}", fmt::join(names, tr(", ")))));
}

/// The query for the start, if it is one; else the whole diary is shown, which the prompt's user is told.
std::string usable_start(std::string query, const ClientOptions& options) {
  try {
    Query::parse(query, local_date(now()));
    return query;
  } catch (const QueryError& error) {
    if (options.command == ClientOptions::Command::prompt)
      put_err(
          fmt::format("md2client: {}\n", tr("what is shown at the start: {}; this is the whole diary", error.what())));
    return {};
  }
}

/// An option stands above a variable, and that above the configuration.
void choose_diary(ClientOptions& options, const Config& config, std::optional<std::string> server,
                  std::optional<std::string> key) {
  if (!server) server = from_environment("MD2_SERVER");
  if (!key) key = from_environment("MD2_KEY");
  DiarySettings settings;
  if (server && server->find(':') != std::string::npos) {
    settings.server = server;
  } else {
    settings = settings_of(server.value_or(std::string(Config::default_name)), config);
    if (server && *server != Config::default_name) options.name = *server;
  }
  if (settings.server) {
    options.server = parse_address(*settings.server);
  } else {
    options.diary = settings.diary ? *settings.diary : default_diary();
  }
  // A server of the diary's own would make it, and a path that was mistyped would hold a key.
  if (key && !settings.server && access(key->c_str(), F_OK) != 0) throw_errno(tr("cannot open key file '{}'", *key));
  if (!key) key = settings.key;
  if (key) {
    options.keys = *key;
  } else if (settings.server) {
    options.keys = fmt::format("{}/servers/{}", config_folder(), server_name(to_string(options.server)));
    options.shared_keys = default_key_file();
  } else {
    options.keys = key_file_of(options.diary);
  }
  options.start = usable_start(from_environment("MD2_START").value_or(settings.start.value_or("")), options);
  options.greeting = from_environment("MD2_GREETING").value_or(settings.greeting.value_or("on")) != "off";
}

/// Without a home nothing is configured.
std::string config_path() {
  try {
    return config_folder() + "/config";
  } catch (const Error&) {
    return {};
  }
}

}  // namespace

ClientOptions parse_client_options(int argc, char** argv) {
  const Arguments arguments = parse_arguments("md2client", usage, shielded(argc, argv));
  ClientOptions options;
  using Command = ClientOptions::Command;
  if (arguments.given("write")) options.command = Command::write;
  if (arguments.given("read")) options.command = Command::read;
  if (arguments.given("edit")) options.command = Command::edit;
  if (arguments.given("delete")) options.command = Command::strike;
  if (arguments.given("import")) options.command = Command::import;
  if (arguments.given("announce")) options.command = Command::announce;
  if (arguments.given("status")) options.command = Command::status;
  if (arguments.given("tags")) options.command = Command::tags;
  if (arguments.given("cal")) options.command = Command::calendar;
  if (arguments.given("stats")) options.command = Command::statistics;
  const bool has_text_only = options.command == Command::write || options.command == Command::announce;
  const auto& words = arguments.words(has_text_only ? "TEXT" : "QUERY");
  options.text = joined(words);
  options.has_text = !words.empty();
  options.at = arguments.value("--at");
  options.json = arguments.given("--json");
  options.follow = arguments.given("--follow");
  options.html = arguments.given("--html");
  options.all = arguments.given("--all");
  options.yes = arguments.given("--yes");
  options.files = arguments.words("FILE");
  options.from = arguments.value("--from");
  options.encoding = arguments.value("--encoding");
  options.dry_run = arguments.given("--dry-run");
  options.again = arguments.given("--again");
  const Config config(config_path());
  for (const std::string& fault : config.faults()) put_err(fmt::format("md2client: {}\n", fault));
  const auto key = arguments.value("--key");
  choose_diary(options, config, arguments.value("--server"), key && !key->empty() ? key : std::nullopt);
  options.outbox = arguments.value("--outbox").value_or("");
  if (options.outbox.empty()) options.outbox = state_folder() + "/outbox";
  try {
    options.times = state_folder() + "/times";
  } catch (const Error&) {  // with --outbox a diary needs no home
  }
  return options;
}

}  // namespace md2
