#pragma once

#include <stdio.h>  // readline's headers need FILE

#include <readline/readline.h>

#include <string_view>

namespace md2 {

/// What the user's inputrc (or readline's own default) sets a variable to; empty for one that readline does not know.
/// Behind rl_initialize().
inline std::string_view value_of(const char* variable) {
  const char* const value = rl_variable_value(variable);
  return value == nullptr ? std::string_view() : value;
}

inline bool is_on(const char* variable) {
  return value_of(variable) == "on";
}

}  // namespace md2
