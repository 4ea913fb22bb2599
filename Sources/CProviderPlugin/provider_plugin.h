/*
 * provider_plugin.h: the door between a host and a provider of language models, ABI version 1.
 *
 * A provider plugin is a shared library that exports one function, `provider_plugin`. It returns a table of functions with which a
 * host makes providers, asks them, and ends them. No type of any language crosses this door: only C integers, pointers, and JSON in
 * UTF-8. The header needs C99 or C++11 and no other header of this project; `Plugins/echo-c/` is a whole plugin in plain C to start from.
 *
 *
 * A CALL, FROM THE HOST'S SIDE
 *
 *     const ProviderPlugin *plugin = provider_plugin(PROVIDER_PLUGIN_ABI_VERSION);
 *     if (plugin->abi_version != PROVIDER_PLUGIN_ABI_VERSION) ...          // explain, and leave it alone
 *
 *     ProviderInstance *instance;
 *     ProviderBytes error = {0};
 *     if (plugin->create(&host, config, config_size, &instance, &error) != PROVIDER_OK) ...
 *
 *     ProviderCall *call;
 *     plugin->start(instance, request, request_size, NULL, 0, PROVIDER_WANT_EVENTS, on_step, my_context, &call, &error);
 *     // on_step: PROVIDER_STEP_EVENTS, any number of times; then PROVIDER_STEP_RESPONSE or PROVIDER_STEP_ERROR, once
 *     plugin->release(call);
 *
 *     plugin->close(instance);
 *     plugin->free(instance);
 *
 *
 * OWNERSHIP OF BYTES
 *
 * What the host hands over (requests, names, the host table) is the host's: a plugin copies what it needs before the function returns.
 * Only the host's `context` pointers are kept, and never read.
 *
 * What a callback is given is the plugin's, and gone when the callback returns.
 *
 * What a function writes to a `ProviderBytes` is the host's from then on. The host gives it back with `free_bytes` of the same plugin,
 * also where the function failed: a function always writes it, empty ({NULL, 0}) where there is nothing to say. Every `ProviderBytes *`
 * may be NULL, for hosts that do not want to know.
 *
 * Texts with a size need no NUL at their end; those that a plugin writes have one behind their last byte, which `size` does not count.
 * Names (`const char *` without a size) end with NUL.
 *
 *
 * THREADS
 *
 * Every function of the table may be called on any thread and by several at once, also for one instance.
 *
 * Callbacks come on threads of the plugin. Those of one call come one after another and in order, never two at once; those of different
 * calls may come at the same time. A callback should return soon: the plugin may have few threads, and other calls wait for them. A host
 * that cannot take more returns PROVIDER_PAUSE and calls `resume` later; what waits is then the server, not a thread, and no memory grows.
 *
 * Signals to the process are the host's: a plugin's threads block them, all but those that a thread raises itself (faults, SIGPIPE).
 *
 * A callback, be it of a call or of the host table, may use every function of the plugin except `close` and `free`, which wait for
 * callbacks to return: called inside one, they return PROVIDER_WRONG_THREAD and do nothing. Nor must it wait for another thread that is in
 * one of these, or for an answer: instances may share the thread that it keeps. `start` may call back before it has returned;
 * it has written `*call` by then.
 *
 * A host must not unload a plugin (`dlclose`), and must not use one in a child process after `fork` that the parent has used.
 *
 *
 * THE LIFE OF A CALL
 *
 * Where `start`, `list_models` or `prepare` returns PROVIDER_OK, the callback is called a last time exactly once, with
 * PROVIDER_STEP_RESPONSE or PROVIDER_STEP_ERROR, whatever happens: also when the call is cancelled (an error of the type AbortError) or the
 * instance is closed. After it, the callback and its context are not touched again: that is the moment to free them. Where such a
 * function returns anything else, the callback is never called and `*call` is NULL.
 *
 * The handle `*call` stays valid until `release`, also after the call has ended and after the instance was freed. `cancel` and `resume`
 * of a call that has ended do nothing.
 *
 *
 * WHAT GOES WRONG
 *
 * A NULL where a pointer is needed is PROVIDER_INVALID_ARGUMENT (`host`, `options`, every `context` and every `ProviderBytes *` may be
 * NULL, nothing else), a host table of another version PROVIDER_INVALID_ARGUMENT too, text that is not JSON or not of the right shape
 * PROVIDER_INVALID_JSON, and anything after `close` PROVIDER_CLOSED, whatever it is handed but a NULL (`info`, `parse_tool_calls`, `close`,
 * `free`, `cancel`, `resume`, `release` and `free_bytes` go on to work). None of these crashes, blocks or changes anything. A handle that
 * was freed or released must not be used again, as with free(3).
 *
 * Errors are JSON objects:
 *
 *     {"type": "RateLimitError", "code": "rate_limit", "message": "...", "hint": "...", "provider": "vllm", "model": "...",
 *      "status_code": 429, "retryable": true, "retry_after": 2.5, "request_id": "...", "body": "...", "details": {...},
 *      "partial_response": {...}}
 *
 * `type` is a class of Amplifier's `llm_errors` (LLMError, RateLimitError, QuotaExceededError, AuthenticationError, AccessDeniedError,
 * ContextLengthError, ContentFilterError, InvalidRequestError, ProviderUnavailableError, NetworkError, LLMTimeoutError, NotFoundError,
 * StreamError, AbortError, InvalidToolCallError, ConfigurationError); `type`, `code`, `message` and `retryable` are always there. A
 * ConfigurationError lists all that is wrong in `details.issues`: [{"severity", "code", "message", "key_path", "hint"}], of which only the
 * `hint` may be missing. No error holds a secret.
 *
 *
 * VERSIONS
 *
 * A host names the version that it speaks; a plugin answers with a table of that version if it can, and else with one of its own
 * version, of which a host may read the first two members and nothing else. Within one version tables only grow at their end: a reader
 * looks at `size` before it uses a member that was added later.
 */
#ifndef PROVIDER_PLUGIN_H
#define PROVIDER_PLUGIN_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The version that this header describes. */
#define PROVIDER_PLUGIN_ABI_VERSION 1u

/* The name of the one function that a plugin exports. */
#define PROVIDER_PLUGIN_SYMBOL "provider_plugin"

/* What a function has to say of its work. */
typedef int32_t ProviderStatus;
enum {
    /* It is done, or begun. */
    PROVIDER_OK = 0,
    /* A pointer is NULL that must not be, or a size cannot be. */
    PROVIDER_INVALID_ARGUMENT = 1,
    /* A text is not JSON, or not of the shape that it must have. */
    PROVIDER_INVALID_JSON = 2,
    /* It could not be done: the error says why. */
    PROVIDER_FAILED = 3,
    /* The instance was closed. */
    PROVIDER_CLOSED = 4,
    /* Not here: `close` and `free` inside a callback. */
    PROVIDER_WRONG_THREAD = 5
};

/* Bytes that a plugin has written for a host: UTF-8, with a NUL behind the last one. Give them back with `free_bytes`. */
typedef struct ProviderBytes {
    char *bytes;
    size_t size;
} ProviderBytes;

/* A provider that a plugin has made, as one entry of a host's mount plan configures it. */
typedef struct ProviderInstance ProviderInstance;

/* Something that an instance does in the background: an answer, a list of models, getting ready. */
typedef struct ProviderCall ProviderCall;

/* What a callback of a call is told. */
typedef int32_t ProviderStep;
enum {
    /*
     * A JSON array of what has arrived since the last step, never empty, only where PROVIDER_WANT_EVENTS asked for it. Each element has
     * a `type`; a reader skips types that it does not know. Blocks are numbered from 0 over all kinds and choices.
     *
     *     {"type": "started", "id": "cmpl-1", "model": "..."}                the server has begun to answer
     *     {"type": "block_start", "index": 0, "block_type": "text"}          `text`, `thinking`, or `tool_use` with `id` and `name`;
     *                                                                        `choice` (below 65536) where it is not 0
     *     {"type": "block_delta", "index": 0, "text": "Hel"}                 never empty; of a tool call: a piece of its arguments
     *     {"type": "block_end", "index": 0, "block": {...}}                  the content block, whole
     *     {"type": "logprobs", "tokens": [{...}]}                            as in the response's `logprobs`
     *     {"type": "prompt_tokens", "ids": [1, 2], "logprobs": [null, {...}]}
     *     {"type": "token_ids", "choice": 0, "ids": [3, 4]}
     *     {"type": "usage", "usage": {"input_tokens": 5, ...}}
     *     {"type": "finish", "reason": "stop", "degradation": {...}, "metadata": {...}}      the last one
     */
    PROVIDER_STEP_EVENTS = 1,
    /*
     * The end, and it is well. The result as JSON: of `start` the ChatResponse where PROVIDER_WANT_RESPONSE asked for it, else nothing
     * (size 0); of `list_models` an array of ModelInfo; of `prepare` nothing.
     */
    PROVIDER_STEP_RESPONSE = 2,
    /* The end, and it is not well: the error as JSON, with what had arrived in `partial_response`. */
    PROVIDER_STEP_ERROR = 3
};

/* What a callback of a call answers. */
typedef int32_t ProviderFlow;
enum {
    /* Go on. */
    PROVIDER_CONTINUE = 0,
    /*
     * Give nothing more until `resume`. A `resume` that comes after this callback began undoes it, so that none is lost. Of the last step
     * the answer means nothing.
     */
    PROVIDER_PAUSE = 1
};

/* A callback of a call. `json` is the plugin's, and valid during the callback; it is never NULL. */
typedef ProviderFlow (*ProviderCallback)(void *context, ProviderStep step, const char *json, size_t size);

/* What `start` gives to its callback. */
enum {
    /* The steps of the answer, as they arrive. */
    PROVIDER_WANT_EVENTS = 1u,
    /* The whole answer at its end. */
    PROVIDER_WANT_RESPONSE = 2u
};

/* How much a log message matters. */
enum {
    PROVIDER_LOG_DEBUG = 0,
    PROVIDER_LOG_INFO = 1,
    PROVIDER_LOG_WARNING = 2,
    PROVIDER_LOG_ERROR = 3
};

/*
 * What a host gives to each instance. A plugin copies it during `create`. Every function may be NULL; all may be called on any thread, by
 * several at once, from `create` on until `close` has returned. What they are given is the plugin's, and gone when they return.
 */
typedef struct ProviderHost {
    /* The version that the host speaks. */
    uint32_t abi_version;
    /* sizeof(ProviderHost). */
    uint32_t size;
    /* The first argument of the functions below; a plugin never looks at it. */
    void *context;
    /* Not 0 where somebody wants session events of this name; NULL: all are wanted. Events of others need not be made. */
    int32_t (*wants)(void *context, const char *event);
    /*
     * A session event (`llm:request`, `llm:stream_block_delta`, `provider:retry`, ...) with its data, a JSON object. Those of one call come
     * in order. It must return soon: it lies on the path of a streamed token.
     */
    void (*emit)(void *context, const char *event, const char *data, size_t size);
    /* A message for whoever develops or runs the host; no part of a session. */
    void (*log)(void *context, int32_t level, const char *message, size_t size);
    /* A secret that the plugin has come by, from its configuration or later, so that the host keeps it out of its own logs. */
    void (*keep_secret)(void *context, const char *secret, size_t size);
} ProviderHost;

/* What a plugin can do. All functions are there (never NULL); the table and its names live as long as the process. */
typedef struct ProviderPlugin {
    /* The version of this table. */
    uint32_t abi_version;
    /* sizeof(ProviderPlugin), of the header that the plugin was built with. */
    uint32_t size;
    /* The module's name in mount plans: `provider-vllm`. */
    const char *name;
    /* The plugin's own version, for people. */
    const char *version;

    /*
     * Makes a provider. It touches no network and starts no process.
     *
     * `setup` is a JSON object; every member may be missing:
     *     config       the provider's configuration, an object
     *     path         where the configuration stands in the mount plan, for messages: `providers[0].config`
     *     instance_id  the name of this instance, which belongs in every event
     *     session_id   the session's id, stable over its calls
     *     environment  the environment variables that the provider may read, an object of texts; where it is missing, those of the process
     *
     * PROVIDER_FAILED: the configuration is wrong; the error lists everything that is. `host` may be NULL.
     */
    ProviderStatus (*create)(
        const ProviderHost *host, const char *setup, size_t size, ProviderInstance **instance, ProviderBytes *error);

    /*
     * What the provider is, at this moment and without network:
     *     {"name": "vllm", "priority": 100, "info": ProviderInfo, "model_info": ModelInfo or null}
     * `priority`: of several providers a session asks the one with the lowest. `model_info`: the model that answers where a request names
     * none, with its limits; null as long as they are not known.
     */
    ProviderStatus (*info)(ProviderInstance *instance, ProviderBytes *json);

    /* Finds out, in the background, what `model_info` tells. What goes wrong here is no failure of the provider. */
    ProviderStatus (*prepare)(ProviderInstance *instance, ProviderCallback callback, void *context, ProviderCall **call);

    /* Asks for the models that the server has: at its end an array of ModelInfo. */
    ProviderStatus (*list_models)(ProviderInstance *instance, ProviderCallback callback, void *context, ProviderCall **call);

    /*
     * Asks the model.
     *
     * `request` is a ChatRequest. Members that are missing or null take their values from `options`, then from the configuration.
     * `options` is an object with settings for this call alone, under the keys of the configuration; NULL for none. `wants` is a sum of
     * PROVIDER_WANT_EVENTS and PROVIDER_WANT_RESPONSE, and nothing else. PROVIDER_INVALID_JSON says in `error` what is wrong with which
     * member.
     */
    ProviderStatus (*start)(
        ProviderInstance *instance, const char *request, size_t request_size, const char *options, size_t options_size, uint32_t wants,
        ProviderCallback callback, void *context, ProviderCall **call, ProviderBytes *error);

    /* Undoes PROVIDER_PAUSE. */
    ProviderStatus (*resume)(ProviderCall *call);

    /* Ends a call early. It returns at once; the last step follows, with an AbortError unless the end was there before. */
    ProviderStatus (*cancel)(ProviderCall *call);

    /* Gives a call's handle back, once. A call that has not ended is cancelled; its last step still comes. */
    ProviderStatus (*release)(ProviderCall *call);

    /*
     * The tool calls of an answer: `response` is a ChatResponse, without its log-probabilities and token ids where the host leaves them out,
     * the result an array of {"id", "name", "arguments"}; where it fails, the result is the error.
     */
    ProviderStatus (*parse_tool_calls)(ProviderInstance *instance, const char *response, size_t size, ProviderBytes *json);

    /*
     * Cancels all calls and waits until the last callback has returned; from then on neither a call's callback nor the host table is used.
     * May be called more than once, and by several threads.
     */
    ProviderStatus (*close)(ProviderInstance *instance);

    /* Closes an instance, if it was not, and frees it. Once, and with no other function of this instance under way but `close`. */
    ProviderStatus (*free)(ProviderInstance *instance);

    /* Frees what a function of this plugin has written, and empties it. NULL and empty bytes are fine. */
    void (*free_bytes)(ProviderBytes *bytes);
} ProviderPlugin;

/*
 * The one function that a plugin exports; a host finds it with dlsym by PROVIDER_PLUGIN_SYMBOL. It may be called more than once and on
 * any thread, and never returns NULL.
 */
typedef const ProviderPlugin *(*ProviderPluginEntry)(uint32_t abi_version);

#ifdef __cplusplus
}
#endif

#endif
