#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Sites in what real programs are made of: a library in C++, a module of Python's, fio.

load ../../lib/integration

setup() {
	programs_setup
	"$CLI" sites /bin/true >/dev/null 2>&1 || skip "there is no decoder"
	mkdir "$OUT/plans"
	export REGWAIT_SITES=$OUT/plans
	HERE=$TOP/tests/integration/sites
}

# library FLAG...: of ring.cc, with a liburing inside, and a program that is linked with it.
library() {
	need_tool c++
	rm -f "$OUT"/plans/*
	c++ -O2 -shared -fPIC -idirafter "$TOP/tests/lib/compat" -o "$OUT/libring.so" "$HERE/ring.cc" \
		-l:liburing.a "$@"
	cc -O2 -o "$OUT/linked" "$TOP/tests/integration/names/linked.c" -L"$OUT" -lring \
		-Wl,-rpath,"$OUT"
	"$CLI" sites --write "$OUT/plans" "$OUT/libring.so" >"$OUT/sites"
	plain "$OUT/linked"
	shim "$OUT/linked"
	same
	counts rings.armed 1 waits.registered 5 waits.plain.unseen 0
	(($(count sites.patched) > 10))
}

@test "a library in C++, whose liburing is exported, throws from behind a wait" {
	library
	nm -D "$OUT/libring.so" | grep -q ' T io_uring_queue_init'
}

@test "the same, and nothing of liburing is exported" {
	library -Wl,--exclude-libs,ALL
	none 'T io_uring_queue_init' <(nm -D "$OUT/libring.so")
}

@test "the same, stripped: .eh_frame is enough" {
	library -Wl,--exclude-libs,ALL -s
}

@test "a program that throws out of its calls from a handler, and whose threads are cancelled there" {
	[[ $(uname -m) == x86_64 ]] || skip "elsewhere the site's own instruction is replaced"
	need_tool c++
	c++ -O2 -fnon-call-exceptions -std=gnu++14 -I"$TOP/tests/lib/include" -o "$OUT/throws" \
		"$HERE/throws.cc" -pthread
	"$CLI" sites --write "$OUT/plans" "$OUT/throws" >"$OUT/sites"
	both "$OUT/throws"
	[[ $(<"$OUT/shim.rc") == 0 ]]
	[[ $(grep -c '^cleaned up' "$OUT/shim.out") == 6 ]]
	counts sites.patched 1 waits.registered 6
}

@test "a module of Python's, which Python loads later" {
	local python=/usr/bin/python3 include
	[[ -x $python ]] || skip "there is no Python"
	include=$("$python" -c 'import sysconfig; print(sysconfig.get_paths()["include"])')
	[[ -e $include/Python.h ]] || skip "Python's headers are not installed"
	cc -O2 -shared -fPIC -I"$include" -idirafter "$TOP/tests/lib/compat" \
		-o "$OUT/ringmodule.so" "$HERE/module.c" -l:liburing.a
	"$CLI" sites --write "$OUT/plans" "$OUT/ringmodule.so" >"$OUT/sites"
	both env PYTHONPATH="$OUT" "$python" -c 'import ringmodule; print(ringmodule.wait(20))'
	grep -qx -- -62 "$OUT/shim.out"
	counts rings.armed 1 waits.registered 20 waits.plain.unseen 0
	# With a thread it is left alone.
	both env PYTHONPATH="$OUT" "$python" -c '
import threading
threading.Thread(target=threading.Event().wait, daemon=True).start()
import ringmodule
print(ringmodule.wait(20))'
	counts rings.seen 0 sites.patched 0
	(($(count sites.left.threads)))
}

@test "fio, which enters by its own instructions and without a timeout, works as before" {
	local sites
	need_tool fio
	"$CLI" sites --write "$OUT/plans" "$(command -v fio)" >"$OUT/sites"
	sites=$(awk '/can be patched/ { print $(NF - 2) }' "$OUT/sites")
	((sites))
	cd "$OUT"
	run_in shim env LD_PRELOAD="$SHIM" REGWAIT_STATS="$OUT/stats" fio --name=work \
		--filename="$OUT/data" --ioengine=io_uring --iodepth=8 --thread=1 --rw=randwrite --bs=4k \
		--size=8M --verify=crc32c
	grep -q 'err= 0' "$OUT/shim.out"
	[[ $(<"$OUT/shim.rc") == 0 ]]
	counts sites.patched "$sites" waits.registered 0 waits.polled 0
	(($(count rings.armed)))
}
