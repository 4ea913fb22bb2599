/*
 * The smallest host: asks a plugin one question and prints the answer as it comes.
 *
 *     ask PLUGIN.so CONFIGURATION PROMPT        ask ./libprovider-vllm.so '{"base_url": "http://127.0.0.1:8000"}' 'What is 2+2?'
 */
#define _POSIX_C_SOURCE 200809L

#include "host.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

typedef struct Question {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool ended, failed;
} Question;

/* Prints the pieces of the answer's text, and nothing of its thinking. */
static void print_events(Json events) {
    static bool is_text; /* of one call, whose steps come one after another */
    Json event;
    JsonItems items = json_items(events);
    while (json_next(&items, NULL, &event)) {
        Json type = json_member(event, "type");
        if (json_equals(type, "block_start")) is_text = json_equals(json_member(event, "block_type"), "text");
        if (!is_text || !json_equals(type, "block_delta")) continue;
        Text piece = {0};
        add_decoded(&piece, json_member(event, "text"));
        fwrite(piece.bytes, 1, piece.size, stdout);
        text_free(&piece);
    }
    fflush(stdout);
}

static ProviderFlow on_step(void *context, ProviderStep step, const char *json, size_t size) {
    Question *question = context;
    Json whole;
    if (step == PROVIDER_STEP_EVENTS) {
        if (json_parse(json, size, &whole)) print_events(whole);
        return PROVIDER_CONTINUE;
    }
    if (step == PROVIDER_STEP_ERROR) fprintf(stderr, "error: %.*s\n", (int)size, json);
    pthread_mutex_lock(&question->lock);
    question->failed = step == PROVIDER_STEP_ERROR;
    question->ended = true;
    pthread_cond_signal(&question->changed);
    pthread_mutex_unlock(&question->lock);
    return PROVIDER_CONTINUE;
}

int main(int count, char **arguments) {
    if (count != 4) {
        fprintf(stderr, "usage: ask PLUGIN.so CONFIGURATION PROMPT\n");
        return 64;
    }
    const ProviderPlugin *plugin = load_plugin(arguments[1]);
    Text setup = {0}, request = {0};
    text_add(&setup, "{\"config\": %}", arguments[2]);
    text_add(&request, "{\"messages\": [{\"role\": \"user\", \"content\": ");
    add_quoted(&request, arguments[3]);
    text_add(&request, "}]}");

    Question question = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, false, false};
    ProviderInstance *instance = NULL;
    ProviderCall *call = NULL;
    ProviderBytes error = {NULL, 0};
    ProviderStatus status = plugin->create(NULL, setup.bytes, setup.size, &instance, &error);
    if (status == PROVIDER_OK)
        status = plugin->start(
            instance, request.bytes, request.size, NULL, 0, PROVIDER_WANT_EVENTS, on_step, &question, &call, &error);
    if (status == PROVIDER_OK) {
        pthread_mutex_lock(&question.lock);
        while (!question.ended) pthread_cond_wait(&question.changed, &question.lock);
        pthread_mutex_unlock(&question.lock);
        plugin->release(call);
        printf("\n");
    } else {
        fprintf(stderr, "error: status %d: %s\n", (int)status, error.bytes ? error.bytes : "");
    }
    plugin->free_bytes(&error);
    if (instance) plugin->free(instance);
    text_free(&setup);
    text_free(&request);
    return status != PROVIDER_OK || question.failed;
}
