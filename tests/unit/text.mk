check_PROGRAMS += tests/unit/test_text
tests_unit_test_text_SOURCES = %D%/test_text.c
tests_unit_test_text_LDADD = src/libtext.a $(UNIT_BASE) $(MECAB_LIBS) \
	$(ICU_LIBS)
TESTS += tests/unit/test_text
