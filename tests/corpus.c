/* Stands in for libFuzzer: each file that is named is one input. */
#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { INPUT_MAX = 1 << 20 };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int main(int count, char **names) {
    assert(count > 1);
    for (int i = 1; i < count; i++) {
        uint8_t *bytes = malloc(INPUT_MAX);
        FILE *file = fopen(names[i], "rb");
        assert(bytes && file);
        size_t len = fread(bytes, 1, INPUT_MAX, file);
        fclose(file);
        bytes = realloc(bytes, len + 1); /* nothing behind it */
        assert(bytes);
        LLVMFuzzerTestOneInput(bytes, len);
        free(bytes);
    }
    printf("%d files\n", count - 1);
    return 0;
}
