/* Texts and passwords from files, stdin and the terminal. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "madoguchi/base/str.h"

#include "desk.h"

enum { PASSWORD_BYTES_MAX = 4096 };

static void
file_closep(FILE **f)
{
	if (*f && *f != stdin)
		fclose(*f);
}

bool
mdg_cli_read_text(const char *path, size_t max, struct mdg_buf *out,
		  struct mdg_err *err)
{
	MDG_AUTO(file_closep) FILE *f = NULL;
	char chunk[8192], limit[24];
	size_t n;

	f = mdg_streq(path, "-") ? stdin : fopen(path, "re");
	if (!f)
		return mdg_fail_msg(err, MDG_ENOENT, MDG_MSG_cli_file_read,
				    path, strerror(errno), NULL);
	while ((n = fread(chunk, 1, sizeof(chunk), f)) > 0 && out->len <= max)
		mdg_buf_put(out, chunk, n);
	if (ferror(f))
		return mdg_fail_msg(err, MDG_ENOENT, MDG_MSG_cli_file_read,
				    path, strerror(errno), NULL);
	if (out->len > max) {
		snprintf(limit, sizeof(limit), "%zu", max);
		return mdg_fail_msg(err, MDG_ETOOBIG, MDG_MSG_cli_file_big,
				    path, limit, NULL);
	}
	if (!mdg_utf8_valid(mdg_buf_str(out), out->len) ||
	    strlen(mdg_buf_str(out)) != out->len)
		return mdg_fail_msg(err, MDG_EFORMAT, MDG_MSG_cli_file_utf8,
				    path, NULL);
	return true;
}

static bool
type_password(const struct mdg_cli *cli, struct mdg_buf *out,
	      struct mdg_err *err)
{
	char line[PASSWORD_BYTES_MAX];
	struct termios was, quiet;

	if (!isatty(STDIN_FILENO) || tcgetattr(STDIN_FILENO, &was) != 0)
		return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_cli_password_how,
				    NULL);
	fputs(mdg_msg_text(cli->lang, MDG_MSG_cli_password_ask), stderr);
	quiet = was;
	quiet.c_lflag &= ~(tcflag_t)ECHO;
	tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
	bool ok = fgets(line, sizeof(line), stdin) != NULL;
	tcsetattr(STDIN_FILENO, TCSAFLUSH, &was);
	fputc('\n', stderr);
	if (ok)
		mdg_buf_puts(out, line);
	explicit_bzero(line, sizeof(line));
	return ok ||
	       mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_cli_password_how, NULL);
}

bool
mdg_cli_read_password(const struct mdg_cli *cli, const char *file,
		      struct mdg_buf *out, struct mdg_err *err)
{
	bool ok = file ? mdg_cli_read_text(file, PASSWORD_BYTES_MAX, out, err)
		       : type_password(cli, out, err);

	if (!ok)
		return false;
	/* the line end of an editor is no part of a password */
	while (out->len && strchr("\r\n", out->ptr[out->len - 1]))
		out->ptr[--out->len] = '\0';
	return out->len ||
	       mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_cli_password_empty, NULL);
}
