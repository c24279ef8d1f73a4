bin_PROGRAMS += src/madoguchi
src_madoguchi_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS)
src_madoguchi_SOURCES = \
	%D%/cli.h \
	%D%/cmd_lint.c \
	%D%/cmd_sla.c \
	%D%/cmd_suggest.c \
	%D%/main.c
src_madoguchi_LDADD = src/libreply.a src/libdesk.a src/libtext.a \
	src/libmodel.a src/libbase.a $(MECAB_LIBS) $(PCRE2_LIBS) $(ICU_LIBS) \
	$(JANSSON_LIBS) -lm
