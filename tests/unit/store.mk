check_PROGRAMS += tests/unit/test_db
tests_unit_test_db_SOURCES = %D%/test_db.c %D%/pg.c %D%/pg.h
tests_unit_test_db_LDADD = src/libstore.a $(UNIT_BASE) $(STORE_LIBS)
TESTS += tests/unit/test_db
