#pragma once

#include <string>

// Identities of two diaries.
inline const std::string one(32, '1');
inline const std::string two(32, '2');
