#include "bot/server/process.h"
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

static void put(struct buffer *out, const char *name, const char *type, const char *help, double value) {
    buffer_format(out, "# HELP %s %s\n# TYPE %s %s\n%s %.15g\n", name, help, name, type, name, value);
}

static int open_descriptors(void) {
    DIR *folder = opendir("/proc/self/fd");
    int count = -1; /* the folder itself */
    if (!folder)
        return 0;
    while (readdir(folder))
        count++;
    closedir(folder);
    return count - 2; /* . and .. */
}

/* A field of /proc/self/stat, counted from 3 behind the program's name. */
static double stat_field(const char *stat, int field) {
    const char *at = strrchr(stat, ')');
    for (int i = 2; at && i < field; i++)
        at = strchr(at + 1, ' ');
    return at ? strtod(at, NULL) : 0;
}

/* Seconds since 1970 at which the machine came up. */
static double boot_time(void) {
    char line[256];
    double at = 0;
    FILE *in = fopen("/proc/stat", "re");
    while (in && fgets(line, sizeof line, in))
        if (strncmp(line, "btime ", 6) == 0)
            at = strtod(line + 6, NULL);
    if (in)
        fclose(in);
    return at;
}

void process_print(struct buffer *out) {
    enum { VIRTUAL = 23, RESIDENT = 24, STARTED = 22 };
    char stat[1024] = "";
    struct rusage used = {0};
    struct rlimit most = {0};
    FILE *in = fopen("/proc/self/stat", "re");
    if (!in || !fgets(stat, sizeof stat, in))
        stat[0] = '\0';
    if (in)
        fclose(in);
    getrusage(RUSAGE_SELF, &used);
    getrlimit(RLIMIT_NOFILE, &most);
    put(out, "process_cpu_seconds_total", "counter", "Time that the processors spent on it.",
        (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
            (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6);
    put(out, "process_resident_memory_bytes", "gauge", "Memory that it occupies.",
        stat_field(stat, RESIDENT) * (double)sysconf(_SC_PAGESIZE));
    put(out, "process_virtual_memory_bytes", "gauge", "Memory that it has asked for.",
        stat_field(stat, VIRTUAL));
    put(out, "process_start_time_seconds", "gauge", "When it started, since 1970.",
        boot_time() + stat_field(stat, STARTED) / (double)sysconf(_SC_CLK_TCK));
    put(out, "process_open_fds", "gauge", "Descriptors that are open.", open_descriptors());
    put(out, "process_max_fds", "gauge", "Descriptors that may be open.", (double)most.rlim_cur);
}
