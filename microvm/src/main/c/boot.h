/* What the first process of a machine has to do before it can serve. */
#ifndef BULWARK_BOOT_H
#define BULWARK_BOOT_H

/* Mounts the kernel's file systems and loads modules; returns the port to the host. Says on the console what fails. */
int boot(void);

/* A line for the machine's console. */
void log_line(const char *what, long error);

_Noreturn void power_off(void);

#endif
