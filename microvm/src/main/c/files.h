/* Mounts and files of the guest, as the host asks for them. Each gives a result to reply with; 0 or more is success. */
#ifndef BULWARK_FILES_H
#define BULWARK_FILES_H

#include "wire.h"

long mount_file_system(struct reader *reader);
long unmount(struct reader *reader);
long write_piece(struct reader *reader);
long make_directory(struct reader *reader);
/* These two reply by themselves. */
void read_piece(uint32_t id, struct reader *reader);
void describe(uint32_t id, struct reader *reader);

/* Makes a directory and those above it; 0 when it is there. */
long make_directories(const char *path, uint64_t mode);

#endif
