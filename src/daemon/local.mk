sbin_PROGRAMS += src/madoguchid
src_madoguchid_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS) $(UV_CFLAGS) \
	$(SYSTEMD_CFLAGS)
src_madoguchid_SOURCES = \
	%D%/backup.c \
	%D%/batch.c \
	%D%/bulk.c \
	%D%/checker.c \
	%D%/client.h \
	%D%/control.c \
	%D%/core.h \
	%D%/extract.c \
	%D%/feed.c \
	%D%/feed.h \
	%D%/fetcher-int.h \
	%D%/fetcher.c \
	%D%/fetcher_ask.c \
	%D%/fetcher_look.c \
	%D%/fetcher_rows.c \
	%D%/indexer.c \
	%D%/jobs.c \
	%D%/jobs.h \
	%D%/judger.c \
	%D%/maildesk.c \
	%D%/main.c \
	%D%/parser.c \
	%D%/peer.c \
	%D%/peer.h \
	%D%/scanner.c \
	%D%/sender.c \
	%D%/task_folders.c \
	%D%/task_change.c \
	%D%/task_test.c \
	%D%/task_text.c \
	%D%/tasks.c \
	%D%/tasks.h \
	%D%/texter.c \
	%D%/tokens.c \
	%D%/watch.c \
	%D%/web.c \
	%D%/worker.c \
	%D%/worker.h
src_madoguchid_LDADD = $(IPC_LIBS) $(APP_LIBS) $(UV_LIBS) $(SYSTEMD_LIBS)
