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
#   make po         the messages of the sources into the files of the languages (common/locale)
#   make install    into $(DESTDIR)$(PREFIX); make uninstall
#
# SANITIZE=address (with undefined) or SANITIZE=thread builds into a folder of its own below build/. CXX=clang++ works.
# On Debian and its kin, what is missing is installed with apt-get; elsewhere it is named.

# As many jobs as processors, unless -j says how many.
MAKEFLAGS += -j$(shell nproc 2>/dev/null || echo 1)

PREFIX   ?= /usr/local
SANITIZE ?=
COVERAGE ?=
B        := build$(if $(SANITIZE),/$(SANITIZE))$(if $(COVERAGE),/coverage)

# A sanitizer's report needs lines, not variables, and its build is to be quick.
CXXFLAGS ?= $(if $(SANITIZE),-O1 -g1,-O2 -g)
WARNINGS := -Wall -Wextra -Wpedantic -Wconversion -Wshadow
DIALECT := -std=c++20 $(WARNINGS) -I. -pthread
override CXXFLAGS += $(DIALECT) -MMD -MP
override LDFLAGS  += -pthread

# g++ 12 warns of its own <regex> there.
override CXXFLAGS += $(if $(SANITIZE),$(if $(findstring clang,$(CXX)),,-Wno-maybe-uninitialized))

ifeq ($(SANITIZE),address)
  override CXXFLAGS += -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
  override LDFLAGS  += -fsanitize=address,undefined
else ifeq ($(SANITIZE),thread)
  override CXXFLAGS += -fsanitize=thread
  override LDFLAGS  += -fsanitize=thread
else ifneq ($(SANITIZE),)
  $(error SANITIZE is 'address' or 'thread', not '$(SANITIZE)')
endif
override CXXFLAGS += $(if $(COVERAGE),--coverage -fprofile-update=atomic)
override LDFLAGS  += $(if $(COVERAGE),--coverage)

# Most of what a short command costs is the dynamic linker's, and most of that the C++ library's, so the two programs hold
# what they use of it. The shared fmt, and Debian has no other, would bring it back; theirs is compiled in.
ifeq ($(SANITIZE)$(COVERAGE)$(findstring clang,$(CXX)),)
  PROGRAM_FLAGS := -static-libstdc++ -static-libgcc -Wl,--gc-sections
  $(B)/common/text/fmt.o: override CXXFLAGS += -DFMT_HEADER_ONLY -fkeep-inline-functions -ffunction-sections -g0
else
  FMT := -lfmt
endif

SERVER_LIBS := $(FMT) -lssl -lcrypto -lutf8proc
CLIENT_LIBS := $(SERVER_LIBS) -lreadline -linih
TEST_LIBS   := $(CLIENT_LIBS) -lvterm

# A room is a folder; what lies in it is found. main.o is named where it is wanted: a program has one.
SOURCES := $(sort $(shell find common server client tests -name '*.cc'))
objects = $(patsubst %.cc,$(B)/%.o,$(filter-out %/main.cc,$(filter $(addsuffix /%,$(1)),$(SOURCES))))
COMMON := $(call objects,common)
SERVER := $(call objects,server)
CLIENT := $(call objects,client)
TESTS  := $(call objects,tests/common tests/server tests/client tests/e2e tests/fault tests/sim tests/support) $(B)/tests/main.o

FUZZERS     := $(patsubst tests/fuzz/%.cc,build/fuzz/%,$(filter tests/fuzz/%,$(SOURCES)))
RUN_FUZZERS := $(FUZZERS:build/fuzz/%=fuzz-%)

# The pages of the manual; those in another language lie in a folder of its name.
PAGES := $(wildcard man/*.[1-9] man/*/*.[1-9])

# A language is a file common/locale/NAME.po: found beside the programs, or in ../share/locale when installed.
LOCALES    := $(patsubst common/locale/%.po,%,$(wildcard common/locale/*.po))
CATALOGUES := $(LOCALES:%=$(B)/locale/%/LC_MESSAGES/md2.mo)

# V=1 shows the commands.
ifneq ($(V),1)
  say = @printf '%-4s %s\n' $(1) $@;
endif

.PHONY: all po run test screens sim mutants torture bench fuzz fuzzers lint coverage install uninstall clean FORCE $(RUN_FUZZERS)
.DELETE_ON_ERROR:

all: $(B)/md2server $(B)/md2client $(CATALOGUES) build/compile_commands.json

$(B)/md2server: $(B)/server/main.o $(SERVER) $(COMMON)
	$(call say,LINK)$(CXX) $(LDFLAGS) $(PROGRAM_FLAGS) -o $@ $^ $(SERVER_LIBS)

$(B)/md2client: $(B)/client/main.o $(CLIENT) $(COMMON)
	$(call say,LINK)$(CXX) $(LDFLAGS) $(PROGRAM_FLAGS) -o $@ $^ $(CLIENT_LIBS)

$(B)/md2test: $(TESTS) $(CLIENT) $(SERVER) $(COMMON)
	$(call say,LINK)$(CXX) $(LDFLAGS) -o $@ $^ $(TEST_LIBS)

$(B)/%.o: %.cc | build/installed/programs $(if $(findstring clang,$(CXX)),build/installed/clang$(if $(SANITIZE)$(COVERAGE),-rt))
	@mkdir -p $(@D)
	$(call say,C++)$(CXX) $(CXXFLAGS) -c -o $@ $<

$(CATALOGUES): $(B)/locale/%/LC_MESSAGES/md2.mo: common/locale/%.po | build/installed/programs
	@mkdir -p $(@D)
	$(call say,MO)msgfmt --check --endianness=little -o $@ $<

# The messages of the sources as they are now go into each language's file; what has to be translated anew is `fuzzy`.
po: | build/installed/programs
	@mkdir -p build
	@xgettext --output=build/md2.pot --package-name=md2 --language=C++ --from-code=UTF-8 --sort-by-file \
	  --add-location=file --no-wrap --keyword --keyword=tr:1 --keyword=tr_later:1 --keyword=trn:2,3 \
	  $(filter-out tests/%,$(SOURCES) $(filter-out tests/%,$(HEADERS)))
	@for po in common/locale/*.po; do msgmerge --quiet --update --backup=none --no-wrap $$po build/md2.pot; \
	  printf '%s: ' $$po; msgfmt --statistics -o /dev/null $$po; done

# A test runs once for each time that it is compiled: what it tests is optimised, the test itself is not.
$(filter %_test.o,$(TESTS)): override CXXFLAGS += -O0 -g1 -include tests/support/shown.h

-include $(SOURCES:%.cc=$(B)/%.d) $(SOURCES:%.cc=build/fuzz/%.d)

# What the compiler's -MMD does not know of: the assembler puts these into the program.
$(B)/client/html/template.o: $(wildcard client/html/page.html client/html/*.css client/html/*.js)

run: all
	@$(B)/md2client

# TEST_ARGS goes to doctest: TEST_ARGS='-tc="*pasted*"' runs some tests, TEST_ARGS=-s shows more.
test: all $(B)/md2test
	MD2_BIN=$(abspath $(B)) $(B)/md2test $(TEST_ARGS)

screens: all $(B)/md2test
	MD2_SCREENS=$(SEEDS) $(B)/md2test -tc='in random states of the prompt*' $(TEST_ARGS)

torture: all $(B)/md2test $(B)/md2sim
	MD2_BIN=$(abspath $(B)) MD2_TORTURE=full $(B)/md2test -sf='*tests/fault/*' $(TEST_ARGS)
	$(B)/md2sim --seeds=1..50000

# TMPDIR says which disk is measured, ONLY='writers page' what; PEERS=1 measures others beside it. No figure is a failure.
BENCH         := $(call objects,tests/bench) $(B)/tests/bench/main.o
BENCH_SUPPORT := $(patsubst %,$(B)/tests/support/%.o,sandbox program server_program deadline files browser \
                              private_network wire_client)
bench: all $(B)/md2bench $(if $(PEERS),build/installed/bench)
	MD2_BIN=$(abspath $(B)) PATH="$$PATH:/usr/sbin" $(B)/md2bench $(if $(PEERS),--peers) $(ONLY)

$(B)/md2bench: $(BENCH) $(BENCH_SUPPORT) $(CLIENT) $(COMMON)
	$(call say,LINK)$(CXX) $(LDFLAGS) -o $@ $^ $(CLIENT_LIBS)

# A failing seed tells its story; SEEDS=7..7 tells that of a single one.
SEEDS ?= 1..1000
SIM   := $(filter-out %_test.o,$(call objects,tests/sim)) $(B)/tests/sim/main.o $(CLIENT) $(SERVER) $(COMMON)
sim: $(B)/md2sim
	$(B)/md2sim --seeds=$(SEEDS)

$(B)/md2sim: $(SIM)
	$(call say,LINK)$(CXX) $(LDFLAGS) -o $@ $^ $(CLIENT_LIBS)

# Each fault that was mended and that the simulation must find when the mend is taken out: by a patch of a few sources,
# which are compiled anew and linked with what is there, or, without one, by the simulation itself.
PATCHED := $(patsubst tests/sim/mutants/%.patch,%,$(wildcard tests/sim/mutants/*.patch))
MUTANTS := lying-disk since outbox-sync forgotten-outbox L1 $(PATCHED)
mutants: $(B)/md2sim $(PATCHED:%=$(B)/mutants/%)
	@missed=0; for mutant in $(MUTANTS); do printf '%-18s' $$mutant; \
	  $(B)/md2sim --seeds=$(SEEDS) --mutant=$$mutant >$(B)/mutants/said && grep '^seed ' $(B)/mutants/said || \
	  { echo 'not found'; missed=1; }; done; exit $$missed

patched = $(shell sed -n 's,^--- a/\(.*\)\.cc$$,\1,p' $<)
$(B)/mutants/%: tests/sim/mutants/%.patch $(SIM)
	@rm -rf $@.patched; for source in $(patched); do install -D -m 644 $$source.cc $@.patched/$$source.cc; done
	@patch -s -p1 -d $@.patched <$<
	@for source in $(patched); do $(CXX) $(CXXFLAGS) -c -o $@.patched/$$source.o $@.patched/$$source.cc || exit; done
	$(call say,LINK)$(CXX) $(LDFLAGS) -o $@ $(patched:%=$@.patched/%.o) $(filter-out $(patched:%=$(B)/%.o),$(SIM)) $(CLIENT_LIBS)

# What only tests need is installed for tests only.
$(TESTS) $(BENCH): | build/installed/tests

# libFuzzer. A fuzzer begins with tests/fuzz/corpus/NAME and what its earlier runs have added in build/fuzz/corpus/NAME;
# an input that breaks something is kept as build/fuzz/found/NAME-*, and `build/fuzz/NAME FILE` runs it again.
TIME       ?= 60
FUZZ_FLAGS := $(DIALECT) -MMD -MP -O1 -g -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all
# The readers of old diaries, without what has to do with a server.
IMPORTED   := $(filter-out %/comparison.o %/delivery.o %/import.o %/input.o %/known_entries.o %/survey.o,$(call objects,client/import)) \
              $(B)/client/link/entry_clock.o $(B)/client/link/given_times.o
FUZZED     := $(patsubst $(B)/%,build/fuzz/%,$(COMMON) $(SERVER) $(IMPORTED) $(B)/client/page/find_matches.o $(B)/tests/support/fake_disk.o)

fuzz: $(RUN_FUZZERS)
fuzzers: $(FUZZERS)

$(RUN_FUZZERS): fuzz-%: build/fuzz/%
	@mkdir -p build/fuzz/corpus/$* build/fuzz/found
	TMPDIR=/dev/shm $< -max_total_time=$(TIME) -timeout=10 -verbosity=0 -print_funcs=0 -print_final_stats=1 \
	  -artifact_prefix=build/fuzz/found/$*- build/fuzz/corpus/$* tests/fuzz/corpus/$*

$(FUZZERS): build/fuzz/%: build/fuzz/tests/fuzz/%.o $(FUZZED)
	$(call say,LINK)clang++ $(FUZZ_FLAGS) -o $@ $^ -lfmt $(SERVER_LIBS)

build/fuzz/%.o: %.cc | build/installed/programs build/installed/clang-rt
	@mkdir -p $(@D)
	$(call say,C++)clang++ $(FUZZ_FLAGS) -c -o $@ $<

build/fuzz/common/os/version.o: override FUZZ_FLAGS += -DMD2_VERSION='"fuzz"'

# clang-tidy's heap only grows: to give memory back and take it again costs it a tenth of its time.
LINT_HEAP := GLIBC_TUNABLES=glibc.malloc.top_pad=67108864:glibc.malloc.trim_threshold=1073741824

# A stamp for each source that clang-tidy found nothing in; it depends on the headers that the source includes.
HEADERS   := $(shell find common server client tests -name '*.h')
TIDIED    := $(SOURCES:%.cc=build/lint/%.tidy)
# The analyzer follows a function's paths until they run out or it has taken so many steps; where 225,000, its default,
# don't do, a third of them reaches the same blocks of code, and a source takes 4 s instead of 7.
TIDY_TEXT := $(DIALECT) -Wreserved-identifier -DMD2_VERSION='""' -Xclang -analyzer-config -Xclang max-nodes=75000
# Every line of a test runs under the sanitizers, which see what the analyzer could only guess.
TIDY_TESTS := --checks=-clang-analyzer-*

lint: build/lint/format build/lint/man build/lint/names $(TIDIED)

build/lint/format: $(SOURCES) $(HEADERS) .clang-format build/lint/flags
	$(call say,LINT)clang-format --dry-run -Werror $(SOURCES) $(HEADERS)
	@touch $@

build/lint/man: $(PAGES) build/lint/flags
	$(call say,LINT)mandoc -Tlint -W warning $(PAGES)
	@touch $@

# The test program links client and server: two types of one name would be taken for one another there, without a word.
build/lint/names: $(HEADERS) build/lint/flags
	$(call say,LINT)twice=$$(sed -nE 's/^(struct|class|enum class) ([A-Z][A-Za-z]*).* \{.*/\2/p' $(filter client/% server/% common/%,$(HEADERS)) \
	  | sort | uniq -d); test -z "$$twice" || { echo "more than one header declares: $$twice"; exit 1; }
	@touch $@

$(TIDIED): build/lint/%.tidy: %.cc .clang-tidy build/lint/flags | build/installed/programs build/installed/tests
	@mkdir -p $(@D)
	$(call say,LINT)$(LINT_HEAP) clang-tidy --quiet $(if $(filter tests/%,$<),$(TIDY_TESTS)) $< -- $(TIDY_TEXT) 2>$@.said || { cat $@.said; exit 1; }
	@rm $@.said; $(CXX) $(DIALECT) -DMD2_VERSION='""' -MM -MP -MT $@ -MF $(@:.tidy=.d) $< && touch $@

# Another clang-tidy and other flags may find something else.
build/lint/flags: FORCE | build/installed/lint
	@mkdir -p $(@D)
	@{ echo '$(TIDY_TEXT) $(TIDY_TESTS)'; clang-tidy --version; } >$@.now
	@cmp -s $@.now $@ || cp $@.now $@

-include $(TIDIED:.tidy=.d)

# gcov adds up what the objects have counted of a file that several of them include.
coverage:
	find build/coverage -name '*.gcda' -delete 2>/dev/null || true
	$(MAKE) COVERAGE=1 test || echo 'coverage: of what has run, though some of it failed'
	@find build/coverage -name '*.gcda' -exec gcov -n -r {} + 2>/dev/null | awk -F "[':% ]+" ' \
	  /^File/ { file = $$2 } \
	  /^Lines executed/ && file ~ /^(client|server|common)\// { \
	    printf "%6.2f %% of %4d lines  %s\n", $$3, $$5, file | "sort -rn"; ran += $$3 * $$5 / 100; lines += $$5; file = "" } \
	  END { close("sort -rn"); printf "%6.2f %% of %4d lines in all\n", 100 * ran / lines, lines }'

install: all
	install -d $(DESTDIR)$(PREFIX)/bin
	install -m 755 $(B)/md2client $(B)/md2server $(DESTDIR)$(PREFIX)/bin
	for locale in $(LOCALES); do \
	  install -D -m 644 -t $(DESTDIR)$(PREFIX)/share/locale/$$locale/LC_MESSAGES $(B)/locale/$$locale/LC_MESSAGES/md2.mo; done
	for page in $(PAGES:man/%=%); do \
	  install -D -m 644 man/$$page $(DESTDIR)$(PREFIX)/share/man/$$(dirname $$page)/man$${page##*.}/$$(basename $$page); done

uninstall:
	rm -f $(DESTDIR)$(PREFIX)/bin/md2client $(DESTDIR)$(PREFIX)/bin/md2server
	rm -f $(LOCALES:%=$(DESTDIR)$(PREFIX)/share/locale/%/LC_MESSAGES/md2.mo)
	for page in $(PAGES:man/%=%); do \
	  rm -f $(DESTDIR)$(PREFIX)/share/man/$$(dirname $$page)/man$${page##*.}/$$(basename $$page); done

clean:
	rm -rf build

# For clangd and clang-tidy.
build/compile_commands.json: Makefile $(SOURCES)
	@mkdir -p build
	@{ echo '['; separator=; for source in $(SOURCES); do \
	  printf '%s{"directory": "%s", "file": "%s", "arguments": ["%s", "-std=c++20", "-I.", "-DMD2_VERSION=\"\"", "-c", "%s"]}\n' \
	    "$$separator" '$(CURDIR)' "$$source" '$(CXX)' "$$source"; separator=,; done; echo ']'; } > $@

# The version is the committer date of the commit, so only version.o depends on it.
VERSION := $(shell TZ=UTC0 git log -1 --format=%cd --date=format-local:%y.%m.%d.%H%M 2>/dev/null || echo 00.00.00.0000)
$(B)/common/os/version.o: override CXXFLAGS += -DMD2_VERSION='"$(VERSION)"'
$(B)/common/os/version.o: $(B)/version
$(B)/version: FORCE
	@mkdir -p $(@D)
	@echo '$(VERSION)' | cmp -s - $@ || echo '$(VERSION)' > $@
FORCE:

# Packages, by who needs them. A stamp keeps a build from asking dpkg each time; without it, make asks again and goes on.
build/installed/programs: NEEDED := libreadline-dev libfmt-dev libssl-dev libutf8proc-dev libinih-dev \
                                    nlohmann-json3-dev gettext
build/installed/tests:    NEEDED := doctest-dev libdocopt-dev libvterm-dev tmux strace mandoc openssl gnutls-bin procps \
                                    less e2fsprogs mount vim rsync redis-server postgresql sqlite3 lnav jq \
                                    chromium
build/installed/clang:    NEEDED := clang
build/installed/clang-rt: NEEDED  = libclang-rt-$(CLANG)-dev
build/installed/lint:     NEEDED := clang-format clang-tidy mandoc
build/installed/bench:    NEEDED  = redis-server nginx ripgrep curl openssl \
                                    $(filter jrnl,$(shell apt-cache pkgnames jrnl 2>/dev/null))
build/installed/clang-rt: | build/installed/clang
CLANG = $(shell clang++ -dumpversion | cut -d. -f1)

# One after another: apt-get has one lock for all.
build/installed/%: Makefile
	@mkdir -p $(@D)
	@exec 9>build/installed/lock; flock 9; \
	if ! command -v dpkg-query >/dev/null; then \
	  echo "md2 needs: $(NEEDED) (Debian's names; if they are missing, the compiler says so next)"; touch $@; exit; fi; \
	lacking() { for p in $(NEEDED); do \
	  dpkg-query -W -f='$${Status}' $$p 2>/dev/null | grep -q 'install ok installed' || printf ' %s' $$p; done; }; \
	missing=$$(lacking); \
	if [ -n "$$missing" ]; then \
	  sudo=; [ "$$(id -u)" = 0 ] || sudo=sudo; \
	  if command -v apt-get >/dev/null && command -v $${sudo:-sh} >/dev/null; then \
	    echo "installing$$missing"; \
	    $$sudo apt-get update -q && $$sudo apt-get install -q -y --no-install-recommends $$missing; fi; \
	  missing=$$(lacking); fi; \
	if [ -z "$$missing" ]; then touch $@; else \
	  echo "md2 needs$$missing, and they can't be installed from here (the compiler says so next)"; fi
