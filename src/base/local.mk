noinst_LIBRARIES += src/libbase.a
src_libbase_a_SOURCES = \
	%D%/arena.c \
	%D%/buf.c \
	%D%/clock.c \
	%D%/csv.c \
	%D%/err.c \
	%D%/fault.c \
	%D%/log.c \
	%D%/msg.c \
	%D%/msg_word.c \
	%D%/str.c \
	%D%/utf8.c \
	include/madoguchi/base/arena.h \
	include/madoguchi/base/buf.h \
	include/madoguchi/base/clock.h \
	include/madoguchi/base/csv.h \
	include/madoguchi/base/err.h \
	include/madoguchi/base/fault.h \
	include/madoguchi/base/limits.h \
	include/madoguchi/base/log.h \
	include/madoguchi/base/messages.def \
	include/madoguchi/base/msg.h \
	include/madoguchi/base/progress.h \
	include/madoguchi/base/str.h
