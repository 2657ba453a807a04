/* SPDX-License-Identifier: MIT */
/*
 * A library in C++ with liburing inside, as PhotonLibOS is built: a ring is an object, and what goes wrong
 * is thrown from behind a wait.
 */
#include <liburing.h>

#include <cstdio>
#include <stdexcept>

namespace {

class Ring {
public:
	Ring()
	{
		if (io_uring_queue_init(8, &ring, 0))
			throw std::runtime_error("no ring");
	}
	~Ring() { io_uring_queue_exit(&ring); }

	int wait(unsigned nops)
	{
		struct __kernel_timespec ts = { 0, 20 * 1000 * 1000 };
		struct io_uring_cqe *cqe = nullptr;

		for (unsigned i = 0; i < nops; i++)
			io_uring_prep_nop(io_uring_get_sqe(&ring));
		int ret = io_uring_submit_and_wait_timeout(&ring, &cqe, nops ? nops : 1, &ts, nullptr);
		if (ret < 0)
			throw ret;
		io_uring_cq_advance(&ring, nops);
		return ret;
	}

private:
	struct io_uring ring;
};

} // namespace

extern "C" int engine(void)
{
	Ring ring;
	int waits = 0;

	for (int i = 1; i <= 4; i++)
		waits += ring.wait(i);
	try {
		ring.wait(0);
	} catch (int error) {
		std::printf("thrown: %d\n", error);
	}
	std::printf("%d completions\n", waits);
	return waits;
}
