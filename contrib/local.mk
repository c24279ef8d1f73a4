EXTRA_DIST += \
	.ci/run \
	%D%/check \
	%D%/lib/clamd.py \
	%D%/lib/cyrus.py \
	%D%/lib/day.py \
	%D%/lib/desk.py \
	%D%/lib/install.sh \
	%D%/lib/mailgen.py \
	%D%/lib/postgres.py \
	%D%/lib/quickstart.py \
	%D%/lib/servers.py \
	%D%/lib/web.py \
	%D%/madoguchi.conf \
	%D%/nginx.conf \
	%D%/packages \
	%D%/quickstart \
	%D%/train-weights \
	%D%/sales-train \
	%D%/samples/gen.py \
	%D%/bench/README.md \
	%D%/bench/gen_corpus.py \
	%D%/bench/ingest \
	%D%/bench/latency \
	%D%/bench/measure.py \
	%D%/bench/parse \
	%D%/bench/read \
	%D%/bench/reply \
	%D%/bench/sla \
	%D%/bench/web \
	tests/crash/run \
	tests/crash/torture \
	tests/README.md \
	tests/it/README.md \
	tests/crash/README.md \
	tests/it/conftest.py \
	tests/it/described.py \
	tests/it/test_alarms.py \
	tests/it/test_backup.py \
	tests/it/test_bounces.py \
	tests/it/test_clamd.py \
	tests/it/test_cyrus.py \
	tests/it/test_described.py \
	tests/it/test_desk.py \
	tests/it/maildesk.py \
	tests/it/mailplace.py \
	tests/it/test_maildesk.py \
	tests/it/test_maildesk_attacks.py \
	tests/it/test_maildesk_soon.py \
	tests/it/test_maildesk_tricks.py \
	tests/it/test_postgres.py \
	tests/it/test_teach.py \
	tests/it/test_attachments.py \
	tests/it/test_erase.py \
	tests/it/test_forms.py \
	tests/it/test_beside.py \
	tests/it/test_evil_phases.py \
	tests/it/test_folders.py \
	tests/it/test_moves.py \
	tests/it/test_full.py \
	tests/it/test_stop.py \
	tests/it/test_stream.py \
	tests/it/test_oauth.py \
	tests/it/tokenserver.py \
	tests/it/day.py \
	tests/it/test_day.py \
	tests/it/test_day_answers.py \
	tests/it/test_day_brands.py \
	tests/it/test_day_customers.py \
	tests/it/test_day_order.py \
	tests/it/test_day_people.py \
	tests/it/test_day_rules.py \
	tests/it/test_day_trouble.py \
	tests/it/test_junk.py \
	tests/it/test_receipt.py \
	tests/it/test_selftest.py \
	tests/it/test_servers.py \
	tests/it/test_suggest.py \
	tests/it/test_surge.py \
	tests/it/surgeplace.py \
	tests/it/test_troubles.py \
	tests/it/test_upgrade.py \
	tests/it/test_vault.py \
	tests/it/test_plans.py \
	tests/it/test_sessions.py \
	tests/it/test_web.py \
	tests/it/test_web_api.py \
	tests/it/test_web_attacks.py \
	tests/ui/accounts.mjs \
	tests/ui/axe.mjs \
	tests/ui/circle.mjs \
	tests/ui/conftest.py \
	tests/ui/desk.mjs \
	tests/ui/dialogs.mjs \
	tests/ui/first.mjs \
	tests/ui/govern.mjs \
	tests/ui/hostile.mjs \
	tests/ui/kept.mjs \
	tests/ui/keys.mjs \
	tests/ui/limits.mjs \
	tests/ui/look.mjs \
	tests/ui/mails.py \
	tests/ui/office.mjs \
	tests/ui/package-lock.json \
	tests/ui/package.json \
	tests/ui/scripts.mjs \
	tests/ui/states.mjs \
	tests/ui/test_admin.py \
	tests/ui/test_dialogs.py \
	tests/ui/test_ui.py \
	tests/ui/text.mjs \
	tests/ui/totp.mjs \
	tests/ui/two.mjs \
	tests/ui/ways.mjs \
	tests/ui/windows.mjs \
	tests/ui/work.mjs

# What an installed desk needs beside its programs.
dist_man_MANS += \
	%D%/man/madoguchi.1 \
	%D%/man/madoguchi-calendar.5 \
	%D%/man/madoguchi.conf.5 \
	%D%/man/madoguchid.8 \
	%D%/man/mdg-parse.1
dist_bashcompletion_DATA = %D%/completion/madoguchi
EXTRA_DIST += \
	%D%/git-hooks/pre-commit \
	%D%/systemd/madoguchid.service.in

systemdsystemunit_DATA = %D%/systemd/madoguchid.service
dist_sysusers_DATA = %D%/systemd/sysusers/madoguchi.conf
dist_tmpfiles_DATA = %D%/systemd/tmpfiles/madoguchi.conf
# to be copied to /etc/madoguchi: an installation never overwrites that one
example_DATA = %D%/example/madoguchi.conf %D%/example/nginx.conf
exampledir = $(pkgdatadir)
CLEANFILES += $(systemdsystemunit_DATA) $(example_DATA)

%D%/systemd/madoguchid.service: %D%/systemd/madoguchid.service.in Makefile
	$(AM_V_GEN)$(MKDIR_P) %D%/systemd && \
	$(SED) 's|[@]sbindir[@]|$(sbindir)|' \
		$(srcdir)/%D%/systemd/madoguchid.service.in >$@.tmp && \
	mv $@.tmp $@
%D%/example/madoguchi.conf: %D%/madoguchi.conf Makefile
	$(AM_V_GEN)$(MKDIR_P) %D%/example && \
	$(SED) 's|/usr/local/share/madoguchi|$(pkgdatadir)|' \
		$(srcdir)/%D%/madoguchi.conf >$@.tmp && mv $@.tmp $@

%D%/example/nginx.conf: %D%/nginx.conf Makefile
	$(AM_V_GEN)$(MKDIR_P) %D%/example && cp $(srcdir)/%D%/nginx.conf $@

# The parts of the serial sum L that contrib/bench/ingest compares with, and
# how fast working time is computed.
# Not built by all or check.
BENCH_TOOLS = %D%/bench/l_fetch %D%/bench/l_walk %D%/bench/l_store \
	%D%/bench/parse_rate %D%/bench/reply_rate %D%/bench/sla_rate \
	%D%/bench/desk_rate \
	%D%/bench/sla_desk
EXTRA_PROGRAMS += $(BENCH_TOOLS)
CLEANFILES += $(BENCH_TOOLS)
contrib_bench_l_fetch_SOURCES = %D%/bench/l_fetch.c %D%/bench/bench.h
contrib_bench_l_fetch_CFLAGS = $(AM_CFLAGS) $(ETPAN_CFLAGS)
contrib_bench_l_fetch_LDADD = $(ETPAN_LIBS)
contrib_bench_l_walk_SOURCES = %D%/bench/l_walk.c %D%/bench/bench.h
contrib_bench_l_walk_CFLAGS = $(AM_CFLAGS) $(GMIME_CFLAGS)
contrib_bench_l_walk_LDADD = $(GMIME_LIBS)
contrib_bench_l_store_SOURCES = %D%/bench/l_store.c %D%/bench/bench.h
contrib_bench_l_store_CFLAGS = $(AM_CFLAGS) $(SQLITE_CFLAGS)
contrib_bench_l_store_LDADD = $(SQLITE_LIBS)

contrib_bench_parse_rate_SOURCES = %D%/bench/parse_rate.c
contrib_bench_parse_rate_CFLAGS = $(AM_CFLAGS) $(GMIME_CFLAGS)
contrib_bench_parse_rate_LDADD = src/libipc.a $(MIME_LIBS)

contrib_bench_reply_rate_SOURCES = %D%/bench/reply_rate.c
contrib_bench_reply_rate_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS)
contrib_bench_reply_rate_LDADD = src/libreply.a src/libtext.a src/libmodel.a \
	src/libbase.a $(MECAB_LIBS) $(PCRE2_LIBS) $(ICU_LIBS) $(JANSSON_LIBS) -lm

contrib_bench_sla_rate_SOURCES = %D%/bench/sla_rate.c
contrib_bench_sla_rate_LDADD = src/libdesk.a src/libmodel.a src/libbase.a \
	$(ICU_LIBS) $(JANSSON_LIBS)

contrib_bench_desk_rate_SOURCES = %D%/bench/desk_rate.c
contrib_bench_desk_rate_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS)
contrib_bench_desk_rate_LDADD = $(APP_LIBS)
contrib_bench_sla_desk_SOURCES = %D%/bench/sla_desk.c
contrib_bench_sla_desk_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS)
contrib_bench_sla_desk_LDADD = $(APP_LIBS)

bench: $(BENCH_TOOLS)
.PHONY: bench
