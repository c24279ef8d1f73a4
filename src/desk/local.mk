noinst_LIBRARIES += src/libdesk.a
src_libdesk_a_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)/%D% $(ICU_CFLAGS) $(JANSSON_CFLAGS)
src_libdesk_a_SOURCES = \
	%D%/calendar.c \
	%D%/calendar_json.c \
	%D%/shift.c \
	%D%/calendar_private.h \
	%D%/alarm_machine.c \
	%D%/clock_machine.c \
	%D%/diff.c \
	%D%/holidays.c \
	%D%/hours.c \
	%D%/machine.c \
	%D%/machine_table.h \
	%D%/outbox.c \
	%D%/policy.c \
	%D%/revision.c \
	%D%/sla.c \
	%D%/sla_count.c \
	%D%/sla_words.c \
	%D%/subject.c \
	%D%/surge.c \
	%D%/surge_count.c \
	%D%/surge_judge.c \
	%D%/surge_prior.c \
	%D%/surge_private.h \
	%D%/rules.c \
	%D%/sales.c \
	%D%/sales.h \
	%D%/thanks.c \
	%D%/thread.c \
	%D%/when.c \
	%D%/zone.c \
	%D%/zone.h \
	%D%/zone_tzif.c \
	include/madoguchi/desk/calendar.h \
	include/madoguchi/desk/shift.h \
	include/madoguchi/desk/alarm_machine.h \
	include/madoguchi/desk/clock_machine.h \
	include/madoguchi/desk/diff.h \
	include/madoguchi/desk/holidays.h \
	include/madoguchi/desk/hours.h \
	include/madoguchi/desk/machine.h \
	include/madoguchi/desk/outbox.h \
	include/madoguchi/desk/policy.h \
	include/madoguchi/desk/revision.h \
	include/madoguchi/desk/rules.h \
	include/madoguchi/desk/sla.h \
	include/madoguchi/desk/surge.h \
	include/madoguchi/desk/thread.h \
	include/madoguchi/desk/when.h
nodist_src_libdesk_a_SOURCES = %D%/sales_weights.c
EXTRA_DIST += %D%/sales_weights.tsv %D%/sales2c.awk
CLEANFILES += %D%/sales_weights.c

# what offers sound like is learned (contrib/sales-train) and compiled in
%D%/sales_weights.c: %D%/sales_weights.tsv %D%/sales2c.awk
	$(AM_V_GEN)$(MKDIR_P) %D% && $(AWK) -f $(srcdir)/%D%/sales2c.awk \
		$(srcdir)/%D%/sales_weights.tsv >$@.tmp && mv $@.tmp $@
