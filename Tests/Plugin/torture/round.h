/* An instance, from `create` to `free`, and the host table that it is given. */
#ifndef TORTURE_ROUND_H
#define TORTURE_ROUND_H

#include "call.h"

Round *open_round(long number);

/* Closes the instance, looks whether that was all, and frees it and the round. */
void close_round(Round *round);

/* All threads at work on one instance, which is closed under way in every third round. */
void run_round(long number);

#endif
