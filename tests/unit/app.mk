check_PROGRAMS += tests/unit/test_config
tests_unit_test_config_SOURCES = %D%/test_config.c
tests_unit_test_config_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS)
tests_unit_test_config_LDADD = src/libapp.a $(UNIT_BASE)
TESTS += tests/unit/test_config

check_PROGRAMS += tests/unit/test_app
tests_unit_test_app_SOURCES = %D%/test_app.c
tests_unit_test_app_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS)
tests_unit_test_app_LDADD = src/libapp.a src/libquery.a $(UNIT_STORE) \
	$(APP_LIBS) $(CMOCKA_LIBS)
TESTS += tests/unit/test_app
