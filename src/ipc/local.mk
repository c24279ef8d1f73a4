noinst_LIBRARIES += src/libipc.a
src_libipc_a_SOURCES = \
	%D%/chan.c \
	%D%/codec-int.h \
	%D%/codec.c \
	%D%/codec_imap.c \
	%D%/codec_mail.c \
	%D%/codec_scan.c \
	%D%/codec_token.c \
	%D%/confine.c \
	%D%/frame.c \
	%D%/spawn.c \
	%D%/wire.c \
	include/madoguchi/ipc/chan.h \
	include/madoguchi/ipc/confine.h \
	include/madoguchi/ipc/frame.h \
	include/madoguchi/ipc/proto.h \
	include/madoguchi/ipc/proto_imap.h \
	include/madoguchi/ipc/proto_scan.h \
	include/madoguchi/ipc/proto_smtp.h \
	include/madoguchi/ipc/proto_token.h \
	include/madoguchi/ipc/proto_web.h \
	include/madoguchi/ipc/spawn.h \
	include/madoguchi/ipc/wire.h
src_libipc_a_CPPFLAGS = $(AM_CPPFLAGS) $(SECCOMP_CFLAGS)
# what a program needs besides the library
IPC_LIBS = src/libipc.a $(SECCOMP_LIBS)
