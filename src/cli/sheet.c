/* Tables and texts of spreadsheets: UTF-8 with a mark, or CP932. */
#include <errno.h>
#include <iconv.h>
#include <stdio.h>
#include <string.h>

#include "madoguchi/base/str.h"
#include "madoguchi/mail/charset.h"
#include "madoguchi/query/csv.h"

#include "desk.h"

bool
mdg_cli_read_sheet(const char *path, size_t max, struct mdg_buf *out,
		   struct mdg_err *err)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf raw = {0};
	char chunk[8192], limit[24];
	size_t n;

	FILE *f = fopen(path, "re");
	if (!f)
		return mdg_fail_msg(err, MDG_ENOENT, MDG_MSG_cli_file_read,
				    path, strerror(errno), NULL);
	while ((n = fread(chunk, 1, sizeof(chunk), f)) > 0 && raw.len <= max)
		mdg_buf_put(&raw, chunk, n);
	fclose(f);
	if (raw.len > max) {
		snprintf(limit, sizeof(limit), "%zu", max);
		return mdg_fail_msg(err, MDG_ETOOBIG, MDG_MSG_cli_file_big,
				    path, limit, NULL);
	}
	const char *s = mdg_buf_str(&raw);
	mdg_charset_decode(mdg_utf8_valid(s, raw.len) ? "utf-8" : NULL,
			   mdg_buf_span(&raw), out, NULL);
	return true;
}

static bool
to_cp932(struct mdg_buf *b, const char *path, struct mdg_err *err)
{
	iconv_t cd = iconv_open("CP932", "UTF-8");
	size_t left = b->len, room = b->len * 2 + 1;
	MDG_AUTO(mdg_freep) char *in = mdg_buf_steal(b);
	MDG_AUTO(mdg_freep) char *out = mdg_calloc(room, 1);
	char *from = in, *to = out, at[8] = "";
	size_t all = room;

	/* Excel in Japan reads it without a mark */
	if (mdg_str_starts(from, "\xEF\xBB\xBF")) {
		from += 3;
		left -= 3;
	}
	bool ok = cd != (iconv_t)-1 &&
		  iconv(cd, &from, &left, &to, &room) != (size_t)-1;
	if (cd != (iconv_t)-1)
		iconv_close(cd);
	if (!ok) {
		uint32_t c;
		size_t n = left ? mdg_utf8_next(from, left, &c) : 0;
		memcpy(at, from, n < sizeof(at) ? n : 0);
		return mdg_fail_msg(err, MDG_EFORMAT, MDG_MSG_cli_not_cp932,
				    path, at, NULL);
	}
	mdg_buf_put(b, out, all - room);
	return true;
}

bool
mdg_cli_write_file(const char *path, struct mdg_span bytes, struct mdg_err *err)
{
	FILE *f = mdg_streq(path, "-") ? stdout : fopen(path, "we");
	bool ok = f && fwrite(bytes.p, 1, bytes.n, f) == bytes.n;

	if (f && f != stdout)
		ok = fclose(f) == 0 && ok;
	return ok || mdg_fail_msg(err, MDG_EIO, MDG_MSG_cli_file_write, path,
				  strerror(errno), NULL);
}

bool
mdg_cli_encoding(const char *name, bool *ret_cp932, struct mdg_err *err)
{
	*ret_cp932 = name && mdg_streq(name, "cp932");
	return !name || *ret_cp932 || mdg_streq(name, "utf-8") ||
	       mdg_streq(name, "utf8") ||
	       mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_cli_encoding, name, NULL);
}

bool
mdg_cli_write_sheet(const json_t *rows, const char *path, bool cp932,
		    struct mdg_err *err)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};

	mdg_csv_put(&b, rows);
	return (!cp932 || to_cp932(&b, path, err)) &&
	       mdg_cli_write_file(path, mdg_buf_span(&b), err);
}
