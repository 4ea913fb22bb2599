#pragma once
#include <stdio.h>
#include <locale.h>
#include <editline/readline.h>

/* Swift cannot see that these variables are set before any other thread reads lines. */
static inline void cedit_set_getc(int (*function)(FILE *)) { rl_getc_function = function; }
static inline void cedit_set_program(void) { rl_readline_name = "vllm-host"; }
