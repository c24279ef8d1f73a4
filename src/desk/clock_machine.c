#include "madoguchi/desk/clock_machine.h"

#include "madoguchi/base/err.h"

/* clang-format off */
static const struct mdg_clock_step steps[] = {
	/* state, ended, event, next, effect */
	{MDG_CLOCK_RUNNING, false, MDG_CLOCK_PAUSE,
		MDG_CLOCK_PAUSED, MDG_CLOCK_HALT},
	{MDG_CLOCK_RUNNING, false, MDG_CLOCK_ANSWER,
		MDG_CLOCK_MET, MDG_CLOCK_END},
	{MDG_CLOCK_RUNNING, false, MDG_CLOCK_DUE_PASSED,
		MDG_CLOCK_BREACHED, MDG_CLOCK_KEEP},
	{MDG_CLOCK_RUNNING, false, MDG_CLOCK_CANCEL,
		MDG_CLOCK_NOT_APPLICABLE, MDG_CLOCK_END},
	{MDG_CLOCK_RUNNING, false, MDG_CLOCK_DROP,
		MDG_CLOCK_NOT_APPLICABLE, MDG_CLOCK_END},

	{MDG_CLOCK_PAUSED, false, MDG_CLOCK_RESUME,
		MDG_CLOCK_RUNNING, MDG_CLOCK_GO},
	{MDG_CLOCK_PAUSED, false, MDG_CLOCK_ANSWER,
		MDG_CLOCK_MET, MDG_CLOCK_END},
	{MDG_CLOCK_PAUSED, false, MDG_CLOCK_CANCEL,
		MDG_CLOCK_NOT_APPLICABLE, MDG_CLOCK_END},
	{MDG_CLOCK_PAUSED, false, MDG_CLOCK_DROP,
		MDG_CLOCK_NOT_APPLICABLE, MDG_CLOCK_END},

	{MDG_CLOCK_BREACHED, false, MDG_CLOCK_PAUSE,
		MDG_CLOCK_BREACHED, MDG_CLOCK_HALT},
	{MDG_CLOCK_BREACHED, false, MDG_CLOCK_RESUME,
		MDG_CLOCK_BREACHED, MDG_CLOCK_GO},
	{MDG_CLOCK_BREACHED, false, MDG_CLOCK_ANSWER,
		MDG_CLOCK_BREACHED, MDG_CLOCK_END},
	{MDG_CLOCK_BREACHED, false, MDG_CLOCK_CANCEL,
		MDG_CLOCK_NOT_APPLICABLE, MDG_CLOCK_END},
	{MDG_CLOCK_BREACHED, false, MDG_CLOCK_DROP,
		MDG_CLOCK_BREACHED, MDG_CLOCK_END},

	{MDG_CLOCK_MET, true, MDG_CLOCK_REOPEN,
		MDG_CLOCK_RUNNING, MDG_CLOCK_GO},
	{MDG_CLOCK_BREACHED, true, MDG_CLOCK_REOPEN,
		MDG_CLOCK_BREACHED, MDG_CLOCK_GO},
};
/* clang-format on */

const struct mdg_clock_step *
mdg_clock_steps(size_t *n)
{
	*n = MDG_LEN(steps);
	return steps;
}

const struct mdg_clock_step *
mdg_clock_step(enum mdg_clock_state state, bool ended,
	       enum mdg_clock_event event)
{
	for (size_t i = 0; i < MDG_LEN(steps); i++)
		if (steps[i].state == state && steps[i].ended == ended &&
		    steps[i].event == event)
			return &steps[i];
	return NULL;
}
