#pragma once

#include <array>
#include <string_view>

namespace md2 {

/// A file of client/html that a page is made of, as it is: it is part of the program.
struct TemplateFile {
  std::string_view name;
  std::string_view content;
};

/// The page, with a `<link>` or `<script src>` for each of the others.
std::string_view template_page();

/// Rules of the later ones count before those of the earlier.
std::array<TemplateFile, 2> template_styles();

/// In the order in which they run.
std::array<TemplateFile, 6> template_scripts();

}  // namespace md2
