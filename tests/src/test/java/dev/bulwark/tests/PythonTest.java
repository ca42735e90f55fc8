package dev.bulwark.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Python, and parts of its own test suite. */
class PythonTest {

  @Test
  void threadsProcessesEventLoopsAndDatabases() {
    assertEquals(
        "10\nb'sub\\n'\n[1, 4, 9]\nasync\n[(3,)]\n",
        Debian.of(
                "python3",
                "-c",
                """
                import asyncio, multiprocessing, sqlite3, subprocess, threading
                done = []
                threads = [threading.Thread(target=lambda: done.append(1)) for _ in range(10)]
                [t.start() for t in threads]; [t.join() for t in threads]
                print(len(done), flush=True)
                print(subprocess.check_output(["echo", "sub"]), flush=True)
                def square(x): return x * x
                with multiprocessing.Pool(2) as pool: print(pool.map(square, [1, 2, 3]), flush=True)
                async def main():
                    await asyncio.sleep(0.01); print("async", flush=True)
                asyncio.run(main())
                print(sqlite3.connect(":memory:").execute("select 1+2").fetchall())
                """)
            .run()
            .expect(0)
            .out());
  }

  /** Those that take longest, many of them by waiting, come first. */
  private static final List<String> MODULES =
      List.of(
          """
          test_selectors test_signal test_tarfile test_lzma test_bz2 test_threading test_gzip
          test_poll test_wait4 test_os test_zlib test_posix test_posixpath test_pathlib test_shutil
          test_tempfile test_fileio test_file test_glob test_fcntl test_mmap test_stat
          test_genericpath test_thread test_select test_time test_resource test_pty
          test_grammar test_builtin test_dict test_list test_set test_tuple test_string test_bytes
          test_int test_float test_generators test_class test_exceptions test_json test_re
          test_struct test_hashlib test_csv test_configparser
          """
              .split("\\s+"));

  @Test
  void modulesOfItsTestSuite() {
    // Not in place of the shell: orphans go to the first process, and the tests count children.
    Result result =
        Debian.bash("python3 -m test -j3 %s\nexit 0".formatted(String.join(" ", MODULES)))
            .limit(Duration.ofMinutes(10))
            .run();
    assertTrue(result.out().contains("All " + MODULES.size() + " tests OK."), result.toString());
  }
}
