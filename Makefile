# SPDX-License-Identifier: MIT
# make            builds build/libregwait.so and build/regwait, nothing else
# make demo       installs what is missing, builds, and shows the main job
# make check      installs what is missing, builds, and tests (five minutes); see tests/README.md
# make check-long what make check has no time for (half an hour)
# make deb, rpm   packages, into build/deb and build/rpm
# make programs   real programs without and with the library, as a table (a quarter of an hour)
# The longest suites: make bench, conformance, fuzz, honesty, kernels, mpd, packages, rust,
#                 sanitize, soak.
# make cross      what make builds, for the other of arm64 and amd64: into build/arm64
# make debug      the same as make, with assertions, into build/debug
# make lint       what clang-format, clang-tidy, cppcheck and shellcheck say; make format
# WERROR=1        warnings are errors

B	:= build
# Where make install puts what, below DESTDIR. The command finds the library wherever LIBDIR is.
PREFIX	?= /usr/local
LIBDIR	?= $(PREFIX)/lib
BINDIR	?= $(PREFIX)/bin
INCLUDEDIR	?= $(PREFIX)/include
MANDIR	?= $(PREFIX)/share/man
PKGCONFIGDIR	?= $(LIBDIR)/pkgconfig
BASHCOMPDIR	?= $(PREFIX)/share/bash-completion/completions
ZSHCOMPDIR	?= $(PREFIX)/share/zsh/site-functions
# A fish of the system's looks below /usr/local only where XDG_DATA_DIRS says so, which is not at a
# console or by ssh; here it always does.
FISHCOMPDIR	?= $(if $(filter /usr/local,$(PREFIX)),/etc/fish/completions,$(PREFIX)/share/fish/vendor_completions.d)
VERSION	:= $(shell sed -n 's/^.define REGWAIT_VERSION "\(.*\)"/\1/p' shim/contract/version.h)
CC	?= cc
CFLAGS	?= -O2 -g
V	?= 0
Q	:= $(if $(filter 1,$(V)),,@)
# Neither with V=1 nor with make -s.
say	= $(if $(filter 1,$(V))$(findstring s,$(firstword -$(MAKEFLAGS))),,@printf '  %-7s %s\n' $(1) $(2))

# A compiler of next year may warn of more: that must stop nobody but those who develop this.
WARN	:= -Wall -Wextra $(if $(filter 1,$(WERROR)),-Werror)
# The flags that the code relies on, whatever CFLAGS says.
FLAGS	 = -std=gnu11 -D_GNU_SOURCE $(WARN) -MMD -MP
# Calls that become jumps keep the program's return address (shim/symbols/symbols.h).
SHIM_FLAGS = $(FLAGS) -fPIC -fvisibility=hidden -ftls-model=initial-exec -fno-plt \
	-foptimize-sibling-calls -fno-tree-slp-vectorize -ffunction-sections -fdata-sections $(FRAMES) \
	$(MACHINE)
# We run on the program's stacks, which may be small. Unoptimised, inlined copies add up.
FRAMES	 = $(if $(filter-out -O0,$(filter -O%,$(CFLAGS))),-Wframe-larger-than=1024)

# Those of these options that the compiler knows.
known	 = $(foreach f,$1,$(shell $(CC) -Werror $f -E -x c /dev/null >/dev/null 2>&1 && echo '$f'))
# gcc from 15 on moves arguments aside before such a jump, and back, unless it is told not to.
NO_MOVES := $(call known,-fno-late-combine-instructions)
# What is for one processor only.
-include shim/base/arch/$(firstword $(subst -, ,$(shell $(CC) -dumpmachine)))/flags.mk
# Where the linker can lay functions side by side.
NEAR	 = $(shell echo 'int x;' | $(CC) $(LDFLAGS) -shared -fPIC -Wl,-T,shim/near.ld -o /dev/null \
	-x c - 2>/dev/null && echo -Wl,-T,shim/near.ld)

# The decoder of regwait sites, in a file of its own: without it the command does all else. To ask for
# it takes no options that may leave files behind (-fstack-usage, -gsplit-dwarf).
ZYDIS	:= $(shell printf '\043include <Zydis/Zydis.h>\n%s' \
	'int main(void) { return (int)(long)&ZydisDecoderDecodeFull; }' | \
	$(CC) $(CPPFLAGS) $(filter-out -f% -g%,$(CFLAGS)) $(LDFLAGS) -x c - -o /dev/null -lZydis 2>/dev/null && echo -lZydis)

SHIM_SRC := $(wildcard shim/*.c shim/*/*.c shim/base/arch/*/*.c)
SHIM_ASM := $(wildcard shim/base/arch/*/*.S)
SHIM_OBJ := $(SHIM_SRC:%.c=$B/%.o) $(SHIM_ASM:%.S=$B/%.o)
TOOL_SRC := $(filter-out tools/sites/zydis.c,$(wildcard tools/*.c tools/*/*.c))
TOOL_OBJ := $(TOOL_SRC:%.c=$B/%.o) $(patsubst %,$B/shim/contract/%.o,names plan stats_page_name)

.DEFAULT_GOAL := all
.PHONY: all cross debug format lint setup demo check check-long bench conformance fuzz honesty kernels \
	soak sanitize \
	mpd rust programs mutants distros deb rpm packages install uninstall clean distclean

DECODER := $(if $(ZYDIS),$B/regwait-decoder.so)
all: $B/libregwait.so $B/regwait $(DECODER) $B/libregwait.7 $B/regwait.1

# Not three mappings for what is not written: fork copies each, and a child that calls us has faults
# in each.
$B/libregwait.so: $(SHIM_OBJ) shim/libregwait.map shim/near.ld
	$(call say,LINK,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -shared -Wl,--version-script=shim/libregwait.map \
		-Wl,-z,defs -Wl,-z,now -Wl,-z,noseparate-code -Wl,-soname,libregwait.so $(NEAR) \
		-o $@ $(SHIM_OBJ)

$B/shim/%.o: shim/%.c | needed
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) $(SHIM_FLAGS) $(NO_MOVES) $(CPPFLAGS) $(CFLAGS) -Ishim -c -o $@ $<

$B/shim/%.o: shim/%.S | needed
	$(call say,AS,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) $(SHIM_FLAGS) $(CPPFLAGS) $(CFLAGS) -Ishim -c -o $@ $<

# The program's vector registers are not saved for this (shim/sites/enter.c).
$B/shim/sites/enter.o: SHIM_FLAGS += $(call known,-mgeneral-regs-only)

$B/regwait: $(TOOL_OBJ)
	$(call say,LINK,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(TOOL_OBJ) -lelf -ljansson -lm

# RELRO and all, but linked with what the command is not.
$B/regwait-decoder.so: tools/sites/zydis.c tools/sites/decode.h | needed
	$(call say,LINK,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) $(FLAGS) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -fPIC -shared -fvisibility=hidden -Itools \
		-Ishim -o $@ $< $(ZYDIS)

$B/tools/%.o: tools/%.c | needed
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) $(FLAGS) $(CPPFLAGS) $(CFLAGS) -Itools -Ishim -c -o $@ $<

# CROSS=arm64: for that one.
cross:
	+@tests/cross '$(CROSS)' all

# With assertions (shim/README.md).
debug:
	@$(MAKE) --no-print-directory B=$B/debug CPPFLAGS='$(CPPFLAGS) -DREGWAIT_DEBUG' all

# Without scdoc there are no manual pages, and that is all. Words are neither divided (.nh) nor
# spaced out (.ad l): commands are pasted, and names looked for. groff 1.24 asks HY and AD for that, at
# each paragraph.
define manual
	$(call say,MAN,$@)
	$(Q)mkdir -p $(@D) && if command -v scdoc >/dev/null; then sed 's|@VERSION@|$(VERSION)|; \
		s|@LIBRARY@|$(subst _,\\_,$(LIBDIR))/libregwait.so|' $< | scdoc | \
		sed '/^\.TH /a .nh\n.ad l\n.nr HY 0\n.ds AD l' >$@; fi
endef

$B/%.7: shim/%.7.scd shim/contract/version.h
	$(manual)

$B/%.1: tools/%.1.scd shim/contract/version.h
	$(manual)

# What is installed knows where: a command and manual pages for each place.
ifneq ($(filter install,$(MAKECMDGOALS)),)
PLACE := $B/places/$(shell printf '%s\n' '$(BINDIR)' '$(LIBDIR)' | cksum | tr ' ' -)

$(PLACE)/library_place.o: tools/common/library_place.c | needed
	$(call say,CC,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) $(FLAGS) $(CPPFLAGS) $(CFLAGS) -Itools -c -o $@ $< \
		-DLIBRARY_PLACE="\"$$(realpath -sm "$(LIBDIR)")\"" \
		-DLIBRARY_PLACE_FROM_BIN="\"$$(realpath -sm --relative-to="$(BINDIR)" "$(LIBDIR)")\""

$(PLACE)/regwait: $(filter-out %/library_place.o,$(TOOL_OBJ)) $(PLACE)/library_place.o
	$(call say,LINK,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ -lelf -ljansson -lm

$(PLACE)/%.7: shim/%.7.scd shim/contract/version.h
	$(manual)

$(PLACE)/%.1: tools/%.1.scd shim/contract/version.h
	$(manual)

install: $B/libregwait.so $(DECODER) $(PLACE)/regwait $(PLACE)/libregwait.7 $(PLACE)/regwait.1
endif

.PHONY: needed
needed:
	@tests/setup --builds

setup:
	@tests/setup

demo:
	@tests/setup --demo
	@$(MAKE) --no-print-directory all $(DEMO)
	@tests/here tests/demo/run

# make check: minutes. check-long: what it has no time for. ONLY="PATTERN...": only those suites.
check: setup
	@tests/here tests/prepare
	@tests/here tests/check $(patsubst %,'%',$(value ONLY))

check-long: setup
	@tests/here tests/prepare --long
	@tests/here tests/check --long $(patsubst %,'%',$(value ONLY))

include tests/tests.mk

# The long suites. Each takes options: see the head of its script. make bench QUICK=1: every row, in
# two minutes, with intervals that say little.
bench: setup
	@$(MAKE) --no-print-directory all
	@tests/here tests/bench/run $(if $(QUICK),--quick)
	@tests/here tests/integration/unregistered/timing $(if $(QUICK),--rounds 1)

fuzz: setup
	@$(MAKE) --no-print-directory all
	@tests/here tests/differential/fuzz/run

soak sanitize: setup
	@$(MAKE) --no-print-directory all
	@tests/here tests/stress/$@/run

conformance kernels mpd rust: setup
	@$(MAKE) --no-print-directory all
	@tests/here tests/external/$@/run $(if $(filter conformance,$@),$(if $(STATIC),--static))

# ONLY="mpd-file pgagroal": only these; tests/external/programs/run --list names all.
programs: setup
	@$(MAKE) --no-print-directory all build/tests/integration/common/can_register
	@tests/here tests/external/programs/run $(patsubst %,'%',$(value ONLY))

# SUITES="trixie sid": only these.
distros:
	@tests/distros/run $(SUITES)

# Into build/deb. ARCHS="amd64 arm64": for these, not for this machine's.
deb:
	@tools/packaging/deb $(ARCHS)

rpm:
	@tools/packaging/rpm $(OPTIONS)

# Builds Debian's for both in a fresh system, and installs and tests them in others.
packages:
	@tests/distros/packages $(SUITES)

mutants: setup
	@tests/here tests/mutants/run $(patsubst %,'%',$(value ONLY))

honesty: setup
	@$(MAKE) --no-print-directory all $(DEMO)
	@tests/here tests/cli/honesty/run

# For whoever changes this; written for what Debian 12 has. The number of warnings that clang-tidy
# found in others' headers is no news.
FORMATTED = $(shell git ls-files '*.c' '*.h')

format:
	@tests/setup --lints
	$(Q)clang-format -i $(FORMATTED)

lint: SHELL := bash
lint: compile_commands.json
	@tests/setup --lints
	$(Q)clang-format --dry-run -Werror $(FORMATTED)
	$(Q)set -o pipefail; printf '%s\0' $(SHIM_SRC) $(TOOL_SRC) | \
		xargs -0 -n 4 -P "$$(nproc)" clang-tidy --quiet -p . 2>&1 | \
		sed '/^[0-9]* warnings\{0,1\} generated\.$$/d'
	$(Q)for processor in __x86_64__ __aarch64__; do \
		cppcheck --std=c11 --quiet --error-exitcode=1 --inline-suppr \
		--enable=warning,performance,portability --suppress=missingIncludeSystem \
		-Ishim -Itools -D_GNU_SOURCE -D$$processor=1 -D__LP64__=1 shim tools || exit; \
	done
	$(Q)git grep -lzE '^#!.*(bash|sh)$$' | xargs -0 shellcheck -x $$(git ls-files '*.bash')

# For editors, and for clang-tidy.
compile_commands.json: Makefile $(SHIM_SRC) $(TOOL_SRC)
	$(call say,JSON,$@)
	$(Q)s='['; for f in $(SHIM_SRC); do \
		printf '%s{"directory": "%s", "file": "%s", "command": "%s -c %s"}' "$$s" '$(CURDIR)' \
			"$$f" '$(CC) $(strip $(SHIM_FLAGS) $(CPPFLAGS) $(CFLAGS)) -Ishim' "$$f"; \
		s=','; \
	done >$@; for f in $(TOOL_SRC); do \
		printf ',\n{"directory": "%s", "file": "%s", "command": "%s -c %s"}' '$(CURDIR)' \
			"$$f" '$(CC) $(strip $(FLAGS) $(CPPFLAGS) $(CFLAGS)) -Itools -Ishim' "$$f"; \
	done >>$@; echo ']' >>$@

# What was fetched from Debian stays until distclean.
clean:
	$(Q)rm -rf $(foreach b,$B $B/arm64 $B/amd64,$b/shim $b/tools $b/tests $b/debug $b/places \
		$b/libregwait* $b/regwait*)

distclean:
	$(Q)rm -rf $B compile_commands.json

install:
	install -D -m 755 $B/libregwait.so "$(DESTDIR)$(LIBDIR)/libregwait.so"
	$(if $(DECODER),install -D -m 755 $(DECODER) "$(DESTDIR)$(LIBDIR)/regwait-decoder.so")
	install -D -m 755 $(PLACE)/regwait "$(DESTDIR)$(BINDIR)/regwait"
	install -D -m 644 shim/regwait.h "$(DESTDIR)$(INCLUDEDIR)/regwait.h"
	install -d "$(DESTDIR)$(PKGCONFIGDIR)"
	sed 's|@VERSION@|$(VERSION)|; s|@LIBDIR@|$(LIBDIR)|; s|@INCLUDEDIR@|$(INCLUDEDIR)|' \
		shim/regwait.pc.in >"$(DESTDIR)$(PKGCONFIGDIR)/regwait.pc"
	if [ -f $(PLACE)/libregwait.7 ]; then install -D -m 644 $(PLACE)/libregwait.7 \
		"$(DESTDIR)$(MANDIR)/man7/libregwait.7"; fi
	if [ -f $(PLACE)/regwait.1 ]; then install -D -m 644 $(PLACE)/regwait.1 \
		"$(DESTDIR)$(MANDIR)/man1/regwait.1"; fi
	install -D -m 644 tools/completions/regwait.bash "$(DESTDIR)$(BASHCOMPDIR)/regwait"
	install -D -m 644 tools/completions/_regwait "$(DESTDIR)$(ZSHCOMPDIR)/_regwait"
	install -D -m 644 tools/completions/regwait.fish "$(DESTDIR)$(FISHCOMPDIR)/regwait.fish"

uninstall:
	rm -f "$(DESTDIR)$(LIBDIR)/libregwait.so" "$(DESTDIR)$(LIBDIR)/regwait-decoder.so" \
		"$(DESTDIR)$(BINDIR)/regwait" \
		"$(DESTDIR)$(INCLUDEDIR)/regwait.h" "$(DESTDIR)$(PKGCONFIGDIR)/regwait.pc" \
		"$(DESTDIR)$(MANDIR)/man7/libregwait.7" "$(DESTDIR)$(MANDIR)/man1/regwait.1" \
		"$(DESTDIR)$(BASHCOMPDIR)/regwait" "$(DESTDIR)$(ZSHCOMPDIR)/_regwait" \
		"$(DESTDIR)$(FISHCOMPDIR)/regwait.fish"

-include $(SHIM_OBJ:.o=.d) $(TOOL_OBJ:.o=.d)
