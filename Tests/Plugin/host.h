/* What the hosts in C of this folder have in common. */
#ifndef TEST_HOST_H
#define TEST_HOST_H

#include "json.h"
#include "provider_plugin.h"
#include "text.h"

/* Loads a plugin; ends the program with a message where that cannot be. */
const ProviderPlugin *load_plugin(const char *path);

/* Adds a text as a JSON string, quotes included. */
void add_quoted(Text *json, const char *text);

/* Adds what a JSON string says, its escapes undone. */
void add_decoded(Text *text, Json string);

#endif
