#include "madoguchi/query/tag.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "madoguchi/base/err.h"
#include "madoguchi/base/str.h"
#include "madoguchi/crypto/digest.h"

/* Members that change without anybody's changing anything. */
static bool
is_beside(const char *key)
{
	static const char *const beside[] = {
		"now_s",    "tickets", "fired",   "low_uid", "synced_s",
		"looked_s", "clean_s", "problem", "access",
	};

	for (size_t i = 0; i < MDG_LEN(beside); i++)
		if (mdg_streq(key, beside[i]))
			return true;
	return false;
}

/* A copy without them, at any depth. */
static json_t *
without(const json_t *v)
{
	json_t *out, *one;
	const char *key;
	size_t i;

	if (json_is_array(v)) {
		out = json_array();
		json_array_foreach (v, i, one)
			json_array_append_new(out, without(one));
		return out;
	}
	if (!json_is_object(v))
		return json_incref((json_t *)(uintptr_t)v);
	out = json_object();
	json_object_foreach ((json_t *)(uintptr_t)v, key, one)
		if (!is_beside(key))
			json_object_set_new(out, key, without(one));
	return out;
}

void
mdg_json_tag(const json_t *result, char ret[MDG_TAG_CHARS + 1])
{
	const json_t *rev = json_object_get(result, "rev");
	unsigned char digest[MDG_DIGEST_BYTES];

	if (json_is_integer(rev)) {
		snprintf(ret, MDG_TAG_CHARS + 1, "%lld",
			 (long long)json_integer_value(rev));
		return;
	}
	json_t *own = without(result);
	char *text = json_dumps(own, JSON_COMPACT | JSON_SORT_KEYS);
	mdg_digest(mdg_span(text, text ? strlen(text) : 0), digest);
	mdg_hex(digest, MDG_TAG_CHARS / 2, ret);
	free(text);
	json_decref(own);
}
