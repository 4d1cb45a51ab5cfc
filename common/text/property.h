#pragma once

#include <utf8proc.h>

namespace md2 {

/// What Unicode says of the character, as utf8proc knows it.
inline const utf8proc_property_t& property(char32_t code) {
  return *utf8proc_get_property(static_cast<utf8proc_int32_t>(code));
}

}  // namespace md2
