/* Writes a language as it stands in memory once it is read (intents/image.h). What are addresses is told by
 * reading it twice, to different places: they alone are not alike. */
#pragma once
#include "intents/catalogue.h"

bool image_write(const char *path, const struct domain *domain, const struct data *data, const char *file,
                 struct error *err);
