# SPDX-License-Identifier: MIT
# The tests of parts by themselves (tests/units): a part of tests/tests.mk, which says what it uses.

# Parts of the shim under cmocka, and the statistics of the command.
UNIT_SRC := $(wildcard tests/unit/*_test.c)
UNIT	 := $(UNIT_SRC:%.c=$B/%)
UNIT_OBJ := $(SHIM_OBJ) $(patsubst %,$B/tools/%.o,check/hints compare/pairs compare/output \
	common/statistics common/message common/quote common/report common/text \
	stats/counts stats/rows)
$(UNIT): $T/unit/%_test: tests/unit/%_test.c $(wildcard tests/unit/*.h) $(UNIT_OBJ) | needed
	$(call say,CC,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) $(FLAGS) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -Ishim -Itools -o $@ $< $(UNIT_OBJ) $(LINK) \
		-lcmocka -lpthread -lm -ljansson

# Liburings to be found, and plugins that are linked with them. Their test exports what the library
# does, so that the plugins' calls reach it.
STUBS := $T/unit/stubs
STUBS_MADE := $(patsubst %,$(STUBS)/%.so,liburing-one liburing-two one one-now two two-more none)
$(STUBS)/liburing-%.so: tests/unit/stubs/liburing.c tests/unit/stubs/liburing.map | needed
	$(compile_library)
$(STUBS)/liburing-%.so: URING = -Wl,-soname,liburing-$*.so \
	-Wl,--version-script=tests/unit/stubs/liburing.map
$(STUBS)/liburing-one.so: INCLUDE = -DSTUB=1 -DMINOR=15
$(STUBS)/liburing-two.so: INCLUDE = -DSTUB=2 -DMINOR=3
$(STUBS)/liburing-one.so: LINK = -Wl,--hash-style=gnu
$(STUBS)/liburing-two.so: LINK = -Wl,--hash-style=sysv
$(STUBS)/%.so: tests/unit/stubs/caller.c | needed
	$(compile_library)
$(STUBS)/one.so $(STUBS)/one-now.so: $(STUBS)/liburing-one.so
$(STUBS)/two.so $(STUBS)/two-more.so: $(STUBS)/liburing-two.so
$(STUBS)/one.so $(STUBS)/one-now.so: private URING = '-Wl,-rpath,$$ORIGIN' -L$(STUBS) -l:liburing-one.so
$(STUBS)/two.so $(STUBS)/two-more.so: private URING = '-Wl,-rpath,$$ORIGIN' -L$(STUBS) -l:liburing-two.so
$(STUBS)/one.so $(STUBS)/two.so $(STUBS)/two-more.so: LINK = -Wl,-z,lazy
$(STUBS)/one-now.so: LINK = -Wl,-z,relro,-z,now
$(STUBS)/none.so: URING =
$(STUBS)/none.so: INCLUDE = -DNONE
$T/unit/bindings_test $T/unit/next_test $T/unit/objects_test: $(STUBS_MADE)
$T/unit/next_test: private LINK = -rdynamic -Wl,--version-script=$(SHIM_MAP)
