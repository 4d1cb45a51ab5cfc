#include "client/import/report.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/os/language.h"

namespace md2 {

std::string FaultReport::text(const std::string& heading, bool terminal) const {
  constexpr std::size_t screen = 20;
  const std::size_t shown = terminal && faults_.size() > screen ? screen - 1 : faults_.size();
  std::string text = heading;
  for (std::size_t i = 0; i < shown; ++i) text.append("\n  ").append(faults_[i]);
  if (shown < faults_.size()) text += "\n  " + tr("and {} more", faults_.size() - shown);
  return text;
}

}  // namespace md2
