# mdg-web: the desk for browsers.
pkglibexec_PROGRAMS += src/mdg-web
src_mdg_web_SOURCES = \
	%D%/core.c \
	%D%/events.c \
	%D%/files.c \
	%D%/local.c \
	%D%/main.c \
	%D%/openapi.c \
	%D%/rate.c \
	%D%/routes.c \
	%D%/shapes.c \
	%D%/server.c \
	%D%/session.c \
	%D%/table.c \
	%D%/views.c \
	%D%/web.h
src_mdg_web_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS) $(UV_CFLAGS) \
	$(MHD_CFLAGS) $(SODIUM_CFLAGS)
src_mdg_web_LDADD = src/libquery.a src/libdesk.a $(IPC_LIBS) src/libstore.a $(CRYPTO_LIBS) \
	src/libmodel.a src/libbase.a $(STORE_LIBS) $(UV_LIBS) $(MHD_LIBS) \
	$(JANSSON_LIBS)

include src/web/ui/local.mk
