/* The machine as a whole: its clock, entropy, processors and memory. */
#ifndef BULWARK_MACHINE_H
#define BULWARK_MACHINE_H

#include "wire.h"

/* The machine starts to be used: makes clock, host name and random numbers its own. */
long resumed(struct reader *reader);
/* Both reply by themselves. */
void online(uint32_t id);
void ping(uint32_t id);

#endif
