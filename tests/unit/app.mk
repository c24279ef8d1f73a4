check_PROGRAMS += tests/unit/test_config
tests_unit_test_config_SOURCES = %D%/test_config.c
tests_unit_test_config_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS)
tests_unit_test_config_LDADD = src/libapp.a $(UNIT_BASE)
TESTS += tests/unit/test_config

check_LIBRARIES += tests/unit/libdesk_fixture.a
tests_unit_libdesk_fixture_a_SOURCES = %D%/desk_fixture.c %D%/desk_fixture.h \
	%D%/story.c %D%/story.h
tests_unit_libdesk_fixture_a_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS)
UNIT_APP = tests/unit/libdesk_fixture.a src/libapp.a src/libquery.a \
	$(UNIT_STORE) $(APP_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/test_app_intake
tests_unit_test_app_intake_SOURCES = %D%/test_app_intake.c
tests_unit_test_app_intake_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS)
tests_unit_test_app_intake_LDADD = $(UNIT_APP)
TESTS += tests/unit/test_app_intake

check_PROGRAMS += tests/unit/test_app_guard
tests_unit_test_app_guard_SOURCES = %D%/test_app_guard.c
tests_unit_test_app_guard_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS)
tests_unit_test_app_guard_LDADD = $(UNIT_APP)
TESTS += tests/unit/test_app_guard

check_PROGRAMS += tests/unit/test_app_guard_desk
tests_unit_test_app_guard_desk_SOURCES = %D%/test_app_guard_desk.c \
	src/worker/text_draft.c
tests_unit_test_app_guard_desk_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS) \
	-I$(top_srcdir)/src
tests_unit_test_app_guard_desk_LDADD = src/libreply.a $(UNIT_APP) \
	$(MECAB_LIBS)
TESTS += tests/unit/test_app_guard_desk
EXTRA_DIST += tests/data/lint/guard_desk.txt

check_PROGRAMS += tests/unit/test_reply_once
tests_unit_test_reply_once_SOURCES = %D%/test_reply_once.c
tests_unit_test_reply_once_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS)
tests_unit_test_reply_once_LDADD = $(UNIT_APP)
TESTS += tests/unit/test_reply_once

check_PROGRAMS += tests/unit/test_app_look
tests_unit_test_app_look_SOURCES = %D%/test_app_look.c
tests_unit_test_app_look_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS)
tests_unit_test_app_look_LDADD = $(UNIT_APP)
TESTS += tests/unit/test_app_look

check_PROGRAMS += tests/unit/test_app_mailbox
tests_unit_test_app_mailbox_SOURCES = %D%/test_app_mailbox.c
tests_unit_test_app_mailbox_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS)
tests_unit_test_app_mailbox_LDADD = $(UNIT_APP)
TESTS += tests/unit/test_app_mailbox

check_PROGRAMS += tests/unit/test_app_form
tests_unit_test_app_form_SOURCES = %D%/test_app_form.c
tests_unit_test_app_form_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS)
tests_unit_test_app_form_LDADD = $(UNIT_APP)
TESTS += tests/unit/test_app_form

check_PROGRAMS += tests/unit/test_app_reply
tests_unit_test_app_reply_SOURCES = %D%/test_app_reply.c
tests_unit_test_app_reply_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS)
tests_unit_test_app_reply_LDADD = $(UNIT_APP)
TESTS += tests/unit/test_app_reply

check_PROGRAMS += tests/unit/test_app_letter
tests_unit_test_app_letter_SOURCES = %D%/test_app_letter.c
tests_unit_test_app_letter_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS)
tests_unit_test_app_letter_LDADD = $(UNIT_APP)
TESTS += tests/unit/test_app_letter

check_PROGRAMS += tests/unit/test_app_clocks_random
tests_unit_test_app_clocks_random_SOURCES = %D%/test_app_clocks_random.c \
	%D%/slow_sla.c %D%/slow_sla.h %D%/slow_hours.c %D%/slow_hours.h
tests_unit_test_app_clocks_random_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS)
tests_unit_test_app_clocks_random_LDADD = $(UNIT_APP)
TESTS += tests/unit/test_app_clocks_random

check_PROGRAMS += tests/unit/test_app_approval_random
tests_unit_test_app_approval_random_SOURCES = %D%/test_app_approval_random.c \
	%D%/slow_hours.c %D%/slow_hours.h
tests_unit_test_app_approval_random_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS)
tests_unit_test_app_approval_random_LDADD = $(UNIT_APP)
TESTS += tests/unit/test_app_approval_random

check_PROGRAMS += tests/unit/test_app_approval
tests_unit_test_app_approval_SOURCES = %D%/test_app_approval.c
tests_unit_test_app_approval_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS)
tests_unit_test_app_approval_LDADD = $(UNIT_APP)
TESTS += tests/unit/test_app_approval

check_PROGRAMS += tests/unit/test_app_template
tests_unit_test_app_template_SOURCES = %D%/test_app_template.c
tests_unit_test_app_template_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS)
tests_unit_test_app_template_LDADD = $(UNIT_APP)
TESTS += tests/unit/test_app_template

check_PROGRAMS += tests/unit/test_app_outbox
tests_unit_test_app_outbox_SOURCES = %D%/test_app_outbox.c
tests_unit_test_app_outbox_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS)
tests_unit_test_app_outbox_LDADD = $(UNIT_APP)
TESTS += tests/unit/test_app_outbox

check_PROGRAMS += tests/unit/test_app_maildesk
tests_unit_test_app_maildesk_SOURCES = %D%/test_app_maildesk.c \
	%D%/maildesk_fixture.c %D%/maildesk_fixture.h
tests_unit_test_app_maildesk_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS)
tests_unit_test_app_maildesk_LDADD = $(UNIT_APP)
TESTS += tests/unit/test_app_maildesk
check_PROGRAMS += tests/unit/test_app_maildesk_words
tests_unit_test_app_maildesk_words_SOURCES = %D%/test_app_maildesk_words.c \
	%D%/maildesk_fixture.c %D%/maildesk_fixture.h
tests_unit_test_app_maildesk_words_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS)
tests_unit_test_app_maildesk_words_LDADD = $(UNIT_APP)
TESTS += tests/unit/test_app_maildesk_words

check_PROGRAMS += tests/unit/test_app_roles
tests_unit_test_app_roles_SOURCES = %D%/test_app_roles.c
tests_unit_test_app_roles_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS)
tests_unit_test_app_roles_LDADD = $(UNIT_APP)
TESTS += tests/unit/test_app_roles

check_PROGRAMS += tests/unit/test_app_audit
tests_unit_test_app_audit_SOURCES = %D%/test_app_audit.c
tests_unit_test_app_audit_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS)
tests_unit_test_app_audit_LDADD = $(UNIT_APP)
TESTS += tests/unit/test_app_audit

check_PROGRAMS += tests/unit/test_app_regroup
tests_unit_test_app_regroup_SOURCES = %D%/test_app_regroup.c
tests_unit_test_app_regroup_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS)
tests_unit_test_app_regroup_LDADD = $(UNIT_APP)
TESTS += tests/unit/test_app_regroup

check_PROGRAMS += tests/unit/test_app_deliver
tests_unit_test_app_deliver_SOURCES = %D%/test_app_deliver.c
tests_unit_test_app_deliver_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS)
tests_unit_test_app_deliver_LDADD = $(UNIT_APP)
TESTS += tests/unit/test_app_deliver

check_PROGRAMS += tests/unit/test_app_again
tests_unit_test_app_again_SOURCES = %D%/test_app_again.c
tests_unit_test_app_again_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS)
tests_unit_test_app_again_LDADD = $(UNIT_APP)
TESTS += tests/unit/test_app_again

check_PROGRAMS += tests/unit/test_app_receipt
tests_unit_test_app_receipt_SOURCES = %D%/test_app_receipt.c
tests_unit_test_app_receipt_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS)
tests_unit_test_app_receipt_LDADD = $(UNIT_APP)
TESTS += tests/unit/test_app_receipt
check_PROGRAMS += tests/unit/test_app_clocks
tests_unit_test_app_clocks_SOURCES = %D%/test_app_clocks.c
tests_unit_test_app_clocks_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS)
tests_unit_test_app_clocks_LDADD = $(UNIT_APP)
TESTS += tests/unit/test_app_clocks
check_PROGRAMS += tests/unit/test_app_upload
tests_unit_test_app_upload_SOURCES = %D%/test_app_upload.c
tests_unit_test_app_upload_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS)
tests_unit_test_app_upload_LDADD = $(UNIT_APP)
TESTS += tests/unit/test_app_upload
check_PROGRAMS += tests/unit/test_app_erase
tests_unit_test_app_erase_SOURCES = %D%/test_app_erase.c
tests_unit_test_app_erase_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS)
tests_unit_test_app_erase_LDADD = $(UNIT_APP)
TESTS += tests/unit/test_app_erase
check_PROGRAMS += tests/unit/test_app_judge
tests_unit_test_app_judge_SOURCES = %D%/test_app_judge.c
tests_unit_test_app_judge_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS)
tests_unit_test_app_judge_LDADD = $(UNIT_APP)
TESTS += tests/unit/test_app_judge

check_PROGRAMS += tests/unit/test_app_operators
tests_unit_test_app_operators_SOURCES = %D%/test_app_operators.c
tests_unit_test_app_operators_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS)
tests_unit_test_app_operators_LDADD = $(UNIT_APP)
TESTS += tests/unit/test_app_operators

check_PROGRAMS += tests/unit/test_app_report
tests_unit_test_app_report_SOURCES = %D%/test_app_report.c
tests_unit_test_app_report_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS)
tests_unit_test_app_report_LDADD = $(UNIT_APP)
TESTS += tests/unit/test_app_report

check_PROGRAMS += tests/unit/test_app_warn
tests_unit_test_app_warn_SOURCES = %D%/test_app_warn.c
tests_unit_test_app_warn_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS)
tests_unit_test_app_warn_LDADD = $(UNIT_APP)
TESTS += tests/unit/test_app_warn

check_PROGRAMS += tests/unit/test_app_promises
tests_unit_test_app_promises_SOURCES = %D%/test_app_promises.c
tests_unit_test_app_promises_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS)
tests_unit_test_app_promises_LDADD = $(UNIT_APP)
TESTS += tests/unit/test_app_promises

check_PROGRAMS += tests/unit/test_app_leads
tests_unit_test_app_leads_SOURCES = %D%/test_app_leads.c
tests_unit_test_app_leads_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS)
tests_unit_test_app_leads_LDADD = $(UNIT_APP)
TESTS += tests/unit/test_app_leads

check_PROGRAMS += tests/unit/test_app_promises_days
tests_unit_test_app_promises_days_SOURCES = %D%/test_app_promises_days.c
tests_unit_test_app_promises_days_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS)
tests_unit_test_app_promises_days_LDADD = $(UNIT_APP)
TESTS += tests/unit/test_app_promises_days

check_PROGRAMS += tests/unit/test_app_report_random
tests_unit_test_app_report_random_SOURCES = %D%/test_app_report_random.c
tests_unit_test_app_report_random_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS)
tests_unit_test_app_report_random_LDADD = $(UNIT_APP)
TESTS += tests/unit/test_app_report_random

check_PROGRAMS += tests/unit/test_app_report_zones
tests_unit_test_app_report_zones_SOURCES = %D%/test_app_report_zones.c
tests_unit_test_app_report_zones_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS)
tests_unit_test_app_report_zones_LDADD = $(UNIT_APP)
TESTS += tests/unit/test_app_report_zones

check_PROGRAMS += tests/unit/test_app_search
tests_unit_test_app_search_SOURCES = %D%/test_app_search.c
tests_unit_test_app_search_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS)
tests_unit_test_app_search_LDADD = $(UNIT_APP)
TESTS += tests/unit/test_app_search

check_PROGRAMS += tests/unit/test_app_day
tests_unit_test_app_day_SOURCES = %D%/test_app_day.c
tests_unit_test_app_day_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS)
tests_unit_test_app_day_LDADD = $(UNIT_APP)
TESTS += tests/unit/test_app_day

check_PROGRAMS += tests/unit/test_shape
tests_unit_test_shape_SOURCES = %D%/test_shape.c
tests_unit_test_shape_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS)
tests_unit_test_shape_LDADD = $(UNIT_APP)
TESTS += tests/unit/test_shape

check_PROGRAMS += tests/unit/test_csv
tests_unit_test_csv_SOURCES = %D%/test_csv.c
tests_unit_test_csv_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS)
tests_unit_test_csv_LDADD = $(UNIT_APP)
TESTS += tests/unit/test_csv

check_PROGRAMS += tests/unit/test_app_customers
tests_unit_test_app_customers_SOURCES = %D%/test_app_customers.c
tests_unit_test_app_customers_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS)
tests_unit_test_app_customers_LDADD = $(UNIT_APP)
TESTS += tests/unit/test_app_customers

check_PROGRAMS += tests/unit/test_app_side
tests_unit_test_app_side_SOURCES = %D%/test_app_side.c
tests_unit_test_app_side_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS)
tests_unit_test_app_side_LDADD = $(UNIT_APP)
TESTS += tests/unit/test_app_side

check_PROGRAMS += tests/unit/test_app_junk
tests_unit_test_app_junk_SOURCES = %D%/test_app_junk.c
tests_unit_test_app_junk_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS)
tests_unit_test_app_junk_LDADD = $(UNIT_APP)
TESTS += tests/unit/test_app_junk

check_PROGRAMS += tests/unit/test_app_rules_do
tests_unit_test_app_rules_do_SOURCES = %D%/test_app_rules_do.c
tests_unit_test_app_rules_do_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS)
tests_unit_test_app_rules_do_LDADD = $(UNIT_APP)
TESTS += tests/unit/test_app_rules_do

check_PROGRAMS += tests/unit/test_app_rules
tests_unit_test_app_rules_SOURCES = %D%/test_app_rules.c
tests_unit_test_app_rules_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS)
tests_unit_test_app_rules_LDADD = $(UNIT_APP)
TESTS += tests/unit/test_app_rules
check_PROGRAMS += tests/unit/test_app_surge
tests_unit_test_app_surge_SOURCES = %D%/test_app_surge.c
tests_unit_test_app_surge_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS)
tests_unit_test_app_surge_LDADD = $(UNIT_APP)
TESTS += tests/unit/test_app_surge

check_PROGRAMS += tests/unit/test_app_digest
tests_unit_test_app_digest_SOURCES = %D%/test_app_digest.c
tests_unit_test_app_digest_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS)
tests_unit_test_app_digest_LDADD = $(UNIT_APP)
TESTS += tests/unit/test_app_digest

check_PROGRAMS += tests/unit/test_app_session
tests_unit_test_app_session_SOURCES = %D%/test_app_session.c
tests_unit_test_app_session_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS)
tests_unit_test_app_session_LDADD = $(UNIT_APP)
TESTS += tests/unit/test_app_session

check_PROGRAMS += tests/unit/test_app_scan
tests_unit_test_app_scan_SOURCES = %D%/test_app_scan.c
tests_unit_test_app_scan_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS)
tests_unit_test_app_scan_LDADD = $(UNIT_APP)
TESTS += tests/unit/test_app_scan
check_PROGRAMS += tests/unit/test_app_danger
tests_unit_test_app_danger_SOURCES = %D%/test_app_danger.c
tests_unit_test_app_danger_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS)
tests_unit_test_app_danger_LDADD = $(UNIT_APP)
TESTS += tests/unit/test_app_danger
