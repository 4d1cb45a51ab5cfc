#include "client/commands/edit.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <limits>
#include <numeric>
#include <utility>

#include "client/commands/commands.h"
#include "client/commands/edited_text.h"
#include "client/page/page.h"
#include "client/terminal/editor_command.h"
#include "client/terminal/question.h"
#include "client/terminal/terminal.h"
#include "common/os/error.h"
#include "common/os/language.h"
#include "common/os/paths.h"
#include "common/os/standard_streams.h"
#include "common/text/text.h"

namespace md2 {
namespace {

/// Which of the entries are to be struck out, as far as they were asked for, and whether that was all.
struct Wanted {
  std::vector<std::size_t> which;
  bool quit = false;
};

Wanted ask_for_each(const std::vector<Editable>& entries, const std::vector<std::size_t>& which, const Asking& asking) {
  if (asking.yes || which.empty()) return {which};
  if (isatty(STDIN_FILENO) != 1 || isatty(STDOUT_FILENO) != 1) {
    throw Error(trn(which.size(), "an entry would be struck out, and nobody can be asked: that takes --yes",
                    "{} entries would be struck out, and nobody can be asked: that takes --yes", which.size()));
  }
  Wanted wanted;
  Page page({columns_of(STDOUT_FILENO), takes_colour(STDOUT_FILENO)});
  for (auto one = which.begin(); one != which.end(); ++one) {
    std::string lines;
    page.add(lines, shown(entries[*one]));
    put_out(lines);
    const auto consent = ask_consent(tr("strike it out?"), asking.signals);
    if (!consent) return {{}, true};
    if (consent == Consent::quit) return {wanted.which, true};
    if (consent == Consent::all) wanted.which.insert(wanted.which.end(), one, which.end());
    if (consent == Consent::all) break;
    if (consent == Consent::yes) wanted.which.push_back(*one);
  }
  return wanted;
}

std::string strike(Client& client, const Editable& entry) {
  return client.make_correction({entry.name, {}}, entry.newest);
}

std::string editing_folder() {
  try {
    return state_folder() + "/editing";
  } catch (const Error&) {  // with --outbox a diary needs no home
    return {};
  }
}

std::string summary_of(std::size_t corrected, std::size_t struck, std::size_t added) {
  std::vector<std::string> counts;
  if (corrected > 0) counts.push_back(tr("{} corrected", corrected));
  if (struck > 0) counts.push_back(tr("{} struck out", struck));
  if (added > 0) counts.push_back(tr("{} new", added));
  return fmt::format("{}", fmt::join(counts, tr(", ")));
}

/// What the editor left, kept. Throws Error when none of it is.
std::string keep_edits(Client& client, const std::vector<Editable>& entries, const std::string& text,
                       const Asking& asking, const Keep& keep) {
  const Edits edits = find_edits(text, entries);
  if (edits.empty()) return tr("nothing was changed");
  std::vector<std::string> encoded;
  encoded.reserve(edits.rewritten.size() + edits.removed.size() + edits.added.size());
  for (const Edits::Rewritten& one : edits.rewritten) {
    const Editable& entry = entries[one.entry];
    encoded.push_back(client.make_correction({entry.name, one.text}, entry.newest));
  }
  const Wanted struck = ask_for_each(entries, edits.removed, asking);
  if (struck.quit) throw Error(tr("nothing was changed"));
  for (const std::size_t one : struck.which) encoded.push_back(strike(client, entries[one]));
  for (const std::string& paragraph : edits.added) encoded.push_back(client.make_entry(paragraph));
  if (encoded.empty()) return tr("nothing was changed");
  keep(encoded);
  return summary_of(edits.rewritten.size(), struck.which.size(), edits.added.size());
}

using Work = std::string (*)(Client&, const std::vector<Editable>&, const Asking&, const Keep&);

int run(const ClientOptions& options, std::size_t most, Work work) {
  Client client(options, false);
  return client.account([&] {
    const Ink ink = options.all ? Ink::all : Ink::newest;
    const std::vector<Editable> entries = gather(client, ink, options.text, most, to_stderr);
    if (entries.empty()) return to_stderr(tr(nothing_found));
    const Keep keep = [&](const std::vector<std::string>& encoded) { client.keep(encoded); };
    offer_out(work(client, entries, {options.yes}, keep) + '\n');
    client.wait_until_saved();
  });
}

}  // namespace

std::string edit_entries(Client& client, const std::vector<Editable>& entries, const Asking& asking, const Keep& keep) {
  const std::string text = text_to_edit(entries);
  if (text.size() > EditorFile::max_size) throw Error(tr("what matches is longer than 16 MiB: narrow the query"));
  EditorFile file(text, editing_folder());
  const Edited edited = file.edit();
  if (edited.at_once) {
    file.stay(false);
    return tr("nothing was changed; an editor that opens a window and comes back at once needs its option to wait");
  }
  if (!edited.text) throw Error(tr("nothing was changed: {}", edited.said));
  try {
    return keep_edits(client, entries, *edited.text, asking, keep);
  } catch (const Error& error) {
    file.stay();
    throw Error(tr("{}; what the editor left is in '{}'", error.what(), file.path()));
  }
}

std::string strike_entries(Client& client, const std::vector<Editable>& entries, const Asking& asking,
                           const Keep& keep) {
  std::vector<std::size_t> all(entries.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  std::vector<std::string> encoded;
  for (const std::size_t one : ask_for_each(entries, all, asking).which)
    encoded.push_back(strike(client, entries[one]));
  if (encoded.empty()) return tr("nothing was struck out");
  keep(encoded);
  return summary_of(0, encoded.size(), 0);
}

int run_edit(const ClientOptions& options) {
  return run(options, most_edited, edit_entries);
}

int run_delete(const ClientOptions& options) {
  if (!has_words(options.text)) throw Error(tr("delete takes a query: without one it would strike out everything"));
  return run(options, std::numeric_limits<std::size_t>::max(), strike_entries);
}

}  // namespace md2
