#include "common/os/catalogue.h"

#include <utility>

namespace md2 {
namespace {

constexpr std::uint32_t magic = 0x950412de;
constexpr std::size_t header_size = 20;

/// Up to the first NUL: behind it stands the plural.
std::string_view first_of(std::string_view forms) {
  return forms.substr(0, forms.find('\0'));
}

}  // namespace

std::optional<Catalogue> Catalogue::read(std::string bytes) {
  Catalogue read(std::move(bytes));
  if (read.bytes_.size() < header_size || read.number_at(0) != magic) return std::nullopt;
  if (read.number_at(4) >> 16 > 1) return std::nullopt;  // the revisions 0 and 1 have these tables
  read.count_ = read.number_at(8);
  read.originals_ = read.number_at(12);
  read.translations_ = read.number_at(16);
  return read;
}

std::uint32_t Catalogue::number_at(std::size_t at) const {
  std::uint32_t number = 0;
  for (std::size_t i = 4; i > 0; --i) number = number << 8 | static_cast<unsigned char>(bytes_[at + i - 1]);
  return number;
}

std::string_view Catalogue::entry(std::uint32_t table, std::uint32_t index) const {
  const std::size_t at = std::size_t{table} + std::size_t{index} * 8;
  if (at + 8 > bytes_.size()) return {};
  const std::size_t length = number_at(at);
  const std::size_t begin = number_at(at + 4);
  return begin > bytes_.size() || length > bytes_.size() - begin ? std::string_view()
                                                                 : std::string_view(bytes_).substr(begin, length);
}

std::string_view Catalogue::find(std::string_view text, std::optional<std::uint64_t> number) const {
  if (text.empty()) return {};  // whose translation is the file's header
  std::uint32_t begin = 0;
  std::uint32_t end = count_;
  while (begin < end) {
    const std::uint32_t middle = begin + (end - begin) / 2;
    const std::string_view found = first_of(entry(originals_, middle));
    if (found == text) {
      const std::string_view forms = entry(translations_, middle);
      const std::size_t first_end = forms.find('\0');
      const bool second = number && *number != 1 && first_end != forms.npos;
      return second ? first_of(forms.substr(first_end + 1)) : first_of(forms);
    }
    found < text ? begin = middle + 1 : end = middle;
  }
  return {};
}

}  // namespace md2
