/*
 * What every fuzzer wants: checks that stop the program.
 */
#ifndef MDG_TESTS_FUZZ_H
#define MDG_TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "madoguchi/base/arena.h"
#include "madoguchi/base/buf.h"
#include "madoguchi/base/err.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define FUZZ_CHECK(cond) MDG_BUG_ON(!(cond))

/* Valid UTF-8 without controls and bidi controls, on one line. */
static inline void
fuzz_check_line(const char *s)
{
	size_t n = strlen(s);
	uint32_t cp;

	FUZZ_CHECK(mdg_utf8_valid(s, n));
	for (size_t i = 0; i < n;) {
		i += mdg_utf8_next(s + i, n - i, &cp);
		FUZZ_CHECK(cp >= 0x20 && (cp < 0x7F || cp >= 0xA0));
		FUZZ_CHECK(cp < 0x202A || cp > 0x202E);
		FUZZ_CHECK(cp < 0x2066 || cp > 0x2069);
	}
}

#endif
