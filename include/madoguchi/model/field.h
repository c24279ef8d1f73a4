/*
 * Labelled lines of a mail's body ("お名前：山田", "【電話番号】"), as a web
 * form writes them. The parser notes where they stand; which of them count is
 * decided where the declared forms are known (mail/form.h).
 */
#ifndef MDG_MODEL_FIELD_H
#define MDG_MODEL_FIELD_H

#include <stddef.h>
#include <stdint.h>

/* What a label is known to mean. */
enum mdg_field_kind {
	MDG_FIELD_NONE, /* nothing that we know */
	MDG_FIELD_NAME,
	MDG_FIELD_FAMILY, /* 姓 */
	MDG_FIELD_GIVEN,  /* 名 */
	MDG_FIELD_KANA,
	MDG_FIELD_ADDRESS, /* a mail address */
	MDG_FIELD_PHONE,
	MDG_FIELD_ORDER,
	MDG_FIELD_COMPANY,
	MDG_FIELD_SUBJECT,
	MDG_FIELD_CONTENT, /* what the customer has to say */
	MDG_FIELD_REMARK,  /* 備考, ご要望: the same, where there is no other */
	MDG_FIELD_OTHER,   /* known, but nothing we take */
	MDG_FIELD_N
};

/* How the label is set apart from its value. */
enum mdg_field_style {
	MDG_FIELD_COLON,   /* お名前：山田, also a cell of a table */
	MDG_FIELD_MARK,    /* ■お名前 */
	MDG_FIELD_BRACKET, /* 【お名前】 */
	MDG_FIELD_BARE,    /* お名前, alone on its line */
	MDG_FIELD_GAP,     /* お名前　山田 */
	MDG_FIELD_INLINE,  /* further on in a line that has one already */
	MDG_FIELD_STYLE_N
};

struct mdg_field {
	const char *label; /* folded, see mdg_form_label() */
	enum mdg_field_kind kind;
	enum mdg_field_style style;
	/* Offsets in mdg_mail.text: where the label's line (or the label, if
	 * it stands further on in a line) begins, and where its value does. */
	uint32_t at, value;
};

#endif
