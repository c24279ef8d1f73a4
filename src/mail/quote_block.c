/* Header blocks above quoted history ("差出人: … 送信日時: …"). */
#include <string.h>

#include "madoguchi/base/err.h"
#include "quote_priv.h"

enum label {
	L_NONE,
	L_FROM = 1,
	L_DATE = 2,
	L_TO = 4,
	L_CC = 8,
	L_SUBJECT = 16,
	L_OTHER = 32
};

/* clang-format off */
static const struct { const char *s; enum label label; } LABELS[] = {
	{"from", L_FROM}, {"差出人", L_FROM}, {"差出し人", L_FROM},
	{"送信者", L_FROM}, {"送信元", L_FROM}, {"発信者", L_FROM},
	{"発信元", L_FROM}, {"差出人名", L_FROM}, {"von", L_FROM}, {"de", L_FROM},
	{"da", L_FROM}, {"van", L_FROM}, {"från", L_FROM}, {"fra", L_FROM},
	{"от", L_FROM}, {"od", L_FROM}, {"发件人", L_FROM}, {"寄件者", L_FROM},
	{"寄件人", L_FROM}, {"보낸 사람", L_FROM}, {"보낸사람", L_FROM},
	{"보낸이", L_FROM}, {"發件人", L_FROM}, {"từ", L_FROM},
	{"kimden", L_FROM}, {"lähettäjä", L_FROM}, {"จาก", L_FROM}, {"expéditeur", L_FROM},
	{"date", L_DATE}, {"sent", L_DATE}, {"送信日時", L_DATE},
	{"送信日", L_DATE}, {"日時", L_DATE}, {"日付", L_DATE},
	{"受信日時", L_DATE}, {"date sent", L_DATE}, {"gesendet", L_DATE},
	{"datum", L_DATE}, {"envoyé", L_DATE}, {"envoyé le", L_DATE},
	{"fecha", L_DATE}, {"enviado", L_DATE}, {"enviado el", L_DATE},
	{"data", L_DATE}, {"inviato", L_DATE}, {"verzonden", L_DATE},
	{"skickat", L_DATE}, {"发送时间", L_DATE}, {"日期", L_DATE},
	{"时间", L_DATE}, {"寄件日期", L_DATE}, {"보낸 날짜", L_DATE},
	{"날짜", L_DATE}, {"보낸시간", L_DATE}, {"дата", L_DATE},
	{"отправлено", L_DATE}, {"送信済み", L_DATE}, {"發送時間", L_DATE},
	{"發送日期", L_DATE}, {"傳送時間", L_DATE}, {"寄件時間", L_DATE},
	{"보낸 시간", L_DATE}, {"보낸날짜", L_DATE}, {"ngày", L_DATE},
	{"đã gửi", L_DATE}, {"tarih", L_DATE}, {"gönderilme", L_DATE},
	{"wysłano", L_DATE}, {"enviada em", L_DATE}, {"enviada", L_DATE},
	{"inviata", L_DATE}, {"odesláno", L_DATE}, {"lähetetty", L_DATE},
	{"sendt", L_DATE}, {"gửi", L_DATE},
	{"to", L_TO}, {"宛先", L_TO}, {"宛て先", L_TO}, {"あて先", L_TO},
	{"送信先", L_TO}, {"宛名", L_TO}, {"an", L_TO}, {"à", L_TO}, {"a", L_TO},
	{"para", L_TO}, {"per", L_TO}, {"aan", L_TO}, {"till", L_TO},
	{"til", L_TO}, {"кому", L_TO}, {"do", L_TO}, {"收件人", L_TO},
	{"收件者", L_TO}, {"đến", L_TO}, {"tới", L_TO}, {"kime", L_TO},
	{"vastaanottaja", L_TO}, {"받는이", L_TO}, {"komu", L_TO}, {"받는 사람", L_TO}, {"받는사람", L_TO},
	{"cc", L_CC}, {"bcc", L_CC}, {"抄送", L_CC}, {"副本", L_CC},
	{"参照", L_CC}, {"참조", L_CC}, {"kopie", L_CC}, {"copie", L_CC},
	{"subject", L_SUBJECT}, {"件名", L_SUBJECT}, {"題名", L_SUBJECT},
	{"タイトル", L_SUBJECT}, {"表題", L_SUBJECT}, {"標題", L_SUBJECT}, {"betreff", L_SUBJECT},
	{"objet", L_SUBJECT}, {"asunto", L_SUBJECT}, {"oggetto", L_SUBJECT},
	{"assunto", L_SUBJECT}, {"onderwerp", L_SUBJECT}, {"ämne", L_SUBJECT},
	{"emne", L_SUBJECT}, {"тема", L_SUBJECT}, {"主题", L_SUBJECT},
	{"主旨", L_SUBJECT}, {"主題", L_SUBJECT}, {"chủ đề", L_SUBJECT},
	{"konu", L_SUBJECT}, {"aihe", L_SUBJECT}, {"předmět", L_SUBJECT}, {"제목", L_SUBJECT}, {"temat", L_SUBJECT},
	{"reply-to", L_OTHER}, {"返信先", L_OTHER}, {"importance", L_OTHER},
	{"重要度", L_OTHER}, {"優先度", L_OTHER}, {"priority", L_OTHER},
	{"attachments", L_OTHER}, {"attachment", L_OTHER},
	{"添付ファイル", L_OTHER}, {"添付", L_OTHER}, {"message-id", L_OTHER},
	{"organization", L_OTHER}, {"x-mailer", L_OTHER}, {"sender", L_OTHER},
	{"resent-from", L_OTHER},
};
/* clang-format on */

/* "差出人: 佐藤 <…>"; *value is what follows the colon. */
static enum label
label_of(const struct mdg_line *l, const char **value)
{
	const char *colon = memchr(l->s, ':', l->n < 40 ? l->n : 40);
	size_t w;

	if (!colon)
		return L_NONE;
	w = (size_t)(colon - l->s);
	while (w > 0 && l->s[w - 1] == ' ')
		w--;
	*value = colon + 1 + strspn(colon + 1, " ");
	for (size_t i = 0; i < MDG_LEN(LABELS); i++)
		if (strlen(LABELS[i].s) == w && !memcmp(LABELS[i].s, l->s, w))
			return LABELS[i].label;
	return L_NONE;
}

bool
mdg_q_label(const struct mdg_line *l, bool *ret_from, const char **value)
{
	enum label label = label_of(l, value);

	*ret_from = label == L_FROM;
	return label != L_NONE;
}

struct block {
	unsigned seen;  /* labels */
	unsigned kinds; /* how many of from, date, to, cc, subject */
	bool addr;      /* in From or To */
	bool time;      /* the date is one */
	bool from_first;
	size_t end;
};

static bool
continues(const struct mdg_q *q, size_t i, enum label last, bool last_empty)
{
	const struct mdg_q_line *v = &q->v[i];
	const char *s = mdg_q_str(q, i);

	if (v->blank)
		return false;
	if (last_empty)
		return true;
	if (last & (L_FROM | L_TO | L_CC))
		return memchr(s, '@', v->len) || memchr(s, ';', v->len);
	/* a folded header */
	return last && (*s == ' ' || *s == '\t') && v->len < 200;
}

static void
block_add(struct block *b, enum label label, const char *value)
{
	const char *a, *e;

	b->from_first = b->from_first || (b->seen == 0 && label == L_FROM);
	if (label != L_OTHER && !(b->seen & (unsigned)label))
		b->kinds++;
	b->seen |= (unsigned)label;
	if (label & (L_FROM | L_TO))
		b->addr = b->addr || mdg_line_find_addr(value, &a, &e);
	if (label == L_DATE)
		b->time = mdg_line_has_date(value) || mdg_line_has_time(value);
}

/* Read the block of labelled lines at i. */
static void
read_block(const struct mdg_q *q, size_t i, struct block *b)
{
	enum label last = L_NONE;
	bool last_empty = false;
	size_t stop = i + 60 < q->n ? i + 60 : q->n;

	memset(b, 0, sizeof(*b));
	for (size_t j = i; j < stop; j++) {
		struct mdg_line l;
		const char *value = "", *a, *e;
		mdg_q_fold(q, j, &l);
		enum label label = label_of(&l, &value);
		if (q->v[j].mark != MDG_Q_BARE && q->v[j].mark != MDG_Q_INIT)
			break;
		if (label && (!(b->seen & (unsigned)label) ||
			      label == L_OTHER || label == L_CC)) {
			block_add(b, label, value);
			last = label;
			last_empty = *value == '\0';
		} else if (label) {
			break; /* the next block, or none at all */
		} else if (continues(q, j, last, last_empty)) {
			if (last & (L_FROM | L_TO))
				b->addr = b->addr ||
					  mdg_line_find_addr(l.s, &a, &e);
			last_empty = false;
		} else if (q->v[j].blank && j + 1 < stop) {
			/* HTML turned to text may space the lines out */
			mdg_q_fold(q, j + 1, &l);
			label = label_of(&l, &value);
			if (!label || label == L_OTHER ||
			    (b->seen & (unsigned)label))
				break;
			continue;
		} else {
			break;
		}
		b->end = j + 1;
	}
}

/*
 * A header pasted whole, to show it: no mail program quotes these fields.
 */
static bool
is_trace_field(const struct mdg_q *q, size_t i)
{
	static const char *const names[] = {"received:",
					    "return-path:",
					    "mime-version:",
					    "content-type:",
					    "x-",
					    "dkim-signature:",
					    "delivered-to:",
					    "authentication-",
					    "arc-",
					    "content-transfer-encoding:",
					    "list-",
					    NULL};
	struct mdg_line l;

	if (i >= q->n || q->v[i].blank)
		return false;
	mdg_q_fold(q, i, &l);
	return mdg_line_starts_any(l.s, names) && strchr(l.s, ':');
}

/*
 * Strong enough without help? A form or a report about somebody else's mail
 * may look alike: those lack the addressee, or the addresses.
 */
static bool
block_is_head(const struct mdg_q *q, const struct block *b, bool ruled)
{
	if (!(b->seen & L_FROM))
		return false;
	if (!b->from_first && !b->addr &&
	    !(q->is_reply && b->kinds >= 4 && b->time))
		return false;
	if (ruled && (b->addr || b->time || b->kinds >= 4))
		return b->kinds >= 2;
	if (b->kinds >= 4)
		return b->addr || b->time;
	if (q->is_reply)
		return (b->kinds >= 3 &&
			(b->addr || (b->time && (b->seen & L_SUBJECT)))) ||
		       (b->kinds == 2 && b->from_first && b->addr && b->time);
	return b->kinds >= 3 && b->addr && b->time && (b->seen & L_TO);
}

bool
mdg_q_has_block(const struct mdg_q *q, size_t i, size_t *end)
{
	struct block b;

	i = mdg_q_next(q, i);
	if (i >= q->n)
		return false;
	read_block(q, i, &b);
	if (b.kinds < 2)
		return false;
	*end = b.end;
	return true;
}

/* "宛先" alone on its line: Notes writes labels so, and the values below. */
static enum label
bare_label(const struct mdg_q *q, size_t i)
{
	char with_colon[32];
	struct mdg_line l;
	const char *value;

	if (q->v[i].len > 20)
		return L_NONE;
	mdg_q_fold(q, i, &l);
	if (l.n == 0 || l.n + 2 > sizeof(with_colon))
		return L_NONE;
	if (l.s[l.n - 1] == ':')
		l.n--;
	if (memchr(l.s, ':', l.n))
		return L_NONE;
	memcpy(with_colon, l.s, l.n);
	memcpy(with_colon + l.n, ":", 2);
	mdg_line_fold(&l, with_colon, strlen(with_colon));
	return label_of(&l, &value);
}

/* A name, a time, and then addressee and subject under bare labels. */
static bool
memo_head(const struct mdg_q *q, size_t i, struct mdg_q_head *h)
{
	enum { LINES = 16, FILLED = 9, LINE_BYTES = 80 };
	size_t stop = i + LINES < q->n ? i + LINES : q->n, lines = 0;
	unsigned seen = 0;
	bool time = false;

	/* cheap: is the second line a time? */
	if (i + 1 >= q->n || q->v[i + 1].len > LINE_BYTES ||
	    !memchr(mdg_q_str(q, i + 1), ':', q->v[i + 1].len))
		return false;
	for (size_t j = i; j < stop; j++) {
		struct mdg_line l;

		if (q->v[j].blank)
			continue;
		if (q->v[j].mark != MDG_Q_BARE || ++lines > FILLED)
			return false;
		enum label label = bare_label(q, j);
		mdg_q_fold(q, j, &l);
		if (lines == 1 && (label || l.n > 80 || l.cut ||
				   mdg_line_holds(&l, mdg_q_sentence)))
			return false;
		seen |= (unsigned)label;
		time = time || (l.n <= 60 && mdg_line_has_date(l.s) &&
				mdg_line_has_time(l.s));
		if (lines == 2 && (!time || q->v[i + 1].blank))
			return false;
		if (label != L_SUBJECT)
			continue;
		if (!(seen & L_TO))
			return false;
		/* its value */
		h->n = j + 1 - i;
		if (j + 1 < q->n && !q->v[j + 1].blank)
			h->n++;
		h->rule = "memo-block";
		h->reach = MDG_Q_REST;
		h->forward = false;
		return true;
	}
	return false;
}

/* A header block, or a drawn line and a header block. */
bool
mdg_q_header_block(const struct mdg_q *q, size_t i, const struct mdg_line *l,
		   struct mdg_q_head *h)
{
	struct block b;
	struct mdg_line below;
	const char *value;
	size_t at = i;

	if (memo_head(q, i, h))
		return true;
	unsigned char c = (unsigned char)*mdg_q_str(q, i);
	bool ruled = false;

	if ((strchr("-_=*~#+ ", c) || c >= 0xE2) && mdg_q_is_rule(q, i)) {
		ruled = true;
		at = mdg_q_next(q, i + 1);
		if (at >= q->n || at > i + 3)
			return false;
		mdg_q_fold(q, at, &below);
		l = &below;
	}
	if (!label_of(l, &value))
		return false;
	read_block(q, at, &b);
	if (!block_is_head(q, &b, ruled))
		return false;
	if (is_trace_field(q, b.end) || (at > 0 && is_trace_field(q, at - 1)))
		return false;
	*h = (struct mdg_q_head){ruled ? "rule-block" : "header-block",
				 b.end - i, MDG_Q_REST, false};
	return true;
}
