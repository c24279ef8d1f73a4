#include "danger.h"

#include <string.h>

#include "madoguchi/base/arena.h"
#include "madoguchi/base/err.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"
#include "madoguchi/mail/danger.h"

/* First bytes that say what a file is, whatever its name. */
static const struct {
	const char *magic;
	size_t n;
	enum mdg_danger danger;
} kinds[] = {
	{"MZ", 2, MDG_DANGER_PROGRAM}, /* PE, DOS */
	{"\x7F"
	 "ELF",
	 4, MDG_DANGER_PROGRAM},                     /* Linux */
	{"\xCF\xFA\xED\xFE", 4, MDG_DANGER_PROGRAM}, /* Mach-O */
	{"\xCE\xFA\xED\xFE", 4, MDG_DANGER_PROGRAM},
	{"L\0\0\0\1\x14\2", 7, MDG_DANGER_SCRIPT}, /* [MS-SHLLINK] 2.1 */
	{"#!/", 3, MDG_DANGER_SCRIPT},
	{"ITSF", 4, MDG_DANGER_SCRIPT}, /* compiled HTML help */
	{"Rar!\x1A\7", 6, MDG_DANGER_ARCHIVE},
	{"7z\xBC\xAF\x27\x1C", 6, MDG_DANGER_ARCHIVE},
	{"MSCF\0\0\0\0", 8, MDG_DANGER_ARCHIVE}, /* [MS-CAB] 2.1 */
	{"vhdxfile", 8, MDG_DANGER_IMAGE},
	{"conectix", 8, MDG_DANGER_IMAGE},
	{"\xE4\x52\x5C\x7B\x8C\xD8\xA7\x4D", 8, MDG_DANGER_SCRIPT}, /* .one */
};

enum {
	ISO_AT = 0x8001, /* ECMA-119 §8.1: the first volume descriptor */
	ZIP_LOCAL_BYTES = 30,
	ZIP_CENTRAL_BYTES = 46,
	ENTRIES_MAX = 5000,
};

/* n bytes, little endian */
static size_t
le16(const unsigned char *p)
{
	return (size_t)p[0] | (size_t)p[1] << 8;
}

/* One name in an archive. */
static enum mdg_danger
of_entry(const unsigned char *name, size_t n)
{
	static const char *const macros[] = {"vbaproject.bin",
					     "xl/macrosheets/"};
	char text[MDG_FILENAME_BYTES_MAX + 1];

	if (n == 0 || n > MDG_FILENAME_BYTES_MAX || memchr(name, 0, n))
		return MDG_DANGER_NO;
	memcpy(text, name, n);
	text[n] = '\0';
	for (size_t i = 0; i < MDG_LEN(macros); i++)
		if (mdg_strcasestr(text, macros[i]))
			return MDG_DANGER_MACRO;
	return mdg_danger_of_name(text, NULL) ? MDG_DANGER_ARCHIVE
					      : MDG_DANGER_NO;
}

/* All headers in a window, wherever they stand (APPNOTE 4.3.7, 4.3.12). */
static enum mdg_danger
of_zip(const unsigned char *p, size_t n, const char *mark, size_t head,
       size_t length_at)
{
	const unsigned char *end = p + n;
	enum mdg_danger most = MDG_DANGER_NO;

	for (size_t i = 0; i < ENTRIES_MAX; i++) {
		p = memmem(p, (size_t)(end - p), mark, 4);
		if (!p || (size_t)(end - p) < head)
			break;
		size_t len = le16(p + length_at);
		if (len <= (size_t)(end - p) - head) {
			enum mdg_danger d = of_entry(p + head, len);
			/* an Office file with macros is one, and no archive */
			if (d && most != MDG_DANGER_MACRO)
				most = d;
		}
		p += 4;
	}
	return most;
}

static bool
begins(const struct mime_seal *s, const char *magic, size_t n)
{
	return s->magic_n >= n && memcmp(s->magic, magic, n) == 0;
}

static enum mdg_danger
of_content(const struct mime_seal *s)
{
	enum mdg_danger d;

	for (size_t i = 0; i < MDG_LEN(kinds); i++)
		if (begins(s, kinds[i].magic, kinds[i].n))
			return kinds[i].danger;
	if (s->head_n >= ISO_AT + 5 &&
	    memcmp(s->head + ISO_AT, "CD001", 5) == 0)
		return MDG_DANGER_IMAGE;
	if (s->has_vba)
		return MDG_DANGER_MACRO;
	if (!begins(s, "PK\3\4", 4) || !s->head)
		return MDG_DANGER_NO;
	d = of_zip(s->tail, s->tail_n, "PK\1\2", ZIP_CENTRAL_BYTES, 28);
	return d ? d
		 : of_zip(s->head, s->head_n, "PK\3\4", ZIP_LOCAL_BYTES, 26);
}

enum mdg_danger
mime_danger(const struct mime_seal *s, const char *filename,
	    const char *media_type)
{
	enum mdg_danger name = mdg_danger_of_name(filename, media_type);
	enum mdg_danger content = of_content(s);

	if (name)
		return name;
	/* a program that calls itself a picture */
	if (content != MDG_DANGER_NO && content != MDG_DANGER_MACRO &&
	    content != MDG_DANGER_ARCHIVE && mdg_danger_looks_tame(filename))
		return MDG_DANGER_DISGUISED;
	return content;
}
