// No #pragma once: compiled by itself it is a main file, of which g++ then warns.
#ifndef MD2_TESTS_SUPPORT_SHOWN_H
#define MD2_TESTS_SUPPORT_SHOWN_H

// The Makefile includes this into every test, compiled once (g++(1), Precompiled Headers): what nearly all of them
// read.
#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

// doctest shows where a `const char*` lies, not what it says; its own switch for this does not compile
// (DOCTEST_CONFIG_TREAT_CHAR_STAR_AS_STRING in 2.4.9).
template <>
struct doctest::StringMaker<const char*> {
  static String convert(const char* text) { return text != nullptr ? text : "nullptr"; }
};
template <>
struct doctest::StringMaker<char*> : doctest::StringMaker<const char*> {};

#endif
