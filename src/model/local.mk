noinst_LIBRARIES += src/libmodel.a
src_libmodel_a_SOURCES = \
	%D%/mail.c \
	%D%/mark.c \
	include/madoguchi/model/field.h \
	include/madoguchi/model/mail.h \
	include/madoguchi/model/mark.h \
	include/madoguchi/model/oauth.h
