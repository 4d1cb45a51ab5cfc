#include "common/os/version.h"

namespace md2 {

std::string_view version() {
  return MD2_VERSION;  // from the Makefile
}

}  // namespace md2
