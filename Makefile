# md2: a network diary for the terminal.
#
#   make            build/md2server and build/md2client
#   make run        the same, then the prompt with a diary behind it
#   make test       every test
#   make sim        a thousand simulated worlds; make mutants: that they find each fault that is made on purpose
#   make screens    random states of the prompt, those of the seeds SEEDS=A..B
#   make torture    the fault suite at every point, not at a sample of them, and 50,000 worlds (minutes)
#   make bench      a table of what things take, beside what the machine takes for them; PEERS=1: and what others do
#   make fuzz       every fuzzer for TIME seconds, 60 when not given (clang)
#   make lint       clang-format, clang-tidy, mandoc, of what has changed since they last found nothing
#   make coverage   every test, then the share of lines that they ran, for each file
#   make picture    what the READMEs show, anew (man/md2.svg)
#   make po         the messages of the sources into the files of the languages (common/locale)
#   make install    into $(DESTDIR)$(PREFIX), stripped; make uninstall
#   make dist       build/md2-VERSION.tar.gz, of the commit; make version: which that is
#   make deb        build/deb/*.deb, of this tree as it lies here (Debian)
#
# CXX=clang++ works. CPPFLAGS, CXXFLAGS and LDFLAGS come behind what is said here. SANITIZE=address (with undefined) or
# SANITIZE=thread builds into a folder of its own below build/. B=DIR builds there, and writes nothing here.
# On Debian and its kin, what is missing is installed with apt-get; elsewhere it is named (server/package/needed).

# As many jobs as processors, unless -j says how many.
MAKEFLAGS += -j$(shell nproc 2>/dev/null || echo 1)

PREFIX   ?= /usr/local
INSTALL  ?= install
SANITIZE ?=
COVERAGE ?=
B        ?= build
BUILD    := $(B)
override B := $(BUILD)$(if $(SANITIZE),/$(SANITIZE))$(if $(COVERAGE),/coverage)

# A sanitizer's report needs lines, not variables, and its build is to be quick.
CXXFLAGS ?= $(if $(SANITIZE),-O1 -g1,-O2 -g)
WARNINGS := -Wall -Wextra -Wpedantic -Wconversion -Wshadow
DIALECT  := -std=c++20 $(WARNINGS) -I. -pthread

ifneq ($(SANITIZE)$(COVERAGE),)
  # g++ 12 warns of its own <regex> there.
  MODE-address := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
  MODE-thread  := -fsanitize=thread
  MODE := $(if $(SANITIZE),$(or $(MODE-$(SANITIZE)),$(error SANITIZE is 'address' or 'thread', not '$(SANITIZE)')) \
            $(if $(findstring clang,$(CXX)),,-Wno-maybe-uninitialized)) $(if $(COVERAGE),--coverage -fprofile-update=atomic)
  LINK_MODE := $(filter -fsanitize=% --coverage,$(MODE))
else
  # No program knows the folder that its sources were in, so two folders make the same bytes. What checks the targets of
  # jumps is the processor's business; FORTIFY wants an optimiser, and to be said once.
  TARGET := $(shell $(CXX) -dumpmachine 2>/dev/null)
  MODE := -ffile-prefix-map=$(CURDIR)=. -ffile-prefix-map=$(abspath $(BUILD))=build -fPIE -fstack-protector-strong \
          $(if $(filter x86_64-%,$(TARGET)),-fstack-clash-protection -fcf-protection) \
          $(if $(filter aarch64-%,$(TARGET)),-mbranch-protection=standard) \
          $(if $(findstring _FORTIFY_SOURCE,$(CPPFLAGS) $(CXXFLAGS)),, \
            $(if $(filter-out -O0,$(lastword $(filter -O%,$(CXXFLAGS)))),-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3))
  LINK_MODE := -pie -Wl,-z,relro,-z,now
endif

# $(OWN) is what a single object wants. To g++ a source that another one includes is a header, in which no type should
# have a private one in it; see "A room is a folder".
COMPILE = $(CXX) $(DIALECT) $(if $(findstring clang,$(CXX)),,-Wno-subobject-linkage) -MMD -MP $(MODE) $(CPPFLAGS) $(CXXFLAGS) $(OWN)
LINK    = $(CXX) -pthread $(PROGRAM_FLAGS) $(LINK_MODE) $(CXXFLAGS) $(LDFLAGS)

# Most of what a short command costs is the dynamic linker's, and most of that the C++ library's, so the two programs hold
# what they use of it. The shared fmt, and Debian has no other, would bring it back; theirs is compiled in.
ifeq ($(SANITIZE)$(COVERAGE)$(findstring clang,$(CXX)),)
  $(B)/md2server $(B)/md2client: PROGRAM_FLAGS := -static-libstdc++ -static-libgcc -Wl,--gc-sections
  $(B)/common/text/fmt.o: OWN := -DFMT_HEADER_ONLY -fkeep-inline-functions -ffunction-sections -g0
else
  FMT := -lfmt
endif

SERVER_LIBS := $(FMT) -lssl -lcrypto -lutf8proc
CLIENT_LIBS := $(SERVER_LIBS) -lreadline -linih
TEST_LIBS   := $(CLIENT_LIBS) -lvterm

# A room is a folder; what lies in it is found, and compiled as one: most of what a source costs is the headers of
# libraries, and a room reads them once. So a private name says one thing in its room. Tests are a unit of their own, so
# that other programs can do without them.
SOURCES := $(sort $(shell find common server client tests -name '*.cc'))
ALONE   := %/main.cc tests/fuzz/%.cc common/os/version.cc common/text/fmt.cc
unit_of  = $(patsubst %/,%,$(dir $(1)))$(if $(filter %_test.cc,$(1)),_test)
UNITS   := $(sort $(foreach source,$(filter-out $(ALONE),$(SOURCES)),$(call unit_of,$(source))))
sources_of = $(sort $(filter-out $(ALONE),$(if $(filter %_test,$(1)),$(wildcard $(1:_test=)/*_test.cc),$(filter-out %_test.cc,$(wildcard $(1)/*.cc)))))
units   = $(patsubst %,$(B)/unit/%.o,$(filter $(1) $(addsuffix /%,$(1)),$(UNITS)))
COMMON := $(call units,common) $(B)/common/os/version.o $(B)/common/text/fmt.o
SERVER := $(call units,server)
CLIENT := $(call units,client)
TESTS  := $(filter-out $(B)/unit/tests/bench.o,$(call units,tests)) $(B)/tests/main.o

FUZZERS     := $(patsubst tests/fuzz/%.cc,$(BUILD)/fuzz/%,$(filter tests/fuzz/%,$(SOURCES)))
RUN_FUZZERS := $(FUZZERS:$(BUILD)/fuzz/%=fuzz-%)

# The pages of the manual; those in another language lie in a folder of its name.
PAGES := $(wildcard man/*.[1-9] man/*/*.[1-9])

# A language is a file common/locale/NAME.po: found beside the programs, or in ../share/locale when installed.
LOCALES    := $(patsubst common/locale/%.po,%,$(wildcard common/locale/*.po))
CATALOGUES := $(LOCALES:%=$(B)/locale/%/LC_MESSAGES/md2.mo)

# V=1 shows the commands.
ifneq ($(V),1)
  say = @printf '%-4s %s\n' $(1) $@;
endif

.PHONY: all po picture run test screens sim mutants torture bench fuzz fuzzers lint coverage install uninstall version dist deb \
        clean FORCE $(RUN_FUZZERS)
.DELETE_ON_ERROR:

all: $(B)/md2server $(B)/md2client $(CATALOGUES) $(BUILD)/compile_commands.json

$(B)/md2server: $(B)/server/main.o $(SERVER) $(COMMON)
	$(call say,LINK)$(LINK) -o $@ $^ $(SERVER_LIBS)

$(B)/md2client: $(B)/client/main.o $(CLIENT) $(COMMON)
	$(call say,LINK)$(LINK) -o $@ $^ $(CLIENT_LIBS)

$(B)/md2test: $(TESTS) $(CLIENT) $(SERVER) $(COMMON)
	$(call say,LINK)$(LINK) -o $@ $^ $(TEST_LIBS)

$(B)/%.o: %.cc $(B)/flags | $(BUILD)/installed/programs $(if $(findstring clang,$(CXX)),$(if $(SANITIZE)$(COVERAGE),$(BUILD)/installed/clang-rt))
	@mkdir -p $(@D)
	$(call say,C++)$(COMPILE) -c -o $@ $<

$(B)/unit/%.o: $(BUILD)/unit/%.cc $(B)/flags | $(BUILD)/installed/programs $(if $(findstring clang,$(CXX)),$(if $(SANITIZE)$(COVERAGE),$(BUILD)/installed/clang-rt))
	@mkdir -p $(@D)
	$(call say,C++)$(COMPILE) -c -o $@ $<

HASH := \#
$(UNITS:%=$(BUILD)/unit/%.cc): $(BUILD)/unit/%.cc: FORCE
	@mkdir -p $(@D)
	@printf '$(HASH)include "%s"\n' $(call sources_of,$*) | cmp -s - $@ || printf '$(HASH)include "%s"\n' $(call sources_of,$*) >$@

# What is said here of compiling holds for every object; what the caller says may be missing when he installs, and where
# the sources lie is in none.
FLAGS := $(DIALECT) $(filter-out -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=% -ffile-prefix-map=%,$(MODE))
$(B)/flags: FORCE
	@mkdir -p $(@D)
	@echo '$(FLAGS)' | cmp -s - $@ || echo '$(FLAGS)' >$@

$(CATALOGUES): $(B)/locale/%/LC_MESSAGES/md2.mo: common/locale/%.po | $(BUILD)/installed/programs
	@mkdir -p $(@D)
	$(call say,MO)msgfmt --check --endianness=little -o $@ $<

# The messages of the sources as they are now go into each language's file; what has to be translated anew is `fuzzy`.
po: | $(BUILD)/installed/programs
	@mkdir -p $(BUILD)
	@xgettext --output=$(BUILD)/md2.pot --package-name=md2 --language=C++ --from-code=UTF-8 --sort-by-file \
	  --add-location=file --no-wrap --keyword --keyword=tr:1 --keyword=tr_later:1 --keyword=trn:2,3 \
	  $(filter-out tests/%,$(SOURCES) $(filter-out tests/%,$(HEADERS)))
	@for po in common/locale/*.po; do msgmerge --quiet --update --backup=none --no-wrap $$po $(BUILD)/md2.pot; \
	  printf '%s: ' $$po; msgfmt --statistics -o /dev/null $$po; done

# A test runs once for each time that it is compiled: what it tests is optimised, the test itself is not. Tests that
# stand side by side may have a local name that another one's helper has.
$(call units,tests): OWN := -Wno-shadow
$(filter %_test.o,$(TESTS)): OWN := -Wno-shadow -U_FORTIFY_SOURCE -O0 -g1 -include tests/support/shown.h

-include $(SOURCES:%.cc=$(B)/%.d) $(SOURCES:%.cc=$(BUILD)/fuzz/%.d) $(UNITS:%=$(B)/unit/%.d) $(UNITS:%=$(BUILD)/fuzz/unit/%.d)

# What the compiler's -MMD does not know of: the assembler puts these into the program.
$(B)/unit/client/html.o: $(wildcard client/html/page.html client/html/*.css client/html/*.js)

run: all
	@$(B)/md2client

# TEST_ARGS goes to doctest: TEST_ARGS='-tc="*pasted*"' runs some tests, TEST_ARGS=-s shows more. JOBS=1 runs one after
# another.
JOBS ?= $(shell expr $$(nproc 2>/dev/null || echo 1) + 1)
test: all $(B)/md2test
	MD2_BIN=$(abspath $(B)) $(B)/md2test --jobs=$(JOBS) $(TEST_ARGS)

screens: all $(B)/md2test
	MD2_SCREENS=$(SEEDS) $(B)/md2test -tc='in random states of the prompt*' $(TEST_ARGS)

torture: all $(B)/md2test $(B)/md2sim
	MD2_BIN=$(abspath $(B)) MD2_TORTURE=full $(B)/md2test -sf='*tests/fault/*' $(TEST_ARGS)
	$(B)/md2sim --seeds=1..50000

# TMPDIR says which disk is measured, ONLY='writers page' what; PEERS=1 measures others beside it. No figure is a failure.
BENCH         := $(call units,tests/bench) $(B)/tests/bench/main.o
BENCH_SUPPORT := $(patsubst %,$(B)/tests/support/%.o,sandbox program server_program deadline files browser \
                              private_network own_namespace wire_client)
bench: all $(B)/md2bench $(if $(PEERS),$(BUILD)/installed/bench)
	MD2_BIN=$(abspath $(B)) PATH="$$PATH:/usr/sbin" $(B)/md2bench $(if $(PEERS),--peers) $(ONLY)

$(B)/md2bench: $(BENCH) $(BENCH_SUPPORT) $(CLIENT) $(COMMON)
	$(call say,LINK)$(LINK) -o $@ $^ $(CLIENT_LIBS)

# What the READMEs show: a session, driven and seen as it is now.
PICTURE := $(B)/unit/tests/picture.o $(B)/tests/picture/main.o \
           $(patsubst %,$(B)/tests/support/%.o,sandbox program deadline files private_network own_namespace screen \
                                               emulator)
picture: all $(B)/md2picture
	MD2_BIN=$(abspath $(B)) $(B)/md2picture >man/md2.svg

$(B)/md2picture: $(PICTURE) $(CLIENT) $(SERVER) $(COMMON)
	$(call say,LINK)$(LINK) -o $@ $^ $(TEST_LIBS)

# A failing seed tells its story; SEEDS=7..7 tells that of a single one.
SEEDS ?= 1..1000
SIM   := $(B)/unit/tests/sim.o $(B)/tests/sim/main.o $(CLIENT) $(SERVER) $(COMMON)
sim: $(B)/md2sim
	$(B)/md2sim --seeds=$(SEEDS)

$(B)/md2sim: $(SIM)
	$(call say,LINK)$(LINK) -o $@ $^ $(CLIENT_LIBS)

# Each fault that was mended and that the simulation must find when the mend is taken out: by a patch of a few sources,
# which are compiled anew and linked with what is there, or, without one, by the simulation itself.
PATCHED := $(patsubst tests/sim/mutants/%.patch,%,$(wildcard tests/sim/mutants/*.patch))
MUTANTS := lying-disk since outbox-sync forgotten-outbox L1 $(PATCHED)
mutants: $(B)/md2sim $(PATCHED:%=$(B)/mutants/%)
	@missed=0; for mutant in $(MUTANTS); do printf '%-18s' $$mutant; \
	  $(B)/md2sim --seeds=$(SEEDS) --mutant=$$mutant >$(B)/mutants/said && grep '^seed ' $(B)/mutants/said || \
	  { echo 'not found'; missed=1; }; done; exit $$missed

patched = $(shell sed -n 's,^--- a/\(.*\.cc\)$$,\1,p' $<)
rooms   = $(sort $(foreach source,$(patched),$(call unit_of,$(source))))
$(B)/mutants/%: tests/sim/mutants/%.patch $(SIM)
	@rm -rf $@.patched; for source in $(patched); do install -D -m 644 $$source $@.patched/$$source; done
	@patch -s -p1 -d $@.patched <$<
	@for room in $(rooms); do mkdir -p $@.patched/unit/$$room; \
	  $(COMPILE) -O1 -g0 -iquote $@.patched -c -o $@.patched/unit/$$room.o $(BUILD)/unit/$$room.cc || exit; done
	$(call say,LINK)$(LINK) -o $@ $(rooms:%=$@.patched/unit/%.o) $(filter-out $(rooms:%=$(B)/unit/%.o),$(SIM)) $(CLIENT_LIBS)

# What only tests need is installed for tests only.
$(TESTS) $(BENCH): | $(BUILD)/installed/tests

# libFuzzer. A fuzzer begins with tests/fuzz/corpus/NAME and what its earlier runs have added in $(BUILD)/fuzz/corpus/NAME;
# an input that breaks something is kept as $(BUILD)/fuzz/found/NAME-*, and `build/fuzz/NAME FILE` runs it again.
TIME       ?= 60
FUZZ_FLAGS := $(DIALECT) -MMD -MP -O1 -g -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all
FUZZED     := $(patsubst $(B)/%,$(BUILD)/fuzz/%,$(COMMON) $(SERVER) $(CLIENT) $(B)/tests/support/fake_disk.o)

fuzz: $(RUN_FUZZERS)
fuzzers: $(FUZZERS)

$(RUN_FUZZERS): fuzz-%: $(BUILD)/fuzz/%
	@mkdir -p $(BUILD)/fuzz/corpus/$* $(BUILD)/fuzz/found
	TMPDIR=/dev/shm $< -max_total_time=$(TIME) -timeout=10 -verbosity=0 -print_funcs=0 -print_final_stats=1 \
	  -artifact_prefix=$(BUILD)/fuzz/found/$*- $(BUILD)/fuzz/corpus/$* tests/fuzz/corpus/$*

$(FUZZERS): $(BUILD)/fuzz/%: $(BUILD)/fuzz/tests/fuzz/%.o $(FUZZED)
	$(call say,LINK)clang++ $(FUZZ_FLAGS) -o $@ $^ -lfmt $(CLIENT_LIBS)

$(BUILD)/fuzz/%.o: %.cc | $(BUILD)/installed/programs $(BUILD)/installed/clang-rt
	@mkdir -p $(@D)
	$(call say,C++)clang++ $(FUZZ_FLAGS) -c -o $@ $<

$(BUILD)/fuzz/unit/%.o: $(BUILD)/unit/%.cc | $(BUILD)/installed/programs $(BUILD)/installed/clang-rt
	@mkdir -p $(@D)
	$(call say,C++)clang++ $(FUZZ_FLAGS) -c -o $@ $<

$(BUILD)/fuzz/common/os/version.o: override FUZZ_FLAGS += -DMD2_VERSION='"fuzz"'

# clang-tidy's heap only grows: to give memory back and take it again costs it a tenth of its time.
LINT_HEAP := GLIBC_TUNABLES=glibc.malloc.top_pad=67108864:glibc.malloc.trim_threshold=1073741824

# A stamp for each unit that clang-tidy found nothing in; it depends on all that the unit includes.
HEADERS   := $(shell find common server client tests -name '*.h')
TIDIED    := $(UNITS:%=$(BUILD)/lint/unit/%.tidy) $(patsubst %.cc,$(BUILD)/lint/%.tidy,$(filter $(ALONE),$(SOURCES)))
# The analyzer follows a function's paths until they run out or it has taken so many steps; where 225,000, its default,
# don't do, a third of them reaches the same blocks of code, and a source takes 4 s instead of 7.
TIDY_TEXT := $(DIALECT) -Wreserved-identifier -DMD2_VERSION='""' -Xclang -analyzer-config -Xclang max-nodes=75000
# Every line of a test runs under the sanitizers, which see what the analyzer could only guess.
TIDY_TESTS := --checks=-clang-analyzer-*
tidy = $(LINT_HEAP) clang-tidy --quiet $(if $(findstring /tests/,$@),$(TIDY_TESTS)) $(firstword $(filter %.cc,$^)) -- $(TIDY_TEXT) $(if $(findstring /tests/,$@),-Wno-shadow)

lint: $(BUILD)/lint/format $(BUILD)/lint/man $(BUILD)/lint/names $(TIDIED)

$(BUILD)/lint/format: $(SOURCES) $(HEADERS) .clang-format $(BUILD)/lint/flags
	$(call say,LINT)clang-format --dry-run -Werror $(SOURCES) $(HEADERS)
	@touch $@

$(BUILD)/lint/man: $(PAGES) $(BUILD)/lint/flags
	$(call say,LINT)mandoc -Tlint -W warning $(PAGES)
	@touch $@

# The test program links client and server: two types of one name would be taken for one another there, without a word.
# So would be two private functions of a unit that differ in what they take.
$(BUILD)/lint/names: $(SOURCES) $(HEADERS) $(UNITS:%=$(BUILD)/unit/%.cc) $(BUILD)/lint/flags
	$(call say,LINT)twice=$$(sed -nE 's/^(struct|class|enum class) ([A-Z][A-Za-z]*).* \{.*/\2/p' $(filter client/% server/% common/%,$(HEADERS)) \
	  | sort | uniq -d); test -z "$$twice" || { echo "more than one header declares: $$twice"; exit 1; }
	@twice=$$(for unit in $(filter %.cc,$(filter $(BUILD)/unit/%,$^)); do sed 's/.* //' $$unit | xargs \
	    sed -nE "s/^[a-z][A-Za-z0-9_:<>,&* ]*[ *&]([a-z_0-9]+)\([^=;]*[{,]$$/\1/;T;F;p" | paste - - | sort -u | cut -f 2 | sort | uniq -d; done); \
	  test -z "$$twice" || { echo "more than one source of a room has a function" $$twice; exit 1; }
	@touch $@

$(filter $(BUILD)/lint/unit/%,$(TIDIED)): $(BUILD)/lint/unit/%.tidy: $(BUILD)/unit/%.cc
$(filter-out $(BUILD)/lint/unit/%,$(TIDIED)): $(BUILD)/lint/%.tidy: %.cc
$(TIDIED): .clang-tidy $(BUILD)/lint/flags | $(BUILD)/installed/programs $(BUILD)/installed/tests
	@mkdir -p $(@D)
	$(call say,LINT)$(tidy) 2>$@.said || { cat $@.said; exit 1; }
	@rm $@.said; $(CXX) $(DIALECT) -DMD2_VERSION='""' -MM -MP -MT $@ -MF $(@:.tidy=.d) $(firstword $(filter %.cc,$^)) && touch $@

# Another clang-tidy and other flags may find something else.
$(BUILD)/lint/flags: FORCE | $(BUILD)/installed/lint
	@mkdir -p $(@D)
	@{ echo '$(TIDY_TEXT) $(TIDY_TESTS)'; clang-tidy --version; } >$@.now
	@cmp -s $@.now $@ || cp $@.now $@

-include $(TIDIED:.tidy=.d)

# gcov adds up what the objects have counted of a file that several of them include.
coverage:
	find $(BUILD)/coverage -name '*.gcda' -delete 2>/dev/null || true
	$(MAKE) COVERAGE=1 test || echo 'coverage: of what has run, though some of it failed'
	@find $(BUILD)/coverage -name '*.gcda' -exec gcov -n -r {} + 2>/dev/null | awk -F "[':% ]+" ' \
	  /^File/ { file = $$2 } \
	  /^Lines executed/ && file ~ /^(client|server|common)\// { \
	    printf "%6.2f %% of %4d lines  %s\n", $$3, $$5, file | "sort -rn"; ran += $$3 * $$5 / 100; lines += $$5; file = "" } \
	  END { close("sort -rn"); printf "%6.2f %% of %4d lines in all\n", 100 * ran / lines, lines }'

# FILE=PLACE below PREFIX, of all but the two programs; a folder is where shell or systemd looks by itself.
ZSH_FOLDER  ?= share/zsh/site-functions
UNIT_FOLDER ?= share/systemd/user
FILES := $(foreach page,$(PAGES:man/%=%),man/$(page)=share/man/$(patsubst ./,,$(dir $(page)))man$(subst .,,$(suffix $(page)))/$(notdir $(page))) \
  $(foreach locale,$(LOCALES),$(B)/locale/$(locale)/LC_MESSAGES/md2.mo=share/locale/$(locale)/LC_MESSAGES/md2.mo) \
  $(foreach bash,$(wildcard client/completion/*.bash),$(bash)=share/bash-completion/completions/$(notdir $(basename $(bash)))) \
  $(foreach zsh,$(wildcard client/completion/_*),$(zsh)=$(ZSH_FOLDER)/$(notdir $(zsh))) \
  $(foreach fish,$(wildcard client/completion/*.fish),$(fish)=share/fish/vendor_completions.d/$(notdir $(fish))) \
  $(foreach unit,$(wildcard server/package/*.service server/package/*.socket),$(unit)=$(UNIT_FOLDER)/$(notdir $(unit)))

# INSTALL is for the programs: Debian's tools strip them themselves, and say so in it.
install: all
	install -d "$(DESTDIR)$(PREFIX)/bin"
	$(INSTALL) -s -m 755 $(B)/md2client $(B)/md2server "$(DESTDIR)$(PREFIX)/bin"
	@for file in $(FILES); do place="$(DESTDIR)$(PREFIX)/$${file#*=}"; echo "$$place"; \
	  install -D -m 644 "$${file%%=*}" "$$place" || exit; \
	  case $$place in *.service) sed -i 's,@bindir@,$(PREFIX)/bin,' "$$place" || exit;; esac; done

uninstall:
	@for place in bin/md2client bin/md2server $(foreach file,$(FILES),$(lastword $(subst =, ,$(file)))); do \
	  rm -f "$(DESTDIR)$(PREFIX)/$$place"; done

# What was built elsewhere lies in somebody's folder.
clean:
	rm -rf build

# For clangd and clang-tidy.
$(BUILD)/compile_commands.json: Makefile $(SOURCES)
	@mkdir -p $(@D)
	@{ echo '['; separator=; for source in $(SOURCES); do \
	  printf '%s{"directory": "%s", "file": "%s", "arguments": ["%s", "-std=c++20", "-I.", "-DMD2_VERSION=\"\"", "-c", "%s"]}\n' \
	    "$$separator" '$(CURDIR)' "$$source" '$(CXX)' "$$source"; separator=,; done; echo ']'; } > $@

# The version is the UTC time of the commit, by seconds since 1970: of the repository that has its top here, whoever owns
# it, or what `git archive` has written into a tarball. Only version.o depends on it.
COMMITTED := $(or $(shell git --git-dir=.git log -1 --format=%ct 2>/dev/null),$(filter-out $$%,$(file <common/os/committed)))
VERSION   := $(if $(COMMITTED),$(shell date -u -d @$(COMMITTED) +%y.%m.%d.%H%M),00.00.00.0000)
$(B)/common/os/version.o: OWN := -DMD2_VERSION='"$(VERSION)"'
$(B)/common/os/version.o: $(B)/version
$(B)/version: FORCE
	@mkdir -p $(@D)
	@echo '$(VERSION)' | cmp -s - $@ || echo '$(VERSION)' > $@
FORCE:

version:
	@echo $(VERSION)

# The same bytes wherever and whenever it is made.
dist:
	@mkdir -p $(BUILD)
	git --git-dir=.git archive --prefix=md2-$(VERSION)/ -o $(BUILD)/md2-$(VERSION).tar.gz HEAD

# Debian's tools want their control files at the top; so they get a tree of their own. What they need is there already, and
# a compiler that is no package will do.
DEB := $(BUILD)/deb/md2-$(VERSION)
deb: | $(BUILD)/installed/deb $(BUILD)/installed/programs
	rm -rf $(BUILD)/deb
	mkdir -p $(DEB)
	cp -R $(filter-out build,$(wildcard *)) $(DEB)
	mv $(DEB)/server/package/debian $(DEB)
	echo $(COMMITTED) >$(DEB)/common/os/committed
	printf 'md2 (%s) unstable; urgency=medium\n\n  * As CHANGELOG.md says.\n\n -- %s  %s\n' $(VERSION) \
	  "$$(sed -n 's/^Maintainer: //p' $(DEB)/debian/control)" "$$(date -u -R -d @$(COMMITTED))" >$(DEB)/debian/changelog
	cd $(DEB) && env -u MAKEFLAGS -u MAKELEVEL -u B dpkg-buildpackage --build=binary --no-sign --no-check-builddeps
	lintian --fail-on error $(BUILD)/deb/*.changes

# What is needed, by whom: server/package/needed. A stamp keeps a build from looking each time; where something is missing
# there is none, and the next make looks again.
$(BUILD)/installed/%: server/package/needed server/package/provide
	@mkdir -p $(@D)
	@CXX='$(if $(filter clang%,$*),clang++,$(CXX))' server/package/provide $* $@
$(BUILD)/installed/clang-rt: | $(BUILD)/installed/clang
$(if $(findstring clang,$(CXX)),$(eval $(BUILD)/installed/programs: | $(BUILD)/installed/clang))
