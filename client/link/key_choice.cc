#include "client/link/key_choice.h"

#include <fmt/format.h>

#include <optional>
#include <utility>
#include <vector>

#include "common/os/error.h"
#include "common/os/language.h"
#include "common/os/paths.h"

namespace md2 {

KeyChoice::KeyChoice(Address server, std::string file, std::string shared)
    : server_(std::move(server)), file_(std::move(file)), shared_(std::move(shared)) {}

Key KeyChoice::current() {
  auto keys = read_keys(file_);
  from_shared_ = !keys && !shared_.empty();
  if (from_shared_) keys = read_keys(shared_);
  if (!keys || keys->empty()) {
    if (!shared_.empty()) make_folders(folder_of(file_));
    throw Error(
        tr("no key for the server at {}: {}; copy the line of this device from the server's key file, or "
           "the one that 'md2server --new-key=NAME' prints there, into it (chmod 600)",
           to_string(server_), keys ? tr("'{}' has none", file_) : tr("'{}' is not there", file_)));
  }
  lines_ = keys->size();
  if (line_ >= lines_) line_ = 0;
  return (*keys)[line_];
}

bool KeyChoice::next() {
  ++line_;
  if (++refused_ < lines_) return true;
  refused_ = 0;
  return false;
}

std::string KeyChoice::advice() const {
  if (!from_shared_) return {};
  return tr(
      "; a key for this server alone belongs into {} (chmod 600): the line that 'md2server "
      "--new-key=NAME' prints there",
      file_);
}

void KeyChoice::opened(const Key& key) {
  if (!std::exchange(from_shared_, false)) return;
  keep_key(file_, key);
  line_ = 0;
}

}  // namespace md2
