#include "client/config.h"

#include <fmt/format.h>
#include <ini.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "common/net/socket.h"
#include "common/os/disk.h"
#include "common/os/error.h"
#include "common/os/file.h"
#include "common/os/language.h"
#include "common/text/text.h"

namespace md2 {
namespace {

constexpr std::size_t longest_file = std::size_t{1} << 20;

/// It becomes a part of files' names.
bool can_be_a_name(std::string_view name) {
  return !name.empty() && !name.starts_with('.') && name.find_first_of("/: \t") == std::string_view::npos &&
         text_error(name).empty();
}

/// False for a line that inih(3) can't take: it tells of the first one only.
bool has_form(std::string_view line) {
  line = trimmed(trimmed_of_ascii(line));
  if (line.starts_with(byte_order_mark)) line.remove_prefix(byte_order_mark.size());
  if (line.empty() || line.front() == ';' || line.front() == '#') return true;
  return line.find_first_of(line.front() == '[' ? "]" : "=:") != std::string_view::npos;
}

std::string with_home(std::string path) {
  const char* const home = std::getenv("HOME");
  if (path.starts_with("~/") && home != nullptr) path.replace(0, 1, home);
  return path;
}

}  // namespace

/// What inih(3) calls: it says neither in which line a name stands nor that a line was too long.
struct Config::Reader {
  Config& config;
  std::string_view rest;
  std::size_t line = 0;
  bool line_ended = true;
  std::string section;
  bool section_counts = false;
  std::map<std::string, std::size_t, std::less<>> lines{};  ///< of the section's names so far

  void fault(const std::string& what) {
    config.faults_.push_back(tr("{}, line {}: {}", config.path_, line, sanitised(what)));
  }

  /// As fgets(3) does, so that a line that is too long comes in parts.
  static char* next_part(char* to, int size, void* self) {
    auto& reader = *static_cast<Reader*>(self);
    if (reader.rest.empty()) return nullptr;
    const std::size_t end = std::min(reader.rest.find('\n'), reader.rest.size() - 1) + 1;
    const std::size_t length = std::min(end, static_cast<std::size_t>(size) - 1);
    std::memcpy(to, reader.rest.data(), length);
    to[length] = '\0';
    if (reader.line_ended) {
      ++reader.line;
      if (length < end) reader.fault(tr("longer than {} bytes", longest_line));
      if (!has_form(reader.rest.substr(0, length))) reader.fault(tr("neither [NAME] nor KEY = VALUE"));
    }
    reader.line_ended = length == end;
    reader.rest.remove_prefix(length);
    return to;
  }

  static int take(void* self, const char* section, const char* name, const char* value) {
    static_cast<Reader*>(self)->take(section, name, value);
    return 1;
  }

  void take(std::string_view in, std::string_view name, std::string value) {
    if (in != section || !section_counts) begin(in);
    if (!section_counts) return;
    if (const auto before = lines.find(name); before != lines.end())
      return fault(tr("'{}' stands in line {} already", name, before->second));
    DiarySettings& settings = config.sections_.at(section);
    const std::array<std::pair<std::string_view, std::optional<std::string>*>, 5> keys{
        {{"server", &settings.server},
         {"diary", &settings.diary},
         {"key", &settings.key},
         {"start", &settings.start},
         {"greeting", &settings.greeting}}};
    const auto* const key = std::ranges::find(keys, name, [](const auto& pair) { return pair.first; });
    if (key == keys.end()) {
      settings.misplaced = settings.misplaced || section != default_name;  // it may be meant for one of the two
      return fault(tr("'{}' is none of server, diary, key, start and greeting", name));
    }
    if (name == "diary" || name == "key") value = with_home(std::move(value));
    if (const std::string why = fault_of(name, value, settings); !why.empty()) {
      settings.misplaced = settings.misplaced || name == "server" || name == "diary";
      return fault(why);
    }
    lines.emplace(name, line);
    *key->second = std::move(value);
  }

  void begin(std::string_view name) {
    section = name;
    lines.clear();
    section_counts = can_be_a_name(name);
    if (section_counts) {
      if (!config.sections_.try_emplace(section).second) fault(tr("[{}] stands here a second time", name));
    } else if (name.empty()) {
      fault(tr("a line before the first [NAME]"));
    } else {
      fault(tr("[{}] can't be a name: it holds '/', ':' or a blank, or begins with a dot", name));
    }
  }

  static std::string fault_of(std::string_view name, const std::string& value, const DiarySettings& settings) {
    if ((name == "server" && settings.diary) || (name == "diary" && settings.server))
      return tr("a diary has either a server or a file");
    if ((name == "diary" || name == "key") && !value.starts_with('/'))
      return tr("'{}' is no path that begins with / or ~/", value);
    if (name == "greeting" && value != "on" && value != "off") return tr("'{}' is neither on nor off", value);
    try {
      if (name == "server") (void)parse_address(value);
    } catch (const Error& error) {
      return error.what();
    }
    return {};
  }
};

Config::Config(std::string path) : path_(std::move(path)) {
  if (path_.empty()) return;
  std::string text;
  try {
    const auto contents = read_small_file({tr_later("configuration"), path_}, longest_file);
    if (!contents) return;
    text = *contents;
  } catch (const Error& error) {
    faults_.emplace_back(error.what());
    return;
  }
  Reader reader{*this, text, 0, true, {}, false};
  (void)ini_parse_stream(&Reader::next_part, &reader, &Reader::take, &reader);
}

const DiarySettings* Config::find(std::string_view name) const {
  const auto found = sections_.find(name);
  return found == sections_.end() ? nullptr : &found->second;
}

std::vector<std::string> Config::names() const {
  std::vector<std::string> names;
  for (const auto& [name, settings] : sections_) {
    if (name != default_name) names.push_back(name);
  }
  return names;
}

}  // namespace md2
