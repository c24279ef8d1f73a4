/*
 * One mail as a careful person would have read it: the record that mdg-parse
 * makes and everybody else uses.
 *
 * All text is valid UTF-8, free of C0 (but TAB and LF in texts), C1 and bidi
 * controls; header-like fields hold one line. Ids carry no angle brackets.
 * Everything hangs on `arena`; the record is freed as a whole. NULL means
 * "not there", "" means "there and empty". Every count is within limits.h:
 * the parser guarantees it, the core checks it again (ipc/codec_mail).
 */
#ifndef MDG_MODEL_MAIL_H
#define MDG_MODEL_MAIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "madoguchi/base/arena.h"
#include "madoguchi/model/field.h"

/* What sort of mail it is (RFC 3834, RFC 3464, RFC 5965, RFC 2369). */
enum mdg_mail_class {
	MDG_CLASS_ORDINARY,   /* from a person, also auto-forwarded */
	MDG_CLASS_AUTO_REPLY, /* vacation, receipt */
	MDG_CLASS_BOUNCE,     /* failed, delayed and success reports */
	MDG_CLASS_FEEDBACK,   /* ARF abuse report */
	MDG_CLASS_BULK,       /* list, newsletter */
	MDG_CLASS_SELF,       /* carries our own token or loop mark */
	MDG_CLASS_N
};

enum mdg_text_source {
	MDG_TEXT_NONE,
	MDG_TEXT_PLAIN,
	MDG_TEXT_HTML,
	MDG_TEXT_SOURCE_N
};

/*
 * A mailbox (RFC 5322 §3.4). `address` is verbatim as far as it can be typed
 * into a To field ("a..b.@docomo.ne.jp" stays so, without quotes); `key` is
 * the form to compare by: domain lower-case in A-labels, local part
 * lower-case, needless quotes removed. Either may be "" if the header held
 * only a name; `name` is "" if there is none.
 */
struct mdg_address {
	const char *name;
	const char *address;
	const char *key;
};

struct mdg_addresses {
	struct mdg_address *v;
	size_t n;
};

struct mdg_strings {
	const char **v;
	size_t n;
};

enum { MDG_DIGEST_BYTES = 32 }; /* BLAKE2b-256 */

/* Can it be opened without a password? */
enum mdg_sealed {
	MDG_SEALED_NO,
	MDG_SEALED_MAYBE, /* a PDF with restrictions: opens, or asks */
	MDG_SEALED_YES,
	MDG_SEALED_N
};

/* What it may do when it is opened (mail/danger.h). */
enum mdg_danger {
	MDG_DANGER_NO,
	MDG_DANGER_PROGRAM,
	MDG_DANGER_SCRIPT,
	MDG_DANGER_IMAGE, /* of a disk: what is in it is not marked as mailed */
	MDG_DANGER_MACRO,
	MDG_DANGER_ARCHIVE,   /* one of these is in it */
	MDG_DANGER_DISGUISED, /* one of these, under a tame name */
	MDG_DANGER_N
};

struct mdg_attachment {
	const char *filename;   /* bare safe name, NULL when none was given */
	const char *media_type; /* lower case, "type/subtype" */
	const char *content_id; /* without <>, or NULL */
	uint64_t bytes;         /* after transfer decoding */
	unsigned char digest[MDG_DIGEST_BYTES]; /* of those bytes */
	bool is_inline;
	enum mdg_sealed sealed;
	enum mdg_danger danger;
	uint32_t part; /* number of the part in walk order, for EXTRACT */
};

/* One per-recipient group of a delivery report (RFC 3464 §2.3). */
struct mdg_bounce_recipient {
	const char *address;
	const char *action; /* failed|delayed|delivered|relayed|expanded */
	const char *status; /* "5.1.1", or NULL */
	bool hard;          /* the address itself is dead */
	const char *reason; /* short code: user_unknown, mailbox_full, … */
	const char *diagnostic; /* the server's words, one line, or NULL */
};

struct mdg_bounce {
	struct mdg_bounce_recipient *recipients;
	size_t n;
	const char *original_message_id; /* of the mail that bounced, or NULL */
	/* References and In-Reply-To of that mail, as far as it was returned:
	 * they lead to the ticket when the mail itself is not ours to find. */
	struct mdg_strings original_references;
};

struct mdg_mail {
	struct mdg_arena arena;

	const char *message_id;         /* NULL: the mail has none */
	struct mdg_strings in_reply_to; /* in header order */
	struct mdg_strings references;  /* oldest first */
	bool has_date;
	int64_t date_s;
	struct mdg_addresses from, sender, reply_to, to, cc;
	struct mdg_strings delivered_to; /* Delivered-To, X-Original-To */
	const char *subject;             /* "" if none */

	const char *text; /* the whole decoded body as a person reads it */
	enum mdg_text_source text_source;
	const char *reply;     /* newly written: no quote, no signature */
	const char *quoted;    /* quoted history */
	const char *signature; /* the sender's signature block */
	bool has_html;         /* there is a form for display */

	struct mdg_field *fields; /* labelled lines of text, in order */
	size_t fields_n;
	/* Who wrote what is forwarded here, the outermost first; only the
	 * mail itself says so. */
	struct mdg_addresses forwarded;

	struct mdg_attachment *attachments;
	size_t attachments_n;

	enum mdg_mail_class mail_class;
	bool no_auto_reply; /* RFC 3834 §2: automatic mail must not answer */
	bool from_spoofed;  /* a display name shows another address */
	bool tells_password; /* of a file that came, or comes, by itself */
	struct mdg_bounce *bounce; /* NULL unless class is bounce */

	/* Own Message-ID tokens and tickets in subject tags are found by the
	 * core; these are only the raw material. */
	const char *thread_index; /* first 22 bytes, base64, or NULL */
	const char *loop_mark;    /* X-Madoguchi-Loop, or NULL */
	struct mdg_strings auth_results; /* Authentication-Results, top first */
	struct mdg_strings received;     /* Received, the newest ones first */
	/* What mail systems wrote about it, top first: "x-spam-flag: YES"
	 * (mail/verdict.h has the names) */
	struct mdg_strings verdicts;

	/* BLAKE2b-256 of From, To, Cc, Date, Subject, Message-ID as they
	 * stand and the body with normalised line ends: the same mail in two
	 * mailboxes has the same hash, whatever its trace headers. */
	unsigned char content_hash[MDG_DIGEST_BYTES];

	/* What was decided by which rule: "quote:gmail-ja-head". For
	 * --explain; never shown to customers. */
	struct mdg_strings explain;
	/* What could not be read as it stands, in plain English codes:
	 * "charset:mislabelled", "limit:parts", … */
	struct mdg_strings warnings;
};

void mdg_mail_init(struct mdg_mail *m);
void mdg_mail_clear(struct mdg_mail *m);
struct mdg_mail *mdg_mail_new(void);
void mdg_mail_free(struct mdg_mail **m);

/*
 * The id that this very mail is known by: its Message-ID, or one made of the
 * content hash when it has none. `out` is used for the latter.
 */
enum { MDG_OWN_ID_BYTES = 2 * MDG_DIGEST_BYTES + 32 };
const char *mdg_mail_own_id(const struct mdg_mail *m,
			    char out[MDG_OWN_ID_BYTES]);

/* Append; silently stops at max (limits.h). s is copied into the arena. */
void mdg_strings_add(struct mdg_strings *l, struct mdg_arena *a, const char *s,
		     size_t max);
void mdg_addresses_add(struct mdg_addresses *l, struct mdg_arena *a,
		       const char *name, const char *address, const char *key);
void mdg_mail_warn(struct mdg_mail *m, const char *code);
void mdg_mail_explain(struct mdg_mail *m, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* "ordinary", "auto_reply", … and back (MDG_CLASS_N if unknown). */
const char *mdg_mail_class_name(enum mdg_mail_class c);
enum mdg_mail_class mdg_mail_class_from_name(const char *name);
/* "none", "plain", "html". */
const char *mdg_text_source_name(enum mdg_text_source s);

#endif
