/*
 * Drives worker/imap against a server, for the integration tests.
 *
 *   imapdrive HOST PORT tls|starttls|none CA|- USER PASSWORD OP [ARG…] …
 *
 *   folders | select NAME | status NAME | list LOW | since SECONDS
 *   fetch LOW [again LOW]   prints uid, bytes, digest of each body
 *   save LOW DIR            writes each body to DIR/uid
 *   idle MS | find FOLDER ID | append FOLDER ID FILE | token (before login)
 *
 * One line a result; "ERR code message-name text" and exit 1 on the first
 * failure; the last line is "rss KB".
 */
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#include "../../src/worker/imap.h"
#include "madoguchi/base/clock.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"

struct drive {
	struct mdg_imap *im;
	struct mdg_imap_item *items;
	size_t n;
	const char *dir;
	bool quiet;
	/* the mail in hand, put together again */
	FILE *out;
	crypto_generichash_state hash;
	uint64_t bytes;
	uint32_t next;
};

static void
say_err(const struct mdg_err *e)
{
	char text[2048];
	printf("ERR %s %s %s\n", mdg_code_name(e->code), mdg_msg_name(e->id),
	       mdg_err_text(e, MDG_LANG_EN, text, sizeof(text)));
}

static bool
keep(void *ctx, const struct mdg_imap_item *it, struct mdg_err *err)
{
	struct drive *d = ctx;
	(void)err;
	d->items = mdg_realloc(d->items, (d->n + 1) * sizeof(*d->items));
	d->items[d->n++] = *it;
	return true;
}

static void
begin_mail(struct drive *d, uint32_t uid)
{
	char path[4096];
	d->next = 0;
	d->bytes = 0;
	crypto_generichash_init(&d->hash, NULL, 0, MDG_DIGEST_BYTES);
	if (d->dir == NULL)
		return;
	snprintf(path, sizeof(path), "%s/%u", d->dir, uid);
	d->out = fopen(path, "wb");
}

static bool
on_chunk(void *ctx, uint32_t uid, const struct mdg_chunk *c,
	 struct mdg_err *err)
{
	static char raw[MDG_RAW_CHUNK_BYTES];
	struct drive *d = ctx;
	unsigned char digest[MDG_DIGEST_BYTES];
	char hex[2 * MDG_DIGEST_BYTES + 1];
	if (c->n == 0)
		begin_mail(d, uid);
	size_t n = ZSTD_decompress(raw, sizeof(raw), c->zstd.p, c->zstd.n);
	if (ZSTD_isError(n) || c->n != d->next++ ||
	    (!c->last && n != sizeof(raw)))
		return mdg_fail(err, MDG_EBUG, "chunks are wrong");
	crypto_generichash_update(&d->hash, (unsigned char *)raw, n);
	d->bytes += n;
	if (d->out != NULL)
		fwrite(raw, 1, n, d->out);
	if (!c->last)
		return true;
	crypto_generichash_final(&d->hash, digest, sizeof(digest));
	if (memcmp(digest, c->digest, sizeof(digest)) != 0 ||
	    d->bytes != c->raw_bytes)
		return mdg_fail(err, MDG_EBUG, "digest or size is wrong");
	mdg_hex(digest, sizeof(digest), hex);
	if (!d->quiet)
		printf("mail %u %llu %s %u\n", uid,
		       (unsigned long long)d->bytes, hex, c->n + 1);
	if (d->out != NULL)
		fclose(d->out);
	d->out = NULL;
	return true;
}

static bool
on_failed(void *ctx, uint32_t uid, bool vanished, const char *reason,
	  struct mdg_err *err)
{
	(void)ctx;
	(void)err;
	printf("failed %u %s %s\n", uid, vanished ? "vanished" : "there",
	       reason);
	return true;
}

static bool
list_above(struct drive *d, const char *low, struct mdg_err *err)
{
	struct mdg_imap_walk walk = {.low = (uint32_t)strtoul(low, NULL, 10)};
	d->n = 0;
	while (!walk.done)
		if (!mdg_imap_list(d->im, &walk, keep, d, err))
			return false;
	return true;
}

static bool
fetch_above(struct drive *d, const char *low, struct mdg_err *err)
{
	struct mdg_imap_sink sink = {d, on_chunk, on_failed};
	if (!list_above(d, low, err))
		return false;
	int64_t t = mdg_mono_ms();
	bool ok = mdg_imap_fetch(d->im, d->items, d->n, &sink, err);
	if (ok)
		printf("fetched %zu in %lld ms\n", d->n,
		       (long long)(mdg_mono_ms() - t));
	return ok;
}

static bool
op_folders(struct drive *d, struct mdg_err *err)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_imap_name *v;
	size_t n;
	if (!mdg_imap_folders(d->im, &a, &v, &n, err))
		return false;
	for (size_t i = 0; i < n; i++)
		printf("folder %s %s %u %d\n", v[i].raw, v[i].name,
		       (unsigned)v[i].use, v[i].selectable);
	return true;
}

static bool
op_state(struct drive *d, bool select, const char *name, struct mdg_err *err)
{
	struct mdg_imap_state st;
	if (!(select ? mdg_imap_select(d->im, name, false, &st, err)
		     : mdg_imap_status(d->im, name, &st, err)))
		return false;
	printf("%s %u %u %u\n", select ? "selected" : "status", st.uidvalidity,
	       st.uidnext, st.exists);
	return true;
}

static bool
op_quota(struct drive *d, struct mdg_err *err)
{
	uint64_t used, limit;
	if (!mdg_imap_quota(d->im, &used, &limit, err))
		return false;
	printf("quota %llu %llu\n", (unsigned long long)used,
	       (unsigned long long)limit);
	return true;
}

static bool
op_list(struct drive *d, const char *low, struct mdg_err *err)
{
	if (!list_above(d, low, err))
		return false;
	for (size_t i = 0; i < d->n && !d->quiet; i++)
		printf("item %u %llu %lld\n", d->items[i].uid,
		       (unsigned long long)d->items[i].size,
		       (long long)d->items[i].internaldate_s);
	printf("listed %zu\n", d->n);
	return true;
}

static bool
op_since(struct drive *d, const char *arg, struct mdg_err *err)
{
	uint32_t low;
	if (!mdg_imap_low_since(d->im, strtoll(arg, NULL, 10), &low, err))
		return false;
	printf("low %u\n", low);
	return true;
}

static bool
op_idle(struct drive *d, const char *ms, struct mdg_err *err)
{
	bool news, woken;
	int64_t t = mdg_mono_ms();
	printf("idling\n");
	fflush(stdout);
	if (!mdg_imap_idle(d->im, strtoll(ms, NULL, 10), &news, &woken, err))
		return false;
	printf("idle news=%d woken=%d %lld ms\n", news, woken,
	       (long long)(mdg_mono_ms() - t));
	return true;
}

static bool
op_append(struct drive *d, char **a, struct mdg_err *err)
{
	static char bytes[1 << 20];
	uint32_t uid;
	FILE *f = fopen(a[2], "rb");
	if (f == NULL)
		return mdg_fail(err, MDG_ENOENT, "no file");
	size_t n = fread(bytes, 1, sizeof(bytes), f);
	fclose(f);
	if (!mdg_imap_append_once(d->im, a[0], a[1], mdg_span(bytes, n), &uid,
				  err))
		return false;
	printf("appended %u\n", uid);
	return true;
}

static bool
op_find(struct drive *d, char **a, struct mdg_err *err)
{
	uint32_t uid;
	if (!mdg_imap_find(d->im, a[0], a[1], &uid, err))
		return false;
	printf("found %u\n", uid);
	return true;
}

/* Runs one operation; how many words it used, 0: failed. */
static int
run(struct drive *d, char **a, struct mdg_err *err)
{
	if (mdg_streq(a[0], "folders"))
		return op_folders(d, err) ? 1 : 0;
	if (mdg_streq(a[0], "quiet"))
		return d->quiet = true, 1;
	if (a[1] == NULL)
		return mdg_fail(err, MDG_EINVAL, "usage"), 0;
	if (mdg_streq(a[0], "select") || mdg_streq(a[0], "status"))
		return op_state(d, a[0][1] == 'e', a[1], err) ? 2 : 0;
	if (mdg_streq(a[0], "quota"))
		return op_quota(d, err) ? 1 : 0;
	if (mdg_streq(a[0], "list"))
		return op_list(d, a[1], err) ? 2 : 0;
	if (mdg_streq(a[0], "since"))
		return op_since(d, a[1], err) ? 2 : 0;
	if (mdg_streq(a[0], "idle"))
		return op_idle(d, a[1], err) ? 2 : 0;
	if (mdg_streq(a[0], "fetch"))
		return fetch_above(d, a[1], err) ? 2 : 0;
	if (mdg_streq(a[0], "save") && a[2] != NULL) {
		d->dir = a[2];
		return fetch_above(d, a[1], err) ? 3 : 0;
	}
	if (mdg_streq(a[0], "find") && a[2] != NULL)
		return op_find(d, a + 1, err) ? 3 : 0;
	if (mdg_streq(a[0], "append") && a[2] != NULL && a[3] != NULL)
		return op_append(d, a + 1, err) ? 4 : 0;
	return mdg_fail(err, MDG_EINVAL, "usage"), 0;
}

static bool
drive(struct drive *d, const struct mdg_peer *peer, char **a, bool token,
      struct mdg_err *err)
{
	if (!mdg_imap_open(peer, &d->im, err))
		return false;
	printf("open %s tls=%d\n", mdg_stream_address(mdg_imap_stream(d->im)),
	       mdg_stream_is_tls(mdg_imap_stream(d->im)));
	if (!mdg_imap_login(d->im, a[0], a[1],
			    token ? MDG_AUTH_XOAUTH2 : MDG_AUTH_PASSWORD, err))
		return false;
	mdg_imap_id(d->im);
	printf("login\n");
	for (a += 2 + (token ? 1 : 0); *a != NULL;) {
		int n = run(d, a, err);
		if (n == 0)
			return false;
		fflush(stdout);
		a += n;
	}
	return true;
}

/* The peak; ru_maxrss would be that of whoever started us. */
static void
say_rss(void)
{
	char line[256];
	FILE *f = fopen("/proc/self/status", "r");
	while (f != NULL && fgets(line, sizeof(line), f) != NULL)
		if (mdg_str_starts(line, "VmHWM:"))
			printf("rss %ld\n", strtol(line + 6, NULL, 10));
	if (f != NULL)
		fclose(f);
}

static enum mdg_tls_mode
mode_of(const char *s)
{
	return mdg_streq(s, "tls")        ? MDG_TLS_IMPLICIT
	       : mdg_streq(s, "starttls") ? MDG_TLS_STARTTLS
					  : MDG_TLS_NONE;
}

int
main(int argc, char **argv)
{
	struct mdg_err err = {0};
	struct mdg_trust *trust = NULL;
	struct mdg_probe probe;
	struct drive d = {0};
	if (argc < 7 || sodium_init() < 0)
		return 64;
	mdg_probe_init(&probe);
	const char *ca = mdg_streq(argv[4], "-") ? NULL : argv[4];
	bool ok = mdg_trust_new(ca, &trust, &err);
	struct mdg_peer peer = {
		.host = argv[1],
		.port = (uint16_t)strtoul(argv[2], NULL, 10),
		.tls = mode_of(argv[3]),
		.trust = trust,
		.probe = &probe,
	};
	bool token = argc > 7 && mdg_streq(argv[7], "token");
	ok = ok && drive(&d, &peer, argv + 5, token, &err);
	if (!ok) {
		say_err(&err);
		printf("step %s\n", mdg_net_step_name(probe.step));
	}
	mdg_imap_close(&d.im);
	mdg_trust_free(&trust);
	free(d.items);
	say_rss();
	return ok ? 0 : 1;
}
