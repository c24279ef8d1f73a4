/*
 * progress: how far a long piece of work is, told to whoever waits for it.
 */
#ifndef MDG_BASE_PROGRESS_H
#define MDG_BASE_PROGRESS_H

#include <stdint.h>

struct mdg_progress {
	void (*tell)(void *arg, int64_t done, int64_t all);
	void *arg;
};

/* done of all, in any unit; p: borrowed, NULL for nobody. */
static inline void
mdg_progress(const struct mdg_progress *p, int64_t done, int64_t all)
{
	if (p)
		p->tell(p->arg, done, all);
}

#endif
