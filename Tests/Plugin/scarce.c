/*
 * Refuses memory now and then to a plugin that is linked with it and with -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc, and to nobody
 * else in the process.
 */
#include <stddef.h>

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *memory, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *memory, size_t size);

static int is_refused(void) {
    static unsigned long count;
    return __atomic_add_fetch(&count, 1, __ATOMIC_RELAXED) % 41 == 0;
}

void *__wrap_malloc(size_t size) { return is_refused() ? NULL : __real_malloc(size); }
void *__wrap_calloc(size_t count, size_t size) { return is_refused() ? NULL : __real_calloc(count, size); }
void *__wrap_realloc(void *memory, size_t size) { return is_refused() ? NULL : __real_realloc(memory, size); }
