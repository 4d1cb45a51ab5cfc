// What the programs call of fmt, compiled with FMT_HEADER_ONLY where it is linked in: the Makefile says why. Every
// other source takes it from a library, or from here, and compiles in two thirds of the time.
#include <fmt/format.h>
