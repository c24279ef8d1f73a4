/* 誤送信防止: another customer's phone number, however it is written. */
#include <string.h>

#include "guard-int.h"
#include "madoguchi/app/customers.h"
#include "madoguchi/base/str.h"
#include "madoguchi/text/fold.h"

enum { HOLDERS_MAX = 50, GROUPS_MAX = 5 };

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

size_t
mdg_guard_phone_len(const char *s, size_t n, size_t from)
{
	size_t digits = 0, i = from, end = 0, groups = 1;
	bool plus = s[i] == '+';

	if (from > 0 && (is_digit(s[from - 1]) || strchr("-./", s[from - 1])))
		return 0;
	if (s[i] != '0' && !plus &&
	    !(s[i] == '(' && i + 1 < n && s[i + 1] == '0'))
		return 0;
	if (plus && (n - i < 3 || memcmp(s + i, "+81", 3) != 0))
		return 0;
	for (; i < n && groups <= GROUPS_MAX; i++) {
		if (is_digit(s[i])) {
			digits++;
			end = i + 1;
		} else if (strchr("-() ", s[i]) && s[i]) {
			groups += is_digit(s[i - (i > from)]);
		} else if (!(plus && i == from)) {
			break;
		}
		/* 03-1234-5678 2階: a number is over when it is whole */
		if (i + 1 < n && !is_digit(s[i + 1]) && s[i + 1] != '-' &&
		    digits >= (plus ? 11U : 10U))
			break;
	}
	if (plus)
		digits--; /* +81 90 … is 090 … */
	bool whole = digits == 10 || digits == 11;
	return whole && !(end < n && is_digit(s[end])) ? end - from : 0;
}

/* Is it in this customer's record, in another's? */
static bool
in_records(struct guard *g, const char *key, bool *ret_mine, bool *ret_other,
	   struct mdg_err *err)
{
	MDG_AUTO(mdg_rows_closep) struct mdg_rows *r = NULL;
	MDG_AUTO(mdg_buf_clear) struct mdg_buf mine = {0};

	if (!mdg_db_query(g->desk->db, &r, err,
			  "SELECT customer_id, key FROM customer_phone"
			  " WHERE key = ?1 UNION ALL"
			  " SELECT id, phone FROM customer WHERE id = ?2",
			  "si", key, g->customer_id))
		return false;
	while (mdg_rows_next(r)) {
		const char *phone = mdg_rows_text(r, 1);
		if (mdg_rows_i64(r, 0) != g->customer_id) {
			*ret_other = true;
			continue;
		}
		mdg_buf_reset(&mine);
		mdg_phone_key(phone, &mine);
		*ret_mine = *ret_mine || mdg_streq(mdg_buf_str(&mine), key);
	}
	return mdg_rows_close(&r, err);
}

/* Has the text these digits, whatever stands between them? */
static bool
says_number(const char *text, const void *arg)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf folded = {0};

	mdg_fold(&folded, text, strlen(text), MDG_FOLD_SIGNS);
	const char *s = mdg_buf_str(&folded);
	for (size_t i = 0; i < folded.len; i++) {
		MDG_AUTO(mdg_buf_clear) struct mdg_buf key = {0};
		size_t n = mdg_guard_phone_len(s, folded.len, i);
		if (n == 0)
			continue;
		MDG_AUTO(mdg_freep) char *one = mdg_strndup(s + i, n);
		mdg_phone_key(one, &key);
		if (mdg_streq(mdg_buf_str(&key), arg))
			return true;
	}
	return false;
}

bool
mdg_guard_phone_is_others(struct guard *g, const char *phone, bool *ret,
			  struct mdg_err *err)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf key = {0};
	bool mine = false, other = false;

	*ret = false;
	mdg_phone_key(phone, &key);
	const char *digits = mdg_buf_str(&key);
	if (!key.len || says_number(g->own, digits))
		return true;
	if (!in_records(g, digits, &mine, &other, err))
		return false;
	/* written without signs, or its last part behind one */
	const struct guard_search s = {
		.phrases = {digits, digits + key.len - 4},
		.max = HOLDERS_MAX,
		.says = says_number,
		.arg = digits,
	};
	if (!mine && !mdg_guard_is_others(g, &s, ret, err))
		return false;
	*ret = !mine && (*ret || other);
	return true;
}
