#include "client/terminal/whole_output.h"

#include <limits.h>
#include <unistd.h>

#include <algorithm>

#include "common/os/standard_streams.h"

namespace md2 {

void WholeOutput::put(std::string_view text) {
  if (group_.size() + text.size() > PIPE_BUF) flush();
  group_ += text;
  if (group_.size() > PIPE_BUF) flush();
}

void WholeOutput::flush() {
  const std::string group = std::move(group_);
  group_.clear();
  std::string_view rest = group;
  while (!rest.empty() && wait_(rest.size() < group.size())) {
    const std::size_t size = std::min<std::size_t>(rest.size(), PIPE_BUF);
    put_out(rest.substr(0, size));
    rest.remove_prefix(size);
  }
}

}  // namespace md2
