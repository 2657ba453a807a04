/* SPDX-License-Identifier: MIT */
/*
 * Starts a program for which the kernel refuses what it is told to:
 *	deny register:34=EINVAL setup=EPERM ... -- PROGRAM ARGUMENT...
 * by a seccomp filter, as a container's would be. "register:N" is opcode N of
 * io_uring_register(2); any other name is a whole system call. With "0" nothing is done, and 0 said.
 */
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#define RULES_MAX 16

static struct sock_filter filter[RULES_MAX * 8];
static unsigned short len;

static void add(struct sock_filter instruction)
{
	filter[len++] = instruction;
}

#define LOAD(field) \
	((struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, \
				      offsetof(struct seccomp_data, field)))
#define UNLESS_SKIP(value, skip) \
	((struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, skip))
#define RETURN(value) ((struct sock_filter)BPF_STMT(BPF_RET | BPF_K, value))

static const struct {
	const char *name;
	int nr;
} calls[] = {
	{ "setup", SYS_io_uring_setup },
	{ "enter", SYS_io_uring_enter },
	{ "register", SYS_io_uring_register },
	{ "madvise", SYS_madvise },
	{ "capget", SYS_capget },
	{ "readlinkat", SYS_readlinkat },
};

static const struct {
	const char *name;
	int value;
} errors[] = {
	{ "EINVAL", EINVAL }, { "EPERM", EPERM },   { "ENOMEM", ENOMEM },
	{ "EACCES", EACCES }, { "ENOSYS", ENOSYS }, { "EMFILE", EMFILE },
	{ "EBADFD", EBADFD }, { "EFAULT", EFAULT }, { "0", 0 },
};

static int wrong(const char *rule)
{
	fprintf(stderr, "deny: %s: not CALL[:OPCODE]=ERROR of those known here\n", rule);
	return 1;
}

/* One rule: load the number, compare, load the opcode, compare, return. */
static int add_rule(const char *rule)
{
	size_t name = strcspn(rule, ":="), c, e;
	const char *equals = strchr(rule, '=');

	for (c = 0; c < sizeof(calls) / sizeof(calls[0]); c++)
		if (strlen(calls[c].name) == name && !memcmp(calls[c].name, rule, name))
			break;
	for (e = 0; equals && e < sizeof(errors) / sizeof(errors[0]); e++)
		if (!strcmp(errors[e].name, equals + 1))
			break;
	if (c == sizeof(calls) / sizeof(calls[0]) || !equals ||
	    e == sizeof(errors) / sizeof(errors[0]))
		return wrong(rule);
	add(LOAD(nr));
	add(UNLESS_SKIP((unsigned)calls[c].nr, rule[name] == ':' ? 3 : 1));
	if (rule[name] == ':') {
		add(LOAD(args[1])); /* the low half, on a little-endian machine */
		add(UNLESS_SKIP(strtoul(rule + name + 1, NULL, 10), 1));
	}
	add(RETURN(SECCOMP_RET_ERRNO | errors[e].value));
	return 0;
}

int main(int argc, char **argv)
{
	struct sock_fprog prog = { .filter = filter };
	int i;

	for (i = 1; i < argc && strcmp(argv[i], "--"); i++)
		if (i > RULES_MAX || add_rule(argv[i]))
			return 1;
	if (i + 1 >= argc)
		return wrong("no program");
	add(RETURN(SECCOMP_RET_ALLOW));
	prog.len = len;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &prog)) {
		perror("deny: the filter was refused");
		return 1;
	}
	execvp(argv[i + 1], argv + i + 1);
	perror(argv[i + 1]);
	return 127;
}
