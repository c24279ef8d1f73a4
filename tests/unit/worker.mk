check_PROGRAMS += tests/unit/test_utf7imap
tests_unit_test_utf7imap_SOURCES = %D%/test_utf7imap.c
tests_unit_test_utf7imap_LDADD = $(NET_LIBS) $(UNIT_BASE)
TESTS += tests/unit/test_utf7imap
check_PROGRAMS += tests/unit/test_clamd
tests_unit_test_clamd_SOURCES = %D%/test_clamd.c
tests_unit_test_clamd_LDADD = src/libclamd.a $(IPC_LIBS) $(UNIT_BASE)
TESTS += tests/unit/test_clamd
check_PROGRAMS += tests/unit/test_chunk
tests_unit_test_chunk_SOURCES = %D%/test_chunk.c
tests_unit_test_chunk_LDADD = $(NET_LIBS) $(UNIT_BASE)
tests_unit_test_chunk_CPPFLAGS = $(src_libnet_a_CPPFLAGS)
TESTS += tests/unit/test_chunk
check_PROGRAMS += tests/unit/test_smtp_address
tests_unit_test_smtp_address_SOURCES = %D%/test_smtp_address.c
tests_unit_test_smtp_address_LDADD = $(NET_LIBS) $(UNIT_BASE)
tests_unit_test_smtp_address_CPPFLAGS = $(src_libnet_a_CPPFLAGS)
TESTS += tests/unit/test_smtp_address
# driven by tests/it
check_PROGRAMS += tests/it/imapdrive
tests_it_imapdrive_SOURCES = tests/it/imapdrive.c
tests_it_imapdrive_LDADD = $(NET_LIBS) $(UNIT_BASE)
tests_it_imapdrive_CPPFLAGS = $(AM_CPPFLAGS) $(ETPAN_CFLAGS) $(GNUTLS_CFLAGS) \
	$(ZSTD_CFLAGS) $(SODIUM_CFLAGS)
EXTRA_DIST += tests/it/test_imap.py
EXTRA_DIST += tests/it/core.py tests/it/test_workers.py
EXTRA_DIST += tests/it/evil.py tests/it/test_chaos.py tests/it/test_evil_imap.py \
	tests/it/test_beside.py tests/it/test_evil_phases.py \
	tests/it/test_faults.py tests/it/test_folders.py \
	tests/it/test_quota.py \
	tests/it/test_hibernate.py \
	tests/it/test_evil_smtp.py tests/it/libetpan.supp tests/it/test_tls.py
