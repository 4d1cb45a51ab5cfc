#pragma once

#include <string>

#include "common/diary/query.h"

/// The day on which questions are asked.
inline constexpr md2::Date today{2024, 3, 1};

inline md2::Query query(const std::string& text) {
  return md2::Query::parse(text, today);
}
