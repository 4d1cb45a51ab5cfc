#include "common/os/sha256.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <memory>

#include "common/os/error.h"
#include "common/os/language.h"

namespace md2 {

Sha256 sha256(std::string_view bytes, std::string_view what) {
  // Looking the algorithm up costs more than hashing an entry: once is enough.
  static const std::unique_ptr<EVP_MD, decltype(&EVP_MD_free)> method(EVP_MD_fetch(nullptr, "SHA256", nullptr),
                                                                      EVP_MD_free);
  Sha256 digest{};
  if (!method || EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, method.get(), nullptr) != 1)
    throw Error(tr("{}: OpenSSL gives no SHA-256", what));
  return digest;
}

}  // namespace md2
