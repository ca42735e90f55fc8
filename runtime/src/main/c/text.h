/* Sentences for people on standard error, put together without a C library. */
#ifndef BULWARK_TEXT_H
#define BULWARK_TEXT_H

#include <stddef.h>
#include <stdint.h>

struct text {
  size_t length;
  char bytes[8192];
};

/* Both cut what does not fit. */
void add_bytes(struct text *text, const char *bytes, size_t length);
void add(struct text *text, const char *string);
void add_number(struct text *text, long number);

/* Writes the text and a line end to a descriptor. */
void print(struct text *text, int fd);

size_t length_of(const char *string);

#endif
