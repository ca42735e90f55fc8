#include "process.h"

#include <asm/ioctls.h>
#include <asm/signal.h>
#include <linux/fcntl.h>
#include <linux/wait.h>
#include <sys/syscall.h>

#include "calls.h"
#include "text.h"

#define FLAG_TERMINAL 1 /* a terminal of the agent's own making */
#define FLAG_CONSOLE 2  /* the program sends the master of a terminal to the console socket */

#define POLLIN 1
#define POLLOUT 4
#define EINTR 4
#define EAGAIN 11
#define ENOMEM 12
#define EINVAL 22
#define EBADMSG 74
#define ESRCH 3
#define AF_UNIX 1
#define SOCK_STREAM_NONBLOCK_CLOEXEC 0x80801
#define SOL_SOCKET 1
#define SCM_RIGHTS 1
#define MSG_CMSG_CLOEXEC 0x40000000
#define MOST_WORDS 4096
#define CHUNK 32768

enum stream { FIRST = 1, SECOND = 2 };

struct process {
  int used, ended, input_ended, terminal;
  uint32_t id;
  long pid;
  int in, listener;
  int outputs[3]; /* by stream; the first is not used */
  uint32_t credit[3];
  size_t start, end;
  unsigned char waiting[INPUT_WINDOW];
};

struct window_size {
  uint16_t rows, columns, width, height;
};

static struct process processes[MOST_PROCESSES];
/* Which process, and what of it, an entry of the last watch was for. */
static struct {
  struct process *process;
  int what;
} watched[MOST_WAITED];
enum { INPUT_READY = 0, CONSOLE_CALLS = 3 };

/* How processes ended that nobody had asked for: whoever adopts one may come after its end. */
static struct {
  long pid;
  int status;
} orphans[MOST_PROCESSES];
static unsigned last_orphan;

static struct process *find(uint32_t id) {
  for (unsigned i = 0; i < MOST_PROCESSES; i++)
    if (processes[i].used && processes[i].id == id) return &processes[i];
  return 0;
}

static struct process *vacant(void) {
  for (unsigned i = 0; i < MOST_PROCESSES; i++)
    if (!processes[i].used) return &processes[i];
  return 0;
}

static void shut(int *fd) {
  if (*fd >= 0) call3(SYS_close, *fd, 0, 0);
  *fd = -1;
}

static void do_not_block(int fd) { call3(SYS_fcntl, fd, F_SETFL, call3(SYS_fcntl, fd, F_GETFL, 0) | O_NONBLOCK); }

static void end_output(struct process *process, int stream) {
  if (process->outputs[stream] < 0) return;
  shut(&process->outputs[stream]);
  begin_frame(OUTPUT_END, process->id);
  put((uint64_t)stream, 1);
  end_frame();
}

static void forget_if_over(struct process *process) {
  if (!process->ended || process->outputs[FIRST] >= 0 || process->outputs[SECOND] >= 0) return;
  shut(&process->in);
  shut(&process->listener);
  process->used = 0;
}

struct program {
  const char *directory, *console;
  const char *arguments[MOST_WORDS], *environment[MOST_WORDS];
  uint64_t flags, uid, gid;
  struct window_size size;
};

static long get_words(struct reader *reader, const char **words) {
  uint64_t count = get(reader, 4);
  if (count >= MOST_WORDS) return -EINVAL;
  for (uint64_t i = 0; i < count; i++) words[i] = get_string(reader);
  words[count] = 0;
  return (long)count;
}

static long get_program(struct program *program, struct reader *reader) {
  program->flags = get(reader, 4);
  program->uid = get(reader, 4);
  program->gid = get(reader, 4);
  program->size.rows = (uint16_t)get(reader, 2);
  program->size.columns = (uint16_t)get(reader, 2);
  program->console = get_string(reader);
  program->directory = get_string(reader);
  long arguments = get_words(reader, program->arguments);
  long environment = get_words(reader, program->environment);
  if (reader->bad || reader->at != reader->end) return -EBADMSG;
  return arguments <= 0 || environment < 0 ? -EINVAL : 0;
}

/* In the new process. */
static _Noreturn void become(const struct program *program, const int *files, int errors) {
  uint64_t none = 0;
  long failed = call3(SYS_setsid, 0, 0, 0);
  struct {
    void *handler;
    uint64_t flags;
    void *restorer;
    uint64_t mask;
  } usual = {0, 0, 0, 0};
  for (int signal = 1; signal <= 64; signal++) call4(SYS_rt_sigaction, signal, &usual, 0, sizeof usual.mask);
  call4(SYS_rt_sigprocmask, SIG_SETMASK, &none, 0, sizeof none);
  for (int i = 0; i < 3 && failed >= 0; i++) failed = call3(SYS_dup2, files[i], i, 0);
  if (failed >= 0 && program->flags & FLAG_TERMINAL) failed = call3(SYS_ioctl, 0, TIOCSCTTY, 0);
  if (failed >= 0) failed = call3(SYS_chdir, program->directory, 0, 0);
  if (failed >= 0 && (program->uid || program->gid)) {
    failed = call3(SYS_setgroups, 0, 0, 0);
    if (failed >= 0) failed = call3(SYS_setgid, program->gid, 0, 0);
    if (failed >= 0) failed = call3(SYS_setuid, program->uid, 0, 0);
  }
  if (failed >= 0) failed = call3(SYS_execve, program->arguments[0], program->arguments, program->environment);
  call3(SYS_write, errors, &failed, sizeof failed);
  call3(SYS_exit_group, 127, 0, 0);
  __builtin_unreachable();
}

static long open_terminal(int *files, struct process *process, const struct window_size *size) {
  int unlocked = 0;
  long master = call3(SYS_open, "/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC, 0);
  if (master < 0) return master;
  process->outputs[FIRST] = (int)master;
  call3(SYS_ioctl, master, TIOCSPTLCK, &unlocked);
  call3(SYS_ioctl, master, TIOCSWINSZ, size);
  long slave = call3(SYS_ioctl, master, 0x5441 /* TIOCGPTPEER */, O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (slave < 0) return slave;
  files[0] = files[1] = files[2] = (int)slave;
  process->terminal = 1;
  process->in = (int)call3(SYS_fcntl, master, F_DUPFD_CLOEXEC, 0);
  return 0;
}

static long listen_on(const char *path, int *listener) {
  struct {
    uint16_t family;
    char path[108];
  } address = {AF_UNIX, ""};
  if (length_of(path) >= sizeof address.path) return -EINVAL;
  memcpy(address.path, path, length_of(path) + 1);
  call3(SYS_unlink, path, 0, 0);
  *listener = (int)call3(SYS_socket, AF_UNIX, SOCK_STREAM_NONBLOCK_CLOEXEC, 0);
  if (*listener < 0) return *listener;
  long failed = call3(SYS_bind, *listener, &address, sizeof address);
  return failed < 0 ? failed : call3(SYS_listen, *listener, 1, 0);
}

static long open_pipe(int *read_end, int *write_end) {
  int ends[2];
  long failed = call3(SYS_pipe2, ends, O_CLOEXEC, 0);
  if (failed < 0) return failed;
  *read_end = ends[0];
  *write_end = ends[1];
  return 0;
}

/* Its three files, and the agent's ends of them. */
static long open_files(const struct program *program, int *files, struct process *process) {
  if (program->flags & FLAG_TERMINAL) return open_terminal(files, process, &program->size);
  long failed = 0;
  if (program->flags & FLAG_CONSOLE) {
    failed = listen_on(program->console, &process->listener);
    if (failed < 0) return failed;
    process->terminal = 1;
    failed = files[0] = (int)call3(SYS_open, "/dev/null", O_RDWR | O_CLOEXEC, 0);
    if (failed >= 0) failed = open_pipe(&process->outputs[SECOND], &files[2]);
    if (failed >= 0) failed = files[1] = (int)call3(SYS_fcntl, files[2], F_DUPFD_CLOEXEC, 0);
    return failed < 0 ? failed : 0;
  }
  failed = open_pipe(&files[0], &process->in);
  if (failed >= 0) failed = open_pipe(&process->outputs[FIRST], &files[1]);
  if (failed >= 0) failed = open_pipe(&process->outputs[SECOND], &files[2]);
  return failed;
}

static long start(struct process *process, const struct program *program) {
  int files[3] = {-1, -1, -1};
  int errors[2] = {-1, -1};
  long failed = open_files(program, files, process);
  if (failed >= 0) failed = open_pipe(&errors[0], &errors[1]);
  long pid = -1;
  if (failed >= 0) failed = pid = call6(SYS_clone, SIGCHLD, 0, 0, 0, 0, 0);
  if (pid == 0) become(program, files, errors[1]);
  shut(&errors[1]);
  for (int i = 0; i < 3; i++)
    if (i == 0 || files[i] != files[0]) shut(&files[i]);
  long reason = 0;
  if (pid > 0 && call3(SYS_read, errors[0], &reason, sizeof reason) == sizeof reason) {
    failed = reason;
    call4(SYS_wait4, pid, 0, __WALL, 0);
  }
  shut(&errors[0]);
  return failed < 0 ? failed : pid;
}

static void occupy(struct process *process, uint32_t id) {
  process->used = 1;
  process->ended = process->input_ended = process->terminal = 0;
  process->id = id;
  process->in = process->listener = process->outputs[FIRST] = process->outputs[SECOND] = -1;
  process->credit[FIRST] = process->credit[SECOND] = OUTPUT_WINDOW;
  process->start = process->end = 0;
}

void spawn(uint32_t id, struct reader *reader) {
  static struct program program;
  struct process *process = vacant();
  long result = get_program(&program, reader);
  if (result == 0 && find(id)) result = -EINVAL;
  if (result == 0 && !process) result = -EAGAIN;
  if (result < 0) {
    reply(id, result);
    return;
  }
  occupy(process, id);
  result = start(process, &program);
  if (result < 0) {
    shut(&process->in);
    shut(&process->listener);
    shut(&process->outputs[FIRST]);
    shut(&process->outputs[SECOND]);
    process->used = 0;
    reply(id, result);
    return;
  }
  process->pid = result;
  if (process->in >= 0) do_not_block(process->in);
  for (int stream = FIRST; stream <= SECOND; stream++)
    if (process->outputs[stream] >= 0) do_not_block(process->outputs[stream]);
  begin_frame(REPLY, id);
  put(0, 4);
  put((uint64_t)result, 4);
  end_frame();
}

/* Gives the process what waits for it, and the host the room that this makes. */
static void pass_input(struct process *process) {
  size_t before = process->start;
  while (process->in >= 0 && process->start < process->end) {
    long n = call3(SYS_write, process->in, process->waiting + process->start, process->end - process->start);
    if (n == -EINTR) continue;
    if (n == -EAGAIN) break;
    if (n <= 0) shut(&process->in);
    else process->start += (size_t)n;
  }
  /* Nobody reads any more: what comes is taken and thrown away, so that the host does not wait. */
  if (process->in < 0 && process->listener < 0) process->start = process->end;
  if (process->start > before) {
    begin_frame(CREDIT, process->id);
    put(process->start - before, 4);
    end_frame();
  }
  if (process->start == process->end) {
    process->start = process->end = 0;
    if (process->input_ended && !process->terminal) shut(&process->in);
  }
}

void input(uint32_t id, struct reader *reader) {
  struct process *process = find(id);
  size_t length = (size_t)(reader->end - reader->at);
  if (!process) return; /* it ended while this was on its way */
  if (process->start > 0) {
    memmove(process->waiting, process->waiting + process->start, process->end - process->start);
    process->end -= process->start;
    process->start = 0;
  }
  if (length > INPUT_WINDOW - process->end) length = INPUT_WINDOW - process->end; /* more than it was allowed: lost */
  memcpy(process->waiting + process->end, reader->at, length);
  process->end += length;
  pass_input(process);
}

void input_end(uint32_t id) {
  struct process *process = find(id);
  if (!process) return;
  process->input_ended = 1;
  pass_input(process);
}

void taken(uint32_t id, struct reader *reader) {
  struct process *process = find(id);
  uint64_t stream = get(reader, 1);
  uint64_t bytes = get(reader, 4);
  if (reader->bad || !process || stream < FIRST || stream > SECOND) return;
  if (bytes <= OUTPUT_WINDOW - process->credit[stream]) process->credit[stream] += (uint32_t)bytes;
}

void close_output(uint32_t id, struct reader *reader) {
  struct process *process = find(id);
  uint64_t stream = get(reader, 1);
  if (reader->bad || !process || stream < FIRST || stream > SECOND) return;
  end_output(process, (int)stream);
  forget_if_over(process);
}

long window(struct reader *reader) {
  struct process *process = find((uint32_t)get(reader, 4));
  struct window_size size = {0, 0, 0, 0};
  size.rows = (uint16_t)get(reader, 2);
  size.columns = (uint16_t)get(reader, 2);
  if (reader->bad) return -EBADMSG;
  if (!process) return -ESRCH;
  if (!process->terminal || process->outputs[FIRST] < 0) return -EAGAIN;
  return call3(SYS_ioctl, process->outputs[FIRST], TIOCSWINSZ, &size);
}

static unsigned add(struct pollfd *entries, unsigned count, struct process *process, int what, int fd, short events) {
  entries[count].fd = fd;
  entries[count].events = events;
  entries[count].got = 0;
  watched[count].process = process;
  watched[count].what = what;
  return count + 1;
}

unsigned watch(struct pollfd *entries) {
  unsigned count = 0;
  for (unsigned i = 0; i < MOST_PROCESSES; i++) {
    struct process *process = &processes[i];
    if (!process->used) continue;
    if (process->in >= 0 && process->start < process->end) count = add(entries, count, process, INPUT_READY, process->in, POLLOUT);
    for (int stream = FIRST; stream <= SECOND; stream++)
      if (process->outputs[stream] >= 0 && process->credit[stream] > 0 && room())
        count = add(entries, count, process, stream, process->outputs[stream], POLLIN);
    if (process->listener >= 0) count = add(entries, count, process, CONSOLE_CALLS, process->listener, POLLIN);
  }
  return count;
}

/* The program connected to the console socket, and sends the master of its terminal. */
static void take_console(struct process *process) {
  char text[256];
  struct {
    uint64_t length;
    int level, type;
    int fd, padding;
  } control;
  struct {
    void *base;
    uint64_t length;
  } buffer = {text, sizeof text};
  struct {
    void *name;
    uint32_t name_length, padding;
    void *buffers;
    uint64_t count;
    void *control;
    uint64_t control_length;
    uint64_t flags;
  } message = {0, 0, 0, &buffer, 1, &control, sizeof control, 0};
  long connection = call4(SYS_accept4, process->listener, 0, 0, O_CLOEXEC);
  if (connection < 0) return;
  long n = call3(SYS_recvmsg, connection, &message, MSG_CMSG_CLOEXEC);
  if (n >= 0 && message.control_length >= 20 && control.level == SOL_SOCKET && control.type == SCM_RIGHTS) {
    process->outputs[FIRST] = control.fd;
    do_not_block(control.fd);
    process->in = (int)call3(SYS_fcntl, control.fd, F_DUPFD_CLOEXEC, 0);
  }
  call3(SYS_close, connection, 0, 0);
  shut(&process->listener);
  pass_input(process);
}

static void pass_output(struct process *process, int stream) {
  static unsigned char bytes[CHUNK];
  size_t most = process->credit[stream] < CHUNK ? process->credit[stream] : CHUNK;
  if (process->outputs[stream] < 0 || most == 0 || !room()) return;
  long n = call3(SYS_read, process->outputs[stream], bytes, most);
  if (n == -EAGAIN || n == -EINTR) return;
  if (n <= 0) { /* a terminal that nobody uses any more gives an error */
    end_output(process, stream);
    forget_if_over(process);
    return;
  }
  process->credit[stream] -= (uint32_t)n;
  begin_frame(OUTPUT, process->id);
  put((uint64_t)stream, 1);
  put_bytes(bytes, (size_t)n);
  end_frame();
}

void serve(const struct pollfd *entries, unsigned count) {
  for (unsigned i = 0; i < count; i++) {
    struct process *process = watched[i].process;
    if (!entries[i].got || !process->used) continue;
    if (watched[i].what == INPUT_READY) pass_input(process);
    else if (watched[i].what == CONSOLE_CALLS) take_console(process);
    else pass_output(process, watched[i].what);
  }
}

/* The program ended: it has sent its terminal, or never will. */
static void no_console(struct process *process) {
  take_console(process);
  if (process->outputs[FIRST] >= 0) return;
  shut(&process->listener);
  begin_frame(OUTPUT_END, process->id);
  put(FIRST, 1);
  end_frame();
}

static void report_end(struct process *process, int status) {
  process->ended = 1;
  begin_frame(EXIT, process->id);
  put((uint64_t)status, 4);
  end_frame();
  if (process->listener >= 0) no_console(process);
  forget_if_over(process);
}

static struct process *living(long pid) {
  for (unsigned i = 0; i < MOST_PROCESSES; i++)
    if (processes[i].used && processes[i].pid == pid && !processes[i].ended) return &processes[i];
  return 0;
}

int reap(void) {
  int status;
  long pid = 0;
  while (room() && (pid = call4(SYS_wait4, -1, &status, WNOHANG | __WALL, 0)) > 0) {
    struct process *process = living(pid);
    if (process) {
      report_end(process, status);
    } else {
      last_orphan = (last_orphan + 1) % MOST_PROCESSES;
      orphans[last_orphan].pid = pid;
      orphans[last_orphan].status = status;
    }
  }
  return pid > 0;
}

void adopt(uint32_t id, struct reader *reader) {
  struct process *process = vacant();
  long pid = (long)get(reader, 4);
  long failed = 0;
  unsigned ended = MOST_PROCESSES;
  for (unsigned i = 0; i < MOST_PROCESSES && pid > 0; i++)
    if (orphans[i].pid == pid) ended = i;
  if (reader->bad || reader->at != reader->end) failed = -EBADMSG;
  else if (find(id) || pid <= 1 || pid > 0x7fffffff || living(pid)) failed = -EINVAL;
  else if (!process) failed = -EAGAIN;
  else if (ended == MOST_PROCESSES) failed = call3(SYS_kill, pid, 0, 0);
  reply(id, failed);
  if (failed < 0) return;
  occupy(process, id);
  process->pid = pid;
  if (ended < MOST_PROCESSES) {
    orphans[ended].pid = 0;
    report_end(process, orphans[ended].status);
  }
}
