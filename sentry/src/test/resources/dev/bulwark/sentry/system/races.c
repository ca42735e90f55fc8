#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <pthread.h>
#include <signal.h>
#include <setjmp.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <sys/uio.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <fcntl.h>
#define BASE 0x20000000L
static __thread sigjmp_buf jb; static __thread int armed;
static void h(int x){ if(armed) siglongjmp(jb,1); _exit(9); }
static int f; static volatile int stop;
static void *work(void *arg){
  unsigned long s=(long)arg*7919+(long)getpid()*104729+1;
  #define R() (s^=s<<13,s^=s>>7,s^=s<<17,s)
  int pp[2]; pipe(pp); fcntl(pp[0],F_SETFL,O_NONBLOCK); fcntl(pp[1],F_SETFL,O_NONBLOCK);
  for(long k=0;k<3000&&!stop;k++){
    char*a=(char*)(BASE+(R()%64)*4096); long l=(1+R()%16)*4096;
    switch(R()%16){
      case 0: case 1: mmap(a,l,3,MAP_PRIVATE|MAP_ANONYMOUS|MAP_FIXED,-1,0); break;
      case 2: mmap(a,l,1+2*(R()%2),MAP_SHARED|MAP_FIXED,f,(R()%32)*4096); break;
      case 3: mmap(a,l,1+2*(R()%2),MAP_PRIVATE|MAP_FIXED,f,(R()%32)*4096); break;
      case 4: munmap(a,l); break;
      case 5: mprotect(a,l,R()%4); break;
      case 6: mremap(a,l,l,3,(void*)(BASE+(R()%64)*4096)); break;
      case 7: madvise(a,l,4); break;
      case 8: ftruncate(f,(R()%40)*4096); break;
      case 9: pread(f,a,l,(R()%32)*4096); break;
      case 10: pwrite(f,a,l,(R()%32)*4096); break;
      case 11: write(pp[1],a,l); break;
      case 12: read(pp[0],a,l); break;
      case 13: { struct iovec x={a,l},y={(void*)(BASE+(R()%64)*4096),l}; process_vm_readv(getpid(),&x,1,&y,1,0); break; }
      case 14: open(a,O_RDONLY|O_PATH); syscall(SYS_uname,a); break;
      default: armed=1; if(!sigsetjmp(jb,1)) { if(R()%2) *(volatile char*)a=1; else (void)*(volatile char*)a; } armed=0;
    }
  }
  close(pp[0]); close(pp[1]);
  return 0;
}
int main(int c,char**v){
  for(int i=0;i<atoi(v[1]);i++){
    pid_t p=fork();
    if(p==0){ f=open(v[2],O_RDWR|O_CREAT|O_TRUNC,0644); ftruncate(f,100000);
      struct sigaction sa={.sa_handler=h,.sa_flags=SA_NODEFER}; sigaction(11,&sa,0); sigaction(7,&sa,0);
      pthread_t t[4]; for(long k=0;k<4;k++) pthread_create(&t[k],0,work,(void*)k); for(int k=0;k<4;k++) pthread_join(t[k],0); _exit(0); }
    int st; waitpid(p,&st,0); printf("%x ",st); fflush(stdout); }
  printf("\ndone\n");
}
