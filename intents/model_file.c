#include "intents/model_file.h"
#include <string.h>

_Static_assert(sizeof(struct model_header) % 64 == 0 && sizeof(struct model_kind_line) == 64 &&
                   sizeof(struct model_intent_line) == 64,
               "lines are those of a cache");

/* Does each search end? */
static bool lines_fit(const struct model_file *file) {
    const struct model_header *header = file->header;
    for (uint32_t i = 0; i < header->intent_lines; i++)
        for (int j = 0; j < MODEL_LINE_INTENTS; j++)
            if (file->intent_lines[i].said[j].class >= header->classes)
                return false;
    return !file->kind_lines[header->kind_lines - 1].more &&
           !file->intent_lines[header->intent_lines - 1].more;
}

static bool row_fits(const struct model_file *file, uint32_t number) {
    enum { HEAD = sizeof(struct model_row) / sizeof(uint32_t) };
    uint32_t rows = file->header->rows, begin = number * MODEL_ROW;
    if (number >= rows || begin >= rows || rows - begin < HEAD)
        return false;
    const struct model_row *row = model_row_at(file, number);
    uint32_t room = rows - begin - HEAD, kinds = (uint32_t)model_count_bits(model_bits(row->known));
    if (kinds > room || (row->told > 0 && row->told - 1 > room - kinds))
        return false;
    for (uint32_t i = 0; i + 1 < row->told; i++)
        if (model_row_numbers(row)[i] >> 16 >= file->header->classes)
            return false;
    return true;
}

/* Is there a free place, where a search ends, and each row within the file? */
static bool words_fit(const struct model_file *file) {
    bool ends = false;
    for (uint32_t i = 0; i < file->header->words; i++) {
        ends |= file->words[i].hash == 0;
        if (file->words[i].set >= file->header->sets || !row_fits(file, file->words[i].row))
            return false;
    }
    for (int i = 0; i < MODEL_FAMILIES; i++)
        if (!row_fits(file, file->header->families[i]))
            return false;
    return ends;
}

static bool classes_fit(struct model_file *file) {
    for (uint32_t i = 0; i < file->header->classes; i++) {
        const struct model_class *class = &file->classes[i];
        if (class->kind >= KIND_COUNT || !memchr(class->name, '\0', MODEL_NAME))
            return false;
        if (!class->name[0] && (file->kinds_end++ != (int)i || i >= MODEL_KINDS))
            return false;
    }
    return true;
}

bool model_file_open(struct model_file *file, const char *bytes, size_t len) {
    enum { MOST = 1 << 24 };
    const struct model_header *header = (const struct model_header *)(const void *)bytes;
    *file = (struct model_file){.header = header};
    if (len < sizeof *header || memcmp(header->magic, model_magic, sizeof header->magic) != 0 ||
        header->format != MODEL_FORMAT || header->classes > MODEL_CLASSES || header->kind_lines < 1 ||
        header->kind_lines > MOST || header->intent_lines < 1 || header->intent_lines > MOST ||
        header->words > MOST || header->sets > MOST || header->rows > MOST)
        return false;
    size_t kind_lines = header->kind_lines * sizeof *file->kind_lines,
           intent_lines = header->intent_lines * sizeof *file->intent_lines,
           words = header->words * sizeof *file->words, sets = header->sets * sizeof *file->sets,
           classes = header->classes * sizeof *file->classes, rows = header->rows * sizeof *file->rows;
    if (len != sizeof *header + kind_lines + intent_lines + words + sets + classes + rows + STOPS_PLACES)
        return false;
    file->kind_lines = (const struct model_kind_line *)(const void *)(bytes += sizeof *header);
    file->intent_lines = (const struct model_intent_line *)(const void *)(bytes += kind_lines);
    file->words = (const struct model_word *)(const void *)(bytes += intent_lines);
    file->sets = (const uint64_t *)(const void *)(bytes += words);
    file->classes = (const struct model_class *)(const void *)(bytes += sets);
    file->rows = (const uint32_t *)(const void *)(bytes += classes);
    file->stops = (const int8_t *)(bytes + rows);
    return classes_fit(file) && words_fit(file) && lines_fit(file);
}
