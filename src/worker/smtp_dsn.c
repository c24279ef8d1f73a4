/* Asking for delivery reports: RFC 3461. */
#include "smtp_private.h"

#include "madoguchi/base/str.h"

enum { ENVID_CHARS_MAX = 100 }; /* §4.4 */

/* §4: printable ASCII; others, and + and =, as +XX. */
static void
xtext(struct mdg_buf *out, const char *s)
{
	for (; *s != '\0'; s++) {
		unsigned char c = (unsigned char)*s;
		if (c > ' ' && c < 0x7f && c != '+' && c != '=')
			mdg_buf_putc(out, (char)c);
		else
			mdg_buf_printf(out, "+%02X", c);
	}
}

void
smtp_dsn_mail(struct mdg_buf *line, const char *from, const char *envid)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf x = {0};
	if (from[0] == '\0')
		return;
	mdg_buf_puts(line, " RET=HDRS");
	if (envid == NULL || envid[0] == '\0')
		return;
	xtext(&x, envid);
	if (x.len <= ENVID_CHARS_MAX)
		mdg_buf_printf(line, " ENVID=%s", mdg_buf_str(&x));
}

void
smtp_dsn_rcpt(struct mdg_buf *line, const char *from, const char *address)
{
	bool ascii = true;
	/* what has no sender wants no answer */
	if (from[0] == '\0') {
		mdg_buf_puts(line, " NOTIFY=NEVER");
		return;
	}
	mdg_buf_puts(line, " NOTIFY=FAILURE,DELAY");
	for (const char *p = address; *p != '\0'; p++)
		ascii = ascii && (unsigned char)*p < 0x80;
	if (ascii) {
		mdg_buf_puts(line, " ORCPT=rfc822;");
		xtext(line, address);
	}
}
