/*
 * Every size that comes from outside meets one of these first.
 * A test exists for each at n and n + 1.
 */
#ifndef MDG_BASE_LIMITS_H
#define MDG_BASE_LIMITS_H

/* -- mail, as fetched -- */
#define MDG_RAW_CHUNK_BYTES (256u << 10) /* raw bytes in one stored chunk */
#define MDG_RAW_BYTES_MAX (256u << 20)   /* a larger mail stays on the server */
#define MDG_PARSE_BYTES_MAX (64u << 20)  /* the parser reads this much of one */

/* -- mail, as parsed -- */
#define MDG_HEADER_BLOCK_MAX (1u << 20)     /* all headers of one entity */
#define MDG_HEADER_BYTES_MAX (256u << 10)   /* one header field */
#define MDG_ADDR_HEADER_BYTES_MAX (64u << 10)
#define MDG_ADDR_COLONS_MAX 200   /* ':' outside quotes in an address header */
#define MDG_HEADERS_MAX 2000      /* header fields of one entity */
#define MDG_PARTS_MAX 1000        /* MIME parts of one mail */
#define MDG_DEPTH_MAX 50          /* nesting of MIME parts */
#define MDG_MAIL_IN_MAIL_MAX 4    /* attached mails looked into, one in another */
#define MDG_TEXT_BYTES_MAX (5u << 20)   /* text shown of one mail, UTF-8 */
#define MDG_HTML_BYTES_MAX (5u << 20)   /* HTML read of one part */
#define MDG_HTML_DEPTH_MAX 400          /* nesting of HTML elements */
#define MDG_HTML_TAG_BYTES_MAX (32 << 10) /* one tag with its attributes */
#define MDG_ADDRESSES_MAX 2000    /* addresses of one header */
#define MDG_ADDRESS_BYTES_MAX 320 /* one address: 64 + @ + 255 (RFC 5321) */
#define MDG_NAME_BYTES_MAX 512    /* a display name */
#define MDG_SUBJECT_BYTES_MAX 2000
#define MDG_MSGID_BYTES_MAX 998
#define MDG_REFERENCES_MAX 200    /* ids kept: the first and the newest ones */
#define MDG_FILENAME_BYTES_MAX 200
#define MDG_ATTACHMENTS_MAX 500
#define MDG_WARNINGS_MAX 50
#define MDG_FIELDS_MAX 200 /* labelled lines of one body */
#define MDG_FIELDS_TEXT_BYTES_MAX (256u << 10) /* where they are looked for */
#define MDG_LABEL_BYTES_MAX 120 /* one label, folded */
#define MDG_FORWARDED_MAX 4 /* senders named by forwarded heads */
#define MDG_TRACE_BYTES_MAX 4096 /* one field that a server added */
#define MDG_VERDICTS_MAX 16 /* fields of mail systems that are kept */
#define MDG_RECEIVED_MAX 8 /* Received fields that are kept */
#define MDG_FORMS_MAX 100 /* declared for one window */
#define MDG_BOUNCE_RECIPIENTS_MAX 100

/* -- the parser's process -- */
#define MDG_PARSE_DEADLINE_MS 20000 /* one mail, wall time; then SIGKILL */
#define MDG_PARSE_AS_BYTES ((size_t)768 << 20)
#define MDG_PARSE_RECYCLE_N 20000   /* mails; then a fresh process */

/* -- the virus scanner -- */
#define MDG_CLAMD_REPLY_BYTES_MAX 1024 /* one answer, as it came */
#define MDG_SCAN_NAME_BYTES_MAX 200    /* of a signature */
#define MDG_SCAN_PIECE_BYTES_MAX (256u << 10)
#define MDG_SCAN_CONNECT_MS 5000
#define MDG_SCAN_DEADLINE_MS 60000 /* one mail, wall time: not scanned then */

/* -- frames between processes -- */
#define MDG_FRAME_BYTES_MAX (16u << 20) /* payload of one frame */
#define MDG_CTL_FRAME_BYTES_MAX (4u << 20) /* from a control client */
#define MDG_ANSWER_LIST_MAX 500 /* of anything in an answer of mdg-text */
#define MDG_ANSWER_TEXT_BYTES_MAX (64u << 10) /* one text of it */
#define MDG_CHAN_HIGH_BYTES (8u << 20)  /* stop reading the source */
#define MDG_CHAN_LOW_BYTES (1u << 20)   /* go on reading it */
#define MDG_CHAN_POST_BYTES (4u << 20)  /* of a worker, not yet taken */
#define MDG_CHAN_AHEAD_BYTES (1u << 20) /* taken by a worker, not yet read */

/* -- the network -- */
#define MDG_NET_CONNECT_MS 30000
#define MDG_NET_COMMAND_MS 120000
#define MDG_NET_LINE_BYTES_MAX (64u << 10) /* reply to a control command */
#define MDG_SMTP_FINAL_MS 600000 /* answer to the end of DATA, RFC 5321 §4.5.3.2.6 */
#define MDG_IDLE_MAX_MS 540000   /* re-IDLE; NATs drop after about 10 minutes */

/* -- what people type -- */
#define MDG_QUOTE_BYTES_MAX (64u << 10) /* of the mail answered */
#define MDG_DRAFT_BYTES_MAX (1u << 20)
#define MDG_DRAFT_IDLE_S (15 * 60) /* then nobody writes it any more */
#define MDG_RECIPIENTS_MAX 100
#define MDG_UPLOADS_MAX 50 /* files of one draft */
#define MDG_UPLOAD_CHUNK_BYTES (256u << 10)
#define MDG_UPLOAD_BYTES_MAX (36u << 20) /* all files of one draft */
#define MDG_SEND_BYTES_MAX (50u << 20)   /* one outgoing mail: those in base64 */
#define MDG_SEND_INLINE_BYTES (1u << 20) /* a longer one goes in pieces */
#define MDG_WORDS_KEEP_BYTES (64u << 10) /* cut until all of the dictionary
					  * was given back once */
#define MDG_SUGGEST_TEXT_BYTES_MAX (16u << 10) /* read of one inquiry */
#define MDG_SUGGEST_TERMS_MAX 120000    /* different words of all templates */
#define MDG_SUGGEST_POSTINGS_MAX 1000000 /* words counted by template */
#define MDG_SUGGEST_CLASS_TERMS_MAX 6000 /* … of one template */
#define MDG_SUGGEST_CLASS_RUNS_MAX 1600 /* runs of characters of one template */
#define MDG_SUGGEST_PAST_TERMS_MAX 400 /* learned of one inquiry */
#define MDG_SUGGEST_RECENT_MAX 12 /* inquiries kept whole, by template */
#define MDG_SUGGEST_TRIALS_MAX 300 /* of these asked to find the trust in them */
#define MDG_LEARNED_MAX 100000 /* newest approvals that suggestion knows */
#define MDG_LEARNED_TEXT_BYTES_MAX 4000 /* learned of one mail */
#define MDG_FACT_BYTES_MAX 400
#define MDG_FACTS_KEPT_MAX 250 /* of one mail */
#define MDG_TEMPLATE_BYTES_MAX (64u << 10)
#define MDG_LINT_BYTES_MAX (128u << 10) /* judged of one draft: 40 pages */
#define MDG_FINDINGS_MAX 500 /* of one draft; more help nobody */
#define MDG_LIST_MAX 1000 /* rows of one list answer */

/* -- the browser -- */
#define MDG_WEB_AS_BYTES ((size_t)2 << 30) /* argon2id, answers on their way */
#define MDG_WEB_FILES_MAX 2048
#define MDG_WEB_CONNECTIONS_MAX 1000
#define MDG_WEB_BODY_BYTES_MAX (2u << 20) /* of a request, but for files */
#define MDG_WEB_STREAMS_MAX 500 /* pages that are told what changes */
#define MDG_WEB_STREAMS_OF_ONE_MAX 20 /* as many open pages of one person */
#define MDG_WEB_STREAM_BYTES_MAX                                               \
	(64u << 10)              /* of news that a page has not read */
#define MDG_WEB_CLIENTS_MAX 4096 /* addresses whose rate is known */
#define MDG_WEB_QUEUED_BYTES_MAX (256u << 20) /* files not yet taken */

#define MDG_CONFIG_BYTES_MAX (64u << 10) /* madoguchi.conf */

/* -- calendars -- */
#define MDG_CALENDAR_BYTES_MAX (1u << 20) /* its JSON */
#define MDG_CALENDAR_SPANS_MAX 24 /* spans of one day */
#define MDG_CALENDAR_DATES_MAX 5000 /* in "closed", and in "open" */
#define MDG_ZONE_NAME_BYTES_MAX 64
#define MDG_ZONE_FILE_BYTES_MAX (256 << 10)
#define MDG_ZONE_STEPS_MAX 2000 /* changes of offset, 1948–2150 */
#define MDG_SLA_MINUTES_MAX 52560000 /* of one target: 100 years */

#endif
