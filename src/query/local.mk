noinst_LIBRARIES += src/libquery.a
src_libquery_a_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS)
src_libquery_a_SOURCES = \
	%D%/q_audit.c \
	%D%/q_backlog.c \
	%D%/q_badge.c \
	%D%/q_course.c \
	%D%/q_metrics.c \
	%D%/q_operators.c \
	%D%/q_customer.c \
	%D%/q_desk.c \
	%D%/q_figure.c \
	%D%/q_file.c \
	%D%/q_form.c \
	%D%/q_queue.c \
	%D%/q_incident.c \
	%D%/q_junk.c \
	%D%/q_regroup.c \
	%D%/q_report.c \
	%D%/q_judged.c \
	%D%/q_review.c \
	%D%/q_search.c \
	%D%/q_session.c \
	%D%/q_ticket.c \
	%D%/q_trace.c \
	%D%/q_training.c \
	%D%/report-int.h \
	%D%/report_rows.c \
	%D%/rows.c \
	%D%/rows.h \
	%D%/csv.c \
	%D%/shape.c \
	%D%/tag.c \
	include/madoguchi/query/csv.h \
	include/madoguchi/query/figure.h \
	include/madoguchi/query/incident.h \
	include/madoguchi/query/query.h \
	include/madoguchi/query/queue.h \
	include/madoguchi/query/report.h \
	include/madoguchi/query/search.h \
	include/madoguchi/query/shape.h \
	include/madoguchi/query/tag.h
