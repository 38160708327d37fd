/* What of the program's own file, and of a library's, is read from the disk. The system reads megabytes
 * around a page that is touched: most of a library's 30 MB of data, of which a start needs a hundred pages.
 * Advice: where it is not heard, all is as ever. */
#pragma once
#include <stddef.h>

/* Of the library whose path contains this, and of the part of the program that holds this address, only the
 * pages that are touched; of the library soon its table of contents. */
void pages_sparse(const char *library, const void *held);
/* These soon: the disk begins to read. */
void pages_soon(const void *begin, size_t len);
