/* The table behind the diagram of desk/alarm_machine.h. */
#include "madoguchi/desk/alarm_machine.h"

#include "machine_table.h"
#include "madoguchi/base/err.h"

static const char *const alarm_states[] = {"raised", "notified", "over",
					   "cleared"};
static const char *const alarm_events[] = {"mailed", "gone", "again"};
#define A(s, e, n)                                                             \
	{MDG_ALARM_##s, MDG_ALARM_EV_##e, MDG_ALARM_##n}
static const struct mdg_step alarm_steps[] = {
	A(RAISED, MAILED, NOTIFIED), A(RAISED, GONE, CLEARED),
	A(NOTIFIED, GONE, OVER),     A(OVER, MAILED, CLEARED),
	A(OVER, AGAIN, NOTIFIED),
};
#undef A
MACHINE(alarm);
