package dev.bulwark.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tools of every kind, unmodified, from Debian's packages. */
class ToolsTest {

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "bzip2", "xz", "zstd"})
  void archivesComeBackAsTheyWere(String compressor) {
    assertEquals(
        "same\n",
        Debian.run(
            """
            cp -r /etc/alternatives d; head -c 1000000 /dev/urandom >d/random
            tar -cf - d | %1$s -q >x; mkdir out; %1$s -dq <x | tar -xf - -C out
            diff -r --no-dereference d out/d && echo same
            """
                .formatted(compressor)));
  }

  @Test
  void compilerAndThreadedProgram() {
    assertEquals(
        "4000\n",
        Debian.bash(
                """
                cat >t.c <<'X'
                #include <pthread.h>
                #include <stdio.h>
                static int n; static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
                static void *f(void *p) {
                  for (int i = 0; i < 1000; i++) { pthread_mutex_lock(&m); n++; pthread_mutex_unlock(&m); }
                  return p;
                }
                int main(void) {
                  pthread_t t[4];
                  for (int i = 0; i < 4; i++) pthread_create(t + i, 0, f, 0);
                  for (int i = 0; i < 4; i++) pthread_join(t[i], 0);
                  printf("%d\\n", n);
                }
                X
                gcc -O2 -pthread -o t t.c && ./t
                """)
            .limit(Duration.ofMinutes(2))
            .run()
            .expect(0)
            .out());
  }

  @Test
  void aProgramWithoutALibrary() {
    assertEquals(
        "raw\n",
        Debian.run(
            """
            cat >r.c <<'X'
            static long call(long n, long a, long b, long c) {
              long r;
              __asm__ volatile("syscall" : "=a"(r) : "a"(n), "D"(a), "S"(b), "d"(c) : "rcx", "r11", "memory");
              return r;
            }
            static char stack[65536] __attribute__((aligned(16)));
            static volatile int ready;
            void _start(void) {
              long tid = call(56, 0x10f00, (long)(stack + 65536), 0);
              if (tid == 0) { ready = 1; call(60, 0, 0, 0); }
              while (!ready) call(24, 0, 0, 0);
              call(1, 1, (long)"raw\\n", 4);
              call(231, 0, 0, 0);
            }
            X
            gcc -O1 -nostdlib -static -o r r.c && ./r
            """));
  }

  @Test
  void makeRunsJobsInParallel() {
    assertEquals(
        "a b c d all\n",
        Debian.run(
            """
            printf 'all: a b c d\\n\\t@cat a b c d | tr "\\\\n" " "; echo all\\na b c d:\\n\\t@sleep 0.1; echo $@ >$@\\n' >Makefile
            make -s -j2
            """));
  }

  @Test
  void gitMakesCommitsAndClones() {
    assertEquals(
        "second\nfirst\nfile\n",
        Debian.bash(
                """
                export HOME=/tmp
                git config --global user.email a@example.org; git config --global user.name A
                git config --global init.defaultBranch main
                git init -q r; cd r; echo 1 >file; git add file; git commit -qm first
                echo 2 >>file; git commit -qam second; git log --format=%s
                cd ..; git clone -q r c; ls c; git -C c fsck --strict >/dev/null 2>&1
                """)
            .run()
            .expect(0)
            .out());
  }

  @Test
  void sqlite3KeepsADatabase() {
    assertEquals(
        "5050\nok\n",
        Debian.run(
            """
            sqlite3 db 'create table t(a); with recursive c(x) as (select 1 union all select x+1 from c where x<100) insert into t select x from c;'
            sqlite3 db 'select sum(a) from t; pragma integrity_check'
            """));
  }

  @Test
  void perl() {
    assertEquals(
        "child 7\n3 2 1\n",
        Debian.run(
            """
            perl -e 'if (my $p = fork) { waitpid $p, 0; print "child ", $? >> 8, "\\n" } else { exit 7 }
              print join(" ", reverse 1..3), "\\n"'
            """));
  }

  @Test
  void openssl() {
    assertEquals(
        "(stdin)= 2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824\nVerified OK\n",
        Debian.run(
            """
            printf hello | openssl sha256 -hex | sed 's/^SHA2-256//'
            openssl ecparam -name prime256v1 -genkey -noout -out k; openssl ec -in k -pubout -out p 2>/dev/null
            echo x >m; openssl dgst -sha256 -sign k -out s m; openssl dgst -sha256 -verify p -signature s m
            """));
  }

  @Test
  void dpkgListsAndInstalls(@TempDir Path scratch) throws IOException {
    Path root = scratch.resolve("root");
    Native.run("cp", "-a", Sandbox.HOME.resolve("dist/rootfs/.").toString(), root.toString())
        .expect(0);
    String script =
        """
        set -e
        dpkg -l | grep -c '^ii' >/tmp/n; [ $(cat /tmp/n) -gt 100 ]
        mkdir -p /tmp/p/DEBIAN /tmp/p/usr/bin; printf '#!/bin/sh\\necho packaged\\n' >/tmp/p/usr/bin/packaged
        chmod 755 /tmp/p/usr/bin/packaged
        printf 'Package: packaged\\nVersion: 1\\nArchitecture: all\\nMaintainer: A <a@example.org>\\nDescription: x\\n' >/tmp/p/DEBIAN/control
        dpkg-deb -b /tmp/p /tmp/p.deb >/dev/null; dpkg -i /tmp/p.deb >/dev/null
        packaged; dpkg -s packaged | grep Status
        """;
    assertEquals(
        "packaged\nStatus: install ok installed\n",
        Sandbox.of("/bin/bash", "-c", script)
            .with("--root", root.toString(), "--rw")
            .limit(Duration.ofMinutes(2))
            .run()
            .expect(0)
            .out());
    assertEquals(
        0, Native.run("test", "-x", root.resolve("usr/bin/packaged").toString()).exitCode());
  }

  @Test
  void processesAreSeen() {
    String out =
        Debian.run("sleep 30 & ps -eo pid,comm --no-headers; lsof -p $$ | grep -c cwd; kill %1");
    assertTrue(out.contains("1 bash") && out.contains("sleep"), out);
    assertTrue(out.endsWith("1\n"), out);
    String top = Debian.run("top -b -n 1 | sed -n '1p;7,8p'");
    assertTrue(top.startsWith("top - ") && top.contains("PID USER"), top);
  }
}
