bin_PROGRAMS += src/madoguchi
src_madoguchi_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS)
src_madoguchi_SOURCES = \
	%D%/cli.h \
	%D%/cmd_sla.c \
	%D%/main.c
src_madoguchi_LDADD = src/libdesk.a src/libmodel.a src/libbase.a \
	$(ICU_LIBS) $(JANSSON_LIBS)
