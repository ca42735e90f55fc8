package dev.bulwark.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Shells and what scripts are made of. */
class ShellProgramsTest {

  @ParameterizedTest
  @ValueSource(strings = {"/bin/bash", "/bin/dash", "/bin/busybox"})
  void pipelinesHereDocumentsSubstitutionsAndCodes(String shell) {
    String script =
        """
        for i in 3 1 2; do echo $i; done | sort | tr '\\n' ' '; echo
        cat <<X
        here $((6 * 7)) $(echo sub; echo stitution)
        X
        (exit 3) || echo code $?
        false | true && echo pipe
        x=$(printf 'a\\nb\\n' | wc -l); echo $x
        echo one >/tmp/f; echo two >>/tmp/f; while read -r l; do echo "<$l>"; done </tmp/f
        """;
    String[] command =
        shell.endsWith("busybox")
            ? new String[] {shell, "sh", "-c", script}
            : new String[] {shell, "-c", script};
    assertEquals(
        "1 2 3 \nhere 42 sub\nstitution\ncode 3\npipe\n2\n<one>\n<two>\n",
        Debian.of(command).run().expect(0).out());
  }

  @Test
  void trapsRunAndWaitIsInterrupted() {
    assertEquals(
        "waited 138, trap ran\nexit trap\n",
        Debian.run(
            """
            trap 'trap=ran' USR1
            trap 'echo exit trap' EXIT
            sleep 30 & pid=$!
            # Again and again, since the first one may come before the wait.
            (until [ -e /tmp/waited ]; do kill -USR1 $$; sleep 0.02; done) & killer=$!
            set +e; wait $pid; code=$?; >/tmp/waited; wait $killer; kill $pid
            echo "waited $code, trap $trap"; set -e
            """));
  }

  @Test
  void jobsAreStoppedAndContinued() {
    assertEquals(
        "Stopped\nRunning\nTerminated\n",
        Debian.run(
            """
            set -m
            sleep 30 & p=$!
            kill -STOP $p; while ! grep -q '(stopped)' /proc/$p/status; do :; done
            jobs -l | grep -o Stopped
            kill -CONT $p; while grep -q '(stopped)' /proc/$p/status; do :; done
            jobs -l | grep -o Running
            kill $p; set +e; wait $p 2>/dev/null; jobs -l | grep -o Terminated || echo Terminated
            """));
  }

  @Test
  void coprocessesAndProcessSubstitution() {
    assertEquals(
        "HELLO\nb\n",
        Debian.run(
            """
            coproc tr a-z A-Z
            fd=${COPROC[0]}
            echo hello >&${COPROC[1]}
            exec {COPROC[1]}>&-
            cat <&$fd
            comm -13 <(printf 'a\\n') <(printf 'a\\nb\\n')
            """));
  }

  @Test
  void timeoutNohupStdbufNice() {
    assertEquals(
        "124\nhup\nbuf\n10\n",
        Debian.run(
            """
            set +e; timeout 0.2 sleep 30; echo $?; set -e
            nohup echo hup 2>/dev/null
            stdbuf -oL echo buf
            nice -n 10 nice
            """));
  }

  @Test
  void findXargsGrepSedAwk() {
    assertEquals(
        "./d/2:two\n./d/3:two words\n2\nTWO\n6\n",
        Debian.run(
            """
            mkdir d; echo one >d/1; echo two >d/2; echo 'two words' >d/3
            find . -path './d/*' -type f | sort | xargs grep two
            find d -type f -newer /etc/hostname -name '[12]' | wc -l
            sed 's/two/TWO/' d/2
            seq 3 | awk '{ s += $1 } END { print s }'
            """));
  }

  @Test
  void listingsAreTheSameAsOnTheHost() {
    // Owners by number, since each side has names of its own.
    String command =
        "cd %s/ && ls -lnR --time-style=+ --ignore=proc --ignore=sys --ignore=dev --ignore=tmp"
            + " --ignore=run . | sort | uniq -c | sort | md5sum";
    String inside = Debian.of("/bin/sh", "-c", command.formatted("")).run().expect(0).out();
    String outside =
        Native.run("sh", "-c", command.formatted(Sandbox.HOME + "/dist/rootfs")).expect(0).out();
    assertEquals(outside, inside);
  }

  @Test
  void everythingCanBeListed() {
    Result result = Debian.of("/bin/sh", "-c", "ls -lR / | sort | uniq -c | wc -l").run().expect(0);
    assertEquals("", result.err());
    assertTrue(Integer.parseInt(result.out().strip()) > 10_000, result.out());
  }

  @Test
  void copyingKeepsEverything() {
    assertEquals(
        "same\n755 1000 50\nlink -> a\n3\n",
        Debian.run(
            """
            mkdir -p s/sub; head -c 300000 /dev/urandom >s/a; ln -s a s/link; ln s/a s/hard
            chmod 755 s/a; chown 1000:50 s/a; mkfifo s/fifo; touch -d @86400 s/sub
            cp -a s t
            cmp s/a t/a && [ s/sub -ot /etc/passwd ] && [ t/hard -ef t/a ] && [ -p t/fifo ] && echo same
            stat -c '%a %u %g' t/a
            stat -c '%N' t/link | tr -d "'" | sed 's#t/##'
            dd if=t/a of=u bs=100000 status=none; dd if=u bs=100000 of=/dev/null 2>&1 | sed -n 's/+0 records in//p'
            """));
  }

  @Test
  void theHostsOwnRootRunsToo() {
    Result result =
        Sandbox.shell(
                "ls -lR /etc 2>/dev/null | sort | uniq -c | wc -l; echo x >/etc/bulwark-test;"
                    + " cat /etc/bulwark-test")
            .run()
            .expect(0);
    assertEquals("x", result.out().lines().skip(1).findFirst().orElse(""));
    assertEquals(1, Native.run("test", "-e", "/etc/bulwark-test").exitCode());
  }
}
