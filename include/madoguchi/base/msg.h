/*
 * Texts for people: an id, string arguments, and one table per language.
 *
 * Places in a text are %1 … %9 (so that languages may order them freely);
 * "%%" is a percent sign. All arguments are strings; "%2{draft}" is the word
 * for the code that stands in it (mdg_msg_word()). A unit test checks that
 * every text has the same places in both languages.
 *
 * Add a text in base/messages.def, in the section of its room.
 */
#ifndef MDG_BASE_MSG_H
#define MDG_BASE_MSG_H

#include <stddef.h>
#include <stdint.h>

enum mdg_lang { MDG_LANG_JA, MDG_LANG_EN, MDG_LANG_N };

enum mdg_msg {
	MDG_MSG_NONE = 0,
#define MSG(id, en, ja) MDG_MSG_##id,
#include "madoguchi/base/messages.def"
#undef MSG
	MDG_MSG_N
};

/* The bare text of a message, places unfilled. Never NULL. */
const char *mdg_msg_text(enum mdg_lang lang, enum mdg_msg id);

/* The word for a code of a group ("draft", "queued"): one table, src/base/
 * msg_word.c. NULL: it has none. */
const char *mdg_msg_word(enum mdg_lang lang, const char *group, size_t group_n,
			 const char *code);

/* The id's name ("ticket_unknown"): stable, stored in events and findings. */
const char *mdg_msg_name(enum mdg_msg id);

/*
 * Fill the places of a message and write it to out (NUL-terminated, cut on a
 * character boundary at n bytes). args: argc strings, none NULL.
 */
char *mdg_msg_format(enum mdg_lang lang, enum mdg_msg id, size_t argc,
		     const char *const *args, char *out, size_t n);

/*
 * So long as people say it, in the same words everywhere: "12分", "3時間20分",
 * "1日19時間"; "12 min", "3 h 20 min", "1 d 19 h". The second unit is left out
 * where it is nothing, and a time below zero is as long as above.
 */
char *mdg_msg_duration(enum mdg_lang lang, int64_t seconds, char *out,
		       size_t n);

/* "ja…" -> ja, "en…", "C", "POSIX" -> en, NULL and everything else -> ja. */
enum mdg_lang mdg_lang_from_locale(const char *locale);

#endif
