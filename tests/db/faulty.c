#include "tests/db/faulty.h"
#include <stddef.h>

struct faulty_file {
    sqlite3_file file;
    struct faulty *faulty;
    sqlite3_file *real; /* behind this struct */
};

static sqlite3_file *real(sqlite3_file *file) {
    return ((struct faulty_file *)file)->real;
}

static bool fails(sqlite3_file *file) {
    struct faulty *faulty = ((struct faulty_file *)file)->faulty;
    int count = ++faulty->count;
    bool fails = faulty->at && (faulty->stays ? count >= faulty->at : count == faulty->at);
    faulty->failed += fails;
    return fails;
}

static int code(sqlite3_file *file) {
    return ((struct faulty_file *)file)->faulty->code;
}

static int write_file(sqlite3_file *file, const void *bytes, int len, sqlite3_int64 at) {
    if (!fails(file))
        return real(file)->pMethods->xWrite(real(file), bytes, len, at);
    real(file)->pMethods->xWrite(real(file), bytes, len / 2, at);
    return code(file);
}

static int truncate_file(sqlite3_file *file, sqlite3_int64 size) {
    return fails(file) ? code(file) : real(file)->pMethods->xTruncate(real(file), size);
}

static int sync_file(sqlite3_file *file, int flags) {
    (void)flags;
    return fails(file) ? code(file) : SQLITE_OK;
}

static int close_file(sqlite3_file *file) {
    return real(file)->pMethods->xClose(real(file));
}

static int read_file(sqlite3_file *file, void *bytes, int len, sqlite3_int64 at) {
    return real(file)->pMethods->xRead(real(file), bytes, len, at);
}

static int file_size(sqlite3_file *file, sqlite3_int64 *size) {
    return real(file)->pMethods->xFileSize(real(file), size);
}

static int lock_file(sqlite3_file *file, int level) {
    return real(file)->pMethods->xLock(real(file), level);
}

static int unlock_file(sqlite3_file *file, int level) {
    return real(file)->pMethods->xUnlock(real(file), level);
}

static int reserved(sqlite3_file *file, int *yes) {
    return real(file)->pMethods->xCheckReservedLock(real(file), yes);
}

static int control(sqlite3_file *file, int verb, void *value) {
    return real(file)->pMethods->xFileControl(real(file), verb, value);
}

static int sector_size(sqlite3_file *file) {
    return real(file)->pMethods->xSectorSize(real(file));
}

static int characteristics(sqlite3_file *file) {
    return real(file)->pMethods->xDeviceCharacteristics(real(file));
}

static int shm_map(sqlite3_file *file, int page, int size, int extend, void volatile **out) {
    return real(file)->pMethods->xShmMap(real(file), page, size, extend, out);
}

static int shm_lock(sqlite3_file *file, int offset, int count, int flags) {
    return real(file)->pMethods->xShmLock(real(file), offset, count, flags);
}

static void shm_barrier(sqlite3_file *file) {
    real(file)->pMethods->xShmBarrier(real(file));
}

static int shm_unmap(sqlite3_file *file, int remove) {
    return real(file)->pMethods->xShmUnmap(real(file), remove);
}

static const sqlite3_io_methods methods = {.iVersion = 2,
                                           .xClose = close_file,
                                           .xRead = read_file,
                                           .xWrite = write_file,
                                           .xTruncate = truncate_file,
                                           .xSync = sync_file,
                                           .xFileSize = file_size,
                                           .xLock = lock_file,
                                           .xUnlock = unlock_file,
                                           .xCheckReservedLock = reserved,
                                           .xFileControl = control,
                                           .xSectorSize = sector_size,
                                           .xDeviceCharacteristics = characteristics,
                                           .xShmMap = shm_map,
                                           .xShmLock = shm_lock,
                                           .xShmBarrier = shm_barrier,
                                           .xShmUnmap = shm_unmap};

static int open_file(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out) {
    struct faulty_file *own = (struct faulty_file *)file;
    own->faulty = vfs->pAppData;
    own->real = (sqlite3_file *)(own + 1);
    int result = own->faulty->real->xOpen(own->faulty->real, name, own->real, flags, out);
    own->file.pMethods = own->real->pMethods ? &methods : NULL;
    return result;
}

void faulty_install(struct faulty *faulty) {
    *faulty = (struct faulty){.real = sqlite3_vfs_find(NULL)};
    faulty->vfs = *faulty->real; /* all but the opening of files as it is */
    faulty->vfs.zName = "faulty";
    faulty->vfs.szOsFile += (int)sizeof(struct faulty_file);
    faulty->vfs.xOpen = open_file;
    faulty->vfs.pAppData = faulty;
    faulty->vfs.pNext = NULL;
    sqlite3_vfs_register(&faulty->vfs, 1);
}

void faulty_remove(struct faulty *faulty) {
    sqlite3_vfs_unregister(&faulty->vfs);
}
