#include "client/import/import.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "client/commands/commands.h"
#include "client/import/delivery.h"
#include "client/import/format.h"
#include "client/import/importer.h"
#include "client/import/input.h"
#include "client/import/survey.h"
#include "client/link/client.h"
#include "client/terminal/signals.h"
#include "common/os/error.h"
#include "common/os/language.h"
#include "common/os/paths.h"
#include "common/os/standard_streams.h"

namespace md2 {
namespace {

/// True for an outbox among those that the clients of this user look at.
bool is_own_outbox(const ClientOptions& options, const std::string& file) {
  const std::filesystem::path path(file);
  std::error_code failure;
  const std::string name = path.filename();
  return name.ends_with(".outbox") && name.find('@') != std::string::npos &&
         std::filesystem::equivalent(folder_of(file), options.outbox, failure);
}

/// An outbox that waits for another diary becomes one of the diary that answers here: it takes another name, which is
/// all, so nothing can be lost or doubled on the way. What is in doubt is looked for as in any outbox.
int move_outbox(const ClientOptions& options, const std::string& file) {
  const std::string path = options.outbox + "/" + std::filesystem::path(file).filename().string();
  auto outbox = OutboxFile::adopt(path);
  if (!outbox) {
    throw Error(access(path.c_str(), F_OK) == 0 ? tr("outbox '{}' is that of an md2client that runs", path)
                                                : tr("outbox '{}' is not there any more", path));
  }
  Client client(options, false, to_stderr, std::move(outbox));
  const std::size_t entries = client.outbox().claimed();
  if (!client.wait_for_greeting()) {
    to_stderr(tr("nothing was imported, and '{}' is as it was: {}", path, client.fault()));
    return exit_kept;
  }
  client.wait_until_saved();
  const std::size_t left = std::min(client.outbox().waiting(), entries);  // others may wait as well
  const std::size_t refused = std::min(client.refused(), entries - left);
  offer_out(
      tr("{} of {} entries of the outbox are in the diary, {} refused", entries - left - refused, entries, refused) +
      '\n');
  return client.exit_status();
}

Format format_named(const std::string& name) {
  std::string all;
  for (const FormatName& one : format_names()) {
    if (one.option == name) return one.format;
    all += all.empty() ? "" : tr(", ");
    all += one.option;
  }
  throw Error(tr("--from={}: the formats are {}", name, all));
}

}  // namespace

int run_import(const ClientOptions& options) {
  if (options.files.size() == 1 && is_own_outbox(options, options.files[0]))
    return move_outbox(options, options.files[0]);
  std::optional<Format> format;
  if (options.from) format = format_named(*options.from);
  std::vector<Input> inputs;
  inputs.reserve(options.files.size() + 1);
  for (const std::string& file : options.files)
    inputs.emplace_back(file == "-" ? std::nullopt : std::optional(file), options.encoding.value_or(""));
  if (inputs.empty()) inputs.emplace_back(std::nullopt, options.encoding.value_or(""));
  if (options.files.empty() || std::ranges::find(options.files, "-") != options.files.end())
    tell_that_input_is_awaited(tr("what is typed or pasted here is imported"));
  const bool stream = !std::ranges::all_of(inputs, &Input::is_file);
  auto signals = stream && !options.dry_run ? std::make_unique<Signals>() : nullptr;
  for (Input& input : inputs) {
    if (!signals) break;
    input.wait_with([&](int fd) {
      if (signals && signals->wait_readable(fd)) return true;
      signals.reset();  // a second one ends the program
      return false;
    });
  }
  const std::vector<Surveyed> all = survey(inputs, format);
  std::uint64_t size = 0;
  for (const Input& input : inputs) size += input.size();
  if (options.dry_run) {
    for (const Surveyed& one : all) {
      const bool has_no_dates = one.format == Format::diary && !one.is_diary;
      const FormatName& name = name_of(has_no_dates ? Format::paragraphs : one.format);
      offer_out(tr("{}: {}", one.input.name(), tr(name.text)) + '\n');
    }
  }
  const bool mirror = std::ranges::any_of(all, [](const Surveyed& one) { return one.is_diary; });
  Delivery delivery(options, size,
                    !stream  ? Delivery::Of::files
                    : mirror ? Delivery::Of::mirror
                             : Delivery::Of::stream,
                    std::move(signals));
  return delivery.account([&] {
    std::uint64_t before = 0;
    for (const Surveyed& one : all) {
      Importer importer(delivery.clock(), one.input.changed(), one.input.is_stream());
      one.input.wait_with([&](int fd) { return delivery.wait_for(fd); });
      read_items(one.format, one.input, real_clock(), [&](const Item& item) {
        delivery.take(importer.make(item, one.input.is_interrupted()), all.size() > 1 ? one.input.name() : "");
        delivery.reach(before + one.input.taken());
      });
      before += one.input.taken();
      if (one.input.is_interrupted()) break;
    }
  });
}

}  // namespace md2
