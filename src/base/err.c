#include "madoguchi/base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "madoguchi/base/str.h"

static const struct {
	const char *name;
	int exit_status;
} codes[MDG_CODE_N] = {
	[MDG_OK] = {"ok", EX_OK},
	[MDG_EINVAL] = {"invalid", EX_USAGE},
	[MDG_EFORMAT] = {"format", EX_DATAERR},
	[MDG_ETOOBIG] = {"too-big", EX_DATAERR},
	[MDG_ENOENT] = {"not-found", EX_NOINPUT},
	[MDG_EEXIST] = {"exists", EX_CANTCREAT},
	[MDG_EPERM] = {"forbidden", EX_NOPERM},
	[MDG_ECONFLICT] = {"conflict", EX_TEMPFAIL},
	[MDG_ESTALE] = {"changed", EX_TEMPFAIL},
	[MDG_ESTATE] = {"wrong-state", EX_DATAERR},
	[MDG_EBUSY] = {"busy", EX_TEMPFAIL},
	[MDG_EIO] = {"io", EX_IOERR},
	[MDG_EFULL] = {"disk-full", EX_IOERR},
	[MDG_ENET] = {"network", EX_UNAVAILABLE},
	[MDG_ETLS] = {"tls", EX_PROTOCOL},
	[MDG_EAUTH] = {"auth", EX_NOPERM},
	[MDG_ETIMEOUT] = {"timeout", EX_TEMPFAIL},
	[MDG_EPROTO] = {"protocol", EX_PROTOCOL},
	[MDG_EDB] = {"database", EX_SOFTWARE},
	[MDG_EBUG] = {"internal", EX_SOFTWARE},
};

bool
mdg_fail(struct mdg_err *err, enum mdg_code code, const char *fmt, ...)
{
	va_list ap;

	if (!err)
		return false;
	/* fmt may quote err->text itself, so build beside it */
	char text[MDG_ERR_TEXT_MAX];
	va_start(ap, fmt);
	int n = vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	size_t len = n < 0 ? 0 : strlen(text);
	len = mdg_utf8_cut(text, len, sizeof(text) - 1);
	memcpy(err->text, text, len);
	err->text[len] = '\0';
	err->code = code;
	err->id = MDG_MSG_NONE;
	err->args_len = 0;
	return false;
}

bool
mdg_fail_msg(struct mdg_err *err, enum mdg_code code, enum mdg_msg id, ...)
{
	va_list ap;
	char text[MDG_ERR_TEXT_MAX];
	size_t len = 0;
	const char *arg;

	if (!err)
		return false;
	va_start(ap, id);
	while ((arg = va_arg(ap, const char *))) {
		if (len >= sizeof(text))
			break;
		size_t room = sizeof(text) - len - 1;
		size_t n = mdg_utf8_cut(arg, strlen(arg), room);
		memcpy(text + len, arg, n);
		text[len + n] = '\0';
		len += n + 1;
	}
	va_end(ap);
	memcpy(err->text, text, len);
	err->args_len = len;
	err->code = code;
	err->id = id;
	return false;
}

const char *
mdg_err_text(const struct mdg_err *err, enum mdg_lang lang, char *out, size_t n)
{
	const char *args[9];
	size_t argc = 0;

	if (err->id == MDG_MSG_NONE) {
		snprintf(out, n, "%s", err->text);
		return out;
	}
	for (size_t at = 0; at < err->args_len && argc < MDG_LEN(args);
	     at += strlen(err->text + at) + 1)
		args[argc++] = err->text + at;
	return mdg_msg_format(lang, err->id, argc, args, out, n);
}

const char *
mdg_err_en(const struct mdg_err *err)
{
	static char text[MDG_ERR_TEXT_MAX * 2];

	return mdg_err_text(err, MDG_LANG_EN, text, sizeof(text));
}

const char *
mdg_code_name(enum mdg_code code)
{
	return code < MDG_CODE_N ? codes[code].name : "internal";
}

enum mdg_code
mdg_code_from_name(const char *name)
{
	for (size_t i = 0; i < MDG_CODE_N; i++)
		if (mdg_streq(codes[i].name, name))
			return (enum mdg_code)i;
	return MDG_EBUG;
}

int
mdg_code_exit(enum mdg_code code)
{
	return code < MDG_CODE_N ? codes[code].exit_status : EX_SOFTWARE;
}

void
mdg_bug(const char *file, int line, const char *cond)
{
	fprintf(stderr, "<2>bug: %s:%d: %s\n", file, line, cond);
	abort();
}
