#include "seal.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "madoguchi/base/buf.h"
#include "madoguchi/base/err.h"

/* -- the two windows ------------------------------------------------------ */

static bool is_sealed_zip(const struct mime_seal *s);
static bool is_sealed_7z(const struct mime_seal *s);
static bool is_sealed_rar4(const struct mime_seal *s);
static bool is_sealed_rar5(const struct mime_seal *s);
static bool is_sealed_office(const struct mime_seal *s);
static bool is_sealed_pdf(const struct mime_seal *s);
static bool is_never_sealed(const struct mime_seal *s);

static const struct {
	const char *magic;
	size_t n;
	bool (*is_sealed)(const struct mime_seal *s);
	enum mdg_sealed then;
} kinds[] = {
	{"PK\3\4", 4, is_sealed_zip, MDG_SEALED_YES},
	{"7z\xBC\xAF\x27\x1C", 6, is_sealed_7z, MDG_SEALED_YES},
	{"Rar!\x1A\7\0", 7, is_sealed_rar4, MDG_SEALED_YES},
	{"Rar!\x1A\7\1", 7, is_sealed_rar5, MDG_SEALED_YES},
	{"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8, is_sealed_office,
	 MDG_SEALED_YES},
	{"%PDF-", 5, is_sealed_pdf, MDG_SEALED_MAYBE},
	/* a disk image begins with room for a boot program, mostly empty */
	{"\0\0\0\0\0\0\0", 8, is_never_sealed, MDG_SEALED_NO},
};

static void
keep_tail(struct mime_seal *s, const unsigned char *p, size_t n)
{
	if (n >= MIME_SEAL_WINDOW) {
		memcpy(s->tail, p + n - MIME_SEAL_WINDOW, MIME_SEAL_WINDOW);
		s->tail_n = MIME_SEAL_WINDOW;
		return;
	}
	if (s->tail_n + n > MIME_SEAL_WINDOW) {
		size_t drop = s->tail_n + n - MIME_SEAL_WINDOW;
		memmove(s->tail, s->tail + drop, s->tail_n - drop);
		s->tail_n -= drop;
	}
	memcpy(s->tail + s->tail_n, p, n);
	s->tail_n += n;
}

/* [MS-OVBA] 2.2.1: the name of a stream, in UTF-16LE. */
static const char vba[] = "_\0V\0B\0A\0_\0P\0R\0O\0J\0E\0C\0T";

static void
look_for_vba(struct mime_seal *s, const unsigned char *p, size_t n)
{
	unsigned char both[2 * sizeof(s->edge)];
	size_t take = n < sizeof(s->edge) ? n : sizeof(s->edge);

	memcpy(both, s->edge, s->edge_n);
	memcpy(both + s->edge_n, p, take);
	s->has_vba = s->has_vba ||
		     memmem(both, s->edge_n + take, vba, sizeof(vba) - 1) ||
		     memmem(p, n, vba, sizeof(vba) - 1);
	/* the last bytes of both, for the next piece */
	size_t have = s->edge_n + take;
	if (n >= sizeof(s->edge)) {
		memcpy(s->edge, p + n - sizeof(s->edge), sizeof(s->edge));
		s->edge_n = sizeof(s->edge);
		return;
	}
	s->edge_n = have < sizeof(s->edge) ? have : sizeof(s->edge);
	memcpy(s->edge, both + have - s->edge_n, s->edge_n);
}

static void
keep(struct mime_seal *s, const unsigned char *p, size_t n)
{
	size_t room = MIME_SEAL_WINDOW - s->head_n;
	size_t take = n < room ? n : room;

	memcpy(s->head + s->head_n, p, take);
	s->head_n += take;
	s->bytes += n;
	keep_tail(s, p, n);
	look_for_vba(s, p, n);
}

void
mime_seal_feed(struct mime_seal *s, const void *data, size_t n)
{
	const unsigned char *p = data;

	while (s->kind == 0 && n > 0 && s->magic_n < sizeof(s->magic)) {
		s->magic[s->magic_n++] = *p++;
		n--;
	}
	if (s->kind == 0 && s->magic_n == sizeof(s->magic)) {
		s->kind = -1;
		for (size_t i = 0; i < MDG_LEN(kinds); i++)
			if (memcmp(s->magic, kinds[i].magic, kinds[i].n) == 0)
				s->kind = (int)i + 1;
		if (s->kind > 0) {
			s->head = mdg_malloc(MIME_SEAL_WINDOW);
			s->tail = mdg_malloc(MIME_SEAL_WINDOW);
			keep(s, s->magic, sizeof(s->magic));
		}
	}
	if (s->kind > 0 && n > 0)
		keep(s, p, n);
}

enum mdg_sealed
mime_seal_end(struct mime_seal *s)
{
	enum mdg_sealed ret = MDG_SEALED_NO;

	if (s->kind > 0 && kinds[s->kind - 1].is_sealed(s))
		ret = kinds[s->kind - 1].then;
	free(s->head);
	free(s->tail);
	*s = (struct mime_seal){.kind = -1};
	return ret;
}

/* -- reading --------------------------------------------------------------- */

/* n bytes, little endian; the caller has seen that they are there. */
static uint64_t
le(const unsigned char *p, size_t n)
{
	uint64_t v = 0;

	for (size_t i = n; i-- > 0;)
		v = v << 8 | p[i];
	return v;
}

static bool
either_has(const struct mime_seal *s, const void *what, size_t n)
{
	return memmem(s->tail, s->tail_n, what, n) ||
	       memmem(s->head, s->head_n, what, n);
}

/* -- ZIP (APPNOTE 4.3.7, 4.3.12, 4.4.4: bit 0) ----------------------------- */

enum {
	ZIP_LOCAL = 0x04034b50,
	ZIP_CENTRAL = 0x02014b50,
	ZIP_END = 0x06054b50,
	ENTRIES_MAX = 5000
};

/* Entries one after the other, as far as their sizes are told in front. */
static bool
local_sealed(const struct mime_seal *s)
{
	size_t at = 0;

	for (int i = 0; i < ENTRIES_MAX && at + 30 <= s->head_n; i++) {
		const unsigned char *p = s->head + at;
		if (le(p, 4) != ZIP_LOCAL)
			return false;
		uint64_t flags = le(p + 6, 2), packed = le(p + 18, 4);
		if (flags & 1)
			return true;
		if ((flags & 8) && packed == 0)
			return false; /* the size comes behind the content */
		uint64_t next =
			at + 30 + le(p + 26, 2) + le(p + 28, 2) + packed;
		if (next > s->head_n)
			return false;
		at = (size_t)next;
	}
	return false;
}

static bool
central_sealed(const struct mime_seal *s)
{
	const unsigned char *t = s->tail;
	size_t end = s->tail_n;

	if (end < 22)
		return false;
	for (end -= 22; le(t + end, 4) != ZIP_END; end--)
		if (end == 0)
			return false;
	uint64_t size = le(t + end + 12, 4);
	if (size > end)
		return false; /* begins before the window */
	size_t at = end - (size_t)size;
	for (int i = 0; i < ENTRIES_MAX && at + 46 <= end; i++) {
		const unsigned char *p = t + at;
		if (le(p, 4) != ZIP_CENTRAL)
			return false;
		if (le(p + 8, 2) & 1)
			return true;
		at += 46 +
		      (size_t)(le(p + 28, 2) + le(p + 30, 2) + le(p + 32, 2));
	}
	return false;
}

static bool
is_sealed_zip(const struct mime_seal *s)
{
	return local_sealed(s) || central_sealed(s);
}

/* -- 7z: the AES coder, where the header is not packed itself -------------- */

static bool
is_sealed_7z(const struct mime_seal *s)
{
	static const unsigned char aes[] = {0x06, 0xF1, 0x07, 0x01};

	if (s->head_n < 32)
		return false;
	uint64_t at = le(s->head + 12, 8), n = le(s->head + 20, 8);
	uint64_t before_tail = s->bytes - s->tail_n;
	if (at > s->bytes || n > s->bytes || at + 32 + n > s->bytes)
		return false;
	at += 32;
	if (at >= before_tail)
		return memmem(s->tail + (at - before_tail), (size_t)n, aes,
			      sizeof(aes)) != NULL;
	return at + n <= s->head_n &&
	       memmem(s->head + at, (size_t)n, aes, sizeof(aes)) != NULL;
}

/* -- RAR ------------------------------------------------------------------- */

/* Blocks of version 4: CRC, type, flags, size, and what is behind it. */
static bool
is_sealed_rar4(const struct mime_seal *s)
{
	enum { MAIN = 0x73, FILE_BLOCK = 0x74 };
	uint64_t at = 7;

	for (int i = 0; i < ENTRIES_MAX && at + 11 <= s->head_n; i++) {
		const unsigned char *p = s->head + at;
		uint64_t flags = le(p + 3, 2), size = le(p + 5, 2);
		if (p[2] == MAIN && (flags & 0x80))
			return true;
		if (p[2] == FILE_BLOCK && (flags & 0x04))
			return true;
		if (size < 7)
			return false;
		at += size;
		if ((flags & 0x8000) || p[2] == FILE_BLOCK)
			at += le(p + 7, 4);
	}
	return false;
}

/* A number of version 5: seven bits a byte. False at the end. */
static bool
vint(const struct mime_seal *s, size_t end, size_t *at, uint64_t *ret)
{
	*ret = 0;
	for (unsigned shift = 0; shift < 63 && *at < end && *at < s->head_n;
	     shift += 7) {
		unsigned char c = s->head[(*at)++];
		*ret |= (uint64_t)(c & 0x7F) << shift;
		if (!(c & 0x80))
			return true;
	}
	return false;
}

/* The extra records of a file header: is one of them about encryption? */
static bool
extra_sealed(const struct mime_seal *s, size_t from, size_t end)
{
	uint64_t size, type;

	while (from < end) {
		if (!vint(s, end, &from, &size) || size == 0 ||
		    size > end - from)
			return false;
		size_t at = from;
		if (vint(s, end, &at, &type) && type == 1)
			return true;
		from += (size_t)size;
	}
	return false;
}

static bool
is_sealed_rar5(const struct mime_seal *s)
{
	enum { FILE_HEADER = 2, CRYPT_HEADER = 4, EXTRA = 1, DATA = 2 };
	size_t at = 8;

	for (int i = 0; i < ENTRIES_MAX && at + 4 < s->head_n; i++) {
		uint64_t size, type, flags, extra = 0, data = 0;
		at += 4; /* CRC */
		if (!vint(s, s->head_n, &at, &size) || size > s->head_n - at)
			return false;
		size_t end = at + (size_t)size;
		if (!vint(s, end, &at, &type) || !vint(s, end, &at, &flags))
			return false;
		if (type == CRYPT_HEADER)
			return true;
		if (((flags & EXTRA) && !vint(s, end, &at, &extra)) ||
		    ((flags & DATA) && !vint(s, end, &at, &data)))
			return false;
		if (type == FILE_HEADER && extra <= size &&
		    extra_sealed(s, end - (size_t)extra, end))
			return true;
		if (data > s->head_n - end)
			return false;
		at = end + (size_t)data;
	}
	return false;
}

/* -- Office (MS-OFFCRYPTO 2.3.1): a stream of that name -------------------- */

static bool
is_sealed_office(const struct mime_seal *s)
{
	static const char word[] = "EncryptedPackage";
	char wide[2 * (sizeof(word) - 1)];

	for (size_t i = 0; i < sizeof(word) - 1; i++) {
		wide[2 * i] = word[i];
		wide[2 * i + 1] = '\0';
	}
	return either_has(s, wide, sizeof(wide));
}

/* -- PDF (ISO 32000-1, 7.6): /Encrypt in the trailer ----------------------- */

static bool
names_encrypt(const unsigned char *p, size_t n)
{
	static const char word[] = "/Encrypt";
	const unsigned char *end = p + n, *hit;

	while ((hit = memmem(p, (size_t)(end - p), word, sizeof(word) - 1))) {
		p = hit + sizeof(word) - 1;
		if (p < end && (*p <= ' ' || *p == '<'))
			return true;
	}
	return false;
}

static bool
is_sealed_pdf(const struct mime_seal *s)
{
	return names_encrypt(s->tail, s->tail_n) ||
	       names_encrypt(s->head, s->head_n);
}

static bool
is_never_sealed(const struct mime_seal *s)
{
	(void)s;
	return false;
}
