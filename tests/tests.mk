# SPDX-License-Identifier: MIT
# Builds every program that the tests run; included by the Makefile.
#
# tests/DIR/programs/X.c becomes build/tests/DIR/X, tests/DIR/libraries/X.c becomes
# build/tests/DIR/X.so, both linked with the system's liburing unless said otherwise below.
# The same against another liburing, or with a sanitizer, lies in build/tests/VARIANT/DIR:
#	make build/tests/2.15/integration/common/rings
# A group makes what a kind of test needs: make programs-system, programs-2.15, programs-2.15-ffi,
# bench-programs, honesty-programs, fuzz-programs-2.15, soak-programs, asan-clang-programs.

T := $B/tests
LIBURINGS := 2.3 2.9 2.15
FFI := 2.9-ffi 2.15-ffi
SANITIZED := asan tsan asan-clang tsan-clang
VARIANTS := $(LIBURINGS) $(FFI) $(SANITIZED)
# Where X may lie: $(call in_all,DIR/X)
in_all = $T/$1 $(foreach v,$(VARIANTS),$T/$v/$1)
# Files of the shim, wherever they are: $(call shim_file,config.c log.c)
shim_file = $(foreach f,$1,$(shell find shim -name $f))
SHIM_MAP := $(call shim_file,libregwait.map)
SHIM_DIRS := $(sort $(shell find shim -name '*.h' -printf '%h\n'))
SHIM_INCLUDE := -Ishim $(patsubst %,-I%,$(filter-out shim,$(SHIM_DIRS)))

TEST_CC = $(CC)
TEST_FLAGS = -std=gnu11 -D_GNU_SOURCE $(WARN) -O2 -g -pthread -Itests/lib/include $(INCLUDE) \
	$(URING_INCLUDE) -idirafter tests/lib/compat
# When this is for another processor: where its libraries lie (tests/cross).
OF_ROOT = $(if $(CROSS),$(CPPFLAGS) $(LDFLAGS))
# What a program is linked with. Without --as-needed: a plugin names its library even where the
# linker would leave it out.
LIBS = $(URING) -lpthread -ldl
URING = -luring

# build SOURCES -> $@
define compile
	$(call say,CC,$@)
	@mkdir -p $(@D)
	$(Q)$(TEST_CC) $(TEST_FLAGS) $(SANITIZE) -o $@ $(filter %.c %.o %.a,$^) \
		$(URING_LINK) $(LINK) $(OF_ROOT) $(LIBS)
endef

define compile_library
	$(call say,CC,$@)
	@mkdir -p $(@D)
	$(Q)$(TEST_CC) $(TEST_FLAGS) $(SANITIZE) -fPIC -shared -o $@ $(filter %.c %.o,$^) \
		-Wl,--no-as-needed $(URING_LINK) $(LINK) $(OF_ROOT) $(LIBS)
endef

define compile_object
	$(call say,CC,$@)
	@mkdir -p $(@D)
	$(Q)$(TEST_CC) $(TEST_FLAGS) $(SANITIZE) $(OF_ROOT) -c -o $@ $<
endef

# Those of Debian's other suites, for the processor that is built for. A directory with a space in it
# must do.
LIBURING_OF := build/liburing$(CROSS:%=/%)
$(LIBURING_OF)/%/debian-version:
	$(Q)tests/fetch $(CROSS:%=--arch %) liburing $* >/dev/null

define of_liburing
$T/$(1)/%: URING_INCLUDE = -isystem $(LIBURING_OF)/$(2)/include
$T/$(1)/%: URING_LINK = -L$(LIBURING_OF)/$(2)/lib '-Wl,-rpath,$(CURDIR)/$(LIBURING_OF)/$(2)/lib'
FETCHED_$(1) = $(LIBURING_OF)/$(2)/debian-version
endef
$(foreach v,$(LIBURINGS) $(FFI),$(eval $(call of_liburing,$v,$(v:%-ffi=%))))
$(foreach v,$(FFI),$(eval $T/$v/%: URING = -luring-ffi))

# The rules: RESULT, SOURCE, VARIANT.
HEADERS := $(wildcard tests/lib/include/*.h)
define program
$(1): $(2) $(HEADERS) $(wildcard $(dir $(2))*.h) | needed $(FETCHED_$(3))
	$$(compile)
endef
define library
$(1): $(2) $(HEADERS) $(wildcard $(dir $(2))*.h) | needed $(FETCHED_$(3))
	$$(compile_library)
endef
define object
$(1): $(2) $(HEADERS) $(wildcard $(dir $(2))*.h) | needed $(FETCHED_$(3))
	$$(compile_object)
endef

PROGRAM_SRC := $(shell find tests -path '*/programs/*.c')
LIBRARY_SRC := $(shell find tests -path '*/libraries/*.c')
# From the source to the name below build/tests/[VARIANT/].
program_of = $(patsubst tests/%.c,%,$(subst /programs/,/,$1))
library_of = $(patsubst tests/%.c,%.so,$(subst /libraries/,/,$1))
object_of = $(patsubst tests/%.c,%.o,$1)

define every_rule
$(foreach s,$(PROGRAM_SRC),$(eval $(call program,$T/$(2)$(call program_of,$s),$s,$(1))))
$(foreach s,$(LIBRARY_SRC),$(eval $(call library,$T/$(2)$(call library_of,$s),$s,$(1))))
endef
$(call every_rule,,)
$(foreach v,$(VARIANTS),$(call every_rule,$v,$v/))

# What must know nothing of liburing.
NO_LIBURING := $(patsubst %,integration/sites/%,keeps opens traces guarded before.so) \
	$(patsubst %,integration/common/%,deny fail.so wrap.so) integration/liburing/host \
	integration/robust/interrupt integration/robust/unloads integration/unregistered/steps \
	integration/options/storm integration/options/nothing.so \
	differential/oracle/mutant_wait.so external/kernels/probe \
	external/kernels/pages64.so external/mpd/server stress/soak/plugin_host
$(foreach x,$(NO_LIBURING),$(call in_all,$x)): URING =
# Its functions are to be found without frame pointers.
$(call in_all,integration/sites/traces): SANITIZE = -fomit-frame-pointer -fasynchronous-unwind-tables
ifneq ($(filter aarch64%,$(shell $(CC) -dumpmachine)),)
$(call in_all,integration/sites/guarded): LINK = -nostartfiles -mbranch-protection=standard -Wl,-z,force-bti
endif
$(call in_all,integration/options/storm): shim/contract/options.h
$(call in_all,integration/waits/manual): INCLUDE = $(SHIM_INCLUDE)
$(call in_all,external/kernels/probe): LINK = -static
$(call in_all,cli/json): URING = -ljansson

# A library that its program finds beside it.
define with_early
$T/$(1)integration/liburing/with_early: $T/$(1)integration/liburing/early.so
$T/$(1)integration/liburing/with_early: LIBS = -Wl,-rpath,'$$$$ORIGIN' \
	-L$$(@D) -l:early.so -luring -lpthread
endef
$(foreach v,$(addsuffix /,$(LIBURINGS)),$(eval $(call with_early,$v)))
$(eval $(call with_early,))

# The same program, whose calls are bound before it starts, and cannot be bound anew.
IOWAIT_NOW := $(call in_all,integration/iowait/iowait-now)
$(IOWAIT_NOW): tests/integration/iowait/programs/iowait.c $(HEADERS) | needed
	$(compile)
$(IOWAIT_NOW): LINK = -Wl,-z,relro,-z,now

# A liburing as old as 2.2, to the eye: the system's code, but only the symbols of that release.
OLD := $T/integration/liburing/liburing-2.2/liburing.so.2
$(OLD): tests/integration/liburing/liburing-2.2.map
	$(call say,LINK,$@)
	@mkdir -p $(@D)
	$(Q)$(TEST_CC) -shared -o $@ -Wl,--whole-archive \
		"$$($(TEST_CC) $(OF_ROOT) -print-file-name=liburing.a)" \
		-Wl,--no-whole-archive -Wl,--version-script=$< -Wl,-soname,liburing.so.2
$T/integration/liburing/old: $(OLD)
$T/integration/liburing/old: LIBS = '-Wl,-rpath,$$ORIGIN/liburing-2.2' $(OLD)

# A liburing newer than we know: 2.15, but for what it says of its version.
NEWER := $T/integration/sites/liburing-2.99/liburing.so.2
$(NEWER): tests/integration/sites/version.c | $(LIBURING_OF)/2.15/debian-version
	$(call say,LINK,$@)
	@mkdir -p $(@D)
	$(Q)$(TEST_CC) $(OF_ROOT) -shared -fPIC -o $@ $< -Wl,-z,muldefs -Wl,--whole-archive \
		$(LIBURING_OF)/2.15/lib/liburing.a -Wl,--no-whole-archive \
		-Wl,--version-script=$(LIBURING_OF)/2.15/src/src/liburing.map -Wl,-soname,liburing.so.2

# liburing within, libc not; and everything within.
$T/cli/waiter-builtin $T/cli/waiter-static: tests/cli/programs/waiter.c | needed
	$(compile)
$T/cli/waiter-builtin: URING = -l:liburing.a
$T/cli/waiter-static: LINK = -static

# Who gets liburing's names: an engine with liburing.a within; with the system's liburing under
# another name (as long as the first, so that it can be put in its place), of which a program brings
# its copy along; with names that it leaves open; and programs that are linked with these.
NAMES := $T/integration/names
ENGINE := tests/integration/names/libraries/engine.c
NAMES_MADE := $(addprefix $(NAMES)/,liburing-9c.2 $(addprefix engine-,builtin.so renamed.so open.so) \
	$(addprefix linked-,builtin renamed wrappers) optional-linked exports mixed)
$(NAMES)/liburing-9c.2: | needed
	$(call say,COPY,$@)
	@mkdir -p $(@D)
	$(Q)LC_ALL=C sed 's/liburing\.so\.2/liburing-9c.2/g' \
		"$$(realpath "$$($(TEST_CC) $(OF_ROOT) -print-file-name=liburing.so)")" >$@
$(NAMES)/engine-builtin.so $(NAMES)/engine-open.so: $(ENGINE) | needed
	$(compile_library)
$(NAMES)/engine-renamed.so: $(ENGINE) $(NAMES)/liburing-9c.2 | needed
	$(compile_library)
$(NAMES)/engine-builtin.so: URING = -l:liburing.a
ifneq ($(filter aarch64%,$(shell $(CC) -dumpmachine)),)
# Debian 12's keeps values where who binds a function at its first call writes.
$(NAMES)/engine-builtin.so: LINK = -Wl,-z,now
endif
$(NAMES)/engine-open.so $(NAMES)/wrappers.so: URING =
$(NAMES)/engine-renamed.so: URING = '-Wl,-rpath,$$ORIGIN' -L$(NAMES) -l:liburing-9c.2
$(NAMES)/linked-builtin: $(NAMES)/engine-builtin.so
$(NAMES)/linked-renamed: $(NAMES)/engine-renamed.so
$(NAMES)/linked-wrappers: $(NAMES)/wrappers.so
$(NAMES)/linked-%: tests/integration/names/linked.c | needed
	$(compile)
$(NAMES)/linked-%: URING = '-Wl,-rpath,$$ORIGIN' -L$(NAMES) \
	$(patsubst $(NAMES)/%,-l:%,$(filter %.so,$^))
$(call in_all,integration/names/optional-linked): tests/integration/names/programs/optional.c
	$(compile)
$(call in_all,integration/names/optional-linked) $(NAMES)/mixed: LINK = -Wl,--no-as-needed
$(NAMES)/optional $(NAMES)/host $(NAMES)/by_handle: URING =
$(NAMES)/exports: tests/integration/names/exports.c | needed
	$(compile)
$(NAMES)/exports: URING = -rdynamic -Wl,--whole-archive -l:liburing.a -Wl,--no-whole-archive
$(NAMES)/mixed: tests/integration/names/mixed.c $(NAMES)/engine-builtin.so | needed
	$(compile)
$(NAMES)/mixed: URING = '-Wl,-rpath,$$ORIGIN' -L$(NAMES) -l:engine-builtin.so -luring

$T/integration/unregistered/rows: tests/integration/unregistered/operations.c \
	tests/integration/unregistered/operations.h

# The oracle's programs share a main function.
ORACLE_COMMON := $(wildcard tests/differential/oracle/common/*.c)
ORACLE := $(filter tests/differential/oracle/programs/%,$(PROGRAM_SRC))
define oracle
$(foreach s,$(ORACLE_COMMON),$(eval $(call object,$T/$(2)$(call object_of,$s),$s,$(1))))
$(foreach s,$(ORACLE),$(eval $T/$(2)$(call program_of,$s): $(ORACLE_COMMON:tests/%.c=$T/$(2)%.o)))
$(eval $T/$(2)differential/oracle/%: INCLUDE = -Itests/differential/oracle/common)
endef
$(call oracle,,)
$(foreach v,$(LIBURINGS) $(FFI),$(call oracle,$v,$v/))
$(ORACLE_COMMON:tests/%.c=$T/%.o): $(wildcard tests/differential/oracle/common/*.h)

# Of these, with liburing inside, for the guests of external/kernels.
define inside
$T/$(1)/inside/%: tests/differential/oracle/programs/%.c $(ORACLE_COMMON:tests/%.c=$T/$(1)/%.o) | needed $(FETCHED_$(1))
	$$(compile)
$T/$(1)/inside/%: INCLUDE = -Itests/differential/oracle/common
$T/$(1)/inside/%: URING = -l:liburing.a
endef
$(foreach v,$(LIBURINGS),$(eval $(call inside,$v)))

# The fuzzer, for a liburing each: 2.9 is 209, 2.15 is 215.
FUZZ := tests/differential/fuzz
FUZZ_SRC := $(addprefix $(FUZZ)/,fuzz_seq.c gen.c text.c ops.c world.c state.c perf.c op_ring.c \
	op_reg.c op_sqe.c op_signal.c op_wait.c op_proc.c wait_call.c)
DRIVE_SRC := $(addprefix $(FUZZ)/,drive.c judge.c shrink.c variant.c)
fuzz_number = $(shell echo $1 | awk -F. '{ print $$1 * 100 + $$2 }')
define fuzz
$T/$(1)differential/fuzz/fuzz_seq: $(FUZZ_SRC) $(wildcard $(FUZZ)/*.h) | needed $(3)
	$$(compile)
$T/$(1)differential/fuzz/fuzz_seq: INCLUDE = -DFUZZ_LU=$(2)
$T/$(1)differential/fuzz/mutant.so: $(FUZZ)/mutant.c $(wildcard $(FUZZ)/*.h) | needed $(3)
	$$(compile_library)
endef
$(foreach v,$(LIBURINGS),$(eval $(call fuzz,$v/,$$(call fuzz_number,$v),$(FETCHED_$v))))
$(eval $(call fuzz,,$$(call fuzz_number,$$(shell pkg-config --modversion liburing)),))
$T/differential/fuzz/drive: $(DRIVE_SRC) $(wildcard $(FUZZ)/*.h) | needed
	$(compile)
$T/differential/fuzz/drive: URING =

# Its libFuzzer targets, with parts of the shim and of the command in them.
$T/differential/fuzz/sites_target: FUZZ_LIBS = -lelf $(ZYDIS)
LIBFUZZER = clang -std=gnu11 -D_GNU_SOURCE -O1 -g $(WARN) -Itools $(SHIM_INCLUDE) \
	-fsanitize=fuzzer,address,undefined -fno-sanitize-recover=undefined
FUZZED_options := $(call shim_file,config.c format.c stderr.c)
FUZZED_page := tools/stat.c \
	$(patsubst %,tools/stats/%.c,stats_page process_maps pid_namespace directory explain \
		foreign counts openmetrics rows) \
	$(patsubst %,tools/common/%.c,message number option report statistics text) \
	$(call shim_file,names.c stats_page_name.c)
FUZZED_sites := $(patsubst %,tools/sites/%.c,code image frames functions mapping machine a64 zydis analysis) tools/check/dynamic.c \
	$(patsubst %,tools/common/%.c,message text) $(call shim_file,plan.c)
$T/differential/fuzz/sites_target: $(FUZZ)/sites_target.c $(FUZZED_sites)
$T/differential/fuzz/options_target: $(FUZZ)/options_target.c $(FUZZED_options)
$T/differential/fuzz/page_target: $(FUZZ)/page_target.c $(FUZZED_page)
$T/differential/fuzz/%_target:
	$(call say,CC,$@)
	@mkdir -p $(@D)
	$(Q)$(LIBFUZZER) -o $@ $(filter %.c,$^) -ljansson $(FUZZ_LIBS)

# The soak programs, and the shim, with sanitizers too: a sanitized preload needs a sanitized
# program. Bound at once: a cancellation must not hit the dynamic linker.
SOAK := tests/stress/soak
SOAK_SRC := $(patsubst %,$(SOAK)/%.c,main common threads cancel signals process endings many bare)
define soak
$T/$(1)stress/soak/soak: $(SOAK_SRC) $(SOAK)/soak.h | needed
	$$(compile)
$T/$(1)stress/soak/plugin1.so $T/$(1)stress/soak/plugin2.so: $(SOAK)/plugin.c | needed
	$$(compile_library)
$T/$(1)stress/soak/plugin_host: $(SOAK)/plugin_host.c | needed
	$$(compile)
$T/$(1)stress/soak/soak: LINK = -Wl,-z,now
endef
$(eval $(call soak,))
$(foreach v,$(SANITIZED),$(eval $(call soak,$v/)))
soak_programs = $(patsubst %,$T/$1stress/soak/%,soak plugin1.so plugin2.so plugin_host)

$T/asan/% $T/asan-clang/%: SANITIZE = -O1 -fno-omit-frame-pointer -fsanitize=address,undefined
$T/tsan/% $T/tsan-clang/%: SANITIZE = -O1 -fno-omit-frame-pointer -fsanitize=thread -DSOAK_TSAN
$T/asan/% $T/tsan/%: TEST_CC = gcc
$T/asan-clang/% $T/tsan-clang/%: TEST_CC = clang
# The one fence orders our stores against the kernel's polling thread, which no TSan sees.
# The runtime calls sigaltstack before it is ready for instrumented code: not by that name.
$T/tsan/libregwait.so: LINK = -Wno-tsan -Dsigaltstack=not_sigaltstack
$T/tsan-clang/libregwait.so: LINK = -Dsigaltstack=not_sigaltstack
# clang's runtime lies in the program, so that its library has open symbols.
$T/asan/libregwait.so $T/tsan/libregwait.so: LIBS = -Wl,-z,defs
$(SANITIZED:%=$T/%/libregwait.so): FRAMES =
$(SANITIZED:%=$T/%/libregwait.so): $(SHIM_SRC) $(SHIM_ASM) $(shell find shim -name '*.h') $(SHIM_MAP)
	$(call say,CC,$@)
	@mkdir -p $(@D)
	$(Q)$(TEST_CC) $(SHIM_FLAGS) -Ishim -O1 -g $(SANITIZE) $(LINK) -shared \
		-Wl,--version-script=$(SHIM_MAP) -Wl,-z,now -Wl,-soname,libregwait.so \
		-o $@ $(SHIM_SRC) $(SHIM_ASM) $(LIBS)

# As a toolchain makes the library whose own startup files have landing pads: the processor checks it.
# With the files of Debian 12's, which have none, the linker makes one that is not checked. Its
# functions for atomic additions, of which one is a constructor, have none either.
$T/landing-pads/libregwait.so: $(SHIM_SRC) $(SHIM_ASM) $(shell find shim -name '*.h') $(SHIM_MAP)
	$(call say,CC,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) $(SHIM_FLAGS) -mno-outline-atomics -Ishim -O2 -g -shared -nostartfiles \
		-Wl,-z,force-bti,--fatal-warnings -Wl,--version-script=$(SHIM_MAP) -Wl,-z,defs -Wl,-z,now \
		-Wl,-soname,libregwait.so -o $@ $(SHIM_SRC) $(SHIM_ASM)

# The benchmark. The worker is measured: its optimisation does not follow the builder's CFLAGS.
BENCH := tests/bench
bench_src = $(patsubst %,$(BENCH)/%.c,$1)
WORKER_SRC := $(call bench_src,worker lane region work_nop work_ready work_timeout \
	work_pingpong work_many tcp work_create work_entries)
DRIVER_SRC := $(call bench_src,driver rows targets variant circumstances measure stats startup facts \
	report json machine summary)
$T/bench/%: TEST_FLAGS = -std=gnu11 -O2 -g $(WARN) -pthread -Itests/lib/include $(INCLUDE)
$T/bench/worker-system: $(WORKER_SRC)
$T/bench/worker: $(WORKER_SRC) | $(LIBURING_OF)/2.15/debian-version
$T/bench/worker: INCLUDE = -isystem $(LIBURING_OF)/2.15/include \
	-idirafter tests/lib/compat
$T/bench/worker: LINK = -L$(LIBURING_OF)/2.15/lib '-Wl,-rpath,$(CURDIR)/$(LIBURING_OF)/2.15/lib'
$T/bench/worker-inside: $(WORKER_SRC) | $(LIBURING_OF)/2.15/debian-version
$T/bench/worker-inside: INCLUDE = -isystem $(LIBURING_OF)/2.15/include \
	-idirafter tests/lib/compat
$T/bench/worker-inside: URING = $(LIBURING_OF)/2.15/lib/liburing.a
$T/bench/driver: $(DRIVER_SRC)
$T/bench/driver: LIBS = -ljansson -lm
$T/bench/still: $(BENCH)/still.c
$T/bench/still-sites: $(BENCH)/still.c $(BENCH)/fifty.c
$T/bench/still $T/bench/still-sites: LIBS =
# Static, so that nothing is preloaded into it.
$T/bench/count: $(BENCH)/count.c
$T/bench/count: LIBS = -static
$T/bench/worker $T/bench/worker-inside $T/bench/worker-system $T/bench/driver $T/bench/still $T/bench/still-sites $T/bench/count: $(wildcard $(BENCH)/*.h) | needed
	$(compile)
$T/bench/empty.so: $(BENCH)/empty.c | needed
	$(compile_library)
$T/bench/empty.so: LIBS =

# The library of known cost: the shim's own objects, linked once more with burn.c in their way,
# and the command beside it, since that is where it looks for the library.
HONESTY := $T/cli/honesty
$(HONESTY)/burn.o: tests/cli/honesty/burn.c $(call shim_file,*.h) | needed
	$(compile_object)
$(HONESTY)/burn.o: SANITIZE = -fPIC -fvisibility=hidden -ftls-model=initial-exec $(SHIM_INCLUDE)
$(HONESTY)/libregwait.so: $(SHIM_OBJ) $(HONESTY)/burn.o $(SHIM_MAP)
	$(call say,LINK,$@)
	$(Q)$(TEST_CC) -shared -Wl,--version-script=$(SHIM_MAP) -Wl,-z,defs -Wl,-z,now \
		-Wl,-soname,libregwait.so -Wl,--wrap=coin_toss,--wrap=wait_plain -o $@ \
		$(filter %.o,$^)
$(HONESTY)/regwait: $B/regwait
	@mkdir -p $(@D)
	$(Q)cp $< $@

include tests/unit/unit.mk

# Groups.
IN_VARIANTS := $(filter integration/% differential/oracle/%,$(call program_of,$(PROGRAM_SRC)) \
	$(call library_of,$(LIBRARY_SRC)))
DEMO := $(addprefix $T/,$(filter demo/%,$(call program_of,$(PROGRAM_SRC))) \
	integration/common/can_register)
.PHONY: units programs-system cli-programs demo-programs bench-programs honesty-programs soak-programs \
	fuzz-targets $(LIBURINGS:%=programs-%) $(FFI:%=programs-%) \
	$(LIBURINGS:%=fuzz-programs-%) fuzz-programs-system $(SANITIZED:%=%-programs)
units: $(UNIT)
programs-system: cli-programs $(addprefix $T/,$(IN_VARIANTS)) $(NAMES_MADE)
cli-programs: $(addprefix $T/,$(filter cli/%,$(call program_of,$(PROGRAM_SRC)) \
	$(call library_of,$(LIBRARY_SRC))) cli/waiter-builtin cli/waiter-static \
	integration/common/can_register)
# Another liburing is for the tests that ask for one.
ASKING := $(sort $(shell grep -lE 'programs_setup .?[$$0-9]' tests/integration/*/*.bats | xargs -n 1 dirname))
IN_RELEASES := $(filter-out integration/liburing/old,$(filter integration/common/% \
	differential/oracle/% $(ASKING:tests/%=%/%),$(IN_VARIANTS)))
$(LIBURINGS:%=programs-%): programs-%: $(addprefix $T/%/,$(IN_RELEASES) integration/iowait/iowait-now)
# ...and some for a program or two.
programs-2.15: $T/2.15/integration/robust/zeroed $(NEWER)
NAMES_OF = $(addprefix $T/$1/integration/names/,engine.so optional-linked)
programs-2.9: $(call NAMES_OF,2.9)
programs-2.15: $(call NAMES_OF,2.15)
programs-2.15-ffi: $(call NAMES_OF,2.15-ffi)
$(FFI:%=programs-%): programs-%: $T/%/integration/liburing/plugin.so \
	$(addprefix $T/%/,$(filter differential/oracle/%,$(IN_VARIANTS)))
programs-2.9-ffi: $T/2.9-ffi/integration/iowait/iowait
demo-programs: $(DEMO)
bench-programs: $(addprefix $T/bench/,worker-system driver still still-sites empty.so)
honesty-programs: $(addprefix $(HONESTY)/,known libregwait.so regwait)
soak-programs: $(call soak_programs,)
$(LIBURINGS:%=fuzz-programs-%): fuzz-programs-%: $T/differential/fuzz/drive \
	$T/%/differential/fuzz/fuzz_seq $T/%/differential/fuzz/mutant.so
fuzz-targets: $(addprefix $T/differential/fuzz/,options_target page_target $(if $(ZYDIS),sites_target))
fuzz-programs-system: $(addprefix $T/differential/fuzz/,drive fuzz_seq mutant.so)
$(foreach v,$(SANITIZED),$(eval $v-programs: $T/$v/libregwait.so $(call soak_programs,$v/)))
