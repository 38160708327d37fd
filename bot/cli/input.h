/* Standard input, a line at a time. Private to bot/cli. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

struct input {
    char *text; /* the line, without its end */
    size_t len, size;
    int number; /* from 1 */
};

bool input_next(struct input *input); /* false at the end */
bool input_ask(struct input *input);  /* the same, with a prompt where a person types */
void input_clear(struct input *input);
