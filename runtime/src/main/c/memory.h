/*
 * Engines learn of a lack of memory from the host's cgroup alone, but the Sentry finds it before the host does. So the host is made
 * to find it too: the cgroup's limit is lowered to what is used, and a process that nobody misses runs into it.
 */
#ifndef BULWARK_MEMORY_H
#define BULWARK_MEMORY_H

/* Does nothing without descriptors. The limit is as before afterwards. */
void announce_lack_of_memory(int limit_fd, int usage_fd);

#endif
