#include "text.h"

#include <sys/syscall.h>

#include "calls.h"

size_t length_of(const char *string) {
  size_t length = 0;
  while (string[length]) length++;
  return length;
}

void add_bytes(struct text *text, const char *bytes, size_t length) {
  for (size_t i = 0; i < length && text->length < sizeof text->bytes - 1; i++) text->bytes[text->length++] = bytes[i];
}

void add(struct text *text, const char *string) { add_bytes(text, string, length_of(string)); }

void add_number(struct text *text, long number) {
  char digits[24];
  int at = sizeof digits;
  unsigned long rest = number < 0 ? -(unsigned long)number : (unsigned long)number;
  do {
    digits[--at] = (char)('0' + rest % 10);
    rest /= 10;
  } while (rest);
  if (number < 0) digits[--at] = '-';
  add_bytes(text, digits + at, sizeof digits - (size_t)at);
}

void print(struct text *text, int fd) {
  text->bytes[text->length++] = '\n';
  size_t done = 0;
  while (done < text->length) {
    long n = call3(SYS_write, fd, text->bytes + done, text->length - done);
    if (n <= 0) return;
    done += (size_t)n;
  }
}
