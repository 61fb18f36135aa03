# Cordon: one Makefile. `make help` lists the targets.
#
#   ROOMS='base audit'   build only these rooms (folders), for work on one of them
#   VARIANT=asan         a build with AddressSanitizer and UBSan; V=1 shows the commands
#   BUILD=DIR            where everything that is made goes

ifeq ($(origin CC),default)
CC := gcc
endif
VARIANT ?= release
BUILD ?= build/$(VARIANT)
PREFIX ?= /usr/local
DESTDIR ?=
VERSION := $(shell sed -n 's/.*define CORDON_VERSION "\(.*\)"/\1/p' include/cordon.h)
SOVERSION := 0
LIBEXEC := $(PREFIX)/libexec/cordon
ROOMS ?= base jail audit shield policy retriever core gateway cli

Q := $(if $(V),,@)
say = $(if $(V),,@printf '  %-7s %s\n' '$(1)' '$(2)';)

ARCH := $(firstword $(subst -, ,$(shell $(CC) -dumpmachine)))
ifeq ($(filter $(ARCH),x86_64 aarch64),)
$(error Cordon builds for x86_64 and aarch64, and '$(CC)' compiles for '$(ARCH)': its system call tables are written for these two)
endif

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:

# ---- flags -----------------------------------------------------------------------------------------------------------

WARN := -Wall -Wextra -Wconversion -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wwrite-strings -Wpointer-arith \
	-Wcast-qual -Wvla -Wformat=2 -Wundef -Wnull-dereference -Werror
HARDEN := -fstack-protector-strong -fstack-clash-protection -fPIC -fno-common -fvisibility=hidden
HARDEN_x86_64 := -fcf-protection
HARDEN_aarch64 := -mbranch-protection=standard
IS_GCC := $(shell $(CC) --version | grep -qi gcc && echo 1)
HARDEN += $(HARDEN_$(ARCH)) $(if $(IS_GCC),-ftrivial-auto-var-init=zero)
OPT_release := -O2 -g -D_FORTIFY_SOURCE=3
OPT_fuzz := -O1 -g -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
LINK_fuzz := -fsanitize=address,undefined
OPT_asan := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
LINK_asan := -fsanitize=address,undefined
REPRO := -ffile-prefix-map=$(CURDIR)=. -ffile-prefix-map=$(BUILD)=build -frandom-seed=cordon
CPPFLAGS_ALL := -D_GNU_SOURCE -I. -I$(BUILD)/gen \
	$(shell pkg-config --cflags libseccomp jansson yaml-0.1 libpcre2-8 sqlite3 libcrypto zlib 2>/dev/null)
CFLAGS_ALL := -std=gnu17 $(WARN) $(HARDEN) $(OPT_$(VARIANT)) $(REPRO) -include sandbox/base/banned.h $(CPPFLAGS_ALL) \
	$(CPPFLAGS) $(CFLAGS)
LDFLAGS_ALL := -pie -Wl,-z,relro,-z,now,-z,noexecstack -Wl,--as-needed -Wl,--build-id=sha1 $(LINK_$(VARIANT)) $(LDFLAGS)

# ---- sources ---------------------------------------------------------------------------------------------------------

dir_base := sandbox/base
dir_jail := sandbox/jail sandbox/jail/launcher
dir_audit := sandbox/audit
dir_policy := sandbox/policy sandbox/policy/schema
dir_core := sandbox
dir_gateway := sandbox/gateway
dir_cli := sandbox/cli sandbox/cli/late
dir_shield := shield
dir_retriever := retriever

SOURCES := $(foreach room,$(ROOMS),$(foreach dir,$(dir_$(room)),$(wildcard $(dir)/*.c)))
MAINS := $(filter %_main.c,$(SOURCES))
GENERATORS := $(filter %_gen.c,$(SOURCES))
LATE := $(filter sandbox/cli/late/late_%.c,$(SOURCES))
MODULES := $(filter-out $(MAINS) $(GENERATORS) $(LATE),$(SOURCES))
OBJECTS := $(MODULES:%.c=$(BUILD)/%.o)
ARCHIVE := $(BUILD)/libcordon-rooms.a

# What each program links beside libc: DESIGN's table of processes; tests/shell/processes.t holds it against ldd.
# `cordon` takes SHA-256 out of libcrypto.a, and loads all else when it needs it (sandbox/cli/late/late.h).
LIBS_cordon := -l:libcrypto.a
LIBS_libcordon := -ljansson -lyaml -lpcre2-8 -lcrypto -lsqlite3 -lm
LIBS_cordon-log := -lcrypto
LIBS_cordon-store := -lsqlite3 -lm
LIBS_cordon-shield := -lz -lz
main_cordon := sandbox/cli/cordon_main
parts_cordon := $(LATE:%.c=$(BUILD)/%.o)
main_cordon-launch := sandbox/jail/launcher/launch_main
main_cordon-log := sandbox/audit/log_main
main_cordon-store := retriever/store_main
main_cordon-shield := shield/shield_main
PROGRAMS := cordon cordon-launch cordon-log cordon-store cordon-shield
LIBS_ALL := $(LIBS_libcordon) -lseccomp -lz

LIBRARIES := $(BUILD)/libcordon.a $(BUILD)/libcordon.so.$(SOVERSION) $(BUILD)/cordon.pc

.PHONY: all programs FORCE
all: programs $(LIBRARIES)
programs: $(PROGRAMS:%=$(BUILD)/%)

$(BUILD)/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(call say,CC,$<)$(CC) $(CFLAGS_ALL) -MMD -MP -c -o $@ $<

$(ARCHIVE): $(OBJECTS)
	$(call say,AR,$@)rm -f $@ && ar rcsD $@ $(OBJECTS)

# The launcher is started for every call, and with musl that costs a third of what it does with a static glibc, which asks
# the processor for its features; so it is linked with musl where that is installed (docs/DEPENDENCIES.md).
MUSL := $(if $(IS_GCC),$(if $(filter $(ARCH),$(shell uname -m)),$(if $(filter release,$(VARIANT)),$(shell command -v musl-gcc))))
PARTS_cordon-launch := $(wildcard sandbox/jail/launcher/*.c) sandbox/jail/launch.c \
	$(foreach module,buf channel err parse utf8 wire,sandbox/base/$(module).c)
OBJECTS_cordon-launch := $(PARTS_cordon-launch:%.c=$(BUILD)/musl/%.o)
KERNEL_HEADERS := /usr/include /usr/include/$(ARCH)-linux-gnu
# Its macros convert as they like; the same files are compiled for the archive with every warning.
CFLAGS_musl := $(filter-out -D_FORTIFY_SOURCE=%,$(CFLAGS_ALL)) $(KERNEL_HEADERS:%=-idirafter %) -Wno-conversion -Wno-sign-conversion

define program_rule
$(BUILD)/$(1): $(BUILD)/$(main_$(1)).o $(parts_$(1)) $(ARCHIVE)
	$$(call say,LD,$$@)$$(CC) $(if $(filter cordon-launch,$(1)),-static $$(filter-out -pie,$$(LDFLAGS_ALL)),$$(LDFLAGS_ALL)) -o $$@ $$< $(parts_$(1)) $(ARCHIVE) $$(LIBS_$(1))
endef
# The launcher is static and shares memory across clone, where no sanitizer runs: their build takes it as released. Its
# parts are under them in the unit tests.
UNSANITIZED := $(if $(filter asan,$(VARIANT)),cordon-launch)
WITH_MUSL := $(if $(MUSL),cordon-launch)
$(foreach program,$(filter-out $(UNSANITIZED) $(WITH_MUSL),$(PROGRAMS)),$(eval $(call program_rule,$(program))))

$(UNSANITIZED:%=$(BUILD)/%): $(BUILD)/%: FORCE
	$(Q)$(MAKE) --no-print-directory VARIANT=release ROOMS='base jail' BUILD=$(BUILD)/released $(BUILD)/released/$*
	$(Q)cmp -s $(BUILD)/released/$* $@ || cp $(BUILD)/released/$* $@

$(BUILD)/musl/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(call say,MUSL,$<)$(MUSL) $(CFLAGS_musl) -MMD -MP -c -o $@ $<

ifneq ($(MUSL),)
$(BUILD)/cordon-launch: $(OBJECTS_cordon-launch)
	$(call say,LD,$@)$(MUSL) -static $(filter-out -pie,$(LDFLAGS_ALL)) -o $@ $^
endif

# Only this file knows where the programs will lie, so another PREFIX compiles it alone again.
$(BUILD)/sandbox/base/program.o: CFLAGS_ALL += -DCORDON_LIBEXEC='"$(LIBEXEC)"'
$(BUILD)/sandbox/base/program.o: $(BUILD)/libexec.txt
$(BUILD)/libexec.txt: FORCE
	@mkdir -p $(@D)
	@echo '$(LIBEXEC)' | cmp -s - $@ || echo '$(LIBEXEC)' >$@

# ---- library ---------------------------------------------------------------------------------------------------------

# The library is one relocatable object: what the functions of cordon.h reach, with every other name made local.
API := $(shell sed -nE 's/^CORDON_API.*[ *](cordon_[a-z]+)[[:punct:]].*/\1/p' include/cordon.h | sort -u)
OBJCOPY ?= $(if $(filter $(ARCH),$(shell uname -m)),,$(ARCH)-linux-gnu-)objcopy

$(BUILD)/libcordon.o: $(ARCHIVE) include/cordon.h
	$(call say,LD,$@)$(CC) -r -nostdlib -o $@.tmp $(API:%=-Wl,-u,%) $(ARCHIVE) && $(OBJCOPY) --localize-hidden $@.tmp $@ && rm $@.tmp

$(BUILD)/libcordon.a: $(BUILD)/libcordon.o
	$(call say,AR,$@)rm -f $@ && ar rcsD $@ $<

$(BUILD)/libcordon.so.$(SOVERSION): $(BUILD)/libcordon.o
	$(call say,LD,$@)$(CC) -shared -Wl,-soname,$(@F) $(filter-out -pie,$(LDFLAGS_ALL)) -o $@ $< $(LIBS_libcordon)

define PC
prefix=$(PREFIX)
Name: cordon
Description: Decides, confines, screens and records the tool calls of agents
Version: $(VERSION)
Cflags: -I$${prefix}/include
Libs: -L$${prefix}/lib -lcordon
Requires.private: jansson yaml-0.1 libpcre2-8 sqlite3 libcrypto
endef
export PC
$(BUILD)/cordon.pc: Makefile include/cordon.h $(BUILD)/libexec.txt
	@mkdir -p $(@D)
	$(call say,GEN,$@)printf '%s\n' "$$PC" >$@

# ---- generated -------------------------------------------------------------------------------------------------------

# The filter is compiled when Cordon is built, by libseccomp on the build host, for both architectures.
HOSTCC ?= $(if $(filter $(ARCH),$(shell uname -m)),$(CC),cc)
$(BUILD)/filter_gen: sandbox/jail/filter_gen.c sandbox/jail/filter_table.c sandbox/jail/filter.h sandbox/jail/launch_steps.h
	@mkdir -p $(@D)
	$(call say,HOSTCC,$@)$(HOSTCC) -std=gnu17 -O1 -Wall -Wextra -D_GNU_SOURCE -I. $(CPPFLAGS) -o $@ \
		sandbox/jail/filter_gen.c sandbox/jail/filter_table.c $(LDFLAGS) -lseccomp

$(BUILD)/gen/filter_%.h: $(BUILD)/filter_gen
	@mkdir -p $(@D)
	$(call say,GEN,$@)$(BUILD)/filter_gen c $* >$@.tmp && mv $@.tmp $@

$(BUILD)/sandbox/jail/filter_native.o: $(BUILD)/gen/filter_$(ARCH).h
$(BUILD)/sandbox/policy/schema_text.o: configs/cordon.schema.json
$(BUILD)/tests/unit/jail_filter: $(BUILD)/gen/filter_x86_64.h $(BUILD)/gen/filter_aarch64.h

# ---- tests -----------------------------------------------------------------------------------------------------------

UNIT_SOURCES := $(foreach room,$(ROOMS),$(wildcard tests/unit/$(room)_*.c))
UNIT_TESTS := $(UNIT_SOURCES:%.c=$(BUILD)/%)
SUITES := $(sort $(wildcard tests/shell/*.t tests/attacks/*.t))

$(BUILD)/tests/unit/%: tests/unit/%.c $(ARCHIVE)
	@mkdir -p $(@D)
	$(call say,TEST,$<)$(CC) $(CFLAGS_ALL) -Wno-missing-prototypes -MMD -MP $(LDFLAGS_ALL) -o $@ $< $(ARCHIVE) $(LIBS_ALL) -lcriterion

.PHONY: deps test test-built test-unit test-mcp
deps:
	$(Q).ci/deps

# What deps installs changes what the top of this file finds, so make starts again after it.
test: deps
	$(Q)$(MAKE) --no-print-directory test-built

test-built: all $(UNIT_TESTS)
	$(Q)CORDON_BUILD=$(abspath $(BUILD)) prove -e tests/lint/tap-unit $(SUITES) $(UNIT_TESTS)

test-unit: $(if $(filter audit,$(ROOMS)),$(BUILD)/cordon-log) $(if $(filter jail,$(ROOMS)),$(BUILD)/cordon-launch)
test-unit: $(UNIT_TESTS)
	$(Q)CORDON_BUILD=$(abspath $(BUILD)) prove -e tests/lint/tap-unit $(UNIT_TESTS)

test-mcp: deps
	$(Q)$(MAKE) --no-print-directory all
	$(Q)tests/mcp/run.sh $(BUILD)

# Is each protection needed? Builds the jail again for every one, so it is not a part of `test`.
.PHONY: switch-off
switch-off:
	$(Q)tests/attacks/switch-off.sh

# ---- checks ----------------------------------------------------------------------------------------------------------

LINTS := layers cycles sizes format banned homes
.PHONY: lint check cross cross-built
lint:
	$(Q)status=0; for lint in $(LINTS); do tests/lint/$$lint.sh || status=1; done; exit $$status

check: lint test
	$(Q)$(MAKE) --no-print-directory test-built VARIANT=asan BUILD=build/asan
	$(Q)$(MAKE) --no-print-directory all CC=clang BUILD=build/clang
	$(Q)$(MAKE) --no-print-directory cross

# The other architecture: every object whose libraries' headers a cross compiler finds, and the launcher as a whole.
CROSS := $(if $(filter $(ARCH),x86_64),aarch64,x86_64)-linux-gnu-
cross:
	$(Q)command -v $(CROSS)gcc >/dev/null || { echo "check: the other architecture needs the package gcc-$(CROSS:%-linux-gnu-=%)-linux-gnu" >&2; exit 2; }
	$(Q)$(MAKE) --no-print-directory cross-built CC=$(CROSS)gcc HOSTCC=cc BUILD=build/cross

cross-built: $(BUILD)/gen/filter_$(ARCH).h
	$(Q)able='' left=''; for source in $(filter-out %_gen.c,$(SOURCES)); do \
		if $(CC) $(CPPFLAGS_ALL) -M $$source >/dev/null 2>&1; then able="$$able $(BUILD)/$${source%.c}.o"; else left="$$left $$source"; fi; done; \
	$(MAKE) --no-print-directory $$able || exit 1; \
	echo "cross: compiled $$(echo $$able | wc -w) objects for $(ARCH); left out, as their libraries' headers are not here:$${left:- none}"; \
	$(MAKE) --no-print-directory $(BUILD)/cordon-launch OBJECTS="$$(printf '%s ' $$able | sed 's/[^ ]*_main\.o//g')"

FUZZ_SECONDS ?= 60
FUZZ_SOURCES := $(wildcard tests/fuzz/fuzz_*.c)
.PHONY: fuzz fuzz-built bench demo
fuzz:
	$(Q)$(MAKE) --no-print-directory fuzz-built CC=clang VARIANT=fuzz BUILD=build/fuzz

fuzz-built: $(FUZZ_SOURCES:%.c=$(BUILD)/%)
	$(Q)for fuzzer in $(notdir $(FUZZ_SOURCES:%.c=%)); do \
		mkdir -p $(BUILD)/corpus/$$fuzzer; seeds=tests/fuzz/seeds/$${fuzzer#fuzz_}; [ -d $$seeds ] || seeds=''; \
		echo "fuzz: $$fuzzer, $(FUZZ_SECONDS) s"; \
		$(BUILD)/tests/fuzz/$$fuzzer -max_total_time=$(FUZZ_SECONDS) -verbosity=0 -print_final_stats=1 \
			-artifact_prefix=$(BUILD)/corpus/$$fuzzer- $(BUILD)/corpus/$$fuzzer $$seeds || exit 1; done

$(BUILD)/tests/fuzz/%: tests/fuzz/%.c $(ARCHIVE)
	@mkdir -p $(@D)
	$(call say,FUZZ,$<)$(CC) $(CFLAGS_ALL) -Wno-missing-prototypes -fsanitize=fuzzer $(LDFLAGS_ALL) -o $@ $< $(ARCHIVE) $(LIBS_ALL)

bench: all
	$(Q)[ -x tests/bench/run.sh ] || { echo "bench: there is no tests/bench/run.sh" >&2; exit 2; }
	$(Q)tests/bench/run.sh $(BUILD)

demo: deps
	$(Q)$(MAKE) --no-print-directory all
	$(Q)tests/demo.sh $(BUILD)

# ---- install ---------------------------------------------------------------------------------------------------------

MAN_PAGES := $(wildcard docs/man/*.1)
CONFIGS := $(wildcard configs/*.yaml configs/*.json)
EXAMPLES := $(wildcard configs/examples/*)
TO := $(DESTDIR)$(PREFIX)
APPARMOR := /etc/apparmor.d/cordon

.PHONY: install uninstall clean help
install: all
	$(Q)install -d $(TO)/bin $(TO)/libexec/cordon $(TO)/lib/pkgconfig $(TO)/include $(TO)/share/man/man1 \
		$(TO)/share/cordon/apparmor $(TO)/share/cordon/examples $(TO)/share/bash-completion/completions
	$(Q)install -m 755 $(BUILD)/cordon $(TO)/bin/
	$(Q)install -m 755 $(patsubst %,$(BUILD)/%,$(filter-out cordon,$(PROGRAMS))) $(TO)/libexec/cordon/
	$(Q)install -m 644 $(BUILD)/libcordon.a $(TO)/lib/
	$(Q)install -m 755 $(BUILD)/libcordon.so.$(SOVERSION) $(TO)/lib/
	$(Q)ln -sf libcordon.so.$(SOVERSION) $(TO)/lib/libcordon.so
	$(Q)install -m 644 $(BUILD)/cordon.pc $(TO)/lib/pkgconfig/
	$(Q)install -m 644 include/cordon.h $(TO)/include/
	$(Q)install -m 644 $(MAN_PAGES) $(TO)/share/man/man1/
	$(Q)install -m 644 $(CONFIGS) $(TO)/share/cordon/
	$(Q)install -m 644 $(EXAMPLES) $(TO)/share/cordon/examples/
	$(Q)sed 's|@PREFIX@|$(PREFIX)|g' configs/apparmor/cordon >$(TO)/share/cordon/apparmor/cordon
	$(Q)install -m 644 docs/completions/cordon.bash $(TO)/share/bash-completion/completions/cordon
	$(Q)if [ -z '$(DESTDIR)' ] && [ "$$(id -u)" = 0 ] && command -v apparmor_parser >/dev/null; then \
		install -d /etc/apparmor.d && install -m 644 $(TO)/share/cordon/apparmor/cordon $(APPARMOR); \
		apparmor_parser -r $(APPARMOR) || echo "install: AppArmor did not take $(APPARMOR); 'cordon doctor' says what that costs" >&2; fi
	@echo "installed Cordon $(VERSION) below $(TO)"

uninstall:
	$(Q)if [ -z '$(DESTDIR)' ] && [ "$$(id -u)" = 0 ] && [ -e $(APPARMOR) ]; then \
		if command -v apparmor_parser >/dev/null; then apparmor_parser -R $(APPARMOR) || :; fi; rm -f $(APPARMOR); fi
	$(Q)rm -f $(TO)/bin/cordon $(TO)/lib/libcordon.a $(TO)/lib/libcordon.so $(TO)/lib/libcordon.so.$(SOVERSION) \
		$(TO)/lib/pkgconfig/cordon.pc $(TO)/include/cordon.h $(TO)/share/bash-completion/completions/cordon \
		$(patsubst docs/man/%,$(TO)/share/man/man1/%,$(MAN_PAGES))
	$(Q)rm -rf $(TO)/libexec/cordon $(TO)/share/cordon

clean:
	rm -rf build

define HELP
make              every program, libcordon.a, libcordon.so and cordon.pc, into build/release
make demo         the main job on this machine's own documentation (installs missing packages)
make test         every test that needs Debian packages only (installs missing packages)
make test-mcp     MCP clients from npm against `cordon mcp`
make switch-off   leaves out each protection in turn, to show that an attack then gets through
make check        lint, the tests, the same under ASan and UBSan, a clang build, the other architecture
make lint         includes, loops, sizes, layout, banned functions, homes
make fuzz         every fuzzer for FUZZ_SECONDS (60) seconds; needs clang
make bench        figures against peers and floors
make install      below PREFIX (/usr/local), with DESTDIR before it; PREFIX=$$HOME/.local needs no root
make uninstall    takes away what install made
make deps         the Debian packages that .ci/packages lists
make clean        removes build/
endef
export HELP
help:
	@printf '%s\n' "$$HELP"

-include $(OBJECTS:.o=.d) $(OBJECTS_cordon-launch:.o=.d) $(parts_cordon:.o=.d) $(MAINS:%.c=$(BUILD)/%.d) $(UNIT_TESTS:%=%.d)
