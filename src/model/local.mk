noinst_LIBRARIES += src/libmodel.a
src_libmodel_a_SOURCES = \
	%D%/mail.c \
	include/madoguchi/model/field.h \
	include/madoguchi/model/mail.h \
	include/madoguchi/model/oauth.h
