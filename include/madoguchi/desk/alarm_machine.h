#ifndef MDG_DESK_ALARM_MACHINE_H
#define MDG_DESK_ALARM_MACHINE_H

#include "madoguchi/desk/machine.h"

/*
 * alarm: one thing that is wrong
 *
 *   raised ──mailed──► notified ──gone──► over ──mailed──► cleared
 *     │                    ▲                │
 *     └──gone──► cleared   └────again───────┘
 */
enum mdg_alarm_state {
	MDG_ALARM_RAISED,
	MDG_ALARM_NOTIFIED,
	MDG_ALARM_OVER,
	MDG_ALARM_CLEARED,
	MDG_ALARM_N
};
enum mdg_alarm_event {
	MDG_ALARM_EV_MAILED,
	MDG_ALARM_EV_GONE,
	MDG_ALARM_EV_AGAIN,
};

extern const struct mdg_machine mdg_alarm_machine;

#endif
