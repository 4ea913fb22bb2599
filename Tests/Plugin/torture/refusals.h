/* What a plugin must refuse. */
#ifndef TORTURE_REFUSALS_H
#define TORTURE_REFUSALS_H

#include "call.h"

/* What is no set-up, no configuration and no host of this version. */
void check_create(void);

/* What is no request and no response; it changes nothing. What an instance says to it depends on whether it is closed. */
void hand_over_nonsense(Round *round, unsigned *seed);

/* A callback that must not be called. */
ProviderFlow never(void *context, ProviderStep step, const char *json, size_t size);

#endif
