check_PROGRAMS += tests/unit/test_config
tests_unit_test_config_SOURCES = %D%/test_config.c
tests_unit_test_config_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS)
tests_unit_test_config_LDADD = src/libapp.a $(UNIT_BASE)
TESTS += tests/unit/test_config
