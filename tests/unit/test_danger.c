/* Files that do something when they are opened: by name, and by content in
 * whole mails. */
#include "t.h"

#include "madoguchi/base/err.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"
#include "madoguchi/mail/danger.h"
#include "madoguchi/mime/parse.h"

static void
names_tell_what_a_file_may_do(void **state)
{
	static const struct {
		const char *name, *type, *danger;
	} v[] = {
		{"setup.exe", NULL, "program"},
		{"SETUP.EXE", NULL, "program"},
		{"写真.scr", NULL, "program"},
		{"a.exe.", NULL, "program"},
		{"a.exe . ", NULL, "program"},
		{"請求書.pdf.exe", NULL, "disguised"},
		{"請求書.pdf                      .exe", NULL, "disguised"},
		{"photo.jpg.lnk", NULL, "disguised"},
		{"見積.js", NULL, "script"},
		{"見積.vbs", NULL, "script"},
		{"フォルダ.lnk", NULL, "script"},
		{"disk.iso", NULL, "disk_image"},
		{"disk.img", NULL, "disk_image"},
		{"資料.rar", NULL, "archive"},
		{"資料.7z", NULL, "archive"},
		{"資料.cab", NULL, "archive"},
		{"x", "application/x-7z-compressed", "archive"},
		{"資料.lzh", NULL, NULL},
		{"disk.vhdx", NULL, "disk_image"},
		{"注文書.docm", NULL, "macro"},
		{"注文書.xlsm", NULL, "macro"},
		{"v1.2.xlsb", NULL, "macro"},
		/* what a right-to-left mark hides is the end all the same */
		{"annexegpj.exe", NULL, "program"},
		{NULL, "application/x-msdownload", "program"},
		{"x", "application/vnd.ms-excel.sheet.macroenabled.12",
		 "macro"},
		{"image.dat", "application/x-iso9660-image", "disk_image"},
		{"見積書.pdf", "application/pdf", NULL},
		{"見積書.xlsx", "application/octet-stream", NULL},
		{"写真.jpg", "image/jpeg", NULL},
		{"readme", "text/plain", NULL},
		{"exe", NULL, NULL},
		{".", NULL, NULL},
		{"", NULL, NULL},
		{"archive.zip", "application/zip", NULL},
		{NULL, "image/png", NULL},
		{NULL, NULL, NULL},
	};

	(void)state;
	for (size_t i = 0; i < MDG_LEN(v); i++) {
		const char *is = mdg_danger_name(
			mdg_danger_of_name(v[i].name, v[i].type));
		if (!mdg_streq(is ? is : "", v[i].danger ? v[i].danger : ""))
			fail_msg("%s: %s", v[i].name ? v[i].name : v[i].type,
				 is ? is : "-");
	}
}

/* The danger of one attachment of those bytes in a mail. */
static const char *
in_mail(const char *name, const void *bytes, size_t n)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf raw = {0};
	MDG_AUTO(mdg_mail_free) struct mdg_mail *m = mdg_mail_new();
	struct mdg_mime_options opt = {.want_hash = true};

	mdg_buf_puts(&raw, "Subject: s\nMIME-Version: 1.0\nContent-Type: "
			   "multipart/mixed; boundary=b\n\n--b\n\ntext\n--b\n");
	mdg_buf_printf(&raw,
		       "Content-Type: application/octet-stream; name=\"%s\"\n"
		       "Content-Disposition: attachment; filename=\"%s\"\n"
		       "Content-Transfer-Encoding: base64\n\n",
		       name, name);
	mdg_base64(&raw, bytes, n);
	mdg_buf_puts(&raw, "\n--b--\n");
	assert_true(mdg_mime_parse(mdg_buf_span(&raw), &opt, m, NULL));
	assert_int_equal(m->attachments_n, 1);
	return mdg_danger_name(m->attachments[0].danger);
}

/* A ZIP of empty entries, as far as names go: local headers and a directory. */
static void
zip_of(struct mdg_buf *out, const char *const *names)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf dir = {0};
	unsigned char local[30] = "PK\3\4", central[46] = "PK\1\2";
	unsigned char end[22] = "PK\5\6";

	for (size_t i = 0; names[i]; i++) {
		local[26] = central[28] = (unsigned char)strlen(names[i]);
		mdg_buf_put(out, local, sizeof(local));
		mdg_buf_puts(out, names[i]);
		mdg_buf_put(&dir, central, sizeof(central));
		mdg_buf_puts(&dir, names[i]);
	}
	mdg_buf_put(out, mdg_buf_str(&dir), dir.len);
	mdg_buf_put(out, end, sizeof(end));
}

static void
content_tells_whatever_the_name(void **state)
{
	static const char lnk[] = "L\0\0\0\1\x14\2\0\0\0\0\0\300\0\0\0\0\0\0F";
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
	static const char vba[] = "_\0V\0B\0A\0_\0P\0R\0O\0J\0E\0C\0T";

	(void)state;
	assert_string_equal(in_mail("a.pdf", "MZ\x90\0\3\0\0\0\4", 9),
			    "disguised");
	assert_string_equal(in_mail("a.bin", "MZ\x90\0\3\0\0\0\4", 9),
			    "program");
	assert_string_equal(in_mail("a",
				    "\x7F"
				    "ELF\2\1\1\0\0",
				    9),
			    "program");
	assert_string_equal(in_mail("a.jpg", lnk, sizeof(lnk)), "disguised");
	assert_null(in_mail("a.pdf", "%PDF-1.7 x", 10));
	assert_null(in_mail("a.txt", "M", 1));
	/* a disk image under a name of no meaning */
	for (size_t i = 0; i < 0x8001; i++)
		mdg_buf_putc(&b, '\0');
	mdg_buf_put(&b, "CD001\1\0\0\0", 9);
	assert_string_equal(in_mail("a.dat", b.ptr, b.len), "disk_image");
	/* an old Word file with macros, their name across two pieces */
	mdg_buf_reset(&b);
	mdg_buf_put(&b, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8);
	for (size_t i = 0; i < 200000; i++)
		mdg_buf_putc(&b, 'x');
	assert_null(in_mail("a.doc", b.ptr, b.len));
	mdg_buf_put(&b, vba, sizeof(vba) - 1);
	for (size_t i = 0; i < 200000; i++)
		mdg_buf_putc(&b, 'x');
	assert_string_equal(in_mail("a.doc", b.ptr, b.len), "macro");
}

static void
an_archive_is_what_is_in_it(void **state)
{
	static const struct {
		const char *name, *danger;
		const char *names[4];
	} v[] = {
		{"a.zip", "archive", {"見積/readme.txt", "見積/setup.exe"}},
		{"a.zip", "archive", {"請求書.pdf.js"}},
		{"a.docx",
		 "macro",
		 {"word/document.xml", "word/vbaProject.bin"}},
		{"a.xlsx",
		 "macro",
		 {"xl/workbook.xml", "xl/macrosheets/s.xml"}},
		{"a.docx", NULL, {"[Content_Types].xml", "word/document.xml"}},
		{"a.zip", NULL, {"写真/1.jpg", "写真/2.jpg"}},
		{"a.zip", "archive", {"資料/中身.7z"}},
	};

	(void)state;
	for (size_t i = 0; i < MDG_LEN(v); i++) {
		MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
		zip_of(&b, v[i].names);
		const char *is = in_mail(v[i].name, b.ptr, b.len);
		if (!mdg_streq(is ? is : "", v[i].danger ? v[i].danger : ""))
			fail_msg("%s with %s: %s", v[i].name, v[i].names[0],
				 is ? is : "-");
	}
}

static void
what_shows_nothing_of_itself_is_dangerous(void **state)
{
	(void)state;
	assert_string_equal(in_mail("a.dat", "Rar!\x1A\7\1\0........", 16),
			    "archive");
	assert_string_equal(in_mail("a.dat", "7z\xBC\xAF\x27\x1C\0\4........",
				    16),
			    "archive");
	assert_string_equal(in_mail("請求書.pdf", "MSCF\0\0\0\0........", 16),
			    "archive");
	assert_null(in_mail("a.dat", "7zip is a program.", 18));
	assert_null(in_mail("a.dat", "Rare earths", 11));
}

/* A mail that holds a file, in as many mails. */
static void
wrap(struct mdg_buf *out, const char *file, int levels)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf inner = {0};

	if (levels == 0) {
		mdg_buf_printf(out,
			       "Subject: x\nMIME-Version: 1.0\n"
			       "Content-Type: multipart/mixed; boundary=in\n\n"
			       "--in\n\ntext\n--in\nContent-Type:"
			       " application/octet-stream; name=\"%s\"\n"
			       "Content-Disposition: attachment;"
			       " filename=\"%s\"\n\nabc\n--in--\n",
			       file, file);
		return;
	}
	wrap(&inner, file, levels - 1);
	mdg_buf_printf(out,
		       "Subject: x\nMIME-Version: 1.0\nContent-Type:"
		       " multipart/mixed; boundary=b%d\n\n--b%d\n\ntext\n"
		       "--b%d\nContent-Type: message/rfc822\n\n%s\n--b%d--\n",
		       levels, levels, levels, mdg_buf_str(&inner), levels);
}

static const char *
wrapped(const char *file, int levels)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf raw = {0};
	MDG_AUTO(mdg_mail_free) struct mdg_mail *m = mdg_mail_new();
	struct mdg_mime_options opt = {.want_hash = true};

	wrap(&raw, file, levels);
	assert_true(mdg_mime_parse(mdg_buf_span(&raw), &opt, m, NULL));
	assert_int_equal(m->attachments_n, 1);
	return mdg_danger_name(m->attachments[0].danger);
}

static void
an_attached_mail_is_what_is_attached_to_it(void **state)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf raw = {0};

	(void)state;
	assert_string_equal(wrapped("setup.exe", 1), "program");
	assert_string_equal(wrapped("注文.xlsm", 2), "macro");
	assert_null(wrapped("注文.pdf", 2));
	/* so deep nobody looks: what is not seen is not waved through */
	assert_null(wrapped("注文.pdf", MDG_MAIL_IN_MAIL_MAX));
	assert_string_equal(wrapped("注文.pdf", MDG_MAIL_IN_MAIL_MAX + 1),
			    "archive");
	/* a file of a mail, as mail programs save it */
	wrap(&raw, "photo.jpg.lnk", 0);
	assert_string_equal(in_mail("転送.eml", mdg_buf_str(&raw), raw.len),
			    "disguised");
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(names_tell_what_a_file_may_do),
	cmocka_unit_test(content_tells_whatever_the_name),
	cmocka_unit_test(an_archive_is_what_is_in_it),
	cmocka_unit_test(what_shows_nothing_of_itself_is_dangerous),
	cmocka_unit_test(an_attached_mail_is_what_is_attached_to_it),
};

int
main(void)
{
	mdg_mime_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
