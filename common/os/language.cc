#include "common/os/language.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <filesystem>

#include "common/os/catalogue.h"
#include "common/os/unique_fd.h"

namespace md2 {
namespace {

struct InUse {
  std::optional<Catalogue> catalogue;
  std::string language;
};

/// Written before any thread starts.
InUse& in_use() {
  static InUse used;
  return used;
}

/// As much of the file as a catalogue may have; empty when it can't be read, which is no error: then it is English.
std::string bytes_of(const std::string& path) {
  constexpr std::size_t longest = std::size_t{4} << 20;
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  std::string bytes;
  std::array<char, 1 << 16> piece{};
  while (fd && bytes.size() < longest) {
    const ssize_t count = ::read(fd.get(), piece.data(), piece.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) break;
    bytes.append(piece.data(), static_cast<std::size_t>(count));
  }
  return bytes;
}

/// Without its encoding and what stands behind that: `zh_CN.UTF-8@x` is zh_CN.
std::string_view without_encoding(std::string_view locale) {
  return locale.substr(0, locale.find_first_of(".@"));
}

bool is_english(std::string_view name) {
  return name == "C" || name == "POSIX" || name == "en" || name.starts_with("en_");
}

}  // namespace

std::vector<std::string> wanted_languages(const std::function<std::string(const char*)>& variable) {
  std::string locale;
  for (const char* const name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
    if (locale.empty()) locale = variable(name);
  }
  if (locale.empty() || locale == "C" || locale == "POSIX") return {};
  std::string list = variable("LANGUAGE");
  if (list.empty()) list = locale;
  std::vector<std::string> wanted;
  for (std::string_view rest = list; !rest.empty();) {
    const std::size_t end = std::min(rest.find(':'), rest.size());
    const std::string_view name = without_encoding(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (is_english(name)) break;
    if (name.empty() || name.find('/') != name.npos) continue;
    wanted.emplace_back(name);
    if (const std::size_t country = name.find('_'); country != name.npos) wanted.emplace_back(name.substr(0, country));
    // Simplified characters are read there, too; who reads traditional ones is not served by them.
    if (name == "zh" || name == "zh_SG" || name == "zh_MY") wanted.emplace_back("zh_CN");
  }
  return wanted;
}

void choose_language() {
  const auto variable = [](const char* name) {
    const char* const value = std::getenv(name);
    return value == nullptr ? std::string() : std::string(value);
  };
  const std::vector<std::string> wanted = wanted_languages(variable);
  if (wanted.empty()) return;
  std::error_code failure;
  const auto folder = std::filesystem::read_symlink("/proc/self/exe", failure).parent_path();
  if (failure) return;
  for (const std::string& name : wanted) {
    for (const char* const place : {"locale", "../share/locale"}) {
      use_catalogue(folder / place / name / "LC_MESSAGES" / "md2.mo", name);
      if (!language().empty()) return;
    }
  }
}

void use_catalogue(const std::string& path, std::string_view language) {
  InUse& used = in_use();
  used.catalogue = path.empty() ? std::nullopt : Catalogue::read(bytes_of(path));
  used.language = used.catalogue ? language : std::string_view();
}

std::string_view language() {
  return in_use().language;
}

std::string tr(std::string_view text) {
  const InUse& used = in_use();
  const std::string_view found = used.catalogue ? used.catalogue->find(text) : std::string_view();
  return std::string(found.empty() ? text : found);
}

std::string format_message(fmt::string_view english, std::optional<std::uint64_t> number, fmt::string_view several,
                           fmt::format_args args) {
  if (const InUse& used = in_use(); used.catalogue) {
    const std::string_view found = used.catalogue->find({english.data(), english.size()}, number);
    try {
      if (!found.empty()) return fmt::vformat(fmt::string_view(found.data(), found.size()), args);
    } catch (const fmt::format_error&) {  // tests/common/os/messages_test.cc finds such a translation
    }
  }
  return fmt::vformat(number && *number != 1 ? several : english, args);
}

}  // namespace md2
