#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace md2::test {

/// docopt itself, which reads a usage once: its own docopt_parse() takes milliseconds for that each time.
class DocoptReference {
 public:
  enum class Kind { fits, help, version, wrong };
  struct Answer {
    Kind kind = Kind::wrong;
    /// By name: the strings that were given, one that is empty for a command or a flag; empty when nothing was.
    std::map<std::string, std::vector<std::string>> values;
  };

  explicit DocoptReference(const std::string& usage);
  ~DocoptReference();

  Answer parse(const std::vector<std::string>& words) const;

 private:
  struct Tree;
  std::unique_ptr<const Tree> tree_;
};

}  // namespace md2::test
