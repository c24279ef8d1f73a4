check_PROGRAMS += tests/unit/test_date tests/unit/test_html
tests_unit_test_date_SOURCES = %D%/test_date.c
tests_unit_test_date_LDADD = src/libmime.a $(UNIT_BASE)
tests_unit_test_html_SOURCES = %D%/test_html.c
tests_unit_test_html_LDADD = src/libmime.a $(GUMBO_LIBS) $(UNIT_BASE)
TESTS += tests/unit/test_date tests/unit/test_html

check_PROGRAMS += tests/unit/test_parse_worker
tests_unit_test_parse_worker_SOURCES = %D%/test_parse_worker.c
tests_unit_test_parse_worker_LDADD = $(IPC_LIBS) $(UNIT_BASE) $(ZSTD_LIBS)
TESTS += tests/unit/test_parse_worker

check_PROGRAMS += tests/unit/test_mime
tests_unit_test_mime_SOURCES = %D%/test_mime.c
tests_unit_test_mime_LDADD = $(MIME_LIBS) $(CMOCKA_LIBS)
TESTS += tests/unit/test_mime

check_PROGRAMS += tests/unit/test_danger
tests_unit_test_danger_SOURCES = %D%/test_danger.c
tests_unit_test_danger_LDADD = $(MIME_LIBS) $(CMOCKA_LIBS)
TESTS += tests/unit/test_danger

check_PROGRAMS += tests/unit/test_layout
tests_unit_test_layout_SOURCES = %D%/test_layout.c
tests_unit_test_layout_CPPFLAGS = $(AM_CPPFLAGS) $(GMIME_CFLAGS)
tests_unit_test_layout_LDADD = $(MIME_LIBS) $(CMOCKA_LIBS)
TESTS += tests/unit/test_layout
