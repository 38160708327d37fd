/* What makes an empty database (db/schema/NNNN-….sql, by their numbers), inside the binary. Private to db. */
#pragma once
#include "base/data.h"

extern const struct data_file schema_files[];
