#include "wire.h"

#include <sys/syscall.h>

#include "calls.h"
#include "text.h"

#define EINTR 4
#define EAGAIN 11
#define OUT_BYTES (8 * (MOST_FRAME + 4))

static unsigned char in[2 * (MOST_FRAME + 4)];
static size_t in_start, in_end;
static unsigned char out[OUT_BYTES];
static size_t out_start, out_end, frame_start;

uint64_t get(struct reader *reader, unsigned bytes) {
  uint64_t value = 0;
  if ((size_t)(reader->end - reader->at) < bytes) {
    reader->bad = 1;
    reader->at = reader->end;
    return 0;
  }
  for (unsigned i = 0; i < bytes; i++) value |= (uint64_t)*reader->at++ << 8 * i;
  return value;
}

const char *get_string(struct reader *reader) {
  uint64_t length = get(reader, 4);
  const char *string = (const char *)reader->at;
  if (reader->bad || (uint64_t)(reader->end - reader->at) <= length || reader->at[length] != 0) {
    reader->bad = 1;
    reader->at = reader->end;
    return "";
  }
  reader->at += length + 1;
  return string;
}

int room(void) {
  if (out_start == out_end) out_start = out_end = 0;
  if (OUT_BYTES - out_end < 2 * (MOST_FRAME + 4) && out_start > 0) {
    memmove(out, out + out_start, out_end - out_start);
    out_end -= out_start;
    out_start = 0;
  }
  return OUT_BYTES - out_end >= 2 * (MOST_FRAME + 4);
}

void put(uint64_t value, unsigned bytes) {
  for (unsigned i = 0; i < bytes; i++) out[out_end++] = (unsigned char)(value >> 8 * i);
}

void put_bytes(const void *bytes, size_t length) {
  memcpy(out + out_end, bytes, length);
  out_end += length;
}

void begin_frame(int type, uint32_t id) {
  frame_start = out_end;
  out_end += 4;
  put((uint64_t)type, 1);
  put(id, 4);
}

void end_frame(void) {
  size_t end = out_end;
  out_end = frame_start;
  put(end - frame_start - 4, 4);
  out_end = end;
}

void reply(uint32_t id, long result) {
  begin_frame(REPLY, id);
  put(result < 0 ? (uint64_t)-result : 0, 4);
  end_frame();
}

int fill(int fd) {
  if (in_start > 0) {
    memmove(in, in + in_start, in_end - in_start);
    in_end -= in_start;
    in_start = 0;
  }
  if (in_end == sizeof in) return 0; /* to read nothing would look like the end */
  long n = call3(SYS_read, fd, in + in_end, sizeof in - in_end);
  if (n == -EAGAIN || n == -EINTR) return 0;
  if (n <= 0) return -1;
  in_end += (size_t)n;
  return 1;
}

int next_frame(struct frame *frame) {
  struct reader reader = {in + in_start, in + in_end, 0};
  uint64_t length = get(&reader, 4);
  if (reader.bad) return 0;
  if (length < 5 || length > MOST_FRAME) return -1;
  if ((uint64_t)(reader.end - reader.at) < length) return 0;
  reader.end = reader.at + length;
  frame->type = (int)get(&reader, 1);
  frame->id = (uint32_t)get(&reader, 4);
  frame->payload = reader;
  in_start += 4 + length;
  return 1;
}

int drain(int fd) {
  while (out_start < out_end) {
    long n = call3(SYS_write, fd, out + out_start, out_end - out_start);
    if (n == -EINTR) continue;
    if (n <= 0) return 1;
    out_start += (size_t)n;
  }
  return 0;
}
