/* What happens when memory has run out: the process ends, after a line in the log. A turn that cannot have
 * its few KiB cannot be answered either; what was acknowledged is stored, and whoever watches the process
 * starts it again. */
#pragma once

/* "out of memory", then abort. */
_Noreturn void memory_exhausted(void);
