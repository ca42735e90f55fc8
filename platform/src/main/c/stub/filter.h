/*
 * The seccomp filter of a stub. Calls from outside stub text, and all of another architecture, become SIGSYS. Calls from stub
 * text are what the stub needs, with arguments checked, because an application can jump to any instruction of the stub.
 */
#ifndef BULWARK_FILTER_H
#define BULWARK_FILTER_H

int install_filter(void);

#endif
