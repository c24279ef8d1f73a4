/*
 * Text in the charsets of old mail, for tests: UTF-8 in, bytes out.
 */
#ifndef MDG_TESTS_MAIL_ENC_H
#define MDG_TESTS_MAIL_ENC_H

#include <iconv.h>

#include "madoguchi/base/buf.h"
#include "madoguchi/base/str.h"
#include "t.h"

/* utf8 in an iconv charset, appended. */
static inline void
enc(struct mdg_buf *out, const char *charset, const char *utf8)
{
	iconv_t cd = iconv_open(charset, "UTF-8");
	char chunk[4096], *to = chunk;
	char *from = (char *)(uintptr_t)utf8;
	size_t left = strlen(utf8), room = sizeof(chunk);

	assert_true(cd != (iconv_t)-1);
	if (iconv(cd, &from, &left, &to, &room) == (size_t)-1)
		fail_msg("cannot write \"%s\" in %s", utf8, charset);
	iconv(cd, NULL, NULL, &to, &room);
	iconv_close(cd);
	mdg_buf_put(out, chunk, (size_t)(to - chunk));
}

/*
 * utf8 as Japanese mail programs write ISO-2022-JP: by way of CP932, so that
 * ①, ㈱ and 髙 get the row that CP932 gives them. Half-width kana in `kana`
 * form: 'I' by ESC ( I, 'S' by SO and SI, '8' as bytes above 0x7F.
 */
static inline void
enc_jis(struct mdg_buf *out, const char *utf8, char kana)
{
	struct mdg_buf sjis = {0};
	char state = 'B';

	enc(&sjis, "CP932", utf8);
	for (size_t i = 0; i < sjis.len; i++) {
		unsigned c = (unsigned char)sjis.ptr[i];
		char want = c < 0x80                 ? 'B'
			    : c >= 0xA1 && c <= 0xDF ? kana
						     : '$';
		if (state != want) {
			mdg_buf_puts(out, state == 'S' ? "\x0F" : "");
			if (want == 'S')
				mdg_buf_puts(out, state == '$' ? "\x1B(B\x0E"
							       : "\x0E");
			else if (want == '8')
				mdg_buf_puts(out, "\x1B(B");
			else
				mdg_buf_puts(out, want == '$'   ? "\x1B$B"
						  : want == 'I' ? "\x1B(I"
								: "\x1B(B");
			state = want;
		}
		if (want != '$') {
			mdg_buf_putc(out, (char)(want == 'I' || want == 'S'
							 ? c & 0x7F
							 : c));
			continue;
		}
		unsigned t = (unsigned char)sjis.ptr[++i];
		if (c >= 0xFA) { /* the same character in the NEC rows */
			unsigned k = (c - 0xFA) * 188 + t - 0x40 - (t > 0x7F) -
				     (0x5C - 0x40);
			c = 0xED + k / 188;
			t = k % 188 + 0x40 + (k % 188 >= 63);
		}
		unsigned row = (c < 0xA0 ? c - 0x81 : c - 0xC1) * 2 + 1;
		unsigned cell = t - (t > 0x7F ? 0x40 : 0x3F);
		if (cell > 94) {
			row++;
			cell -= 94;
		}
		mdg_buf_putc(out, (char)(row + 0x20));
		mdg_buf_putc(out, (char)(cell + 0x20));
	}
	mdg_buf_puts(out, state == 'S' ? "\x0F" : state == 'B' ? "" : "\x1B(B");
	mdg_buf_clear(&sjis);
}

#endif
