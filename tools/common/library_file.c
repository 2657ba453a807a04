/* SPDX-License-Identifier: MIT */
/*
 * Reads the version note of a file that may be libregwait.so, or anything else.
 */
#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "contract/version.h"
#include "library_file.h"

static bool note_version(Elf *elf, const GElf_Phdr *segment, char *version, size_t size)
{
	Elf_Data *data =
		elf_getdata_rawchunk(elf, segment->p_offset, segment->p_filesz, ELF_T_NHDR);
	size_t at = 0, next, name, desc;
	GElf_Nhdr head;

	for (; data && (next = gelf_getnote(data, at, &head, &name, &desc)); at = next) {
		const char *bytes = data->d_buf;

		if (head.n_type != REGWAIT_NOTE_VERSION ||
		    head.n_namesz != sizeof(REGWAIT_NOTE_OWNER) ||
		    memcmp(bytes + name, REGWAIT_NOTE_OWNER, sizeof(REGWAIT_NOTE_OWNER)))
			continue;
		snprintf(version, size, "%.*s", (int)strnlen(bytes + desc, head.n_descsz),
			 bytes + desc);
		return true;
	}
	return false;
}

int library_file_version(const char *path, char *version, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK), err = -ENODATA;
	size_t nr = 0, i;
	Elf *elf;

	if (fd < 0)
		return -errno;
	elf_version(EV_CURRENT);
	elf = elf_begin(fd, ELF_C_READ, NULL);
	elf_getphdrnum(elf, &nr);
	for (i = 0; err && i < nr; i++) {
		GElf_Phdr segment;

		if (gelf_getphdr(elf, i, &segment) && segment.p_type == PT_NOTE &&
		    note_version(elf, &segment, version, size))
			err = 0;
	}
	elf_end(elf);
	close(fd);
	return err;
}
