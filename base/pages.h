/* What of the program's own file, and of a library's, is read from the disk. The system reads megabytes
 * around a page that is touched: most of ICU's 30 MB, of which a start needs a hundred pages. Advice: where
 * it is not heard, all is as ever. */
#pragma once
#include <stddef.h>

/* Of ICU's data, and of the part of the program that holds this address, only the pages that are touched; of
 * the data soon its table of contents. */
void pages_sparse(const void *held);
/* These soon: the disk begins to read. */
void pages_soon(const void *begin, size_t len);
