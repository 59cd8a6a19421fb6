/*
 * Lets a processor without AMX run programs with it: each of its instructions raises SIGILL, is decoded
 * and done in plain C. So what the compiler makes of the sources is tested on such a processor too. Built
 * as a shared library and named in LD_PRELOAD it does the same for Java, whose handler it keeps; there
 * amx_tile and amx_bf16 have to be among the flags of /proc/cpuinfo, too.
 */
#define _GNU_SOURCE
#include "../emulated_tiles.h"
#include <dlfcn.h>
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/syscall.h>
#include <ucontext.h>

/* By their numbers in instructions. */
static const int registers[] = {REG_RAX, REG_RCX, REG_RDX, REG_RBX, REG_RSP, REG_RBP, REG_RSI, REG_RDI,
                                REG_R8,  REG_R9,  REG_R10, REG_R11, REG_R12, REG_R13, REG_R14, REG_R15};

enum { NO_PREFIX = 0, F3 = 2, F2 = 3 };

/* An operand in memory, of which a tile's rows are some distance apart. */
typedef struct {
  char *base;
  int64_t distance;
  const uint8_t *end; /* of the instruction */
} operand;

static operand operand_at(const uint8_t *modrm, uint8_t extension, const greg_t *values) {
  const int mod = *modrm >> 6, rm = *modrm & 7;
  const bool b = (extension & 0x20) == 0, x = (extension & 0x40) == 0;
  const uint8_t *next = modrm + 1;
  operand it = {0};
  int size = mod == 1 ? 1 : mod == 2 ? 4 : 0;
  if (rm == 4) {
    const int scale = *next >> 6, index = (*next >> 3 & 7) | x << 3, base = *next & 7;
    it.distance = index == 4 ? 0 : values[registers[index]] << scale;
    if (base == 5 && mod == 0) {
      size = 4;
    } else {
      it.base = (char *)values[registers[base | b << 3]];
    }
    next++;
  } else if (rm == 5 && mod == 0) { /* relative to the next instruction */
    it.base = (char *)next + 4;
    size = 4;
  } else {
    it.base = (char *)values[registers[rm | b << 3]];
  }
  int32_t far = 0;
  memcpy(&far, next, size);
  it.base += size == 1 ? (int8_t)far : far;
  it.end = next + size;
  return it;
}

/* Does one instruction of AMX, and goes to the next. */
static bool do_instruction(greg_t *values) {
  const uint8_t *at = (const uint8_t *)values[REG_RIP];
  if (at[0] != 0xc4 || (at[1] & 0x1f) != 2 || (at[2] & 0x84) != 0) { /* VEX, 0F38, W0, 128 */
    return false;
  }
  const int prefix = at[2] & 3, third = ~at[2] >> 3 & 7, operation = at[3], modrm = at[4];
  const int tile = modrm >> 3 & 7;
  const uint8_t *end = at + 5;
  if (modrm >> 6 == 3) {
    if (operation == 0x49 && prefix == NO_PREFIX && modrm == 0xc0) {
      _tile_release();
    } else if (operation == 0x49 && prefix == F2 && (modrm & 7) == 0) {
      _tile_zero(tile);
    } else if (operation == 0x5c && prefix == F3) {
      _tile_dpbf16ps(tile, modrm & 7, third);
    } else {
      return false;
    }
  } else {
    const operand memory = operand_at(at + 4, at[1], values);
    end = memory.end;
    if (operation == 0x49 && prefix == NO_PREFIX && tile == 0) {
      _tile_loadconfig(memory.base + memory.distance);
    } else if (operation == 0x4b && prefix == F2) {
      _tile_loadd(tile, memory.base, memory.distance);
    } else if (operation == 0x4b && prefix == F3) {
      _tile_stored(tile, memory.base, memory.distance);
    } else {
      return false;
    }
  }
  values[REG_RIP] = (greg_t)end;
  return true;
}

/* ---- Its place among a program's handlers ---------------------------------------------------------- */

static struct sigaction of_program;

static int real_sigaction(int number, const struct sigaction *to, struct sigaction *from) {
  int (*next)(int, const struct sigaction *, struct sigaction *) = dlsym(RTLD_NEXT, "sigaction");
  return next(number, to, from);
}

static void handle(int number, siginfo_t *info, void *context) {
  if (do_instruction(((ucontext_t *)context)->uc_mcontext.gregs)) {
    return;
  }
  if ((of_program.sa_flags & SA_SIGINFO) != 0) {
    of_program.sa_sigaction(number, info, context);
  } else {
    abort();
  }
}

/* A program that sets its own handler, as Java does, gets what is no instruction of AMX. */
int sigaction(int number, const struct sigaction *to, struct sigaction *from) {
  if (number != SIGILL) {
    return real_sigaction(number, to, from);
  }
  if (from != NULL) {
    *from = of_program;
  }
  if (to != NULL) {
    of_program = *to;
  }
  return 0;
}

/* Whoever asks for tiles may use them. */
long syscall(long number, ...) {
  __builtin_va_list arguments;
  long a[6];
  __builtin_va_start(arguments, number);
  for (int i = 0; i < 6; i++) {
    a[i] = __builtin_va_arg(arguments, long);
  }
  __builtin_va_end(arguments);
  if (number == SYS_arch_prctl && a[0] == 0x1023) {
    return 0;
  }
  long result;
  register long r10 __asm__("r10") = a[3], r8 __asm__("r8") = a[4], r9 __asm__("r9") = a[5];
  __asm__ volatile("syscall"
                   : "=a"(result)
                   : "a"(number), "D"(a[0]), "S"(a[1]), "d"(a[2]), "r"(r10), "r"(r8), "r"(r9)
                   : "rcx", "r11", "memory");
  if (result < 0 && result > -4096) {
    errno = (int)-result;
    return -1;
  }
  return result;
}

__attribute__((constructor)) static void begin(void) {
  struct sigaction action = {.sa_sigaction = handle, .sa_flags = SA_SIGINFO | SA_NODEFER | SA_ONSTACK};
  real_sigaction(SIGILL, &action, NULL);
}
