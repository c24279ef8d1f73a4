noinst_LIBRARIES += src/libtext.a
src_libtext_a_CFLAGS = $(AM_CFLAGS) $(ICU_CFLAGS) $(MECAB_CFLAGS)
src_libtext_a_SOURCES = \
	%D%/fold.c \
	%D%/language.c \
	%D%/terms.c \
	%D%/terms_mark.c \
	%D%/width.c \
	%D%/words.c \
	include/madoguchi/text/fold.h \
	include/madoguchi/text/language.h \
	include/madoguchi/text/terms.h \
	include/madoguchi/text/width.h \
	include/madoguchi/text/words.h
