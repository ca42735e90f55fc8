package dev.bulwark.sentry.syscall;

/**
 * One line of the system-call table.
 *
 * @param number the call's number on x86-64
 * @param name its name as in the manual
 * @param support how complete it is
 * @param note what is missing or peculiar, for people; empty when there is nothing to say
 * @param handler what answers it
 */
public record Row(int number, String name, Support support, String note, Handler handler) {}
