#include "base/pages.h"
#include <link.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { CONTENTS_SIZE = 128 * 1024 };

static void advise(uintptr_t begin, size_t len, int advice) {
    size_t before = begin % (uintptr_t)sysconf(_SC_PAGESIZE);
    madvise((void *)(begin - before), len + before, advice);
}

struct sparse {
    const char *library;
    uintptr_t held;
};

static int advise_segments(struct dl_phdr_info *file, size_t size, void *context) {
    const struct sparse *sparse = context;
    bool data = strstr(file->dlpi_name, sparse->library) != NULL;
    (void)size;
    for (int i = 0; i < file->dlpi_phnum; i++) {
        const ElfW(Phdr) *segment = &file->dlpi_phdr[i];
        uintptr_t begin = file->dlpi_addr + segment->p_vaddr;
        if (segment->p_type == PT_LOAD && (data || sparse->held - begin < segment->p_memsz))
            advise(begin, segment->p_memsz, MADV_RANDOM);
        if (segment->p_type == PT_LOAD && data && segment->p_memsz > CONTENTS_SIZE)
            advise(begin, CONTENTS_SIZE, MADV_WILLNEED);
    }
    return 0;
}

void pages_sparse(const char *library, const void *held) {
    dl_iterate_phdr(advise_segments, &(struct sparse){library, (uintptr_t)held});
}

void pages_soon(const void *begin, size_t len) {
    advise((uintptr_t)begin, len, MADV_WILLNEED);
}
