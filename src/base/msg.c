#include "madoguchi/base/msg.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "madoguchi/base/str.h"

static const struct {
	const char *name;
	const char *text[MDG_LANG_N];
} messages[MDG_MSG_N] = {
	[MDG_MSG_NONE] = {"", {"", ""}},
#define MSG(id, en, ja)                                                        \
	[MDG_MSG_##id] = {#id, {[MDG_LANG_EN] = en, [MDG_LANG_JA] = ja}},
#include "madoguchi/base/messages.def"
#undef MSG
};

const char *
mdg_msg_text(enum mdg_lang lang, enum mdg_msg id)
{
	if (id >= MDG_MSG_N || lang >= MDG_LANG_N)
		return "";
	return messages[id].text[lang];
}

const char *
mdg_msg_name(enum mdg_msg id)
{
	return id < MDG_MSG_N ? messages[id].name : "";
}

/* The argument at p ("%2", or "%2{draft}": its word); *p goes behind it. */
static const char *
argument(enum mdg_lang lang, const char **p, size_t argc,
	 const char *const *args)
{
	size_t k = (size_t)((*p)[1] - '1');
	const char *arg = k < argc ? args[k] : "";

	*p += 2;
	size_t n = **p == '{' ? strcspn(*p, "}") : 0;
	if (n == 0 || (*p)[n] != '}')
		return arg;
	const char *group = *p + 1;
	*p += n + 1;
	const char *word = mdg_msg_word(lang, group, n - 1, arg);
	return word ? word : arg;
}

char *
mdg_msg_format(enum mdg_lang lang, enum mdg_msg id, size_t argc,
	       const char *const *args, char *out, size_t n)
{
	size_t len = 0;

	if (n == 0)
		return out;
	for (const char *p = mdg_msg_text(lang, id); *p;) {
		const char *piece = p;
		size_t piece_n = 1;

		if (p[0] == '%' && p[1] >= '1' && p[1] <= '9') {
			piece = argument(lang, &p, argc, args);
			piece_n = strlen(piece);
		} else if (p[0] == '%' && p[1] == '%') {
			p += 2;
		} else {
			piece_n = strcspn(p, "%");
			piece_n = piece_n ? piece_n : 1;
			p += piece_n;
		}
		size_t fit = mdg_utf8_cut(piece, piece_n, n - 1 - len);
		memcpy(out + len, piece, fit);
		len += fit;
		if (fit < piece_n)
			break;
	}
	out[len] = '\0';
	return out;
}

char *
mdg_msg_duration(enum mdg_lang lang, int64_t seconds, char *out, size_t n)
{
	static const struct {
		int64_t s;
		enum mdg_msg msg;
	} units[] = {{86400, MDG_MSG_span_d},
		     {3600, MDG_MSG_span_h},
		     {60, MDG_MSG_span_min},
		     {1, MDG_MSG_span_s}};
	uint64_t left = seconds < 0 ? 0 - (uint64_t)seconds : (uint64_t)seconds;
	char number[2][24], word[2][40] = {"", ""};
	size_t i = 0;

	while (i < 3 && left < (uint64_t)units[i].s)
		i++;
	/* minutes say enough: no seconds beside them */
	for (size_t k = 0; k < 2 && i + k < (k ? 3 : 4); k++) {
		uint64_t much = left / (uint64_t)units[i + k].s;
		const char *args[] = {number[k]};

		left %= (uint64_t)units[i + k].s;
		snprintf(number[k], sizeof(number[k]), "%" PRIu64, much);
		if (k == 0 || much)
			mdg_msg_format(lang, units[i + k].msg, 1, args, word[k],
				       sizeof(word[k]));
	}
	const char *args[] = {word[0], word[1]};
	return mdg_msg_format(
		lang, *word[1] ? MDG_MSG_span_two : MDG_MSG_span_one, 2, args,
		out, n);
}

enum mdg_lang
mdg_lang_from_locale(const char *locale)
{
	if (!locale || !*locale)
		return MDG_LANG_JA;
	if (mdg_str_starts(locale, "en") || mdg_streq(locale, "C") ||
	    mdg_str_starts(locale, "C.") || mdg_streq(locale, "POSIX"))
		return MDG_LANG_EN;
	return MDG_LANG_JA;
}
