#include "madoguchi/mail/authres.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "madoguchi/base/buf.h"
#include "madoguchi/base/err.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"

enum { FIELD_BYTES = 4096 };

/* RFC 8601 §2.2: white space may stand on both sides. */
static void
put_equals(const char **s, struct mdg_buf *out)
{
	while (out->len && strchr(" \t\r\n", out->ptr[out->len - 1]))
		out->len--;
	mdg_buf_putc(out, '=');
	*s += strspn(*s + 1, " \t\r\n");
}

/*
 * The field without comments (they nest) and spaces around '=', lower
 * case. A quoted string holds what the sender wrote, of an address: none of its
 * signs means anything here.
 */
static void
without_comments(const char *s, struct mdg_buf *out)
{
	size_t depth = 0;
	bool quoted = false;

	for (; *s && out->len < FIELD_BYTES; s++) {
		if (*s == '\\' && s[1] && (depth || quoted)) {
			s++;
			continue;
		}
		if (*s == '"' && !depth)
			quoted = !quoted;
		else if (quoted)
			mdg_buf_putc(out, strchr(" \t\r\n;=", *s)
						  ? '_'
						  : (char)mdg_ascii_lower(*s));
		else if (*s == '(')
			depth++;
		else if (*s == ')' && depth)
			depth--;
		else if (!depth && *s == '=')
			put_equals(&s, out);
		else if (!depth)
			mdg_buf_putc(out, (char)mdg_ascii_lower(*s));
	}
}

/* The word at *p up to white space or ';'; "" at the end of a result. */
static size_t
word(const char **p)
{
	*p += strspn(*p, " \t\r\n");
	return strcspn(*p, " \t\r\n;");
}

/* Is `domain` that one, or below it? The one has a dot of its own. */
static bool
is_below(const char *domain, const char *above, size_t n)
{
	size_t have = strlen(domain);

	while (n > 0 && above[n - 1] == '.')
		n--;
	if (!memchr(above, '.', n) || have < n ||
	    strncasecmp(domain + have - n, above, n) != 0)
		return false;
	return have == n || domain[have - n - 1] == '.';
}

/* "smtp.mailfrom=a@b.example": what is behind the '=' and the '@'. */
static bool
property_is(const char *w, size_t n, const char *name, const char *domain)
{
	size_t k = strlen(name);

	if (n <= k || strncmp(w, name, k) != 0 || w[k] != '=')
		return false;
	const char *v = w + k + 1, *end = w + n;
	const char *at = memrchr(v, '@', (size_t)(end - v));
	if (at)
		v = at + 1;
	return is_below(domain, v, (size_t)(end - v));
}

/* One "method=result prop=value …", p at its begin. signed_only: the message
 * itself is borne out (DKIM, DMARC), not only the way it took (SPF). */
static bool
result_passes(const char *p, const char *domain, bool signed_only)
{
	static const struct {
		const char *result, *property;
	} ways[] = {
		{"dkim=pass", "header.d"},     {"dkim=pass", "header.i"},
		{"spf=pass", "smtp.mailfrom"}, {"spf=pass", "smtp.mail"},
		{"dmarc=pass", "header.from"},
	};
	size_t n = word(&p);
	const char *result = p;

	for (size_t i = 0; i < MDG_LEN(ways); i++) {
		if (signed_only && mdg_str_starts(ways[i].result, "spf"))
			continue;
		if (strlen(ways[i].result) != n ||
		    strncmp(result, ways[i].result, n) != 0)
			continue;
		const char *q = p + n;
		for (size_t k; (k = word(&q)) > 0; q += k)
			if (property_is(q, k, ways[i].property, domain))
				return true;
	}
	return false;
}

static bool
field_passes(const char *p, const char *domain, bool signed_only)
{
	for (; *p; p += strcspn(p, ";"), p += *p == ';')
		if (result_passes(p, domain, signed_only))
			return true;
	return false;
}

/* *ret: it is the server's field; then what it says. */
static bool
field_of(const char *field, const char *server, const char *domain,
	 bool signed_only, bool *ret)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};

	without_comments(field, &b);
	const char *p = mdg_buf_str(&b);
	*ret = true;
	if (mdg_streq(server, MDG_AUTHSERV_TOP))
		return field_passes(p, domain, signed_only);
	size_t n = word(&p);
	*ret = n == strlen(server) && strncasecmp(p, server, n) == 0;
	return *ret && field_passes(p + n, domain, signed_only);
}

bool
mdg_auth_passed(const struct mdg_strings *results, const char *server,
		const char *domain)
{
	if (!*domain || !*server)
		return false;
	for (size_t i = 0; i < results->n; i++) {
		bool is_its;
		bool passed = field_of(results->v[i], server, domain, false,
				       &is_its);
		if (is_its)
			return passed;
	}
	return false;
}

bool
mdg_auth_signed(const struct mdg_strings *results, const char *server,
		const char *domain)
{
	bool is_its;

	return *domain && *server && results->n > 0 &&
	       field_of(results->v[0], server, domain, true, &is_its);
}

/* ---- what it says, for people ---- */

void
mdg_auth_server(const char *field, char *out, size_t n)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};

	without_comments(field, &b);
	const char *p = mdg_buf_str(&b);
	size_t len = word(&p);
	snprintf(out, n, "%.*s", (int)len, p);
}

const char *
mdg_auth_field(const struct mdg_strings *results, const char *server)
{
	char name[256];

	for (size_t i = 0; *server && i < results->n; i++) {
		mdg_auth_server(results->v[i], name, sizeof(name));
		if (mdg_strcaseeq(name, server))
			return results->v[i];
	}
	return results->n ? results->v[0] : "";
}

/* The domain behind one of the properties that name it, the first that does. */
static void
domain_of(const char *p, const char *method, char *out, size_t n)
{
	static const struct {
		const char *method, *property;
	} names[] = {
		{"spf", "smtp.mailfrom="}, {"spf", "smtp.mail="},
		{"spf", "smtp.helo="},     {"dkim", "header.d="},
		{"dkim", "header.i="},     {"dmarc", "header.from="},
	};

	*out = '\0';
	for (size_t k; (k = word(&p)) > 0; p += k)
		for (size_t i = 0; i < MDG_LEN(names); i++) {
			size_t len = strlen(names[i].property);
			if (*out || !mdg_streq(names[i].method, method) ||
			    k <= len || strncmp(p, names[i].property, len) != 0)
				continue;
			const char *v = p + len;
			const char *at = memrchr(v, '@', k - len);
			if (at)
				v = at + 1;
			snprintf(out, n, "%.*s", (int)(p + k - v), v);
		}
}

/* RFC 7489 §3.1, relaxed, as far as names alone tell. */
static bool
are_related(const char *a, const char *b)
{
	return is_below(a, b, strlen(b)) || is_below(b, a, strlen(a));
}

static int
rank(const struct mdg_auth_verdict *v)
{
	return *v->result == '\0' ? 0
	       : !mdg_streq(v->result, "pass") ? 1
	       : !v->aligned                   ? 2
					       : 3;
}

void
mdg_auth_verdict(const char *field, const char *method, const char *domain,
		 struct mdg_auth_verdict *ret)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
	size_t m = strlen(method);

	*ret = (struct mdg_auth_verdict){.aligned = false};
	without_comments(field, &b);
	const char *p = mdg_buf_str(&b);
	while ((p = strchr(p, ';'))) {
		struct mdg_auth_verdict v = {.aligned = false};
		p++;
		size_t n = word(&p);
		/* "dkim=pass", "dkim/1=pass" */
		const char *is = memchr(p, '=', n);
		if (!is || strncmp(p, method, m) != 0 ||
		    (p[m] != '=' && p[m] != '/'))
			continue;
		snprintf(v.result, sizeof(v.result), "%.*s",
			 (int)(p + n - is - 1), is + 1);
		domain_of(p + n, method, v.domain, sizeof(v.domain));
		/* DMARC is about From and nothing else */
		v.aligned = *v.domain ? are_related(domain, v.domain)
				      : mdg_streq(method, "dmarc");
		if (rank(&v) > rank(ret))
			*ret = v;
	}
}

/* ---- the way a mail came ---- */

struct ip {
	int family;
	unsigned char b[16];
};

static bool
read_ip(const char *s, size_t n, struct ip *out)
{
	char text[64];

	if (n > 5 && strncasecmp(s, "IPv6:", 5) == 0) {
		s += 5;
		n -= 5;
	}
	if (n == 0 || n >= sizeof(text))
		return false;
	memcpy(text, s, n);
	text[n] = '\0';
	*out = (struct ip){.family = AF_INET};
	if (inet_pton(AF_INET, text, out->b) == 1)
		return true;
	out->family = AF_INET6;
	if (inet_pton(AF_INET6, text, out->b) != 1)
		return false;
	static const unsigned char mapped[12] = {[10] = 0xFF, [11] = 0xFF};
	if (memcmp(out->b, mapped, sizeof(mapped)) == 0) {
		memmove(out->b, out->b + 12, 4);
		out->family = AF_INET;
	}
	return true;
}

static bool
is_this_machine(const struct ip *ip)
{
	static const unsigned char v6[16] = {[15] = 1};

	return ip->family == AF_INET ? ip->b[0] == 127
				     : memcmp(ip->b, v6, sizeof(v6)) == 0;
}

struct net {
	struct ip ip;
	unsigned bits;
};

static bool
read_net(const char *s, struct net *out)
{
	const char *slash = strchr(s, '/');
	int64_t bits;

	if (!read_ip(s, slash ? (size_t)(slash - s) : strlen(s), &out->ip))
		return false;
	unsigned all = out->ip.family == AF_INET ? 32 : 128;
	out->bits = all;
	if (!slash)
		return true;
	if (!mdg_str_i64(slash + 1, 8, all, &bits))
		return false;
	out->bits = (unsigned)bits;
	return true;
}

static bool
lies_in(const struct ip *ip, const struct net *net)
{
	if (ip->family != net->ip.family)
		return false;
	size_t whole = net->bits / 8, odd = net->bits % 8;
	unsigned char mask = (unsigned char)(0xFF00 >> odd);

	return memcmp(ip->b, net->ip.b, whole) == 0 &&
	       (odd == 0 || ((ip->b[whole] ^ net->ip.b[whole]) & mask) == 0);
}

bool
mdg_route_valid(const char *route)
{
	struct net net;

	return mdg_streq(route, "local") || read_net(route, &net);
}

enum hop { HOP_LOCAL, HOP_INSIDE, HOP_OUTSIDE };

/* The client of one Received field: all addresses between "from" and "by". */
static enum hop
hop_of(const char *field, const struct net *net)
{
	static const char ends[] = " \t\r\n()[];,=@";
	const char *p = field + strspn(field, " \t\r\n");
	enum hop hop = HOP_LOCAL;
	struct ip ip;

	if (!mdg_str_case_starts(p, "from "))
		return HOP_LOCAL;
	while (*p && !mdg_str_case_starts(p, " by ")) {
		size_t n = strcspn(p, ends);
		if (read_ip(p, n, &ip) && !is_this_machine(&ip)) {
			if (!net || !lies_in(&ip, net))
				return HOP_OUTSIDE;
			hop = HOP_INSIDE;
		}
		p += n ? n : 1;
	}
	return hop;
}

bool
mdg_route_taken(const struct mdg_strings *received, const char *route)
{
	bool local = mdg_streq(route, "local");
	struct net net;

	if (!local && !read_net(route, &net))
		return false;
	for (size_t i = 0; i < received->n; i++) {
		enum hop hop = hop_of(received->v[i], local ? NULL : &net);
		if (hop != HOP_LOCAL)
			return hop == HOP_INSIDE;
	}
	/* a chain that was cut may hide where it began */
	return local && received->n < MDG_RECEIVED_MAX;
}
