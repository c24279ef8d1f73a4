/* What the files of app/scan.h share. */
#ifndef MDG_APP_SCAN_INT_H
#define MDG_APP_SCAN_INT_H

#include "madoguchi/app/scan.h"

/* The badge of a message; NULL takes it off. */
bool mdg_scan_mark(struct mdg_desk *d, int64_t message, const char *signature,
		   struct mdg_err *err);

#endif
