/*
 * The host kernel's vdso, kept for applications: its functions tell the time from pages that the host keeps up to date and
 * nobody in user space can write, without a system call. What they cannot answer they ask by a system call of their own, which
 * the filter hands to the Sentry like any other.
 */
#ifndef BULWARK_VDSO_H
#define BULWARK_VDSO_H

#include <stdint.h>

/*
 * Moves the vdso and the pages that it reads to where they stay in all stubs. Gives its address and, from
 * bit 4 on, how many pages it has; or 0 when the host has none or will not move it: then applications have none either.
 */
uint64_t keep_vdso(const uint64_t *auxiliary_vector);

#endif
