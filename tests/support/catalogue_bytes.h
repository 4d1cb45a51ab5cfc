#pragma once

#include <map>
#include <string>

namespace md2::test {

/// A catalogue as msgfmt(1) writes it, little-endian and without its table of hashes: `messages` by what they stand
/// for; a NUL stands before a plural and before its form.
std::string catalogue_bytes(const std::map<std::string, std::string>& messages);

}  // namespace md2::test
