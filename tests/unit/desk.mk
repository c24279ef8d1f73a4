UNIT_DESK = src/libdesk.a $(UNIT_BASE) $(ICU_LIBS) $(JANSSON_LIBS)

check_PROGRAMS += tests/unit/test_holidays
tests_unit_test_holidays_SOURCES = %D%/test_holidays.c
tests_unit_test_holidays_LDADD = $(UNIT_DESK) -lm
TESTS += tests/unit/test_holidays

check_PROGRAMS += tests/unit/test_calendar
tests_unit_test_calendar_SOURCES = %D%/test_calendar.c
tests_unit_test_calendar_LDADD = $(UNIT_DESK)
TESTS += tests/unit/test_calendar

check_PROGRAMS += tests/unit/test_calendar_zones
tests_unit_test_calendar_zones_SOURCES = %D%/test_calendar_zones.c
tests_unit_test_calendar_zones_LDADD = $(UNIT_DESK)
TESTS += tests/unit/test_calendar_zones

check_PROGRAMS += tests/unit/test_shift
tests_unit_test_shift_SOURCES = %D%/test_shift.c
tests_unit_test_shift_LDADD = $(UNIT_DESK)
TESTS += tests/unit/test_shift

check_PROGRAMS += tests/unit/test_policy
tests_unit_test_policy_SOURCES = %D%/test_policy.c
tests_unit_test_policy_LDADD = $(UNIT_DESK)
TESTS += tests/unit/test_policy

check_PROGRAMS += tests/unit/test_sla
tests_unit_test_sla_SOURCES = %D%/test_sla.c
tests_unit_test_sla_LDADD = $(UNIT_DESK)
TESTS += tests/unit/test_sla

check_PROGRAMS += tests/unit/test_sla_random
tests_unit_test_sla_random_SOURCES = %D%/test_sla_random.c \
	%D%/slow_sla.c %D%/slow_sla.h %D%/slow_hours.c %D%/slow_hours.h
tests_unit_test_sla_random_LDADD = $(UNIT_DESK)
TESTS += tests/unit/test_sla_random

check_PROGRAMS += tests/unit/test_machine
tests_unit_test_machine_SOURCES = %D%/test_machine.c
tests_unit_test_machine_LDADD = $(UNIT_DESK)
TESTS += tests/unit/test_machine

check_PROGRAMS += tests/unit/test_surge
tests_unit_test_surge_SOURCES = %D%/test_surge.c
tests_unit_test_surge_LDADD = $(UNIT_DESK) -lm
TESTS += tests/unit/test_surge

# the figures of surges on a simulated desk: kept, printed by make eval
check_PROGRAMS += tests/unit/test_surge_eval
tests_unit_test_surge_eval_SOURCES = %D%/test_surge_eval.c \
	%D%/surge_plain.c %D%/surge_plain.h \
	%D%/surge_year.c %D%/surge_year.h
tests_unit_test_surge_eval_LDADD = $(UNIT_DESK) -lm
TESTS += tests/unit/test_surge_eval
EXTRA_DIST += tests/data/surge/figures.tsv tests/data/surge/README
EVAL += eval-surge
eval-surge: tests/unit/test_surge_eval
	@MDG_EVAL=1 MDG_EVAL_YEARS=16 top_srcdir=$(top_srcdir) \
	tests/unit/test_surge_eval
.PHONY: eval-surge

check_PROGRAMS += tests/unit/test_thread
tests_unit_test_thread_SOURCES = %D%/test_thread.c
tests_unit_test_thread_LDADD = src/libdesk.a src/libtext.a $(UNIT_BASE) \
	$(ICU_LIBS) $(JANSSON_LIBS)
TESTS += tests/unit/test_thread

check_PROGRAMS += tests/unit/test_model
tests_unit_test_model_SOURCES = %D%/test_model.c %D%/model.c %D%/model.h
tests_unit_test_model_LDADD = $(UNIT_DESK)
TESTS += tests/unit/test_model

check_PROGRAMS += tests/unit/test_when
tests_unit_test_when_SOURCES = %D%/test_when.c
tests_unit_test_when_LDADD = src/libdesk.a src/libtext.a $(UNIT_BASE) \
	$(ICU_LIBS) $(JANSSON_LIBS)
TESTS += tests/unit/test_when

check_PROGRAMS += tests/unit/test_sales
tests_unit_test_sales_SOURCES = %D%/test_sales.c
tests_unit_test_sales_LDADD = src/libdesk.a src/libtext.a $(UNIT_BASE) \
	$(ICU_LIBS) $(JANSSON_LIBS)
TESTS += tests/unit/test_sales
EXTRA_DIST += tests/data/sales/train.tsv tests/data/sales/held.tsv
