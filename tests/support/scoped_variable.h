#pragma once

#include <stdlib.h>

#include <optional>
#include <string>

namespace md2::test {

/// Sets a variable in the environment of the test itself (the empty pointer: unsets it) and puts it back at the end of
/// the scope. The programs that a test starts get theirs from Sandbox::set.
class ScopedVariable {
 public:
  ScopedVariable(const char* name, const char* value) : name_(name) {
    if (const char* const before = ::getenv(name)) before_ = before;
    put(value);
  }
  ~ScopedVariable() { put(before_ ? before_->c_str() : nullptr); }
  ScopedVariable(const ScopedVariable&) = delete;
  ScopedVariable& operator=(const ScopedVariable&) = delete;

 private:
  void put(const char* value) const {
    if (value != nullptr) {
      setenv(name_.c_str(), value, 1);
    } else {
      unsetenv(name_.c_str());
    }
  }

  std::string name_;
  std::optional<std::string> before_;
};

}  // namespace md2::test
