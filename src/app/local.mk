noinst_LIBRARIES += src/libapp.a
src_libapp_a_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS)
src_libapp_a_SOURCES = \
	%D%/act-int.h \
	%D%/act.c \
	%D%/act_alarm.c \
	%D%/act_approve.c \
	%D%/act_audit.c \
	%D%/act_customer.c \
	%D%/act_desk.c \
	%D%/act_draft.c \
	%D%/act_form.c \
	%D%/act_mail.c \
	%D%/act_folder.c \
	%D%/act_golive.c \
	%D%/act_mailbox.c \
	%D%/act_oauth.c \
	%D%/act_outbox.c \
	%D%/act_people.c \
	%D%/act_regroup.c \
	%D%/act_sla.c \
	%D%/act_ticket.c \
	%D%/act_upload.c \
	%D%/act_when.c \
	%D%/alarm.c \
	%D%/clocks-int.h \
	%D%/clocks.c \
	%D%/clocks_explain.c \
	%D%/config.c \
	%D%/desk.c \
	%D%/form.c \
	%D%/erase.c \
	%D%/health.c \
	%D%/heartbeat.c \
	%D%/facts.c \
	%D%/index.c \
	%D%/intake-int.h \
	%D%/intake.c \
	%D%/intake_again.c \
	%D%/intake_offer.c \
	%D%/intake_raw.c \
	%D%/intake_speaker.c \
	%D%/intake_sent.c \
	%D%/intake_thread.c \
	%D%/judge.c \
	%D%/learn.c \
	%D%/oauth.c \
	%D%/outbox-int.h \
	%D%/notice.c \
	%D%/lookback.c \
	%D%/outbox.c \
	%D%/outbox_mail.c \
	%D%/outbox_proof.c \
	%D%/receipt-int.h \
	%D%/receipt.c \
	%D%/receipt_limit.c \
	%D%/regroup-int.h \
	%D%/regroup.c \
	%D%/regroup_link.c \
	%D%/regroup_merge.c \
	%D%/regroup_split.c \
	%D%/reply-int.h \
	%D%/reply.c \
	%D%/reply_files.c \
	%D%/retention.c \
	%D%/story.c \
	%D%/story.h \
	%D%/similar.c \
	%D%/suggest.c \
	%D%/ticket.c \
	%D%/views.c \
	%D%/warn.c \
	include/madoguchi/app/act.h \
	include/madoguchi/app/alarm.h \
	include/madoguchi/app/erase.h \
	include/madoguchi/app/health.h \
	include/madoguchi/app/notice.h \
	include/madoguchi/app/config.h \
	include/madoguchi/app/desk.h \
	include/madoguchi/app/form.h \
	include/madoguchi/app/intake.h \
	include/madoguchi/app/oauth.h \
	include/madoguchi/app/lookback.h \
	include/madoguchi/app/outbox.h \
	include/madoguchi/app/index.h \
	include/madoguchi/app/regroup.h \
	include/madoguchi/app/receipt.h \
	include/madoguchi/app/reply.h \
	include/madoguchi/app/judge.h \
	include/madoguchi/app/suggest.h \
	include/madoguchi/app/warn.h

# what a program that holds a desk links, in order
APP_LIBS = src/libapp.a src/libquery.a src/libstore.a src/libreply.a \
	src/libdesk.a src/libtext.a src/libmail.a $(CRYPTO_LIBS) \
	src/libmodel.a src/libbase.a $(STORE_LIBS) $(ICU_LIBS) \
	$(JANSSON_LIBS) -lm
