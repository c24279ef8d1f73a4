check_PROGRAMS += tests/unit/test_quote
tests_unit_test_quote_SOURCES = %D%/test_quote.c
tests_unit_test_quote_LDADD = src/libmail.a $(UNIT_BASE)
TESTS += tests/unit/test_quote
EXTRA_DIST += tests/data/quote_cases.txt
