/* The programs that the host started, and their inputs and outputs. */
#ifndef BULWARK_PROCESS_H
#define BULWARK_PROCESS_H

#include "wire.h"

#define MOST_PROCESSES 128
#define MOST_WAITED (4 * MOST_PROCESSES)

struct pollfd {
  int fd;
  short events, got;
};

/* Requests; each replies by itself where it is due. */
void spawn(uint32_t id, struct reader *reader);
void adopt(uint32_t id, struct reader *reader);
void input(uint32_t id, struct reader *reader);
void input_end(uint32_t id);
void taken(uint32_t id, struct reader *reader);
void close_output(uint32_t id, struct reader *reader);
long window(struct reader *reader);

/* Fills entries with what processes wait for, and returns their number; afterwards acts on them. */
unsigned watch(struct pollfd *entries);
void serve(const struct pollfd *entries, unsigned count);

/* Takes note of all processes that have ended; returns 1 when there was no room to report more. */
int reap(void);

#endif
