# What talks to mail servers: the verified stream, IMAP and SMTP.
noinst_LIBRARIES += src/libnet.a
src_libnet_a_SOURCES = \
	%D%/chunk.c \
	%D%/chunk.h \
	%D%/connect.c \
	%D%/imap.c \
	%D%/imap.h \
	%D%/imap_auth.c \
	%D%/imap_fetch.c \
	%D%/imap_folder.c \
	%D%/imap_list.c \
	%D%/imap_policy.c \
	%D%/imap_private.h \
	%D%/imap_sent.c \
	%D%/imap_wait.c \
	%D%/smtp.c \
	%D%/smtp.h \
	%D%/smtp_auth.c \
	%D%/smtp_dsn.c \
	%D%/smtp_private.h \
	%D%/smtp_send.c \
	%D%/stream.c \
	%D%/stream.h \
	%D%/stream_private.h \
	%D%/tls.c
src_libnet_a_CPPFLAGS = $(AM_CPPFLAGS) $(ETPAN_CFLAGS) $(GNUTLS_CFLAGS) \
	$(ZSTD_CFLAGS) $(SODIUM_CFLAGS)
NET_LIBS = src/libnet.a src/libipc.a src/libmail.a $(ETPAN_LIBS) \
	$(GNUTLS_LIBS) $(ZSTD_LIBS) $(SODIUM_LIBS)

NETMAIN_SOURCES = src/worker/netmain.c src/worker/netmain.h
pkglibexec_PROGRAMS += src/mdg-imap src/mdg-smtp
src_mdg_imap_SOURCES = $(NETMAIN_SOURCES) \
	%D%/imap_main.c \
	%D%/imap_serve.c \
	%D%/imap_serve_folder.c \
	%D%/imap_sync.c \
	%D%/imap_worker.h
src_mdg_imap_CPPFLAGS = $(src_libnet_a_CPPFLAGS)
src_mdg_imap_LDADD = $(NET_LIBS) $(SECCOMP_LIBS) src/libmodel.a src/libbase.a
src_mdg_smtp_SOURCES = $(NETMAIN_SOURCES) \
	%D%/smtp_main.c
src_mdg_smtp_CPPFLAGS = $(src_libnet_a_CPPFLAGS)
src_mdg_smtp_LDADD = $(NET_LIBS) $(SECCOMP_LIBS) src/libmodel.a src/libbase.a

# What renews an account's access, on demand.
pkglibexec_PROGRAMS += src/mdg-token
src_mdg_token_SOURCES = %D%/token_main.c
src_mdg_token_CPPFLAGS = $(AM_CPPFLAGS) $(CURL_CFLAGS) $(JANSSON_CFLAGS)
src_mdg_token_LDADD = $(IPC_LIBS) src/libmodel.a src/libbase.a $(CURL_LIBS) \
	$(JANSSON_LIBS)

# What reads mails: MIME and HTML, confined.
pkglibexec_PROGRAMS += src/mdg-parse
src_mdg_parse_SOURCES = \
	%D%/parse.h \
	%D%/parse_alone.c \
	%D%/parse_main.c \
	%D%/parse_serve.c
src_mdg_parse_CPPFLAGS = $(AM_CPPFLAGS) $(ZSTD_CFLAGS)
src_mdg_parse_LDADD = $(IPC_LIBS) $(MIME_LIBS) $(ZSTD_LIBS)

# What judges words: suggestions.
pkglibexec_PROGRAMS += src/mdg-text
src_mdg_text_SOURCES = %D%/text.h %D%/text_draft.c %D%/text_draft.h \
	%D%/text_mail.c %D%/text_main.c
src_mdg_text_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS)
src_mdg_text_LDADD = $(IPC_LIBS) src/libreply.a src/libtext.a src/libmodel.a \
	src/libbase.a $(MECAB_LIBS) $(PCRE2_LIBS) $(ICU_LIBS) $(JANSSON_LIBS) -lm

# What shows mails to clamd, on demand.
noinst_LIBRARIES += src/libclamd.a
src_libclamd_a_SOURCES = %D%/clamd.c %D%/clamd.h
pkglibexec_PROGRAMS += src/mdg-scan
src_mdg_scan_SOURCES = %D%/scan_main.c
src_mdg_scan_CPPFLAGS = $(AM_CPPFLAGS) $(ZSTD_CFLAGS)
src_mdg_scan_LDADD = src/libclamd.a $(IPC_LIBS) src/libmodel.a src/libbase.a \
	$(ZSTD_LIBS)
