UNIT_REPLY = src/libreply.a src/libtext.a $(UNIT_BASE) $(MECAB_LIBS) \
	$(PCRE2_LIBS) $(ICU_LIBS) -lm

check_PROGRAMS += tests/unit/test_answer
tests_unit_test_answer_SOURCES = %D%/test_answer.c
tests_unit_test_answer_LDADD = $(UNIT_REPLY)
TESTS += tests/unit/test_answer

# what people answer; with MDG_EVAL=1 it lists what is not as meant
check_PROGRAMS += tests/unit/test_answer_set
tests_unit_test_answer_set_SOURCES = %D%/test_answer_set.c
tests_unit_test_answer_set_LDADD = src/libreply.a src/libmail.a \
	src/libtext.a $(UNIT_BASE) $(MECAB_LIBS) $(PCRE2_LIBS) $(ICU_LIBS) -lm
TESTS += tests/unit/test_answer_set
EXTRA_DIST += tests/data/answer/answers.txt tests/data/answer/notice.txt \
	tests/data/answer/request.txt

check_PROGRAMS += tests/unit/test_lint
tests_unit_test_lint_SOURCES = %D%/test_lint.c
tests_unit_test_lint_LDADD = $(UNIT_REPLY)
TESTS += tests/unit/test_lint

check_PROGRAMS += tests/unit/test_lint_need
tests_unit_test_lint_need_SOURCES = %D%/test_lint_need.c
tests_unit_test_lint_need_LDADD = $(UNIT_REPLY)
TESTS += tests/unit/test_lint_need

check_PROGRAMS += tests/unit/test_lint_data
tests_unit_test_lint_data_SOURCES = %D%/test_lint_data.c
tests_unit_test_lint_data_LDADD = $(UNIT_REPLY)
TESTS += tests/unit/test_lint_data
EXTRA_DIST += tests/data/lint/good.txt tests/data/lint/bad.tsv \
	tests/data/lint/letters.txt tests/data/lint/guard.tsv

check_PROGRAMS += tests/unit/test_lint_fix
tests_unit_test_lint_fix_SOURCES = %D%/test_lint_fix.c
tests_unit_test_lint_fix_LDADD = $(UNIT_REPLY)
TESTS += tests/unit/test_lint_fix
EXTRA_DIST += tests/data/lint/fixes.tsv

# the figures of the reply check: kept in figures.tsv, printed by make eval
check_PROGRAMS += tests/unit/test_lint_eval
tests_unit_test_lint_eval_SOURCES = %D%/test_lint_eval.c
tests_unit_test_lint_eval_LDADD = $(UNIT_REPLY)
TESTS += tests/unit/test_lint_eval
EXTRA_DIST += tests/data/lint/eval_bad.tsv tests/data/lint/eval_good.txt \
	tests/data/lint/eval_letters.txt tests/data/lint/figures.tsv \
	tests/data/lint/train_bad.tsv tests/data/lint/train_good.txt \
	tests/data/lint/train_mended.txt
EVAL += eval-lint
eval-lint: tests/unit/test_lint_eval
	@MDG_EVAL=1 top_srcdir=$(top_srcdir) tests/unit/test_lint_eval
.PHONY: eval-lint

check_PROGRAMS += tests/unit/test_suggest
tests_unit_test_suggest_SOURCES = %D%/test_suggest.c
tests_unit_test_suggest_LDADD = $(UNIT_REPLY)
TESTS += tests/unit/test_suggest

check_PROGRAMS += tests/unit/test_template
tests_unit_test_template_SOURCES = %D%/test_template.c
tests_unit_test_template_LDADD = $(UNIT_REPLY)
TESTS += tests/unit/test_template

check_PROGRAMS += tests/unit/test_slots
tests_unit_test_slots_SOURCES = %D%/test_slots.c
tests_unit_test_slots_LDADD = $(UNIT_REPLY)
TESTS += tests/unit/test_slots

check_PROGRAMS += tests/unit/test_slots_eval
tests_unit_test_slots_eval_SOURCES = %D%/test_slots_eval.c
tests_unit_test_slots_eval_LDADD = $(UNIT_REPLY)
TESTS += tests/unit/test_slots_eval
EXTRA_DIST += tests/data/slots/inquiries.txt tests/data/slots/inquiries2.txt tests/data/slots/inquiries3.txt \
	tests/data/slots/inquiries4.txt tests/data/slots/inquiries5.txt \
	tests/data/slots/inquiries6.txt \
	tests/data/slots/figures.tsv
EVAL += eval-slots
eval-slots: tests/unit/test_slots_eval
	@MDG_EVAL=1 top_srcdir=$(top_srcdir) tests/unit/test_slots_eval
.PHONY: eval-slots

check_PROGRAMS += tests/unit/test_mood
tests_unit_test_mood_SOURCES = %D%/test_mood.c
tests_unit_test_mood_LDADD = $(UNIT_REPLY)
TESTS += tests/unit/test_mood
EXTRA_DIST += tests/data/suggest/mood.tsv
EVAL += eval-mood
eval-mood: tests/unit/test_mood
	@top_srcdir=$(top_srcdir) tests/unit/test_mood 2>&1 | grep '^mood:'
.PHONY: eval-mood
