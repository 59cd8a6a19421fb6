// In place of glibc's header of this name, which is newer than the glibc that PyTorch needs: libstdc++ asks it whether it
// can do without atomic operations.
#pragma once
static const char __libc_single_threaded = 0;
