#include "tests/sim/removals.h"

#include <fmt/format.h>

#include <vector>

#include "common/os/paths.h"

namespace md2::sim {
namespace {

std::vector<std::string> missing_files(const Files& files, const std::string& folder) {
  std::vector<std::string> names = files.names_in(folder);
  std::erase_if(names, [](const std::string& name) { return !is_kept(name, ".missing."); });
  return names;
}

}  // namespace

void Removals::look() {
  const InodePtr file = files_.find(diary_);
  const std::string& now = file ? file->now.bytes : std::string();
  if (now == seen_) return;
  seen_ = now;
  std::set<std::string> stands;
  for (const auto& [key, count] : entries_in(now)) stands.insert(key);
  for (const std::string& key : stands_) {
    if (!stands.contains(key)) ++removals_[key];
  }
  stands_ = std::move(stands);
}

void Removals::announced(std::string_view text) {
  for (const std::string& name : missing_files(files_, folder_of(diary_))) {
    if (text.find(name) != std::string_view::npos) announced_.insert(name);
  }
}

void Removals::check(Ledger& ledger, bool once, bool told) const {
  std::map<std::string, std::size_t> copies;
  std::set<std::string> known = stands_;
  for (const std::string& name : missing_files(files_, folder_of(diary_))) {
    const InodePtr file = files_.find(fmt::format("{}/{}", folder_of(diary_), name));
    for (const auto& [key, count] : entries_in(file->now.bytes)) {
      copies[key] += static_cast<std::size_t>(count);
      if (announced_.contains(name)) known.insert(key);
    }
  }
  for (const auto& [key, count] : copies) {
    const auto removals = removals_.find(key);
    const std::size_t most = deaths_ + (removals == removals_.end() ? 0 : removals->second);
    if (once && count > most) ledger.wrong("kept as missing oftener than it was taken out: " + brief(key));
    if (told && !known.contains(key)) ledger.wrong("kept as missing, and nobody was told: " + brief(key));
  }
}

}  // namespace md2::sim
