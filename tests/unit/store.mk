check_LIBRARIES += tests/unit/libpg.a
tests_unit_libpg_a_SOURCES = %D%/pg.c %D%/pg.h %D%/t.h
tests_unit_libpg_a_CPPFLAGS = $(AM_CPPFLAGS) $(PQ_CFLAGS)
# What a test on the store links besides its own rooms, before UNIT_BASE.
UNIT_STORE = tests/unit/libpg.a src/libstore.a

check_PROGRAMS += tests/unit/test_db
tests_unit_test_db_SOURCES = %D%/test_db.c
tests_unit_test_db_LDADD = $(UNIT_STORE) $(UNIT_BASE) $(STORE_LIBS)
TESTS += tests/unit/test_db

check_PROGRAMS += tests/unit/test_db_send
tests_unit_test_db_send_SOURCES = %D%/test_db_send.c
tests_unit_test_db_send_LDADD = $(UNIT_STORE) $(UNIT_BASE) $(STORE_LIBS)
TESTS += tests/unit/test_db_send

check_PROGRAMS += tests/unit/test_migrate
tests_unit_test_migrate_SOURCES = %D%/test_migrate.c
tests_unit_test_migrate_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)
tests_unit_test_migrate_LDADD = $(UNIT_STORE) $(UNIT_BASE) $(STORE_LIBS)
TESTS += tests/unit/test_migrate

check_PROGRAMS += tests/unit/test_search
tests_unit_test_search_SOURCES = %D%/test_search.c
tests_unit_test_search_LDADD = $(UNIT_STORE) $(UNIT_BASE) $(STORE_LIBS)
TESTS += tests/unit/test_search

check_PROGRAMS += tests/unit/test_sqlite
tests_unit_test_sqlite_SOURCES = %D%/test_sqlite.c
tests_unit_test_sqlite_LDADD = $(UNIT_STORE) $(UNIT_BASE) $(STORE_LIBS)
TESTS += tests/unit/test_sqlite
