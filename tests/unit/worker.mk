check_PROGRAMS += tests/unit/test_utf7imap
tests_unit_test_utf7imap_SOURCES = %D%/test_utf7imap.c
tests_unit_test_utf7imap_LDADD = $(NET_LIBS) $(UNIT_BASE)
TESTS += tests/unit/test_utf7imap
# driven by tests/it
check_PROGRAMS += tests/it/imapdrive
tests_it_imapdrive_SOURCES = tests/it/imapdrive.c
tests_it_imapdrive_LDADD = $(NET_LIBS) $(UNIT_BASE)
tests_it_imapdrive_CPPFLAGS = $(AM_CPPFLAGS) $(ETPAN_CFLAGS) $(GNUTLS_CFLAGS) \
	$(ZSTD_CFLAGS) $(SODIUM_CFLAGS)
EXTRA_DIST += tests/it/test_imap.py
EXTRA_DIST += tests/it/core.py tests/it/test_workers.py
EXTRA_DIST += tests/it/evil.py tests/it/test_evil_imap.py \
	tests/it/test_evil_smtp.py tests/it/libetpan.supp
