/* What a thread does to an instance. */
#ifndef TORTURE_WORK_H
#define TORTURE_WORK_H

#include "call.h"

/* A thread's function; its argument is the round. */
void *work(void *round);

/* Functions that answer at once, also of an instance that is closed. */
void questions(Round *round);

/* Waits for a call's end, and releases it now or when the instance is gone. */
void finish(Call *call, unsigned *seed);

#endif
