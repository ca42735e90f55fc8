/*
 * Calls from patched call sites: the application jumps to PATCH_ENTRY with its return address in r11, and the thread goes on
 * from there as if the kernel had answered. No signal is raised; floating-point state stays in its registers.
 *
 * The thread finds its slot by the base of gs, which applications on x86-64 do not use. Where it is not the slot's, the call is
 * made by a trap. Nothing here can do more than the application could by itself: what it touches is the slot.
 */
#ifndef BULWARK_PATCHED_H
#define BULWARK_PATCHED_H

#include <asm/sigcontext.h>
#include <stdbool.h>

#include "layout.h"

/* Traps where the base of gs is not a slot's, with the registers of the application. */
extern const char patched_bare[] __attribute__((visibility("hidden")));

/* Whether a thread trapped because it shall stop at the end of its call. */
bool stopped_patched(uint64_t address);

/* Whether a thread was past its last look at slot.kicked. */
bool in_patched_exit(uint64_t address);

/* Gives a thread that trapped at patched_bare the registers that it has after a syscall instruction. */
void return_from_bare(struct sigcontext_64 *registers);

/* Gives a thread that is between the Sentry's answer and the application the registers of the latter. */
void complete_patched(const struct slot *slot, struct sigcontext_64 *registers);

/* Stores those parts of the application's floating-point state that a mask names, as XSAVE numbers them, in FP_STATE. */
void save_fp(struct slot *slot, uint64_t parts);

/* Hands an event to the Sentry and obeys its orders until the application is to go on; returns the order to do so. */
uint32_t serve(struct slot *slot, uint32_t event);

#endif
