noinst_LIBRARIES += src/libstore.a
src_libstore_a_CPPFLAGS = $(AM_CPPFLAGS) $(SQLITE_CFLAGS) $(SODIUM_CFLAGS) \
	$(PQ_CFLAGS)
src_libstore_a_SOURCES = \
	include/madoguchi/store/db.h \
	include/madoguchi/store/migrate.h \
	include/madoguchi/store/search.h \
	%D%/db-int.h \
	%D%/db.c \
	%D%/sqlite-int.h \
	%D%/db_sqlite.c \
	%D%/db_sqlite_file.c
if HAVE_PQ
src_libstore_a_SOURCES += \
	%D%/pg-int.h \
	%D%/db_pg.c \
	%D%/db_pg_conn.c
endif
STORE_LIBS = $(SQLITE_LIBS) $(SODIUM_LIBS) $(PQ_LIBS)
