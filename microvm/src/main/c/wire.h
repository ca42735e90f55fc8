/*
 * The frames between the agent and the host, whose other end is dev.bulwark.microvm.agent.
 *
 *   u32 length of what follows, 5 to MOST_FRAME | u8 type | u32 id | payload
 *
 * Numbers are little-endian. A string is its length without the final NUL as u32, its bytes, and the NUL. What does not keep to this
 * ends the connection, and with it the machine: neither side guesses.
 */
#ifndef BULWARK_WIRE_H
#define BULWARK_WIRE_H

#include <stddef.h>
#include <stdint.h>

#define PROTOCOL_VERSION 2
#define MOST_PAYLOAD 65536
#define FRAME_HEAD 9
#define MOST_FRAME (MOST_PAYLOAD + 5 + 256) /* a chunk of a file and what says where it belongs */

/* How many bytes of input the host may send a process before the agent says that some were taken. */
#define INPUT_WINDOW 65536
/* How many bytes of each of its outputs the agent may send before the host says that some were taken. */
#define OUTPUT_WINDOW 262144

enum request {
  SPAWN = 1,    /* u32 flags, u32 uid, u32 gid, u16 rows, u16 columns, string console socket, string directory, u32 n, n strings of arguments,
                   u32 n, n strings of environment; the id names the process from then on -> u32 pid */
  INPUT = 2,    /* bytes for a process's input; no reply */
  INPUT_END,    /* its input has ended; no reply */
  TAKEN,        /* u8 stream, u32 bytes of its output that the host took; no reply */
  SIGNAL,       /* u32 pid, u32 signal */
  WINDOW,       /* u32 process, u16 rows, u16 columns */
  MOUNT,        /* string source, string target, string type, u64 flags, string data; the target is made if need be */
  UNMOUNT,      /* string target */
  WRITE_FILE,   /* string path, u32 mode, u64 offset, bytes; offset 0 makes the file anew */
  READ_FILE,    /* string path, u64 offset, u32 length -> bytes */
  STAT,         /* string path -> u32 mode, u32 uid, u32 gid, u64 size, u64 seconds of change */
  MAKE_DIRECTORY, /* string path, u32 mode; those above it are made if need be */
  RESUMED,      /* u64 nanoseconds of the clock, string host name, bytes of entropy */
  ONLINE,       /* -> u32 processors, u32 blocks of memory, that were set online */
  PING,         /* -> u64 nanoseconds since start, u64 nanoseconds of the clock, 8 random bytes */
  POWER_OFF,    /* no reply */
  CLOSE_OUTPUT, /* u8 stream of the process: whoever writes to it gets EPIPE; no reply */
  ADOPT         /* u32 pid of a process whose parent has left it to the agent; the id names it from then on, and its end is reported */
};

enum report {
  HELLO = 64, /* u32 version */
  REPLY,      /* u32 errno, then what the request gives when it is 0 */
  OUTPUT,     /* u8 stream, bytes; the id is the process's */
  OUTPUT_END, /* u8 stream */
  CREDIT,     /* u32 bytes of input that the process took */
  EXIT        /* u32 status as wait4(2) has it */
};

/* Reads the payload of a frame; what goes beyond its end gives zeros and sets bad. */
struct reader {
  const unsigned char *at, *end;
  int bad;
};

uint64_t get(struct reader *reader, unsigned bytes);
const char *get_string(struct reader *reader);

/* Whether there is room for a frame of the largest size. */
int room(void);
void begin_frame(int type, uint32_t id);
void put(uint64_t value, unsigned bytes);
void put_bytes(const void *bytes, size_t length);
void end_frame(void);
/* A reply with an errno negated, or without results. */
void reply(uint32_t id, long result);

/* The connection. Reading gives whole frames; both ends of the agent's life: a connection that ends or makes no sense. */
struct frame {
  int type;
  uint32_t id;
  struct reader payload;
};

/* Takes what has arrived: -1 when the connection has ended. */
int fill(int fd);
/* 1 with a frame, valid until the next fill; 0 when there is none; -1 when what came is no frame. */
int next_frame(struct frame *frame);
/* Sends what there is; 1 while something is left. */
int drain(int fd);

#endif
