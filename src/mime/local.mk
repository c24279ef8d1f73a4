noinst_LIBRARIES += src/libmime.a
src_libmime_a_SOURCES = \
	%D%/attach.c \
	%D%/attach.h \
	%D%/base64.c \
	%D%/base64.h \
	%D%/date.c \
	%D%/decode.c \
	%D%/fields.c \
	%D%/fields.h \
	%D%/flowed.c \
	%D%/flowed.h \
	%D%/html.c \
	%D%/html_css.c \
	%D%/html_flat.c \
	%D%/html_flow.c \
	%D%/html_in.h \
	%D%/html_text.c \
	%D%/html_trim.c \
	%D%/json.c \
	%D%/layout.c \
	%D%/layout.h \
	%D%/parse.c \
	%D%/sanitize.c \
	%D%/scan.c \
	%D%/scan.h \
	%D%/danger.c \
	%D%/danger.h \
	%D%/seal.c \
	%D%/seal.h \
	%D%/stub.c \
	%D%/stub.h \
	%D%/text.c \
	%D%/text.h \
	%D%/walk.c \
	%D%/walk.h \
	include/madoguchi/mime/date.h \
	include/madoguchi/mime/html.h \
	include/madoguchi/mime/json.h \
	include/madoguchi/mime/parse.h
src_libmime_a_CPPFLAGS = $(AM_CPPFLAGS) $(GMIME_CFLAGS) $(GUMBO_CFLAGS) \
	$(SODIUM_CFLAGS) $(JANSSON_CFLAGS)
# what a program needs besides the libraries
MIME_LIBS = src/libmime.a src/libmail.a src/libmodel.a src/libbase.a \
	$(GMIME_LIBS) $(GUMBO_LIBS) $(SODIUM_LIBS) $(JANSSON_LIBS)
