/* SPDX-License-Identifier: MIT */
/* What a liburing says of its version that does not exist yet. */
int io_uring_major_version(void);
int io_uring_minor_version(void);

int io_uring_major_version(void)
{
	return 2;
}

int io_uring_minor_version(void)
{
	return 99;
}
