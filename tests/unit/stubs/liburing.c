/* SPDX-License-Identifier: MIT */
/*
 * A liburing to be found, not to be used: each function says which stub it is, as an
 * error. MINOR is its
 * version, 2.MINOR; those before 2.4 do not tell theirs.
 */
int io_uring_queue_init(void)
{
	return -STUB;
}

int io_uring_wait_cqes(void)
{
	return -STUB;
}

int io_uring_setup(void)
{
	return -STUB;
}

#if MINOR >= 4
int io_uring_major_version(void)
{
	return 2;
}

int io_uring_minor_version(void)
{
	return MINOR;
}
#endif
