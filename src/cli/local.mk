bin_PROGRAMS += src/madoguchi
src_madoguchi_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS) $(ZSTD_CFLAGS)
src_madoguchi_SOURCES = \
	%D%/authorize.c \
	%D%/badge.c \
	%D%/call.c \
	%D%/cli.h \
	%D%/cmd_alarm.c \
	%D%/cmd_audit.c \
	%D%/cmd_backup.c \
	%D%/cmd_attach.c \
	%D%/cmd_customer.c \
	%D%/cmd_clock.c \
	%D%/cmd_draft.c \
	%D%/cmd_form.c \
	%D%/cmd_incident.c \
	%D%/cmd_judged.c \
	%D%/cmd_key.c \
	%D%/cmd_lint.c \
	%D%/cmd_mail.c \
	%D%/cmd_mailbox.c \
	%D%/cmd_maildesk.c \
	%D%/cmd_offline.c \
	%D%/cmd_ops.c \
	%D%/cmd_people.c \
	%D%/cmd_regroup.c \
	%D%/cmd_review.c \
	%D%/cmd_search.c \
	%D%/cmd_report.c \
	%D%/cmd_sla.c \
	%D%/cmd_suggest.c \
	%D%/cmd_template.c \
	%D%/cmd_ticket.c \
	%D%/cmd_token.c \
	%D%/cmd_auto.c \
	%D%/cmd_print.c \
	%D%/cmd_work.c \
	%D%/command.c \
	%D%/commands.c \
	%D%/help.c \
	%D%/desk.h \
	%D%/import.c \
	%D%/import.h \
	%D%/import_parse.c \
	%D%/import_read.c \
	%D%/init.c \
	%D%/jsonl.c \
	%D%/jsonl.h \
	%D%/main.c \
	%D%/offline.h \
	%D%/read.c \
	%D%/restore.c \
	%D%/restore_erased.c \
	%D%/suggest_eval.c \
	%D%/suggest_eval.h \
	%D%/sheet.c \
	%D%/table.c \
	%D%/window.c
src_madoguchi_LDADD = $(APP_LIBS) $(IPC_LIBS) src/libmodel.a src/libbase.a \
	$(MECAB_LIBS) $(PCRE2_LIBS) $(ZSTD_LIBS)
