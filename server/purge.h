#pragma once

#include <string>

namespace md2 {

/// `md2server --purge`: makes the corrections of a diary that nobody serves final. A new file takes its name, with the
/// newest texts in the place of the first, without what was struck out and without the corrections themselves; and what
/// lies beside it of these texts goes. Returns what was done, in lines for a person. Throws Error; then the diary is as
/// it was.
///
/// In this order, so that a kill at any moment leaves the old diary or the new one, whole, and the next purge finds
/// what is left to do as long as it is the old one: the times that are closed; the ring; `.missing` and `.torn`; the
/// diary. What somebody appends meanwhile is carried over.
std::string purge(const std::string& diary);

}  // namespace md2
