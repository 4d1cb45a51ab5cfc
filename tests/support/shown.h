#pragma once

#include <doctest/doctest.h>

// The Makefile includes this into every test. doctest shows where a `const char*` lies, not what it says; its own
// switch for this does not compile (DOCTEST_CONFIG_TREAT_CHAR_STAR_AS_STRING in 2.4.9).
template <>
struct doctest::StringMaker<const char*> {
  static String convert(const char* text) { return text != nullptr ? text : "nullptr"; }
};
template <>
struct doctest::StringMaker<char*> : doctest::StringMaker<const char*> {};
