noinst_LIBRARIES += src/libmail.a
src_libmail_a_SOURCES =

# what a mail means: split, class, delivery reports
src_libmail_a_SOURCES += \
	include/madoguchi/mail/bounce.h \
	include/madoguchi/mail/class.h \
	include/madoguchi/mail/quote.h
