#include "tests/claims.h"

#include "bot/server/mailbox.h"
#include <stdlib.h>

enum { THREADS = 4, LETTERS = 5000 };

struct office {
    struct mailbox mailbox;
    int arrived, last[THREADS];
    bool in_order;
};

struct sender {
    struct office *office;
    int number, letters[LETTERS];
    pthread_t thread;
};

static void arrived(uv_poll_t *wake, int status, int events) {
    struct office *office = wake->data;
    (void)status, (void)events;
    mailbox_heard(&office->mailbox);
    for (struct mail *mail = mailbox_take(&office->mailbox), *next; mail; mail = next) {
        int *letter = mail->ticket;
        next = mail->next;
        office->in_order &= *letter % LETTERS == office->last[*letter / LETTERS];
        office->last[*letter / LETTERS]++;
        office->arrived++;
        mail_free(mail);
    }
    if (office->arrived == THREADS * LETTERS)
        mailbox_close(&office->mailbox);
}

static void *send_all(void *context) {
    struct sender *sender = context;
    for (int i = 0; i < LETTERS; i++) {
        sender->letters[i] = sender->number * LETTERS + i;
        mailbox_add(mail_new(&sender->office->mailbox, &sender->letters[i]));
        mailbox_wake(&sender->office->mailbox);
    }
    return NULL;
}

static void every_letter_arrives_once_and_in_its_senders_order(void **state) {
    (void)state;
    uv_loop_t loop;
    struct office office = {.in_order = true};
    struct sender *senders = calloc(THREADS, sizeof *senders);
    uv_loop_init(&loop);
    assert_true(mailbox_init(&office.mailbox, &loop, arrived));
    office.mailbox.wake.data = &office;
    for (int i = 0; i < THREADS; i++) {
        senders[i].office = &office;
        senders[i].number = i;
        pthread_create(&senders[i].thread, NULL, send_all, &senders[i]);
    }
    uv_run(&loop, UV_RUN_DEFAULT);
    for (int i = 0; i < THREADS; i++)
        pthread_join(senders[i].thread, NULL);
    assert_int_equal(office.arrived, THREADS * LETTERS);
    assert_true(office.in_order);
    assert_int_equal(uv_loop_close(&loop), 0);
    mailbox_clear(&office.mailbox);
    free(senders);
}

static void letters_that_nobody_takes_are_freed(void **state) {
    (void)state;
    uv_loop_t loop;
    struct office office = {0};
    uv_loop_init(&loop);
    assert_true(mailbox_init(&office.mailbox, &loop, arrived));
    mailbox_add(mail_new(&office.mailbox, NULL));
    mailbox_wake(&office.mailbox);
    mailbox_close(&office.mailbox);
    uv_run(&loop, UV_RUN_DEFAULT);
    mailbox_clear(&office.mailbox); /* the sanitizer would tell */
    assert_int_equal(uv_loop_close(&loop), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_letter_arrives_once_and_in_its_senders_order),
        cmocka_unit_test(letters_that_nobody_takes_are_freed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
