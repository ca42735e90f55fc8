#include "vdso.h"

#include <linux/mman.h> /* MREMAP_ */
#include <stdbool.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include "calls.h"
#include "layout.h"

#define AT_EXECFN 31
#define AT_SYSINFO_EHDR 33
#define PAGE 0x1000UL
#define MOST_PAGES 16UL /* the vdso has at most so many, and so have the pages that it reads */

static uint64_t value(const uint64_t *vector, uint64_t key) {
  for (; vector[0]; vector += 2)
    if (vector[0] == key) return vector[1];
  return 0;
}

static bool move(uint64_t from, uint64_t pages, uint64_t to) {
  return call6(SYS_mremap, (long)from, (long)(pages * PAGE), (long)(pages * PAGE), MREMAP_MAYMOVE | MREMAP_FIXED, (long)to,
               0) == (long)to;
}

/* The end of what the kernel put onto the stack: the path of the program, which is its last string. */
static uint64_t stack_end(const char *path) {
  while (*path) path++;
  return ((uintptr_t)path + 1 + sizeof(uint64_t) + PAGE - 1) & -PAGE;
}

/*
 * Which processor a thread runs on is the host's business: takes that function's name away. Its number may be one that the
 * sandbox does not have.
 */
static void hide_getcpu(uint64_t pages) {
  static const char name[] = "getcpu";
  char *image = (char *)VDSO_START;
  uint64_t size = pages * PAGE;
  if (call3(SYS_mprotect, image, size, PROT_READ | PROT_WRITE) != 0) return;
  for (uint64_t at = 0; at + sizeof name <= size; at++) {
    uint64_t same = 0;
    while (same < sizeof name && image[at + same] == name[same]) same++;
    if (same == sizeof name) image[at] = '-';
  }
  call3(SYS_mprotect, image, size, PROT_READ | PROT_EXEC);
}

/*
 * Such areas cannot be split, so that a range can be moved only if it is a whole one: their extents are found by trying. None
 * of them has a single page, which is what an area could lose that can be split.
 */
uint64_t keep_vdso(const uint64_t *auxiliary_vector) {
  uint64_t vdso = value(auxiliary_vector, AT_SYSINFO_EHDR);
  const char *path = (const char *)(uintptr_t)value(auxiliary_vector, AT_EXECFN);
  if (vdso == 0 || path == 0) return 0;
  uint64_t pages = 2;
  while (pages <= MOST_PAGES && !move(vdso, pages, VDSO_START)) pages++;
  if (pages > MOST_PAGES) return 0;
  uint64_t floor = stack_end(path);
  if (floor > vdso) floor = 0;
  uint64_t data = 0;
  for (uint64_t more = 2; data + more <= MOST_PAGES;) {
    uint64_t below = (data + more) * PAGE;
    if (vdso - below < floor) break;
    if (move(vdso - below, more, VDSO_START - below)) {
      data += more;
      more = 2;
    } else {
      more++;
    }
  }
  if (data == 0) return 0;
  hide_getcpu(pages);
  return VDSO_START | pages << 4;
}
