package dev.bulwark.tests;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** stress-ng's stressors, which check their own results with {@code --verify}. */
class StressTest {
  /** Three at a time; xargs(1) starts no more when one has failed with 255. */
  private static final String SCRIPT =
      """
      for s in STRESSORS; do echo $s; done |
        xargs -P 3 -I{} sh -c 'stress-ng --{} 1 --timeout 1s --verify || { echo failed: {}; exit 255; }'
      echo all of them
      """;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cpu,atomic,bsearch,heapsort,hsearch,longjmp,lsearch,matrix,mergesort,qsort,skiplist,str"
            + ",tree,tsearch,vecmath,nop,funccall",
        "bigheap,brk,malloc,madvise,memcpy,mincore,mlock,mmap,mmapfork,mmapmany,mremap,msync"
            + ",munmap,shm,stack,stream,vm,vm-rw,vm-splice",
        "pipe,fifo,splice,tee,sigabrt,sigchld,sigfpe,sigio,signest,sigpending,sigpipe,sigq,sigrt"
            + ",sigsegv,sigsuspend,sigtrap,alarm,kill,nanosleep,itimer,timer,timerfd",
        "access,chdir,chmod,chown,copy-file,dentry,dir,dup,eventfd,fallocate,fcntl,filename,flock"
            + ",fstat,getdent,hdd,link,lockf,locka,open,poll,rename,seek,symlink,touch,utime,memfd",
        "affinity,clone,context,daemon,fork,futex,mutex,nice,prctl,pthread,sem,switch,sleep,vfork"
            + ",wait,yield,zombie"
      })
  void stressorsVerify(String stressors) {
    Result result =
        Debian.bash(SCRIPT.replace("STRESSORS", stressors.replace(',', ' ')))
            .limit(Duration.ofMinutes(4))
            .run()
            .expect(0);
    assertTrue(result.out().endsWith("all of them\n"), result.toString());
    String said = result.out() + result.err();
    assertTrue(!said.contains("fail:"), result.toString());
  }
}
