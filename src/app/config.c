#include "madoguchi/app/config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "madoguchi/base/buf.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"

static const char default_path[] = MDG_SYSCONFDIR "/madoguchi/madoguchi.conf";

struct reader {
	const char *path;
	char line_no[16];
	struct mdg_arena *arena;
	struct mdg_config *conf;
};

static bool
bad_value(const struct reader *r, const char *key, const char *value,
	  const char *choices, struct mdg_err *err)
{
	return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_config_value, r->path,
			    r->line_no, key, value, choices, NULL);
}

static bool
read_store(struct reader *r, const char *v, struct mdg_err *err)
{
	static const char *const schemes[] = {"sqlite:", "postgresql://",
					      "postgres://", "/"};

	r->conf->store = v;
	for (size_t i = 0; i < MDG_LEN(schemes); i++)
		if (mdg_str_starts(v, schemes[i]) &&
		    (v[strlen(schemes[i])] || *v == '/'))
			return true;
	return bad_value(r, "store", v,
			 "sqlite:/PATH, postgresql://HOST/DATABASE", err);
}

static bool
absolute(const struct reader *r, const char *key, const char *v,
	 const char **ret, struct mdg_err *err)
{
	*ret = v;
	return *v == '/' || bad_value(r, key, v, "/PATH", err);
}

static bool
read_key_file(struct reader *r, const char *v, struct mdg_err *err)
{
	return absolute(r, "key_file", v, &r->conf->key_file, err);
}

static bool
read_socket(struct reader *r, const char *v, struct mdg_err *err)
{
	enum { SOCKET_PATH_MAX = 107 }; /* sockaddr_un */

	if (strlen(v) > SOCKET_PATH_MAX)
		return bad_value(r, "socket", v, "/PATH (<= 107)", err);
	return absolute(r, "socket", v, &r->conf->socket, err);
}

/* Whether it answers is the daemon's matter: mail does not wait for it. */
static bool
read_clamd(struct reader *r, const char *v, struct mdg_err *err)
{
	enum { SOCKET_PATH_MAX = 107 }; /* sockaddr_un */

	r->conf->clamd = v;
	return !*v || (*v == '/' && strlen(v) <= SOCKET_PATH_MAX) ||
	       bad_value(r, "clamd", v,
			 "/PATH (<= 107), e.g. /run/clamav/clamd.ctl", err);
}

static bool
read_templates(struct reader *r, const char *v, struct mdg_err *err)
{
	return absolute(r, "templates", v, &r->conf->templates_dir, err);
}

static bool
read_log_level(struct reader *r, const char *v, struct mdg_err *err)
{
	return mdg_log_level_from_name(v, &r->conf->log_level) ||
	       bad_value(r, "log_level", v, "error, warn, info, debug", err);
}

static bool
read_poll_s(struct reader *r, const char *v, struct mdg_err *err)
{
	int64_t n;

	if (!mdg_str_i64(v, MDG_POLL_MIN_S, MDG_POLL_MAX_S, &n))
		return bad_value(r, "poll_s", v, "30 - 3600", err);
	r->conf->poll_s = (unsigned)n;
	return true;
}

/* 127.0.0.1:8025, [::1]:8025; not names, which would have to be looked up. */
static bool
read_web_listen(struct reader *r, const char *v, struct mdg_err *err)
{
	const char *colon = strrchr(v, ':');
	int64_t port;

	r->conf->web_listen = mdg_streq(v, "off") ? "" : v;
	return !*r->conf->web_listen ||
	       (colon && colon != v && strspn(v, "0123456789abcdefABCDEF.:[]") ==
					       strlen(v) &&
		mdg_str_i64(colon + 1, 1, 65535, &port)) ||
	       bad_value(r, "web_listen", v, "off, 127.0.0.1:8025, [::1]:8025",
			 err);
}

/* Without a path: the desk is all that is there. */
static bool
read_web_url(struct reader *r, const char *v, struct mdg_err *err)
{
	const char *host = strstr(v, "://");

	r->conf->web_url = v;
	return (host && (mdg_str_starts(v, "https://") ||
			 mdg_str_starts(v, "http://")) &&
		host[3] && !strpbrk(host + 3, "/?#@ \"\\")) ||
	       bad_value(r, "web_url", v, "https://desk.example.jp", err);
}

static const struct {
	const char *name;
	bool (*read)(struct reader *r, const char *v, struct mdg_err *err);
} keys[] = {
	{"store", read_store},         {"key_file", read_key_file},
	{"socket", read_socket},       {"templates", read_templates},
	{"log_level", read_log_level}, {"poll_s", read_poll_s},
	{"web_listen", read_web_listen}, {"web_url", read_web_url},
	{"clamd", read_clamd},
};

static bool
unknown_key(const struct reader *r, const char *key, struct mdg_err *err)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf names = {0};

	for (size_t i = 0; i < MDG_LEN(keys); i++)
		mdg_buf_printf(&names, "%s%s", i ? ", " : "", keys[i].name);
	return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_config_key, r->path,
			    r->line_no, key, mdg_buf_str(&names), NULL);
}

/* s without blanks around it; cuts the end off in place. */
static char *
trim(char *s)
{
	static const char blanks[] = " \t\r";
	size_t n;

	s += strspn(s, blanks);
	for (n = strlen(s); n > 0 && strchr(blanks, s[n - 1]); n--)
		s[n - 1] = '\0';
	return s;
}

static bool
read_line(struct reader *r, char *line, unsigned *seen, struct mdg_err *err)
{
	char *s = trim(line);

	if (!*s || *s == '#')
		return true;
	char *eq = strchr(s, '=');
	if (!eq)
		return mdg_fail_msg(err, MDG_EINVAL, MDG_MSG_config_line,
				    r->path, r->line_no, s, NULL);
	*eq = '\0';
	char *key = trim(s);
	char *value = trim(eq + 1);
	for (size_t i = 0; i < MDG_LEN(keys); i++) {
		if (!mdg_streq(keys[i].name, key))
			continue;
		if (*seen & 1u << i)
			return mdg_fail_msg(err, MDG_EINVAL,
					    MDG_MSG_config_twice, r->path,
					    r->line_no, key, NULL);
		*seen |= 1u << i;
		return keys[i].read(r, value, err);
	}
	return unknown_key(r, key, err);
}

static bool
read_text(struct reader *r, char *text, struct mdg_err *err)
{
	unsigned seen = 0, n = 0;

	if (mdg_str_starts(text, "\xEF\xBB\xBF"))
		text += 3;
	for (char *next; text; text = next) {
		next = strchr(text, '\n');
		if (next)
			*next++ = '\0';
		snprintf(r->line_no, sizeof(r->line_no), "%u", ++n);
		if (!read_line(r, text, &seen, err))
			return false;
	}
	return true;
}

static bool
read_file(struct reader *r, FILE *f, struct mdg_err *err)
{
	char *text = mdg_arena_alloc(r->arena, MDG_CONFIG_BYTES_MAX + 2);
	size_t n = fread(text, 1, MDG_CONFIG_BYTES_MAX + 1, f);

	if (ferror(f))
		return mdg_fail_msg(err, MDG_EIO, MDG_MSG_config_unreadable,
				    r->path, strerror(errno), NULL);
	text[n] = '\0';
	if (n > MDG_CONFIG_BYTES_MAX || strlen(text) != n ||
	    !mdg_utf8_valid(text, n))
		return mdg_fail_msg(err, MDG_EFORMAT, MDG_MSG_config_no_text,
				    r->path, NULL);
	return read_text(r, text, err);
}

static void
defaults(struct mdg_arena *a, struct mdg_config *c)
{
	const char *credentials = getenv("CREDENTIALS_DIRECTORY");

	*c = (struct mdg_config){
		.store = "sqlite:" MDG_LOCALSTATEDIR "/lib/madoguchi/desk.db",
		.key_file = "/etc/madoguchi/master.key",
		.socket = "/run/madoguchi/control.sock",
		.templates_dir = MDG_DATADIR "/templates",
		.web_listen = "",
		.web_url = "",
		.clamd = "",
		.log_level = MDG_INFO,
		.poll_s = MDG_POLL_DEFAULT_S,
	};
	if (credentials && *credentials)
		c->key_file = mdg_arena_printf(a, "%s/master.key", credentials);
}

bool
mdg_config_load(const char *path, struct mdg_arena *a, struct mdg_config *ret,
		struct mdg_err *err)
{
	const char *named = path ? path : getenv("MADOGUCHI_CONF");
	struct mdg_config conf;
	struct reader r = {.arena = a, .conf = &conf};

	defaults(a, &conf);
	r.path = named && *named ? mdg_arena_strdup(a, named) : default_path;
	FILE *f = fopen(r.path, "re");
	if (!f && errno == ENOENT && r.path == default_path) {
		*ret = conf;
		return true;
	}
	if (!f)
		return mdg_fail_msg(err, MDG_ENOENT, MDG_MSG_config_unreadable,
				    r.path, strerror(errno), NULL);
	bool ok = read_file(&r, f, err);
	fclose(f);
	if (!ok)
		return false;
	conf.path = r.path;
	*ret = conf;
	return true;
}
