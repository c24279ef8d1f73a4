/* figures: keeps the rows that reports add up (query/figure.h). */
#ifndef MDG_APP_FIGURES_H
#define MDG_APP_FIGURES_H

#include "madoguchi/app/desk.h"

enum { MDG_FIGURES_STEP = 500 }; /* events, at a time */

/* Are there events that no row knows of? */
bool mdg_figures_due(const struct mdg_desk *d);
/* The next of them, in a transaction of its own. */
bool mdg_figures_step(struct mdg_desk *d, struct mdg_err *err);

#endif
