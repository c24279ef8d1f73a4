/* From the three arrays of a file to its machine. */
#ifndef MDG_DESK_MACHINE_TABLE_H
#define MDG_DESK_MACHINE_TABLE_H

#include "madoguchi/base/err.h"
#include "madoguchi/desk/machine.h"

#define MACHINE(name)                                                          \
	const struct mdg_machine mdg_##name##_machine = {                      \
		name##_states, MDG_LEN(name##_states),                         \
		name##_events, MDG_LEN(name##_events),                         \
		name##_steps,  MDG_LEN(name##_steps)}

#endif
