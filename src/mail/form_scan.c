/*
 * Where labels stand in a text: one pass over its lines.
 *
 * Labels that we know are believed in any layout; others only where a mark, a
 * bracket or a colon sets them apart, or where the line is short: a declared
 * form may know them.
 */
#include <string.h>

#include "form_priv.h"
#include "line.h"
#include "madoguchi/base/err.h"
#include "madoguchi/base/str.h"

enum {
	LABEL_CHARS = 40, /* of a label in its line, marks apart */
	SHORT_CHARS = 16, /* of one that nothing sets apart */
	NOISE_MAX = MDG_FIELDS_MAX / 2, /* such ones are kept */
	INLINE_MAX = 4                  /* labels in one line */
};

struct scan {
	struct mdg_mail *m;
	const char *s; /* the text */
	size_t len;
	struct mdg_field v[MDG_FIELDS_MAX];
	size_t n, noise;
	int asks;           /* questions: 1, -1: none, 0: not yet looked for */
	const char *answer; /* the line that answers the last one */
};

uint32_t
form_peek(const struct form_rest *r, size_t *ret_n)
{
	*ret_n = 0;
	return r->p < r->end
		       ? form_fold_char(r->p, (size_t)(r->end - r->p), ret_n)
		       : 0;
}

void
form_skip_spaces(struct form_rest *r)
{
	size_t n;

	while (r->p < r->end && form_is_space(form_peek(r, &n)))
		r->p += n;
}

static bool
is_one_of(uint32_t c, const uint32_t *set)
{
	for (; *set; set++)
		if (*set == c)
			return true;
	return false;
}

static const uint32_t marks[] = {
	U'■', U'□', U'◆',  U'◇', U'●', U'○', U'◎',  U'▼', U'▽', U'▲',
	U'△', U'★', U'☆',  U'▶', U'►', U'♦', U'・', U'※', U'*', U'#',
	U'◯', U'➤', U'〇', U'►', U'-', U'+', U'|',  U'│', 0};

/* Ornament in front: ■, ・, "1.", "(1)". "----" is a drawn line. */
static bool
skip_marks(struct form_rest *r)
{
	struct form_rest was = *r;
	uint32_t first = 0, c;
	size_t n;

	while (r->p < r->end && is_one_of(c = form_peek(r, &n), marks)) {
		if (c == first && c < 0x80) {
			*r = was;
			return false;
		}
		first = c;
		r->p += n;
		form_skip_spaces(r);
	}
	bool marked = r->p != was.p;
	const char *digits = r->p;
	while (r->p < r->end && (c = form_peek(r, &n)) >= '0' && c <= '9')
		r->p += n;
	c = form_peek(r, &n);
	if (r->p > digits && r->p - digits <= 2 * 3 && (c == '.' || c == ')')) {
		r->p += n;
		form_skip_spaces(r);
	} else {
		r->p = digits;
	}
	return marked;
}

/* Kana, kanji, a folded letter: most characters, of which no set here has
 * any. */
static inline bool
is_letter(uint32_t c)
{
	return (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0x3041 && c <= 0x30FA) ||
	       (c >= 'a' && c <= 'z');
}

/* Punctuation of prose, or what makes it an address: no label has it. */
static bool
is_prose(uint32_t c)
{
	static const uint32_t set[] = {U'。', U'、', U'！', U'!',
				       U'@',  U';',  0};

	return is_one_of(c, set);
}

static bool
separates(uint32_t c)
{
	static const uint32_t set[] = {U':', U'\t', U'|', U'│', U'︓',
				       U'∶', U'⇒',  U'→', U'=', U'…',
				       U'‥', U'>',  0};

	return is_one_of(c, set);
}

/* From a label's end to its value: "お名前\t：", "お名前……". */
static void
skip_separators(struct form_rest *r)
{
	size_t n;

	form_skip_spaces(r);
	while (r->p < r->end && separates(form_peek(r, &n))) {
		r->p += n;
		form_skip_spaces(r);
	}
}

static void
add(struct scan *x, const char *at, const char *label, size_t label_n,
    const char *value, enum mdg_field_style style, bool only_known)
{
	struct form_label l;

	if (x->n == MDG_FIELDS_MAX || label_n > 4 * (size_t)LABEL_CHARS)
		return;
	form_label_fold(label, label_n, &l);
	if (!*l.s)
		return;
	bool exact = style == MDG_FIELD_GAP;
	enum mdg_field_kind kind = form_label_kind(&l, exact);
	if (kind == MDG_FIELD_NONE && (only_known || x->noise == NOISE_MAX))
		return;
	x->noise += kind == MDG_FIELD_NONE;
	x->v[x->n++] = (struct mdg_field){
		.label = mdg_arena_strdup(&x->m->arena, l.s),
		.kind = kind,
		.style = style,
		.at = (uint32_t)(at - x->s),
		.value = (uint32_t)(value - x->s),
	};
}

static const uint32_t brackets[][2] = {
	{U'【', U'】'}, {U'[', U']'}, {U'〔', U'〕'}, {U'《', U'》'},
	{U'〈', U'〉'}, {U'<', U'>'}, {U'「', U'」'}, {U'『', U'』'},
	{U'≪', U'≫'},   {U'(', U')'}, {U'〖', U'〗'}, {U'｢', U'｣'},
};

/* [what is in brackets]; the rest stands behind them. */
static bool
take_brackets(struct form_rest *r, struct form_rest *inside)
{
	size_t n, chars = 0;
	uint32_t open = form_peek(r, &n), close = 0;

	for (size_t i = 0; i < MDG_LEN(brackets); i++)
		if (brackets[i][0] == open)
			close = brackets[i][1];
	if (!close)
		return false;
	struct form_rest in = {r->p + n, r->end};
	bool doubled = form_peek(&in, &n) == open; /* [[お名前]] */
	if (doubled)
		in.p += n;
	for (inside->p = in.p; in.p < in.end; in.p += n) {
		uint32_t c = form_peek(&in, &n);
		if (c == close) {
			inside->end = in.p;
			r->p = in.p + n;
			if (doubled && form_peek(r, &n) == close)
				r->p += n;
			return chars > 0;
		}
		if (is_prose(c) || ++chars > LABEL_CHARS)
			return false;
	}
	return false;
}

/* Notes and a colon between a label in brackets and its value. */
static void
skip_notes(struct form_rest *r)
{
	static const char *const notes[] = {
		"※必須",    "※任意",  "*必須", "（必須）", "(必須)", "必須",
		"（任意）", "(任意)", "任意",  "*",        "※"};
	size_t n;

	form_skip_spaces(r);
	for (size_t i = 0; i < MDG_LEN(notes); i++) {
		n = strlen(notes[i]);
		if ((size_t)(r->end - r->p) >= n &&
		    memcmp(r->p, notes[i], n) == 0) {
			struct form_rest after = {r->p + n, r->end};
			uint32_t c = form_peek(&after, &n);
			/* 必須です is no note */
			if (after.p < after.end && !separates(c) &&
			    !form_is_space(c))
				break;
			*r = after;
			form_skip_spaces(r);
			break;
		}
	}
	skip_separators(r);
}

static bool
is_note(const struct form_rest *in)
{
	static const char *const notes[] = {"必須", "任意", "必須項目",
					    "required", "optional"};
	struct form_label l;

	form_label_fold(in->p, (size_t)(in->end - in->p), &l);
	for (size_t i = 0; i < MDG_LEN(notes); i++)
		if (mdg_streq(l.s, notes[i]))
			return true;
	return false;
}

/* The separator of "label: value"; NULL if the line has none in time. */
static const char *
find_separator(const struct form_rest *line, size_t *ret_n)
{
	struct form_rest r = *line;
	size_t n, chars = 0, depth = 0;
	uint32_t before = 0;

	for (; r.p < r.end; r.p += n) {
		uint32_t c = form_peek(&r, &n);
		if (is_letter(c)) {
			if (++chars > LABEL_CHARS)
				return NULL;
			before = c;
			continue;
		}
		if (c == '.' && chars > 0 && depth == 0 && r.end - r.p > 3 &&
		    memcmp(r.p, "...", 3) == 0) { /* お名前.....山田 */
			*ret_n = strspn(r.p, ".");
			return r.p;
		}
		depth += c == '(' || c == '[';
		if (c == ')' || c == ']')
			depth -= depth > 0;
		if (depth == 0 && is_prose(c))
			return NULL;
		if (depth == 0 && chars > 0 && separates(c)) {
			struct form_rest next = {r.p + n, r.end};
			size_t k;
			uint32_t after = form_peek(&next, &k);
			/* 10:30, http://… */
			bool clock = before >= '0' && before <= '9' &&
				     after >= '0' && after <= '9';
			if (c == ':' && (clock || after == '/'))
				return NULL;
			*ret_n = n;
			return r.p;
		}
		if (!form_is_space(c))
			chars++;
		if (chars > LABEL_CHARS)
			return NULL;
		before = c;
	}
	return NULL;
}

/* Further labels in the same line, known ones with a colon only. */
static void
scan_inline(struct scan *x, struct form_rest r)
{
	const char *word = r.p;
	size_t n;

	for (int k = 0; r.p < r.end && k < INLINE_MAX; r.p += n) {
		uint32_t c = form_peek(&r, &n);
		if (is_letter(c))
			continue;
		if (form_is_space(c) || c == '/' || c == ',' || c == U'、') {
			word = r.p + n;
		} else if (c == ':' && word < r.p) {
			size_t before = x->n;
			struct form_rest v = {r.p + n, r.end};
			form_skip_spaces(&v);
			add(x, word, word, (size_t)(r.p - word), v.p,
			    MDG_FIELD_INLINE, true);
			k += x->n > before;
		}
	}
}

/* "お名前　山田", "Full Name John": the longest known beginning. */
static bool
scan_gap(struct scan *x, const char *at, const struct form_rest *line,
	 enum mdg_field_style style)
{
	enum { WORDS = 3 };
	struct form_rest r = *line;
	size_t n, words = 0;
	const char *label_end = NULL, *value = NULL;

	for (; r.p < r.end && words < WORDS; r.p += n) {
		struct form_label l;
		if (!form_is_space(form_peek(&r, &n))) {
			if (r.p - line->p > 4 * SHORT_CHARS)
				break;
			continue;
		}
		struct form_rest v = {r.p + n, r.end};
		form_skip_spaces(&v);
		words++;
		if (v.p == v.end || (size_t)(r.p - line->p) > 4 * SHORT_CHARS)
			break;
		form_label_fold(line->p, (size_t)(r.p - line->p), &l);
		if (*l.s && form_label_kind(&l, true) != MDG_FIELD_NONE) {
			label_end = r.p;
			value = v.p;
		}
		/* not known to us, but a declared form may know it */
		if (words == 1 && !label_end)
			add(x, at, line->p, (size_t)(r.p - line->p), v.p,
			    MDG_FIELD_GAP, false);
		r.p = v.p;
		n = 0;
	}
	if (label_end)
		add(x, at, line->p, (size_t)(label_end - line->p), value,
		    style == MDG_FIELD_MARK ? style : MDG_FIELD_GAP, true);
	return label_end != NULL;
}

static bool
is_short(const struct form_rest *line, size_t max)
{
	struct form_rest r = *line;
	size_t n, chars = 0;

	for (; r.p < r.end; r.p += n) {
		uint32_t c = form_peek(&r, &n);
		if (++chars > max || (!is_letter(c) && is_prose(c)))
			return false;
	}
	return chars > 0;
}

/* "お名前 *", alone on its line: one has to fill it in. */
static bool
cut_star(struct form_rest *line)
{
	static const char *const stars[] = {"*", "＊", "※", NULL};
	struct form_rest r = *line;

	while (r.end > r.p && (r.end[-1] == ' ' || r.end[-1] == '\r'))
		r.end--;
	size_t w = mdg_line_ends_any(r.p, (size_t)(r.end - r.p), stars)
			   ? (r.end[-1] == '*' ? 1 : 3)
			   : 0;
	if (w == 0 || (size_t)(r.end - r.p) == w)
		return false;
	for (r.end -= w; r.end > r.p && r.end[-1] == ' ';)
		r.end--;
	*line = r;
	return r.end > r.p;
}

/* The question on this line; its answer may be on the next one. */
static bool
scan_question(struct scan *x, const char *at, struct form_rest *line)
{
	struct form_rest label = *line;
	const char *value = line->end;
	size_t n;

	if (!form_skip_question(&label.p, label.end))
		return false;
	if (!x->asks)
		x->asks = form_asks_questions(x->s, x->len) ? 1 : -1;
	if (x->asks < 0)
		return false;
	const char *number = line->p;
	line->p = label.p;
	if (find_separator(line, &n)) /* "Q1. お名前：山田" */
		return false;
	x->answer = form_answer_below(line->end, x->s + x->len, &value);
	label.end = label.p + form_question_len(label.p, label.end);
	if (!is_short(&label, LABEL_CHARS)) /* too long for one */
		label = (struct form_rest){number, line->p};
	size_t before = x->n;
	add(x, at, label.p, (size_t)(label.end - label.p), value,
	    MDG_FIELD_MARK, false);
	if (x->n > before && x->v[before].kind == MDG_FIELD_NONE)
		x->v[before].kind = MDG_FIELD_OTHER;
	return true;
}

static void
scan_line(struct scan *x, struct form_rest line)
{
	enum mdg_field_style style = MDG_FIELD_COLON;
	const char *at = line.p, *sep;
	struct form_rest inside;
	size_t n;

	if (line.p == x->answer)
		return;
	form_skip_spaces(&line);
	if (line.p == line.end || form_peek(&line, &n) == '>')
		return;
	if (skip_marks(&line))
		style = MDG_FIELD_MARK;
	if (scan_question(x, at, &line))
		return;
	const char *end = line.end;
	bool starred = cut_star(&line);
	struct form_rest behind = line;
	while (take_brackets(&behind, &inside)) {
		if (is_note(&inside)) { /* 【必須】お名前 */
			form_skip_spaces(&behind);
			line = behind;
			continue;
		}
		skip_notes(&behind);
		add(x, at, inside.p, (size_t)(inside.end - inside.p), behind.p,
		    MDG_FIELD_BRACKET, false);
		scan_inline(x, behind);
		return;
	}
	sep = find_separator(&line, &n);
	if (sep) {
		struct form_rest v = {sep + n, line.end};
		skip_separators(&v);
		/* "お名前＞山田", but not "ホーム > 商品" */
		uint32_t c = form_peek(&(struct form_rest){sep, line.end}, &n);
		add(x, at, line.p, (size_t)(sep - line.p), v.p, style,
		    c == '>' || c == '.');
		scan_inline(x, v);
		return;
	}
	if (scan_gap(x, at, &line, style))
		return;
	if (is_short(&line, style == MDG_FIELD_MARK || starred ? LABEL_CHARS
							       : SHORT_CHARS))
		add(x, at, line.p, (size_t)(line.end - line.p), end,
		    style == MDG_FIELD_MARK ? style : MDG_FIELD_BARE, false);
}

void
mdg_form_scan(struct mdg_mail *m)
{
	size_t len = strnlen(m->text, MDG_FIELDS_TEXT_BYTES_MAX);
	struct scan x = {.m = m, .s = m->text, .len = len};
	size_t set_apart = 0, known = 0;

	for (size_t at = 0; at < len && x.n < MDG_FIELDS_MAX;) {
		const char *nl = memchr(m->text + at, '\n', len - at);
		/* a line that the limit cuts is left out */
		if (!nl && m->text[len])
			break;
		size_t n = nl ? (size_t)(nl - m->text) - at : len - at;
		scan_line(&x,
			  (struct form_rest){m->text + at, m->text + at + n});
		at += n + 1;
	}
	for (size_t i = 0; i < x.n; i++) {
		known += x.v[i].kind != MDG_FIELD_NONE;
		set_apart += x.v[i].kind != MDG_FIELD_NONE ||
			     (x.v[i].style != MDG_FIELD_BARE &&
			      x.v[i].style != MDG_FIELD_GAP);
	}
	/* a single one is how people write, too */
	if (set_apart < 2 && (known == 0 || x.n < 4))
		return;
	m->fields = mdg_arena_array(&m->arena, x.n, sizeof(*m->fields));
	memcpy(m->fields, x.v, x.n * sizeof(*m->fields));
	m->fields_n = x.n;
}
