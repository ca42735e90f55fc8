#include "text.h"

#include <linux/fcntl.h>
#include <sys/syscall.h>

#include "calls.h"

void *memcpy(void *to, const void *from, size_t length) {
  void *end = to;
  __asm__ volatile("rep movsb" : "+D"(end), "+S"(from), "+c"(length) : : "memory");
  return to;
}

void *memmove(void *to, const void *from, size_t length) {
  char *a = to;
  const char *b = from;
  if (a <= b || a >= b + length) return memcpy(to, from, length);
  while (length--) a[length] = b[length];
  return to;
}

void *memset(void *to, int byte, size_t length) {
  void *end = to;
  __asm__ volatile("rep stosb" : "+D"(end), "+c"(length) : "a"(byte) : "memory");
  return to;
}

size_t length_of(const char *string) {
  size_t length = 0;
  while (string[length]) length++;
  return length;
}

int same(const char *a, const char *b) {
  while (*a && *a == *b) a++, b++;
  return *a == *b;
}

char *put_string(char *at, const char *string) {
  size_t length = length_of(string);
  memcpy(at, string, length + 1);
  return at + length;
}

char *put_number(char *at, unsigned long number) {
  char digits[24];
  int i = sizeof digits - 1;
  digits[i] = 0;
  do {
    digits[--i] = (char)('0' + number % 10);
    number /= 10;
  } while (number);
  return put_string(at, digits + i);
}

long write_file(const char *path, const char *contents) {
  long fd = call3(SYS_open, path, O_WRONLY | O_CLOEXEC, 0);
  if (fd < 0) return fd;
  long written = call3(SYS_write, fd, contents, length_of(contents));
  call3(SYS_close, fd, 0, 0);
  return written < 0 ? written : 0;
}
