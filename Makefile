# sigmac. `make help` lists the targets. Everything is built below build/<config>/.
CONFIG ?= release
B := build/$(CONFIG)
CC ?= gcc
PKGS := yaml-0.1 libpcre2-8 libcjson
# Where one of these is missing, compressed events are refused, with a message that says what to install.
OPTIONAL := $(foreach p,zlib libzstd,$(shell pkg-config --exists $(p) 2>/dev/null && echo $(p)))
HAVE := $(if $(filter zlib,$(OPTIONAL)),-DHAVE_ZLIB) $(if $(filter libzstd,$(OPTIONAL)),-DHAVE_ZSTD)

# What needs no library must go without.
ifneq ($(filter-out clean help fmt fmt-check dist uninstall,$(or $(MAKECMDGOALS),all)),)
ifneq ($(shell pkg-config --exists $(PKGS) 2>/dev/null && echo yes),yes)
$(error pkg-config does not find $(PKGS): run scripts/setup.sh, which installs what the build needs)
endif
# Before it, `[Aa]{2}` does not match `aa` (PCRE2 issue 82), and that is how letter case is spelled out.
ifneq ($(shell pkg-config --atleast-version=10.40 libpcre2-8 && echo yes),yes)
$(error PCRE2 10.40 or later is needed, here is $(shell pkg-config --modversion libpcre2-8): Debian 12 and Ubuntu 24.04 have it)
endif
endif

# Designated initialisers leave fields out on purpose, which gcc 11 sometimes takes for a mistake.
WARN := -Wall -Wextra -Wno-missing-field-initializers -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes -Wswitch-enum
CFLAGS_release := -O3 -g
CFLAGS_clang := -O3 -g
CFLAGS_asan := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
CFLAGS_ubsan := -O1 -g -fsanitize=undefined -fno-sanitize-recover=all
CFLAGS_tsan := -O1 -g -fsanitize=thread
CFLAGS_cover := -O0 -g --coverage
CFLAGS_valgrind := -O1 -g
ifeq ($(CONFIG),clang)
CC := clang
endif
CFLAGS ?= $(CFLAGS_$(CONFIG))
ALL_CFLAGS := -std=c11 -D_POSIX_C_SOURCE=200809L $(WARN) $(if $(WERROR),-Werror) -fvisibility=hidden -I. -Iinclude \
	$(HAVE) $(if $(DOCS_URL),-DDOCS_URL='"$(DOCS_URL)"') $(shell pkg-config --cflags $(PKGS) $(OPTIONAL)) $(CFLAGS)
# DOCS_URL: where the pages of docs/ are published; the links of SARIF output need it.
LIBS := $(shell pkg-config --libs $(PKGS) $(OPTIONAL)) -lm -pthread

VERSION := $(shell sed -n 's/^\#define SIGMAC_VERSION "\(.*\)"/\1/p' include/sigmac.h)
ABI := $(shell sed -n 's/^\#define SIGMAC_ABI *\([0-9]*\).*/\1/p' include/sigmac.h)

BASE_SRC := $(wildcard base/*.c)
RT_SRC := $(BASE_SRC) $(wildcard runtime/*.c runtime/index/*.c runtime/correlate/*.c)
LIB_SRC := $(RT_SRC) $(wildcard compiler/*.c lint/*.c lint/checks/*.c backends/*.c) build/gen/shipped.c
CLI_SRC := $(wildcard cli/*.c)
SUPPORT_SRC := $(wildcard tests/oracle.c tests/support/*.c)
UNIT_SRC := $(wildcard tests/unit/*.c)
FUZZ := $(patsubst tests/fuzz/fuzz_%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
# Tests of the command line's own parts (the splitter of inputs) need its objects, but not its main.
CLI_PARTS := $(filter-out cli/main.c,$(CLI_SRC))
obj = $(patsubst %.c,$(B)/%.o,$(1))
C_FILES := $(wildcard base/*.[ch] runtime/*.[ch] runtime/index/*.[ch] runtime/correlate/*.[ch] compiler/*.[ch] lint/*.[ch] lint/checks/*.[ch] backends/*.[ch] cli/*.[ch] \
	include/*.h tests/*.[ch] tests/*/*.[ch])

comma := ,
# `make V=1` shows the commands, `make -s` nothing.
Q := $(if $(V),,@)
say = $(if $(V)$(findstring s,$(firstword -$(MAKEFLAGS))),,@printf '%-4s %s\n' $(1) $(2))

.PHONY: FORCE all lib rt symbols-check test unit gate full asan ubsan threads tsan valgrind fuzz fuzz-bins fuzz-replay fuzz-all bench cover check-rules oracles equivalence sound fmt fmt-check \
	tidy deps-check tables tables-check docs docs-check golden tools install uninstall dist clean help
.DELETE_ON_ERROR:
.SECONDARY:

all: build/sigmac ## build the program: build/sigmac
ifeq ($(CONFIG),release)
build/sigmac: $(B)/sigmac
	cp $< $@
else
build/sigmac: $(B)/sigmac
endif
lib: $(B)/lib/libsigmac.a $(B)/lib/libsigmac.so ## compiler and runtime as a library, static and shared, in build/CONFIG/lib
rt: $(B)/lib/libsigmac-rt.a $(B)/lib/libsigmac-rt.so ## the runtime alone: evaluates images, needs no libyaml

# Archives with all names visible: for the tests. The program has the library as others have it, and of base/ its own, since
# the library shows none of that.
$(B)/libbase.a: $(call obj,$(BASE_SRC))
$(B)/libsigmac-rt.a: $(call obj,$(RT_SRC))
$(B)/libsigmac.a: $(call obj,$(LIB_SRC))
$(B)/%.a:
	$(call say,AR,$@)
	@rm -f $@
	$(Q)ar rcs $@ $^
$(B)/sigmac: $(call obj,$(CLI_SRC)) $(B)/libbase.a $(B)/lib/libsigmac.a
	$(call say,LINK,$@)
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)
$(B)/%.o: %.c
	$(call say,CC,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) $(PIC) -MMD -MP -c -o $@ $<
$(call obj,$(LIB_SRC)): PIC := -fPIC
# Pipelines are in the library.
SHIPPED := $(sort $(wildcard pipelines/*.yml pipelines/schemas/*.yml))
build/gen/shipped.c: scripts/embed.sh $(SHIPPED)
	$(call say,GEN,$@)
	@mkdir -p $(@D)
	$(Q)scripts/embed.sh pipelines $(SHIPPED) >$@.new && mv $@.new $@

# The libraries as they are installed show the names of tests/tools/symbols.txt and no other; so that this also holds in
# the static one, it is a single object in which all others are made local.
$(B)/lib/%.symbols: tests/tools/symbols.txt
	@mkdir -p $(@D)
	@awk '$$1 == "rt" || $$1 == "$(LAYER)" { print $$2 }' $< >$@
$(B)/lib/libsigmac.symbols: LAYER := compiler
$(B)/lib/libsigmac-rt.symbols: LAYER := rt
$(B)/lib/libsigmac.o: $(call obj,$(LIB_SRC))
$(B)/lib/libsigmac-rt.o: $(call obj,$(RT_SRC))
$(B)/lib/%.o: $(B)/lib/%.symbols
	$(call say,LD,$@)
	$(Q)$(LD) -r -o $@ $(filter %.o,$^)
	$(Q)objcopy --keep-global-symbols=$< $@
$(B)/lib/%.a: $(B)/lib/%.o
	$(call say,AR,$@)
	@rm -f $@
	$(Q)ar rcs $@ $^
$(B)/lib/libsigmac.so.$(VERSION): $(call obj,$(LIB_SRC))
$(B)/lib/libsigmac-rt.so.$(VERSION): $(call obj,$(RT_SRC))
$(B)/lib/libsigmac.so.$(VERSION): SO_LIBS := $(shell pkg-config --libs yaml-0.1 libpcre2-8)
$(B)/lib/libsigmac-rt.so.$(VERSION): SO_LIBS := $(shell pkg-config --libs libpcre2-8)
$(B)/lib/%.so.$(VERSION):
	$(call say,LINK,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -shared -Wl,-soname,$*.so.$(ABI) $(NO_UNDEFINED) -o $@ $^ $(SO_LIBS)
# The sanitizers' own names are in the program.
$(B)/lib/%.so.$(VERSION): NO_UNDEFINED := $(if $(findstring -fsanitize,$(CFLAGS)),,-Wl$(comma)-z$(comma)defs)
$(B)/lib/%.so: $(B)/lib/%.so.$(VERSION)
	@ln -sf $(<F) $(@D)/$*.so.$(ABI)
	@ln -sf $(<F) $@
PRODUCTS := $(B)/lib/libsigmac.a $(B)/lib/libsigmac.so $(B)/lib/libsigmac-rt.a $(B)/lib/libsigmac-rt.so

-include $(shell find $(B) -name '*.d' 2>/dev/null)
# Built again when a library comes or goes.
$(B)/cli/decompress.o $(B)/tests/support/pack.o: $(B)/optional
$(B)/optional: FORCE
	@mkdir -p $(@D)
	@echo '$(OPTIONAL)' | cmp -s - $@ || echo '$(OPTIONAL)' >$@
FORCE:

# --- tests ---------------------------------------------------------------------------------------------------
$(B)/unit-tests: $(call obj,$(UNIT_SRC) $(SUPPORT_SRC) $(CLI_PARTS)) $(B)/libsigmac.a
	$(call say,LINK,$@)
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS) $(shell pkg-config --libs criterion)
$(B)/fuzz_%: $(B)/tests/fuzz/fuzz_%.o $(B)/tests/fuzz/onefile.o $(call obj,$(SUPPORT_SRC) $(CLI_PARTS)) $(B)/libsigmac.a
	$(call say,LINK,$@)
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)
$(B)/oracle-eval: $(call obj,tests/tools/oracle_main.c $(SUPPORT_SRC)) $(B)/libsigmac.a
	$(call say,LINK,$@)
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)
$(B)/deploy-rule: $(call obj,tests/tools/deploy_main.c) $(B)/libsigmac.a
	$(call say,LINK,$@)
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)
$(B)/pipeline-show: $(call obj,tests/tools/pipeline_main.c) $(B)/libsigmac.a
	$(call say,LINK,$@)
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)
$(B)/cost: tests/tools/cost_main.c
	$(call say,LINK,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $<
$(B)/random-images: $(call obj,tests/tools/random_images.c $(SUPPORT_SRC)) $(B)/libsigmac.a
	$(call say,LINK,$@)
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)
$(B)/anchor-check: $(call obj,tests/tools/anchor_check.c $(SUPPORT_SRC)) $(B)/libsigmac.a
	$(call say,LINK,$@)
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)
$(B)/regex-cases: $(call obj,tests/tools/regex_cases.c $(SUPPORT_SRC)) $(B)/libsigmac.a
	$(call say,LINK,$@)
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)
$(B)/stats-table: $(call obj,tests/tools/stats_table.c) $(B)/libsigmac.a
	$(call say,LINK,$@)
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)
$(B)/sound: $(call obj,$(wildcard tests/sound/*.c) $(SUPPORT_SRC)) $(B)/libsigmac.a
	$(call say,LINK,$@)
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)
# Uses the installed kind of library. malloc can be made to fail where no sanitizer has its own.
$(B)/oom: $(call obj,tests/oom/oom.c $(if $(findstring -fsanitize=address,$(CFLAGS))$(findstring -fsanitize=thread,$(CFLAGS)),,tests/oom/failing_malloc.c)) \
  $(B)/lib/libsigmac.a
	$(call say,LINK,$@)
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)
$(B)/threads: $(call obj,tests/tools/threads.c) $(B)/lib/libsigmac.a
	$(call say,LINK,$@)
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)
$(B)/failing-malloc.so: tests/oom/failing_malloc.c
	$(call say,LINK,$@)
	$(Q)$(CC) -std=c11 -D_POSIX_C_SOURCE=200809L -O1 -I. -fPIC -shared -o $@ $<
TOOLS := oracle-eval \
  deploy-rule \
  random-images \
  anchor-check \
  regex-cases \
  sound \
  pipeline-show \
  oom \
  failing-malloc.so \
  threads
tools: $(addprefix $(B)/,$(TOOLS))
fuzz-bins: $(addprefix $(B)/fuzz_,$(FUZZ))

test: $(B)/sigmac $(B)/unit-tests $(PRODUCTS) fuzz-bins tools ## unit, golden, recorded sessions, conformance, fuzz replay; corpora with SIGMAC_SHARED
	tests/run.sh $(B)
unit: $(B)/unit-tests ## unit tests alone
	$(B)/unit-tests
asan: ## the same under address and undefined behaviour sanitizers
	$(MAKE) CONFIG=asan test
ubsan: ## the same under the undefined behaviour sanitizer
	$(MAKE) CONFIG=ubsan test
threads: $(B)/threads $(B)/sigmac
	tests/threads.sh $(B)/threads $(B)/sigmac
tsan: ## threads that share rules, under the thread sanitizer
	$(MAKE) CONFIG=tsan threads
valgrind: ## unit tests, golden cases and fuzz replay under valgrind
	$(MAKE) CONFIG=valgrind build/valgrind/sigmac build/valgrind/unit-tests fuzz-bins tools
	tests/valgrind.sh build/valgrind
cover: ## line coverage of base, runtime and compiler
	$(MAKE) CONFIG=cover test
	tests/cover.sh
gate: ## what must hold for every change
	+@tests/gate.sh
full: ## what takes longer: valgrind, whole corpora, long differential runs, every fuzz target for FUZZ_SECONDS
	tests/full.sh
golden: $(B)/sigmac tools ## golden cases and recorded sessions alone; BLESS=1 rewrites what they expect
	tests/golden/run.py $(B)/sigmac --oracle $(B)/oracle-eval
	tests/cli/run.py $(B)/sigmac

oracles: ## install the executors of emitted EQL and KQL into build/oracles
	tests/oracles/setup.sh
equivalence: $(B)/sigmac ## emitted text against the VM over all corpora ($$SIGMAC_SHARED) and a million random pairs; writes docs/equivalence.md
	tests/oracles/setup.sh
	python3 -B tests/equivalence/run.py --sigmac $(B)/sigmac --write docs/equivalence.md

ROUNDS ?= 100000
sound: $(B)/sound ## events that contradict what lint says of the meaning of rules: make sound ROUNDS=100000 [SEED=1]
	$(B)/sound --seed $(or $(SEED),1) --rules $(ROUNDS) --events 500

# --- fuzzing -------------------------------------------------------------------------------------------------
SECONDS ?= 60
FUZZ_CFLAGS := -std=c11 -D_POSIX_C_SOURCE=200809L $(HAVE) -O1 -g -I. -Iinclude -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all
build/fuzz/fuzz_%: tests/fuzz/fuzz_%.c $(SUPPORT_SRC) $(LIB_SRC) $(CLI_PARTS)
	@mkdir -p $(@D)
	clang $(FUZZ_CFLAGS) -o $@ $^ $(LIBS)
fuzz: build/fuzz/fuzz_$(T) ## fuzz one target: make fuzz T=json SECONDS=600
	@mkdir -p build/fuzz/corpus/$(T)
	build/fuzz/fuzz_$(T) -max_total_time=$(SECONDS) -timeout=20 -rss_limit_mb=2048 -print_final_stats=1 build/fuzz/corpus/$(T) tests/fuzz/corpus/$(T)
fuzz-all: $(addprefix build/fuzz/fuzz_,$(FUZZ))
fuzz-replay: fuzz-bins ## every corpus through its target once
	for t in $(FUZZ); do $(B)/fuzz_$$t tests/fuzz/corpus/$$t || exit 1; done

# --- the rest ------------------------------------------------------------------------------------------------
bench: build/sigmac $(B)/cost ## speed, of SIGMAC_SHARED or RULES=DIR EVENTS=FILE [OLD=SIGMAC] [PEER=rsigma] [LARGE=1] [JSON=FILE] [QUICK=1]
	COST=$(B)/cost tests/bench/run.sh build/sigmac
check-rules: build/sigmac ## compile the shipped rules
	build/sigmac compile sigma-rules
# Versions of clang-format differ in small things; this one is Debian 12's.
LAYOUT_OF := 14
fmt: ## lay the sources out
	clang-format -i $(C_FILES)
fmt-check: ## fail where the layout differs
	@clang-format --version | grep -q 'version $(LAYOUT_OF)\.' || { echo "layout not checked: it is that of clang-format $(LAYOUT_OF), here is" \
	  "$$(clang-format --version)"; exit 0; }; \
	rc=0; for f in $(C_FILES); do clang-format $$f | cmp -s - $$f || { echo "$$f: layout differs (make fmt)"; rc=1; }; done; exit $$rc
tidy: ## clang-tidy
	clang-tidy $(LIB_SRC) $(CLI_SRC) -- $(ALL_CFLAGS)
deps-check: $(B)/libsigmac-rt.a ## fail where a layer includes what it must not
	tests/tools/deps_check.sh --self-test
	tests/tools/deps_check.sh $(B)/libsigmac-rt.a
docs: build/sigmac ## generate the pages that are made from the program's tables
	tests/tools/gen_docs.sh build/sigmac docs
docs-check: build/sigmac ## fail where a generated page is out of date
	rm -rf build/docs && mkdir -p build/docs
	tests/tools/gen_docs.sh build/sigmac build/docs
	for p in build/docs/*.md; do diff -u docs/$${p##*/} $$p || { echo "docs/$${p##*/} is out of date: make docs"; exit 1; }; done

# Each is made of what stands beside it; written only when its generator came to the end.
TABLES := runtime/logsource_table.c compiler/attack_table.c lint/d3fend_table.c lint/spdx_table.c lint/filenames_table.c lint/logsource_fields_table.c
table_of_logsource_table := gen_logsources.py runtime/logsources.yml
table_of_attack_table := gen_attack.py compiler/attack.tsv
table_of_filenames_table := gen_filenames.py lint/data/filenames.tsv
table_of_d3fend_table := gen_words.py lint/data/d3fend.tsv d3fend_words
table_of_spdx_table := gen_words.py lint/data/spdx.tsv spdx_words
table_of_logsource_fields_table := gen_lint_sources.py lint/data/logsources.tsv
make_table = python3 tests/tools/$(table_of_$(basename $(notdir $(1))))
# Counted in the corpora of events, where they are.
STATS := runtime/index/stats_table.c
ifneq ($(SIGMAC_SHARED),)
tables tables-check: $(B)/stats-table
make_stats = python3 -B tests/tools/gen_stats.py $(B)/stats-table
endif
tables: ## compile the tables of log sources, of ATT&CK and of lint; with SIGMAC_SHARED also the statistics
	@mkdir -p build
	$(if $(make_stats),$(make_stats) >build/$(notdir $(STATS)) && mv build/$(notdir $(STATS)) $(STATS))
	$(foreach t,$(TABLES),$(call make_table,$(t)) >build/$(notdir $(t)) && mv build/$(notdir $(t)) $(t) &&) true
tables-check: ## fail where a compiled table is out of date
	@$(foreach t,$(TABLES),$(call make_table,$(t)) | cmp -s - $(t) || { echo "$(t) is out of date: make tables"; exit 1; };) true
	@$(if $(make_stats),$(make_stats) | cmp -s - $(STATS) || { echo "$(STATS) is out of date: make tables"; exit 1; })
symbols-check: $(PRODUCTS) ## fail where the libraries show other names than those of the list, or have global state
	tests/tools/symbols_check.sh $(B)/lib

PREFIX ?= /usr/local
LIBDIR ?= $(PREFIX)/lib
export DESTDIR PREFIX LIBDIR
install: $(B)/sigmac $(PRODUCTS) ## program, libraries, header and rules to $(DESTDIR)$(PREFIX); libraries to LIBDIR
	@scripts/install.sh install $(B) $(VERSION) $(ABI)
uninstall: ## exactly what install put there
	@scripts/install.sh uninstall $(B) $(VERSION) $(ABI)
dist: ## a source archive of what is committed
	@mkdir -p build
	git archive --prefix=sigmac/ -o build/sigmac.tar.gz HEAD
clean: ## delete build/
	rm -rf build
help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | sort | expand -t 14
