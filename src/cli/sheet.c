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
mdg_cli_write_sheet(const json_t *rows, const char *path, bool cp932,
		    struct mdg_err *err)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};

	mdg_csv_put(&b, rows);
	if (cp932) {
		iconv_t cd = iconv_open("CP932", "UTF-8");
		bool ok = mdg_csv_cp932(cd, &b, path, err);
		if (cd != (iconv_t)-1)
			iconv_close(cd);
		if (!ok)
			return false;
	}
	return mdg_cli_write_file(path, mdg_buf_span(&b), err);
}
