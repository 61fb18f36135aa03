# Cordon: one Makefile. `make help` lists the targets.
#
#   ROOMS='base audit'   build only these rooms (folders), for work on one of them
#   VARIANT=asan         a build with AddressSanitizer and UBSan; V=1 shows the commands
#   BUILD=DIR            where everything that is made goes

CC ?= gcc
VARIANT ?= release
BUILD ?= build/$(VARIANT)
PREFIX ?= /usr/local
DESTDIR ?=
LIBEXEC := $(PREFIX)/libexec/cordon
ROOMS ?= base jail audit shield policy retriever core gateway cli

Q := $(if $(V),,@)
say = $(if $(V),,@printf '  %-7s %s\n' '$(1)' '$(2)';)

ARCH := $(firstword $(subst -, ,$(shell $(CC) -dumpmachine)))

# ---- flags -----------------------------------------------------------------------------------------------------------

WARN := -Wall -Wextra -Wconversion -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wwrite-strings -Wpointer-arith \
	-Wcast-qual -Wvla -Wformat=2 -Wundef -Wnull-dereference -Werror
HARDEN := -fstack-protector-strong -fstack-clash-protection -fPIE -fno-common -fvisibility=hidden
HARDEN_x86_64 := -fcf-protection
HARDEN_aarch64 := -mbranch-protection=standard
IS_GCC := $(shell $(CC) --version | grep -qi gcc && echo 1)
HARDEN += $(HARDEN_$(ARCH)) $(if $(IS_GCC),-ftrivial-auto-var-init=zero)
OPT_release := -O2 -g -D_FORTIFY_SOURCE=3
OPT_asan := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
LINK_asan := -fsanitize=address,undefined
REPRO := -ffile-prefix-map=$(CURDIR)=. -frandom-seed=cordon
CPPFLAGS_ALL := -D_GNU_SOURCE -I. -I$(BUILD)/gen -DCORDON_LIBEXEC='"$(LIBEXEC)"' \
	$(shell pkg-config --cflags libseccomp jansson yaml-0.1 libpcre2-8 sqlite3 libcrypto libxml-2.0 icu-uc 2>/dev/null)
CFLAGS_ALL := -std=gnu17 $(WARN) $(HARDEN) $(OPT_$(VARIANT)) $(REPRO) -include sandbox/base/banned.h $(CPPFLAGS_ALL) \
	$(CPPFLAGS) $(CFLAGS)
LDFLAGS_ALL := -pie -Wl,-z,relro,-z,now,-z,noexecstack -Wl,--as-needed -Wl,--build-id=sha1 $(LINK_$(VARIANT)) $(LDFLAGS)

# ---- sources ---------------------------------------------------------------------------------------------------------

dir_base := sandbox/base
dir_jail := sandbox/jail
dir_audit := sandbox/audit
dir_policy := sandbox/policy
dir_core := sandbox
dir_gateway := sandbox/gateway
dir_cli := sandbox/cli
dir_shield := shield
dir_retriever := retriever

SOURCES := $(foreach room,$(ROOMS),$(wildcard $(dir_$(room))/*.c))
MAINS := $(filter %_main.c,$(SOURCES))
GENERATORS := $(filter %_gen.c,$(SOURCES))
MODULES := $(filter-out $(MAINS) $(GENERATORS),$(SOURCES))
OBJECTS := $(MODULES:%.c=$(BUILD)/%.o)
ARCHIVE := $(BUILD)/libcordon-rooms.a

# What each program links beside libc: DESIGN's table of processes; tests/shell/processes.t holds it against ldd.
LIBS_cordon := -ljansson -lyaml -lpcre2-8 -lcrypto -lsqlite3 -lm
LIBS_cordon-log := -lcrypto
LIBS_cordon-store := -lsqlite3 -lm
LIBS_cordon-shield := -lz
main_cordon := sandbox/cli/cordon_main
main_cordon-launch := sandbox/jail/launch_main
main_cordon-log := sandbox/audit/log_main
main_cordon-store := retriever/store_main
main_cordon-shield := shield/shield_main
PROGRAMS := cordon cordon-launch cordon-log cordon-store cordon-shield
LIBS_ALL := $(LIBS_cordon) -lxml2 -lz -lm

.PHONY: all test-unit clean
all: $(PROGRAMS:%=$(BUILD)/%)

$(BUILD)/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(call say,CC,$<)$(CC) $(CFLAGS_ALL) -MMD -MP -c -o $@ $<

$(ARCHIVE): $(OBJECTS)
	$(call say,AR,$@)rm -f $@ && ar rcsD $@ $(OBJECTS)

define program_rule
$(BUILD)/$(1): $(BUILD)/$(main_$(1)).o $(ARCHIVE)
	$$(call say,LD,$$@)$$(CC) $(if $(filter cordon-launch,$(1)),-static $$(filter-out -pie,$$(LDFLAGS_ALL)),$$(LDFLAGS_ALL)) -o $$@ $$< $(ARCHIVE) $$(LIBS_$(1))
endef
# The launcher is static and shares memory across clone, where no sanitizer runs: their build takes it as released. Its
# parts are under them in the unit tests.
UNSANITIZED := $(if $(filter asan,$(VARIANT)),cordon-launch)
$(foreach program,$(filter-out $(UNSANITIZED),$(PROGRAMS)),$(eval $(call program_rule,$(program))))

.PHONY: FORCE
$(UNSANITIZED:%=$(BUILD)/%): $(BUILD)/%: FORCE
	$(Q)$(MAKE) --no-print-directory VARIANT=release ROOMS='base jail' BUILD=$(BUILD)/released $(BUILD)/released/$*
	$(Q)cmp -s $(BUILD)/released/$* $@ || cp $(BUILD)/released/$* $@

# ---- generated -------------------------------------------------------------------------------------------------------

# The filter is compiled when Cordon is built, by libseccomp on the build host, for both architectures.
HOSTCC ?= $(if $(filter $(ARCH),$(shell uname -m)),$(CC),cc)
$(BUILD)/filter_gen: sandbox/jail/filter_gen.c sandbox/jail/filter_table.c sandbox/jail/filter.h sandbox/jail/launch_steps.h
	@mkdir -p $(@D)
	$(call say,HOSTCC,$@)$(HOSTCC) -std=gnu17 -O1 -Wall -Wextra -D_GNU_SOURCE -I. $(CPPFLAGS) -o $@ \
		sandbox/jail/filter_gen.c sandbox/jail/filter_table.c -lseccomp

$(BUILD)/gen/filter_%.h: $(BUILD)/filter_gen
	@mkdir -p $(@D)
	$(call say,GEN,$@)$(BUILD)/filter_gen c $* >$@.tmp && mv $@.tmp $@

$(BUILD)/sandbox/jail/filter_native.o: $(BUILD)/gen/filter_$(ARCH).h
$(BUILD)/tests/unit/jail_filter: $(BUILD)/gen/filter_x86_64.h $(BUILD)/gen/filter_aarch64.h

# ---- tests -----------------------------------------------------------------------------------------------------------

UNIT_SOURCES := $(foreach room,$(ROOMS),$(wildcard tests/unit/$(room)_*.c))
UNIT_TESTS := $(UNIT_SOURCES:%.c=$(BUILD)/%)

$(BUILD)/tests/unit/%: tests/unit/%.c $(ARCHIVE)
	@mkdir -p $(@D)
	$(call say,TEST,$<)$(CC) $(CFLAGS_ALL) -Wno-missing-prototypes -MMD -MP $(LDFLAGS_ALL) -o $@ $< $(ARCHIVE) $(LIBS_ALL) -lcriterion

test-unit: $(if $(filter audit,$(ROOMS)),$(BUILD)/cordon-log) $(if $(filter jail,$(ROOMS)),$(BUILD)/cordon-launch) $(if $(filter shield,$(ROOMS)),$(BUILD)/cordon-shield)
test-unit: $(UNIT_TESTS)
	$(Q)CORDON_BUILD=$(abspath $(BUILD)) prove -e tests/lint/tap-unit $(UNIT_TESTS)

clean:
	rm -rf build

-include $(OBJECTS:.o=.d) $(MAINS:%.c=$(BUILD)/%.d)
