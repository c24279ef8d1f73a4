check_PROGRAMS += tests/unit/test_base
tests_unit_test_base_SOURCES = %D%/test_base.c
tests_unit_test_base_LDADD = $(UNIT_BASE)
TESTS += tests/unit/test_base
