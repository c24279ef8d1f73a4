noinst_LIBRARIES += src/libmail.a

# how a mail is written: charset, words, parameters, addresses, ids
src_libmail_a_SOURCES = \
	%D%/addr.c \
	%D%/addr_emit.c \
	%D%/addr_key.c \
	%D%/addr_scan.h \
	%D%/charset.c \
	%D%/charset_mixed.c \
	%D%/charset_mixed.h \
	%D%/codec.c \
	%D%/codec.h \
	%D%/common_chars.h \
	%D%/compose.c \
	%D%/detect.c \
	%D%/filename.c \
	%D%/headers.c \
	%D%/jis.c \
	%D%/danger.c \
	%D%/label.c \
	%D%/verdict.c \
	include/madoguchi/mail/danger.h \
	include/madoguchi/mail/verdict.h \
	%D%/msgid.c \
	%D%/param.c \
	%D%/punycode.c \
	%D%/token.h \
	%D%/utf7imap.c \
	%D%/words.c \
	%D%/words_encode.c \
	%D%/x0208.c \
	include/madoguchi/mail/addr.h \
	include/madoguchi/mail/charset.h \
	include/madoguchi/mail/compose.h \
	include/madoguchi/mail/headers.h \
	include/madoguchi/mail/msgid.h \
	include/madoguchi/mail/param.h \
	include/madoguchi/mail/utf7imap.h \
	include/madoguchi/mail/words.h

# what a mail means: split, class, delivery reports
src_libmail_a_SOURCES += \
	include/madoguchi/mail/bounce.h \
	include/madoguchi/mail/class.h \
	include/madoguchi/mail/quote.h
src_libmail_a_SOURCES += \
	src/mail/line.c \
	src/mail/line.h \
	src/mail/line_words.c \
	src/mail/quote.c \
	src/mail/quote_block.c \
	src/mail/quote_footer.c \
	src/mail/quote_head.c \
	src/mail/quote_inline.c \
	src/mail/quote_kind.c \
	src/mail/quote_line.c \
	src/mail/quote_mark.c \
	src/mail/quote_priv.h \
	src/mail/quote_sig.c
src_libmail_a_SOURCES += \
	src/mail/bounce.c \
	src/mail/bounce_priv.h \
	src/mail/bounce_reason.c \
	src/mail/bounce_text.c \
	src/mail/class.c \
	src/mail/class_bulk.c \
	src/mail/class_notice.c \
	src/mail/class_priv.h \
	src/mail/class_words.c

# who speaks in it for somebody else: forms, forwards, relays
src_libmail_a_SOURCES += \
	%D%/authres.c \
	%D%/form_content.c \
	%D%/form_guess.c \
	%D%/form_label.c \
	%D%/form_pick.c \
	%D%/form_priv.h \
	%D%/form_question.c \
	%D%/form_scan.c \
	%D%/forward.c \
	%D%/password.c \
	%D%/relay.c \
	include/madoguchi/mail/authres.h \
	include/madoguchi/mail/form.h \
	include/madoguchi/mail/forward.h \
	include/madoguchi/mail/password.h \
	include/madoguchi/mail/relay.h
