/* The numbered migrations (db/schema/NNNN-….sql) inside the binary. Private to this room. */
#pragma once
#include "base/data.h"

extern const struct data_file schema_files[];
