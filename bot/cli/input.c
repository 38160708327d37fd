#include "bot/cli/input.h"
#include <stdio.h>
#include <stdlib.h>
#include <sys/types.h>
#include <unistd.h>

bool input_next(struct input *input) {
    ssize_t len = getline(&input->text, &input->size, stdin);
    if (len < 0)
        return false;
    while (len > 0 && (input->text[len - 1] == '\n' || input->text[len - 1] == '\r'))
        input->text[--len] = 0;
    input->len = (size_t)len;
    input->number++;
    return true;
}

bool input_ask(struct input *input) {
    bool terminal = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
    if (terminal) {
        fputs("> ", stdout);
        fflush(stdout);
    }
    bool more = input_next(input);
    if (terminal && !more)
        fputs("\n", stdout);
    return more;
}

void input_clear(struct input *input) {
    free(input->text);
    *input = (struct input){0};
}
