/* SPDX-License-Identifier: MIT */
/* See machine.h. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "machine.h"

#define VULNERABILITIES "/sys/devices/system/cpu/vulnerabilities/"

static void first_line(const char *path, char *text, size_t size)
{
	FILE *file = fopen(path, "r");

	snprintf(text, size, "unknown");
	if (!file)
		return;
	if (fgets(text, size, file))
		text[strcspn(text, "\n")] = '\0';
	fclose(file);
}

/* Its name, where the kernel tells it; else only what kind it is. */
static void processor_name(char *text, size_t size, const char *kind)
{
	FILE *file = fopen("/proc/cpuinfo", "r");
	char line[256];

	snprintf(text, size, "%s", kind);
	while (file && fgets(line, sizeof(line), file)) {
		char *value = strstr(line, ": ");

		if (strncmp(line, "model name", 10) || !value)
			continue;
		value[strcspn(value, "\n")] = '\0';
		snprintf(text, size, "%s", value + 2);
		break;
	}
	if (file)
		fclose(file);
}

void machine_read(struct machine *machine)
{
	struct utsname name = { .machine = "unknown" };

	memset(machine, 0, sizeof(*machine));
	if (!uname(&name))
		snprintf(machine->kernel, sizeof(machine->kernel), "%s %s", name.release,
			 name.machine);
	machine->cpus = sysconf(_SC_NPROCESSORS_ONLN);
	if (getloadavg(&machine->load, 1) != 1)
		machine->load = -1;
	processor_name(machine->processor, sizeof(machine->processor), name.machine);
	first_line(VULNERABILITIES "spectre_v2", machine->spectre_v2, sizeof(machine->spectre_v2));
	first_line(VULNERABILITIES "spec_rstack_overflow", machine->rstack,
		   sizeof(machine->rstack));
	first_line(VULNERABILITIES "retbleed", machine->retbleed, sizeof(machine->retbleed));
}
