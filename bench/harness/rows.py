"""What is measured. A row is a program whose output has a line for each of its figures: a name and a number."""

NANOSECONDS = "ns"
SECONDS = "s"
PER_SECOND = "/s"
MEBIBYTES = "MiB"


class Row:
    """A figure: its unit, and the most (of a cost) or the least (of a speed) that is aimed at, as a ratio to native."""

    def __init__(self, name, unit, target=None):
        self.name = name
        self.unit = unit
        self.target = target

    @property
    def more_is_better(self):
        return self.unit == PER_SECOND

    def cost(self, value, native):
        """How many times the native cost this is: 2.0 is twice as slow."""
        return native / value if self.more_is_better else value / native


MICRO = [
    Row("getppid", NANOSECONDS, 1.0),
    Row("getpid", NANOSECONDS, 1.0),
    Row("clock_gettime", NANOSECONDS, 1.0),
    Row("pread_64", NANOSECONDS, 1.0),
    Row("pwrite_64", NANOSECONDS, 1.0),
    Row("pread_64k", NANOSECONDS, 1.0),
    Row("pwrite_64k", NANOSECONDS, 1.0),
    Row("pread_64_tmpfs", NANOSECONDS, 1.0),
    Row("pwrite_64_tmpfs", NANOSECONDS, 1.0),
    Row("pread_64k_tmpfs", NANOSECONDS, 1.0),
    Row("pwrite_64k_tmpfs", NANOSECONDS, 1.0),
    Row("read_zero_64", NANOSECONDS, 1.0),
    Row("stat", NANOSECONDS, 1.0),
    Row("open_close", NANOSECONDS, 1.0),
    Row("readdir_1000", NANOSECONDS),
    Row("create_unlink", NANOSECONDS),
    Row("mmap_touch_munmap_64k", NANOSECONDS, 1.5),
    Row("page_fault", NANOSECONDS),
    Row("signal", NANOSECONDS),
    Row("futex_ping_pong", NANOSECONDS, 1.0),
    Row("futex_ping_pong_processes", NANOSECONDS, 1.0),
    Row("pipe_ping_pong_threads", NANOSECONDS, 1.0),
    Row("pipe_ping_pong_processes", NANOSECONDS),
    Row("epoll_wake", NANOSECONDS),
    Row("unix_ping_pong", NANOSECONDS),
    Row("tcp_ping_pong", NANOSECONDS),
    Row("unix_send_64k", NANOSECONDS),
    Row("tcp_send_64k", NANOSECONDS, 1.25),
    Row("thread_create_join", NANOSECONDS, 3.0),
    Row("fork_wait", NANOSECONDS, 4.0),
    Row("vfork_exec_wait", NANOSECONDS, 2.0),
]

# Rows of bench/real.sh; each runs in a container of its own, over the named root file system.
REAL = {
    "rootfs": [
        Row("python_start", SECONDS, 1.25),
        Row("python_cpu", SECONDS, 1.25),
        Row("sqlite_insert", SECONDS, 1.25),
        Row("sqlite_select", SECONDS, 1.25),
        Row("git_clone", SECONDS, 1.25),
        Row("git_status", SECONDS, 1.25),
        Row("tar_create", SECONDS, 1.25),
        Row("find_20000", SECONDS, 1.25),
        Row("make_gcc", SECONDS, 1.25),
        Row("gzip", SECONDS, 1.25),
    ],
    "servers": [
        Row("redis_set", PER_SECOND, 1.25),
        Row("redis_get", PER_SECOND, 1.25),
        Row("nginx_small", PER_SECOND, 1.25),
        Row("nginx_1m", PER_SECOND, 1.25),
        Row("node_http", PER_SECOND, 1.25),
        Row("pgbench", PER_SECOND, 1.25),
        Row("java_hello", SECONDS, 1.25),
    ],
}

SYSTEM = [
    Row("start_true", SECONDS),
    Row("exec_true", SECONDS),
    Row("idle_memory", MEBIBYTES),
    Row("idle_cpu_10s", SECONDS),
    Row("start_50_at_once", SECONDS),
]
