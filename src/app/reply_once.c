/*
 * A letter greets once and closes once.
 *
 * The window's 冒頭文 and 結び stand around whatever was written, and many a
 * template or operator greets or closes too. What the body says already is left
 * out of the window's words, sentence by sentence. Only a closing that is no
 * more than the set phrase (何卒よろしくお願いいたします。, Kind regards,)
 * gives way to the window's, which stands behind everything.
 */
#include <string.h>
#include <strings.h>

#include "madoguchi/base/buf.h"
#include "madoguchi/base/str.h"
#include "reply-int.h"

enum said {
	SAID_THANKS = 1, /* お問い合わせいただき、ありがとうございます */
	SAID_CARE = 2,     /* お世話になっております */
	SAID_NAME = 4,     /* 窓口の田中でございます */
	SAID_INVITE = 8,   /* ご不明な点がございましたら … */
	SAID_WISH = 16,    /* よろしくお願いいたします */
	SAID_REGARDS = 32, /* Kind regards, */
};

static bool
has(const char *s, size_t n, const char *const *list)
{
	for (; *list; list++)
		if (memmem(s, n, *list, strlen(*list)))
			return true;
	return false;
}

static bool
ends_in(const char *s, size_t n, const char *const *list)
{
	for (; *list; list++) {
		size_t len = strlen(*list);
		if (n >= len && memcmp(s + n - len, *list, len) == 0)
			return true;
	}
	return false;
}

static bool
says_thanks(const char *s, size_t n)
{
	static const char *const what[] = {"問い合わせ", "問合せ",   "問い合せ",
					   "ご連絡",     "メールを", "お便り",
					   "お声がけ",   "ご返信",   "ご相談",
					   "お電話",     "ご一報",   NULL};
	static const char *const ends[] = {
		"ありがとうございます", "ありがとうございました",
		"有難うございます",     "御礼申し上げます",
		"お礼申し上げます",     NULL};
	static const char *const what_en[] = {
		" contacting ",      " writing ",
		" your message",     " your email",
		" your e-mail",      " your inquiry",
		" your enquiry",     " reaching out",
		" getting in touch", NULL};

	return (ends_in(s, n, ends) && has(s, n, what)) ||
	       ((mdg_str_starts(s, "Thank you for") ||
		 mdg_str_starts(s, "Thanks for") ||
		 mdg_str_starts(s, "Many thanks for")) &&
		has(s, n, what_en));
}

static bool
says_care(const char *s, size_t n)
{
	static const char *const set[] = {"お世話になっており",
					  "お世話になります",
					  "お世話になりました",
					  "平素は",
					  "平素より",
					  "いつもご利用",
					  "ご愛顧",
					  "お引き立て",
					  NULL};
	static const char *const ends[] = {"ます", "ました", NULL};

	return has(s, n, set) && ends_in(s, n, ends);
}

/* Who writes: only by the name that we know. */
static bool
says_name(const char *s, size_t n, const struct mdg_letter *l)
{
	static const char *const ends[] = {"でございます", "です", "と申します",
					   NULL};
	static const char *const begins[] = {"My name is ", "This is ", "I am ",
					     NULL};
	const char *const name[] = {l->operator_name, NULL};

	if (!l->operator_name || !*l->operator_name || !has(s, n, name))
		return false;
	for (const char *const *b = begins; *b; b++)
		if (mdg_str_starts(s, *b))
			return true;
	return ends_in(s, n, ends);
}

static bool
says_invite(const char *s, size_t n)
{
	static const char *const when[] = {
		"お気軽に", "ご遠慮なく",   "いつでも",   "ご不明",
		"ご質問",   "お困りのこと", "気になる点", "お気づきの点",
		"ご用命",   "なさりたい点", NULL};
	static const char *const how[] = {
		"問い合わせ", "問合せ", "問い合せ", "ご連絡",
		"知らせ",     "ご相談", "尋ね",     "お申し付け",
		"聞かせ",     "ご返信", NULL};
	static const char *const ends[] = {"ください",         "下さい",
					   "くださいませ",     "幸いです",
					   "お願いいたします", NULL};
	static const char *const how_en[] = {
		"et us know",   "contact us", "each out",
		"et in touch",  "hesitate",   "eel free",
		"eply to this", "rite to us", NULL};
	static const char *const when_en[] = {"question", "anything", "further",
					      "else",     "any time", NULL};

	return (has(s, n, when) && has(s, n, how) && ends_in(s, n, ends)) ||
	       (has(s, n, how_en) && has(s, n, when_en));
}

static const char *const wishes[] = {"よろしくお願い", "宜しくお願い",
				     "よろしくお願", NULL};

static bool
says_wish(const char *s, size_t n)
{
	static const char *const ends[] = {"いたします", "申し上げます",
					   "致します", "します", NULL};

	return has(s, n, wishes) && ends_in(s, n, ends);
}

static bool
says_regards(const char *s, size_t n)
{
	static const char *const set[] = {"Kind regards",
					  "Best regards",
					  "Warm regards",
					  "Regards",
					  "Sincerely",
					  "Yours sincerely",
					  "Sincerely yours",
					  "Best wishes",
					  "Yours faithfully",
					  "With kind regards",
					  "Yours truly",
					  "Respectfully",
					  NULL};

	while (n > 0 && strchr(",. ", s[n - 1]))
		n--;
	for (const char *const *p = set; *p; p++)
		if (strlen(*p) == n && strncasecmp(s, *p, n) == 0)
			return true;
	return false;
}

static unsigned
said_in(const char *s, size_t n, const struct mdg_letter *l)
{
	static const char stop[] = "。";
	unsigned set = says_regards(s, n) ? SAID_REGARDS : 0;

	if (n >= sizeof(stop) - 1 &&
	    memcmp(s + n - (sizeof(stop) - 1), stop, sizeof(stop) - 1) == 0)
		n -= sizeof(stop) - 1;
	set |= says_thanks(s, n) ? SAID_THANKS : 0;
	set |= says_care(s, n) ? SAID_CARE : 0;
	set |= says_name(s, n, l) ? SAID_NAME : 0;
	set |= says_invite(s, n) ? SAID_INVITE : 0;
	return set | (says_wish(s, n) ? SAID_WISH : 0);
}

/* The phrase and words that only lead to it: nothing is lost without it. */
static bool
is_bare_wish(const char *s, size_t n)
{
	static const char *const words[] = {
		"何卒",   "なにとぞ", "どうぞ",   "どうか", "今後とも",
		"今後も", "引き続き", "それでは", "では",   "以上",
		"、",     "。",       "よろしく", "宜しく", "お願い",
		"いたし", "申し上げ", "致し",     "ます",   "し"};

	for (size_t i = 0, k; i < n;) {
		for (k = 0; k < MDG_LEN(words); k++) {
			size_t len = strlen(words[k]);
			if (n - i >= len && memcmp(s + i, words[k], len) == 0) {
				i += len;
				break;
			}
		}
		if (k == MDG_LEN(words))
			return false;
	}
	return true;
}

/* -- sentences ------------------------------------------------------------ */

/* Bytes of the sentence at s, its 。 or ". " within, its line end not. */
static size_t
sentence_len(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (s[i] == '\n')
			return i;
		if (n - i >= 3 && memcmp(s + i, "。", 3) == 0)
			return i + 3;
		if (i + 1 < n && s[i] == '.' && s[i + 1] == ' ')
			return i + 1;
	}
	return n;
}

static size_t
blanks(const char *s, size_t n)
{
	size_t i = 0;

	while (i < n && (s[i] == '\n' || s[i] == ' '))
		i++;
	return i;
}

static unsigned
said(const char *s, size_t n, const struct mdg_letter *l)
{
	unsigned set = 0;

	for (size_t i = blanks(s, n), len; i < n; i += blanks(s + i, n - i)) {
		len = sentence_len(s + i, n - i);
		set |= said_in(s + i, len, l);
		i += len;
	}
	return set;
}

/* The first or last paragraphs of s[0..n): where they end, or begin. */
static size_t
head_end(const char *s, size_t n, size_t paragraphs)
{
	for (size_t i = 0; i + 1 < n; i++)
		if (s[i] == '\n' && s[i + 1] == '\n' && --paragraphs == 0)
			return i;
	return n;
}

static size_t
tail_start(const char *s, size_t n, size_t paragraphs)
{
	for (size_t i = n; i > 1; i--)
		if (s[i - 1] == '\n' && s[i - 2] == '\n' && --paragraphs == 0)
			return i;
	return 0;
}

/* The last sentence of s[0..n) is a set phrase that the window has, too: the
 * bytes before it. */
static size_t
without_bare_closing(const char *s, size_t n, unsigned window,
		     const struct mdg_letter *l)
{
	size_t last = 0, len = 0;

	for (size_t i = blanks(s, n); i < n; i += blanks(s + i, n - i)) {
		last = i;
		len = sentence_len(s + i, n - i);
		i += len;
	}
	const unsigned says = last ? said_in(s + last, len, l) & window : 0;
	if (!(says & SAID_REGARDS) &&
	    (!(says & SAID_WISH) || !is_bare_wish(s + last, len)))
		return n;
	while (last > 0 && (s[last - 1] == '\n' || s[last - 1] == ' '))
		last--;
	return last;
}

/* The sentences of a window's text that say nothing of the set. */
static const char *
leave_out(const char *s, unsigned set, const struct mdg_letter *l,
	  struct mdg_arena *a)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
	const size_t n = strlen(s);
	size_t end = 0; /* of the sentence before */

	for (size_t i = blanks(s, n), len; i < n; i += blanks(s + i, n - i)) {
		len = sentence_len(s + i, n - i);
		if (!(said_in(s + i, len, l) & set)) {
			if (b.len)
				mdg_buf_put(&b, s + end, i - end);
			mdg_buf_put(&b, s + i, len);
		}
		end = i += len;
	}
	return mdg_arena_strdup(a, mdg_buf_str(&b));
}

void
mdg_reply_once(const char *rest, size_t *rest_n, struct mdg_letter *l,
	       struct mdg_arena *a)
{
	const size_t n = *rest_n, close = tail_start(rest, n, 1),
		     invite = tail_start(rest, n, 2);
	const unsigned window = said(l->closing, strlen(l->closing), l);

	if (*l->greeting)
		l->greeting =
			leave_out(l->greeting,
				  said(rest, head_end(rest, n, 2), l) &
					  (SAID_THANKS | SAID_CARE | SAID_NAME),
				  l, a);
	if (!*l->closing)
		return;
	const size_t left = *rest_n = without_bare_closing(rest, n, window, l);
	l->closing = leave_out(
		l->closing,
		(said(rest + invite, left > invite ? left - invite : 0, l) &
		 SAID_INVITE) |
			(said(rest + close, left > close ? left - close : 0,
			      l) &
			 (SAID_WISH | SAID_REGARDS)),
		l, a);
}
