/* Strings and memory without a C library. */
#ifndef BULWARK_AGENT_TEXT_H
#define BULWARK_AGENT_TEXT_H

#include <stddef.h>
#include <stdint.h>

void *memcpy(void *to, const void *from, size_t length);
void *memmove(void *to, const void *from, size_t length);
void *memset(void *to, int byte, size_t length);
size_t length_of(const char *string);
int same(const char *a, const char *b);

/* Puts a string, or a number in decimal, at a place and a NUL behind it; returns the place of the NUL. */
char *put_string(char *at, const char *string);
char *put_number(char *at, unsigned long number);

/* Writes a whole string to a file that exists; returns 0 or an errno negated. */
long write_file(const char *path, const char *contents);

#endif
