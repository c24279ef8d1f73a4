/* madoguchi.conf: defaults, every key, and what it says about mistakes. */
#include <unistd.h>

#include "t.h"

#include "madoguchi/app/config.h"
#include "madoguchi/base/str.h"

static char conf_path[64];

static bool
load(const char *text, struct mdg_arena *a, struct mdg_config *c,
     struct mdg_err *err)
{
	snprintf(conf_path, sizeof(conf_path), "/tmp/mdg-conf-XXXXXX");
	int fd = mkstemp(conf_path);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
	bool ok = mdg_config_load(conf_path, a, c, err);
	unlink(conf_path);
	return ok;
}

/* Every part (ending in NULL) stands in the message of a bad file. */
static void
refused(const char *text, const char *const *parts)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_config c;
	struct mdg_err err;
	char said[MDG_ERR_TEXT_MAX * 2];

	assert_false(load(text, &a, &c, &err));
	for (int lang = 0; lang < 2; lang++) {
		mdg_err_text(&err, lang ? MDG_LANG_JA : MDG_LANG_EN, said,
			     sizeof(said));
		assert_non_null(strstr(said, conf_path));
		for (size_t i = 0; parts[i]; i++)
			if (!strstr(said, parts[i]))
				fail_msg("no \"%s\" in: %s", parts[i], said);
	}
}
#define REFUSED(text, ...)                                                     \
	refused(text, (const char *const[]){__VA_ARGS__, NULL})

static void
an_empty_file_gives_the_defaults(void **s)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_config c;
	struct mdg_err err;

	(void)s;
	unsetenv("CREDENTIALS_DIRECTORY");
	assert_true(load("", &a, &c, &err));
	assert_true(mdg_str_starts(c.store, "sqlite:/"));
	assert_string_equal(c.key_file, "/etc/madoguchi/master.key");
	assert_string_equal(c.socket, "/run/madoguchi/control.sock");
	assert_true(mdg_str_ends(c.templates_dir, "/templates"));
	assert_int_equal(c.log_level, MDG_INFO);
	assert_int_equal(c.poll_s, 60);
}

static void
every_key_is_read(void **s)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_config c;
	struct mdg_err err;

	(void)s;
	assert_true(load("\xEF\xBB\xBF# 窓口\r\n"
			 "  store=postgresql://db/desk?sslmode=require \r\n"
			 "key_file = /k\n\nsocket\t=\t/s\n"
			 "templates = /t\nlog_level = debug\npoll_s = 30\n"
			 "clamd = /run/clamav/clamd.ctl",
			 &a, &c, &err));
	assert_string_equal(c.store, "postgresql://db/desk?sslmode=require");
	assert_string_equal(c.key_file, "/k");
	assert_string_equal(c.socket, "/s");
	assert_string_equal(c.templates_dir, "/t");
	assert_int_equal(c.log_level, MDG_DEBUG);
	assert_int_equal(c.poll_s, 30);
	assert_string_equal(c.clamd, "/run/clamav/clamd.ctl");
	assert_true(load("clamd =\n", &a, &c, &err)); /* off */
	assert_string_equal(c.clamd, "");
}

static void
mistakes_are_told_with_file_line_and_choices(void **s)
{
	(void)s;
	REFUSED("# x\n\nstoer = /a\n", "3", "stoer", "store", "poll_s");
	REFUSED("log_level = loud\n", "1", "loud", "error, warn, info, debug");
	REFUSED("clamd = clamd.ctl\n", "1", "clamd", "/run/clamav/clamd.ctl");
	REFUSED("poll_s = 29\n", "29", "30 - 3600");
	REFUSED("poll_s = 3601\n", "3601", "30 - 3600");
	REFUSED("poll_s = 60s\n", "60s", "30 - 3600");
	REFUSED("store = mysql://x\n", "mysql://x", "sqlite:");
	REFUSED("store =\n", "store", "sqlite:");
	REFUSED("socket = run/x\n", "run/x", "/PATH");
	REFUSED("\nsocket /run/x\n", "2", "socket /run/x");
	REFUSED("poll_s = 60\npoll_s = 61\n", "2", "poll_s");
	REFUSED("store = \xff\n", "UTF-8");
}

static void
a_named_file_must_be_there(void **s)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_config c;
	struct mdg_err err;

	(void)s;
	assert_false(mdg_config_load("/nonexistent/x", &a, &c, &err));
	assert_int_equal(err.code, MDG_ENOENT);
	setenv("MADOGUCHI_CONF", "/nonexistent/y", 1);
	assert_false(mdg_config_load(NULL, &a, &c, &err));
	unsetenv("MADOGUCHI_CONF");
}

static void
systemd_hands_the_master_key_over(void **s)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_config c;
	struct mdg_err err;

	(void)s;
	setenv("CREDENTIALS_DIRECTORY", "/run/credentials/x", 1);
	assert_true(load("", &a, &c, &err));
	assert_string_equal(c.key_file, "/run/credentials/x/master.key");
	assert_true(load("key_file = /k\n", &a, &c, &err));
	assert_string_equal(c.key_file, "/k");
	unsetenv("CREDENTIALS_DIRECTORY");
}

static void
the_documented_example_is_read(void **s)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	const char *top = getenv("top_srcdir");
	struct mdg_config c;
	struct mdg_err err;
	char path[4096];

	(void)s;
	snprintf(path, sizeof(path), "%s/contrib/madoguchi.conf",
		 top ? top : ".");
	assert_true(mdg_config_load(path, &a, &c, &err));
	assert_string_equal(c.path, path);
	assert_string_equal(c.socket, "/run/madoguchi/control.sock");
	assert_int_equal(c.poll_s, MDG_POLL_DEFAULT_S);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_empty_file_gives_the_defaults),
		cmocka_unit_test(every_key_is_read),
		cmocka_unit_test(mistakes_are_told_with_file_line_and_choices),
		cmocka_unit_test(a_named_file_must_be_there),
		cmocka_unit_test(systemd_hands_the_master_key_over),
		cmocka_unit_test(the_documented_example_is_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
