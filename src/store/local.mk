noinst_LIBRARIES += src/libstore.a
src_libstore_a_CPPFLAGS = $(AM_CPPFLAGS) $(SQLITE_CFLAGS) $(SODIUM_CFLAGS) \
	$(PQ_CFLAGS) -I%D%
src_libstore_a_SOURCES = \
	include/madoguchi/store/db.h \
	include/madoguchi/store/migrate.h \
	include/madoguchi/store/search.h \
	include/madoguchi/store/st_desk.h \
	include/madoguchi/store/st_form.h \
	include/madoguchi/store/st_folder.h \
	include/madoguchi/store/st_login.h \
	include/madoguchi/store/st_mail.h \
	include/madoguchi/store/st_maildesk.h \
	include/madoguchi/store/st_oauth.h \
	include/madoguchi/store/st_regroup.h \
	include/madoguchi/store/st_reply.h \
	include/madoguchi/store/st_review.h \
	include/madoguchi/store/st_scan.h \
	include/madoguchi/store/st_template.h \
	include/madoguchi/store/st_ticket.h \
	include/madoguchi/store/st_upload.h \
	include/madoguchi/store/st_lead.h \
	include/madoguchi/store/st_round.h \
	include/madoguchi/store/st_warn.h \
	include/madoguchi/store/st_watch.h \
	%D%/db-int.h \
	%D%/db.c \
	%D%/db_stmt.c \
	%D%/sqlite-int.h \
	%D%/db_sqlite.c \
	%D%/db_sqlite_copy.c \
	%D%/db_sqlite_file.c \
	%D%/db_sqlite_place.c \
	%D%/keep_sqlite.c \
	%D%/migrate-int.h \
	%D%/migrate.c \
	%D%/search.c \
	%D%/search_sqlite.c \
	%D%/st-int.h \
	%D%/st_account.c \
	%D%/st_clock.c \
	%D%/st_delivery.c \
	%D%/st_desk.c \
	%D%/st_draft.c \
	%D%/st_event.c \
	%D%/st_form.c \
	%D%/st_folder.c \
	%D%/st_login.c \
	%D%/st_mail.c \
	%D%/st_maildesk.c \
	%D%/st_oauth.c \
	%D%/st_outbox.c \
	%D%/st_people.c \
	%D%/st_regroup.c \
	%D%/st_review.c \
	%D%/st_round.c \
	%D%/st_scan.c \
	%D%/st_template.c \
	%D%/st_ticket.c \
	%D%/st_upload.c \
	%D%/st_lead.c \
	%D%/st_warn.c \
	%D%/st_watch.c
if HAVE_PQ
src_libstore_a_SOURCES += \
	%D%/pg-int.h \
	%D%/db_pg.c \
	%D%/db_pg_conn.c \
	%D%/db_pg_send.c \
	%D%/db_pg_wait.c \
	%D%/keep_pg.c \
	%D%/search_pg.c
endif
STORE_LIBS = $(SQLITE_LIBS) $(SODIUM_LIBS) $(PQ_LIBS)

# The schema's history, in order; an old file is never edited.
MIGRATIONS = \
	%D%/migrations/0001_desk.sql \
	%D%/migrations/0002_search.sql
EXTRA_DIST += $(MIGRATIONS)
CLEANFILES += %D%/migrations.inc

# {number, "name", "text"}, one for each file
%D%/migrations.inc: $(MIGRATIONS) $(srcdir)/%D%/local.mk
	$(AM_V_GEN)$(MKDIR_P) %D% && for f in $(MIGRATIONS); do \
		test -f $$f || f=$(srcdir)/$$f; \
		name=`basename $$f .sql`; \
		number=`echo $$name | $(SED) 's/^0*//; s/_.*//'`; \
		echo "{ $$number, \"$$name\","; \
		$(SED) 's/\\/\\\\/g; s/"/\\"/g; s/^/"/; s/$$/\\n"/' $$f; \
		echo "},"; \
	done >$@.tmp && mv $@.tmp $@

%D%/libstore_a-migrate.$(OBJEXT): %D%/migrations.inc

# what a mail costs in the store; built on demand
EXTRA_PROGRAMS += contrib/bench/store
CLEANFILES += contrib/bench/store$(EXEEXT)
contrib_bench_store_SOURCES = contrib/bench/store.c
contrib_bench_store_LDADD = src/libstore.a src/libmodel.a src/libbase.a $(STORE_LIBS)
