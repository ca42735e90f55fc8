/*
 * Engines forget a container once its first process has ended, and with it whoever still waits for another process of the container.
 * On Linux they cannot: the first process of a pid namespace ends only when all others have been waited for. So does a keeper.
 */
#ifndef BULWARK_REAPING_H
#define BULWARK_REAPING_H

#include <stdint.h>

/* Takes note of a process that this one has to outlive. Of those that nobody has waited for yet, the first 256 are known. */
void note_process(int64_t pid);

/* Waits until the parents of all these processes have waited for them, ten seconds at most. */
void await_reaping(void);

#endif
