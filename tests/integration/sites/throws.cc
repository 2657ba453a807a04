/* SPDX-License-Identifier: MIT */
/*
 * Leaves calls of its own instruction by throwing from a signal handler (-fnon-call-exceptions), and by
 * asynchronous cancellation: what is to be cleaned up on the way is, whoever makes the call.
 */
#include <linux/io_uring.h>
#include <linux/time_types.h>
#include <pthread.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <initializer_list>

#include "inline_call.h"

namespace
{

const unsigned timed = IORING_ENTER_GETEVENTS | IORING_ENTER_EXT_ARG;
int ring;

struct Guard {
	~Guard()
	{
		std::puts("cleaned up");
	}
};

struct argument {
	std::uint64_t mask;
	std::uint32_t mask_size, min_wait;
	std::uint64_t ts;
};

/* The last argument is on the stack, so the run has an instruction that is long enough. */
__attribute__((noinline)) long call(long nr, long a, long b, long c, long d, long e, long f)
{
	return inline_call(nr, a, b, c, d, e, f);
}

long enter(unsigned flags, const argument *arg)
{
	return call(SYS_io_uring_enter, ring, 0, 1, flags, (long)arg, arg ? sizeof(*arg) : 0);
}

/* In seconds, as a timed wait, as one without a timeout, or by another call. */
long wait_by(char how, long seconds, long nanoseconds)
{
	struct __kernel_timespec ts = { seconds, nanoseconds };
	const argument arg = { 0, 8, 0, (std::uintptr_t)&ts };

	if (how == 't')
		return enter(timed, &arg);
	if (how == 'u')
		return enter(IORING_ENTER_GETEVENTS, nullptr);
	return call(SYS_nanosleep, (long)&ts, 0, 0, 0, 0, 0);
}

void thrower(int sig)
{
	throw sig;
}

void *cancelled(void *how)
{
	Guard guard;

	pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, nullptr);
	std::printf("not left: %ld\n", wait_by(*(char *)how, 300, 0));
	return nullptr;
}

/* Does the thread sleep in such a call? While it runs, there is no number. */
bool sleeps(int tid)
{
	char path[64];
	long nr = -1;
	FILE *file;

	std::snprintf(path, sizeof(path), "/proc/self/task/%d/syscall", tid);
	file = std::fopen(path, "r");
	if (file && std::fscanf(file, "%ld", &nr) != 1)
		nr = -1;
	if (file)
		std::fclose(file);
	return nr == SYS_io_uring_enter || nr == SYS_nanosleep;
}

void wait_until_asleep(int tid)
{
	while (!sleeps(tid))
		usleep(1000);
}

/* Elsewhere than in the call a signal must not come: only calls may be thrown out of. */
void *signals(void *main_thread)
{
	wait_until_asleep(getpid());
	pthread_kill(*(pthread_t *)main_thread, SIGALRM);
	return nullptr;
}

void thrown_out_of(char how)
{
	pthread_t self = pthread_self(), sender;

	if (pthread_create(&sender, nullptr, signals, &self))
		return;
	try {
		Guard guard;

		std::printf("not left: %ld\n", wait_by(how, 300, 0));
	} catch (int sig) {
		std::printf("left: %d\n", sig);
	}
	pthread_join(sender, nullptr);
}

volatile int tid;

void *named(void *how)
{
	tid = syscall(SYS_gettid);
	return cancelled(how);
}

void cancelled_out_of(char how)
{
	pthread_t thread;
	void *ret;

	tid = 0;
	if (pthread_create(&thread, nullptr, named, &how))
		return;
	while (!tid)
		usleep(1000);
	wait_until_asleep(tid);
	pthread_cancel(thread);
	pthread_join(thread, &ret);
	std::printf("the thread was %s\n", ret == PTHREAD_CANCELED ? "cancelled" : "not cancelled");
}

} // namespace

int main()
{
	struct io_uring_params p = {};
	struct sigaction action = {};

	ring = call(SYS_io_uring_setup, 4, (long)&p, 0, 0, 0, 0);
	if (ring < 0)
		return 77;
	action.sa_handler = thrower;
	action.sa_flags = SA_NODEFER;
	sigaction(SIGALRM, &action, nullptr);
	std::printf("not interrupted: %ld\n", wait_by('t', 0, 1000));
	for (char how : { 't', 'u', 'n' }) {
		std::printf("out of %c\n", how);
		thrown_out_of(how);
		cancelled_out_of(how);
		std::printf("afterwards: %ld\n", wait_by('t', 0, 1000));
	}
	return 0;
}
