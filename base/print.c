#include "base/print.h"
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { DIGITS_MAX = 24 };

/* Where the pieces go; len counts on past the end. */
struct printed {
    char *out;
    size_t size, len;
};

static void put(struct printed *printed, const char *bytes, size_t len) {
    if (printed->len < printed->size) {
        size_t room = printed->size - printed->len;
        memcpy(printed->out + printed->len, bytes, len < room ? len : room);
    }
    printed->len += len;
}

static void put_number(struct printed *printed, unsigned long long size, bool negative) {
    char digits[DIGITS_MAX], *at = digits + DIGITS_MAX;
    do
        *--at = (char)('0' + size % 10);
    while (size /= 10);
    if (negative)
        *--at = '-';
    put(printed, at, (size_t)(digits + DIGITS_MAX - at));
}

static void put_signed(struct printed *printed, long long number) {
    put_number(printed, number < 0 ? 0 - (unsigned long long)number : (unsigned long long)number, number < 0);
}

/* One conversion, `at` behind its %; where it ends, NULL for one that is not known here. */
static const char *convert(struct printed *printed, const char *at, va_list *args) {
    const char *text;
    int most;
    char byte;
    switch (*at) {
    case '%':
        put(printed, at, 1);
        return at + 1;
    case 'c':
        byte = (char)va_arg(*args, int);
        put(printed, &byte, 1);
        return at + 1;
    case 's':
        text = va_arg(*args, const char *);
        put(printed, text, strlen(text));
        return at + 1;
    case 'd':
        put_signed(printed, va_arg(*args, int));
        return at + 1;
    case '.':
        if (at[1] != '*' || at[2] != 's')
            return NULL;
        most = va_arg(*args, int);
        text = va_arg(*args, const char *);
        put(printed, text, most < 0 ? strlen(text) : strnlen(text, (size_t)most));
        return at + 3;
    case 'l':
        if (at[1] != 'l' || at[2] != 'd')
            return NULL;
        put_signed(printed, va_arg(*args, long long));
        return at + 3;
    case 'z':
        if (at[1] != 'u')
            return NULL;
        put_number(printed, va_arg(*args, size_t), false);
        return at + 2;
    default:
        return NULL;
    }
}

int print_args(char *out, size_t size, const char *format, va_list args) {
    struct printed printed = {out, size, 0};
    va_list own;
    va_copy(own, args);
    const char *at = format;
    while (at && *at) {
        size_t plain = 0;
        while (at[plain] && at[plain] != '%')
            plain++;
        put(&printed, at, plain);
        at += plain;
        if (*at)
            at = convert(&printed, at + 1, &own);
    }
    va_end(own);
    if (!at || printed.len > INT_MAX)
        return vsnprintf(out, size, format, args);
    if (size)
        out[printed.len < size ? printed.len : size - 1] = '\0';
    return (int)printed.len;
}
