/*
 * A host that does to a plugin whatever the header allows, from many threads at once, and counts what comes of it.
 *
 *     torture PLUGIN.so [--config JSON] [--prompt TEXT] [--answer TEXT] [--options JSON]
 *             [--calls 2000] [--threads 8] [--rounds 10] [--seed 1] [--growth BYTES] [--scarce 1]
 *
 * In each round a new instance is asked by all threads: calls run to their end, are cancelled from any thread at any moment, paused and
 * resumed, cancelled while they are paused, released early; models are listed; nonsense is handed over. In some rounds two threads close
 * the instance while it is asked. Every answer is compared with the first one (or with --answer), the steps of every call are followed,
 * and the last steps are counted. With --options a part of the calls is made with them, and may fail (a server's faults, say).
 * --growth: how much more memory may be in use at the end than after the second round. --scarce 1: the plugin is one to which memory is
 * refused now and then; any function of it and any call may then fail, but for no other reason.
 */
#define _POSIX_C_SOURCE 200809L

#include "refusals.h"
#include "round.h"
#include "work.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

/* The first answer, with which the others are compared. */
static void ask_once(void) {
    Round *round = open_round(0);
    unsigned seed = 0;
    /* Where memory is scarce it may take several. */
    for (int attempts = settings.scarce ? 100 : 1; attempts > 0 && !reference.text.bytes; attempts--) {
        Call *call = new_call(round, &seed);
        if (start(call, &call->handle)) finish(call, &seed);
    }
    close_round(round);
    check(reference.text.size > 0, "there is no first answer", NULL);
    if (settings.answer && reference.text.size)
        check(strcmp(reference.text.bytes, settings.answer) == 0, "the first answer is another one", reference.text.bytes);
}

static size_t memory_in_use(void) {
#ifdef __GLIBC__
    return mallinfo2().uordblks;
#else
    return 0;
#endif
}

static void read_arguments(int count, char **arguments) {
    static const struct {
        const char *name;
        const char **text;
        long *number;
    } options[] = {
        {"--config", &settings.config, NULL}, {"--prompt", &settings.prompt, NULL}, {"--answer", &settings.answer, NULL},
        {"--options", &settings.options, NULL}, {"--calls", NULL, &settings.calls}, {"--threads", NULL, &settings.threads},
        {"--rounds", NULL, &settings.rounds}, {"--seed", NULL, &settings.seed}, {"--growth", NULL, &settings.growth},
        {"--scarce", NULL, &settings.scarce},
    };
    for (int i = 2; i < count; i += 2) {
        size_t option = 0, last = sizeof options / sizeof *options;
        while (option < last && strcmp(options[option].name, arguments[i]) != 0) option++;
        if (option == last || i + 1 == count) {
            fprintf(stderr, "torture: %s: there is no such option, or its value is missing\n", arguments[i]);
            exit(64);
        }
        if (options[option].text)
            *options[option].text = arguments[i + 1];
        else
            *options[option].number = strtol(arguments[i + 1], NULL, 10);
    }
    if (settings.threads < 1 || settings.threads > 64 || settings.rounds < 1 || settings.calls < settings.rounds) {
        fprintf(stderr, "torture: --threads is 1 to 64, --rounds at least 1, --calls at least --rounds\n");
        exit(64);
    }
}

int main(int count, char **arguments) {
    if (count < 2) {
        fprintf(stderr, "usage: torture PLUGIN.so [--config JSON] [--prompt TEXT] [--answer TEXT] [--calls N] …\n");
        return 64;
    }
    read_arguments(count, arguments);
    plugin = load_plugin(arguments[1]);
    text_add(&request, "{\"messages\": [{\"role\": \"user\", \"content\": ");
    add_quoted(&request, settings.prompt);
    text_add(&request, "}]}");
    if (!settings.scarce) check_create();
    ask_once();
    size_t before = 0;
    for (long number = 1; number <= settings.rounds; number++) {
        run_round(number);
        if (number == 2) before = memory_in_use();
    }
    long growth = settings.rounds > 2 ? (long)memory_in_use() - (long)before : 0;
    if (settings.growth) check(growth <= settings.growth, "more memory is in use after every round", NULL);
    printf("%ld calls, %ld last steps: %ld answers, %ld lists of models, %ld cancelled, %ld failed\n", counts.started, counts.ended,
        counts.responses, counts.lists, counts.aborts, counts.failures);
    printf("%ld cancels, %ld pauses, %ld resumes, %ld released early, %ld refused when closed, %ld events, %ld closes inside callbacks\n",
        counts.cancels, counts.pauses, counts.resumes, counts.early_releases, counts.refused, counts.emitted, counts.refused_inside);
    check(counts.started == counts.ended, "calls and last steps are not as many", NULL);
    printf("%ld rounds; memory in use has grown by %ld bytes since the second; %ld wrong\n", settings.rounds, growth, counts.wrong);
    text_free(&request);
    answer_free(&reference);
    return counts.wrong ? 1 : 0;
}
