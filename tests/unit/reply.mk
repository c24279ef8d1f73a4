UNIT_REPLY = src/libreply.a src/libtext.a $(UNIT_BASE) $(MECAB_LIBS) \
	$(PCRE2_LIBS) $(ICU_LIBS) -lm

check_PROGRAMS += tests/unit/test_lint
tests_unit_test_lint_SOURCES = %D%/test_lint.c
tests_unit_test_lint_LDADD = $(UNIT_REPLY)
TESTS += tests/unit/test_lint

check_PROGRAMS += tests/unit/test_lint_data
tests_unit_test_lint_data_SOURCES = %D%/test_lint_data.c
tests_unit_test_lint_data_LDADD = $(UNIT_REPLY)
TESTS += tests/unit/test_lint_data
EXTRA_DIST += tests/data/lint/good.txt tests/data/lint/bad.tsv \
	tests/data/lint/letters.txt

check_PROGRAMS += tests/unit/test_template
tests_unit_test_template_SOURCES = %D%/test_template.c
tests_unit_test_template_LDADD = $(UNIT_REPLY)
TESTS += tests/unit/test_template

check_PROGRAMS += tests/unit/test_slots
tests_unit_test_slots_SOURCES = %D%/test_slots.c
tests_unit_test_slots_LDADD = $(UNIT_REPLY)
TESTS += tests/unit/test_slots
