#include "common/os/language.h"

#include <doctest/doctest.h>

#include <cerrno>
#include <map>
#include <string>
#include <vector>

#include "tests/support/catalogue_bytes.h"
#include "tests/support/files.h"
#include "tests/support/temporary_folder.h"

using namespace md2;
using namespace md2::test;

namespace {

using Variables = std::map<std::string, std::string>;
using Names = std::vector<std::string>;

Names wanted(const Variables& variables) {
  return wanted_languages([&](const char* name) {
    const auto found = variables.find(name);
    return found == variables.end() ? std::string() : found->second;
  });
}

/// A catalogue in use until the end of the scope.
class InUse {
 public:
  explicit InUse(const std::map<std::string, std::string>& messages) {
    const std::string path = folder_.path("md2.mo");
    write_file(path, catalogue_bytes(messages));
    use_catalogue(path, "xx");
  }
  ~InUse() { use_catalogue({}); }
  InUse(const InUse&) = delete;
  InUse& operator=(const InUse&) = delete;

 private:
  TemporaryFolder folder_;
};

}  // namespace

TEST_CASE(
    "the language is asked of LC_ALL, LC_MESSAGES and LANG, in this order, and LANGUAGE stands above a language") {
  CHECK(wanted({{"LANG", "zh_CN.UTF-8"}}) == Names{"zh_CN", "zh"});
  CHECK(wanted({{"LANG", "C.UTF-8"}, {"LC_MESSAGES", "zh_CN"}}) == Names{"zh_CN", "zh"});
  CHECK(wanted({{"LANG", "zh_CN.UTF-8"}, {"LC_ALL", "de_DE@euro"}}) == Names{"de_DE", "de"});
  CHECK(wanted({{"LANG", "de_DE.UTF-8"}, {"LC_ALL", ""}}) == Names{"de_DE", "de"});
  CHECK(wanted({{"LANG", "de_DE.UTF-8"}, {"LANGUAGE", "fr:zh_CN:en:it"}}) == Names{"fr", "zh_CN", "zh"});
  CHECK(wanted({{"LANG", "C.UTF-8"}, {"LANGUAGE", "zh_CN"}}) == Names{"zh_CN", "zh"});
}

TEST_CASE("nothing, C, POSIX, English and names that would lead elsewhere ask for no catalogue") {
  CHECK(wanted({}).empty());
  for (const char* const locale : {"", "C", "POSIX", "C.UTF-8", "en", "en_US.UTF-8", "en_GB", "../../etc", ".UTF-8"}) {
    CAPTURE(locale);
    CHECK(wanted({{"LANG", locale}}).empty());
  }
  CHECK(wanted({{"LANG", "C"}, {"LANGUAGE", "zh_CN"}}).empty());
  CHECK(wanted({{"LANG", "zh_CN.UTF-8"}, {"LANGUAGE", "en_US:zh_CN"}}).empty());
}

TEST_CASE("simplified characters are for who reads them") {
  CHECK(wanted({{"LANG", "zh_SG.UTF-8"}}) == Names{"zh_SG", "zh", "zh_CN"});
  CHECK(wanted({{"LANG", "zh_TW.UTF-8"}}) == Names{"zh_TW", "zh"});
}

TEST_CASE("a message is translated where the catalogue has it, and English where not") {
  CHECK(tr("cannot open {}", "x") == "cannot open x");
  const InUse used({{"cannot open {}", "{} geht nicht auf"}, {"{} of {}", "{1}, davon {0}"}, {"done", "fertig"}});
  CHECK(language() == "xx");
  CHECK(tr("done") == "fertig");
  CHECK(tr("cannot open {}", "x") == "x geht nicht auf");
  CHECK(tr("{} of {}", 1, 2) == "2, davon 1");
  CHECK(tr("cannot close {}", "x") == "cannot close x");
}

TEST_CASE("a plural follows its number in each language") {
  CHECK(trn(1, "{} entry", "{} entries", 1) == "1 entry");
  CHECK(trn(0, "{} entry", "{} entries", 0) == "0 entries");
  CHECK(trn(1, "an entry", "{} entries", 1) == "an entry");
  const InUse used({{std::string("{} entry\0{} entries", 19), "{} 条"}});
  CHECK(trn(1, "{} entry", "{} entries", 1) == "1 条");
  CHECK(trn(5, "{} entry", "{} entries", 5) == "5 条");
}

TEST_CASE("a translation that does not fit its arguments costs nothing but the translation") {
  const InUse used({{"cannot open {}", "{} {} auf"}, {"{} s", "{:x} s"}, {"line {}", "Zeile {"}});
  CHECK(tr("cannot open {}", "x") == "cannot open x");
  CHECK(tr("{} s", "abc") == "abc s");
  CHECK(tr("line {}", 3) == "line 3");
}

TEST_CASE("a message leaves errno as it is") {
  const InUse used({{"done", "fertig"}, {"cannot open {}", "{} {}"}});
  errno = ENOSPC;
  CHECK(tr("done") == "fertig");
  CHECK(tr("cannot open {}", "x") == "cannot open x");
  CHECK(errno == ENOSPC);
}

TEST_CASE("a catalogue that is missing, or is none, leaves it in English") {
  const TemporaryFolder folder;
  write_file(folder.path("md2.mo"), "nothing of the kind");
  use_catalogue(folder.path("md2.mo"), "xx");
  CHECK(language().empty());
  use_catalogue(folder.path("missing.mo"), "xx");
  CHECK(language().empty());
  use_catalogue(folder.path(), "xx");
  CHECK(language().empty());
  CHECK(tr("done") == "done");
}
