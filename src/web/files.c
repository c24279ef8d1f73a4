/*
 * The UI: read into memory before the sandbox closes, served with a digest as
 * its ETag. What is not a file and not the API is a page of the one
 * application, which looks at its own address.
 */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "madoguchi/base/log.h"
#include "madoguchi/base/str.h"
#include "madoguchi/crypto/digest.h"
#include "web.h"

enum { FILE_BYTES_MAX = 4 << 20 };

struct web_file {
	struct web_file *next;
	char name[64]; /* "app.js", "app.js.gz" */
	const char *type;
	struct mdg_buf bytes;
	char etag[36];
};

static const struct {
	const char *end, *type;
} types[] = {
	{".html", "text/html; charset=utf-8"},
	{".js", "text/javascript; charset=utf-8"},
	{".css", "text/css; charset=utf-8"},
	{".svg", "image/svg+xml"},
	{".gz", ""},
};

static const char *
type_of(const char *name)
{
	for (size_t i = 0; i < MDG_LEN(types); i++)
		if (mdg_str_ends(name, types[i].end))
			return types[i].type;
	return NULL;
}

static bool
load(struct web *w, const char *dir, const char *name, struct mdg_err *err)
{
	MDG_AUTO(mdg_freep) char *path = mdg_asprintf("%s/%s", dir, name);
	unsigned char digest[MDG_DIGEST_BYTES];
	char hex[33];
	struct web_file *f = mdg_calloc(1, sizeof(*f));
	FILE *in = fopen(path, "re");
	char *to = in ? mdg_buf_reserve(&f->bytes, FILE_BYTES_MAX) : NULL;
	size_t n = to ? fread(to, 1, FILE_BYTES_MAX, in) : 0;

	if (!in || ferror(in) || n == 0 || n == FILE_BYTES_MAX) {
		if (in)
			fclose(in);
		mdg_buf_clear(&f->bytes);
		free(f);
		return mdg_fail(err, MDG_EIO, "cannot read %s", path);
	}
	fclose(in);
	f->bytes.len = n;
	snprintf(f->name, sizeof(f->name), "%s", name);
	f->type = type_of(name);
	mdg_digest(mdg_buf_span(&f->bytes), digest);
	mdg_hex(digest, 16, hex);
	snprintf(f->etag, sizeof(f->etag), "\"%s\"", hex);
	f->next = w->files;
	w->files = f;
	return true;
}

bool
files_load(struct web *w, const char *dir, struct mdg_err *err)
{
	DIR *d = opendir(dir);
	struct dirent *e;
	bool ok = true;

	if (!d) {
		mdg_warn("no UI in %s: %s; only the API is served", dir,
			 strerror(errno));
		return true;
	}
	while (ok && (e = readdir(d)))
		if (e->d_name[0] != '.' && type_of(e->d_name) &&
		    strlen(e->d_name) < sizeof(((struct web_file *)0)->name))
			ok = load(w, dir, e->d_name, err);
	closedir(d);
	return ok;
}

static const struct web_file *
find(const struct web *w, const char *name, const char *end)
{
	size_t n = strlen(name);

	for (const struct web_file *f = w->files; f; f = f->next)
		if (strncmp(f->name, name, n) == 0 &&
		    mdg_streq(f->name + n, end))
			return f;
	return NULL;
}

bool
files_serve(struct req *q)
{
	const char *name = q->path + 1;
	const char *known = header(q, "If-None-Match");
	const char *takes = header(q, "Accept-Encoding");
	const struct web_file *f = find(q->web, name, "");

	if (!f && !strchr(name, '.'))
		f = find(q->web, name = "index.html", "");
	if (!f)
		return false;
	const struct web_file *gz = find(q->web, f->name, ".gz");
	const struct web_file *sent =
		gz && takes && strstr(takes, "gzip") ? gz : f;
	bool same = known && strstr(known, sent->etag);
	struct MHD_Response *r = MHD_create_response_from_buffer(
		same ? 0 : sent->bytes.len, sent->bytes.ptr,
		MHD_RESPMEM_PERSISTENT);
	MHD_add_response_header(r, "Content-Type", f->type);
	MHD_add_response_header(r, "ETag", sent->etag);
	MHD_add_response_header(r, "Cache-Control", "no-cache");
	MHD_add_response_header(r, "Vary", "Accept-Encoding");
	if (sent == gz)
		MHD_add_response_header(r, "Content-Encoding", "gzip");
	respond(q, same ? 304 : 200, r);
	return true;
}
