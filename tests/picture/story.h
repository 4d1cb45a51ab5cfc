#pragma once

#include <string>

namespace md2::test {

/// Drives a client of its own, as somebody at a terminal would, and gives what the terminal showed as an SVG: the
/// picture of the README. But for the day, the time and the version it is the same each time. Throws Failure.
std::string picture_of_a_session();

}  // namespace md2::test
