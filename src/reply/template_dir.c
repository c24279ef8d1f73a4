/* The templates of a directory. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"
#include "madoguchi/reply/template.h"

static bool
load_file(const char *path, struct mdg_arena *arena, struct mdg_template *ret,
	  struct mdg_err *err)
{
	MDG_AUTO(mdg_buf_clear)
	struct mdg_buf text = MDG_BUF_LIMIT(MDG_TEMPLATE_BYTES_MAX + 1);
	FILE *f = fopen(path, "re");
	char chunk[4096];
	size_t n;

	if (!f)
		return mdg_fail(err, MDG_EIO, "%s: %s", path, strerror(errno));
	while ((n = fread(chunk, 1, sizeof(chunk), f)) > 0 &&
	       mdg_buf_put(&text, chunk, n))
		;
	fclose(f);
	if (!mdg_buf_ok(&text))
		return mdg_fail_msg(err, MDG_ETOOBIG, MDG_MSG_template_bad_text,
				    path, "1", path, NULL);
	return mdg_template_parse(path, mdg_buf_str(&text), arena, ret, err);
}

static int
is_template(const struct dirent *e)
{
	return e->d_name[0] != '.' && mdg_str_ends(e->d_name, ".txt");
}

bool
mdg_template_load_dir(const char *dir, struct mdg_arena *arena,
		      struct mdg_template **ret, size_t *ret_n,
		      struct mdg_err *err)
{
	struct dirent **names;
	int n = scandir(dir, &names, is_template, alphasort);
	bool ok = n >= 0;

	if (!ok)
		return mdg_fail(err, MDG_ENOENT, "%s: %s", dir,
				strerror(errno));
	struct mdg_template *v =
		mdg_arena_array(arena, (size_t)n + 1, sizeof(*v));
	for (int i = 0; i < n; i++) {
		MDG_AUTO(mdg_freep)
		char *path = mdg_asprintf("%s/%s", dir, names[i]->d_name);
		ok = ok && load_file(path, arena, &v[i], err);
		free(names[i]);
	}
	free(names);
	if (ok) {
		*ret = v;
		*ret_n = (size_t)n;
	}
	return ok;
}

const char *
mdg_template_base_id(const struct mdg_template *t, struct mdg_arena *a)
{
	const char *end = mdg_arena_printf(a, ".%s", t->language);

	return *t->language && mdg_str_ends(t->id, end)
		       ? mdg_arena_strndup(a, t->id,
					   strlen(t->id) - strlen(end))
		       : t->id;
}

const char *
mdg_template_known_by(const struct mdg_template *t,
		      const struct mdg_template *v, size_t n,
		      struct mdg_arena *a)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};

	mdg_buf_puts(&b, t->body);
	for (size_t i = 0; i < n; i++) {
		if (!*v[i].language ||
		    !mdg_streq(mdg_template_base_id(&v[i], a), t->id))
			continue;
		mdg_buf_printf(&b, "\n%s", v[i].title);
		for (size_t k = 0; k < v[i].examples.n; k++)
			mdg_buf_printf(&b, "\n%s", v[i].examples.v[k]);
	}
	return mdg_arena_strdup(a, mdg_buf_str(&b));
}
