#include "madoguchi/mail/danger.h"

#include <string.h>

#include "madoguchi/base/err.h"
#include "madoguchi/base/str.h"

enum { EXT_BYTES = 32 };

/* What Windows, Office and Java run, mount or interpret by its name. */
static const struct {
	const char *ext;
	enum mdg_danger danger;
} by_ext[] = {
	{"exe", MDG_DANGER_PROGRAM},
	{"com", MDG_DANGER_PROGRAM},
	{"scr", MDG_DANGER_PROGRAM},
	{"pif", MDG_DANGER_PROGRAM},
	{"cpl", MDG_DANGER_PROGRAM},
	{"dll", MDG_DANGER_PROGRAM},
	{"ocx", MDG_DANGER_PROGRAM},
	{"sys", MDG_DANGER_PROGRAM},
	{"msi", MDG_DANGER_PROGRAM},
	{"msp", MDG_DANGER_PROGRAM},
	{"mst", MDG_DANGER_PROGRAM},
	{"msix", MDG_DANGER_PROGRAM},
	{"appx", MDG_DANGER_PROGRAM},
	{"appxbundle", MDG_DANGER_PROGRAM},
	{"msixbundle", MDG_DANGER_PROGRAM},
	{"appinstaller", MDG_DANGER_PROGRAM},
	{"application", MDG_DANGER_PROGRAM},
	{"gadget", MDG_DANGER_PROGRAM},
	{"jar", MDG_DANGER_PROGRAM},
	{"jnlp", MDG_DANGER_PROGRAM},
	{"apk", MDG_DANGER_PROGRAM},
	{"xll", MDG_DANGER_PROGRAM},
	{"wll", MDG_DANGER_PROGRAM},
	{"js", MDG_DANGER_SCRIPT},
	{"jse", MDG_DANGER_SCRIPT},
	{"vbs", MDG_DANGER_SCRIPT},
	{"vbe", MDG_DANGER_SCRIPT},
	{"vb", MDG_DANGER_SCRIPT},
	{"wsf", MDG_DANGER_SCRIPT},
	{"wsh", MDG_DANGER_SCRIPT},
	{"wsc", MDG_DANGER_SCRIPT},
	{"sct", MDG_DANGER_SCRIPT},
	{"ws", MDG_DANGER_SCRIPT},
	{"hta", MDG_DANGER_SCRIPT},
	{"bat", MDG_DANGER_SCRIPT},
	{"cmd", MDG_DANGER_SCRIPT},
	{"ps1", MDG_DANGER_SCRIPT},
	{"ps2", MDG_DANGER_SCRIPT},
	{"psm1", MDG_DANGER_SCRIPT},
	{"psd1", MDG_DANGER_SCRIPT},
	{"ps1xml", MDG_DANGER_SCRIPT},
	{"sh", MDG_DANGER_SCRIPT},
	{"command", MDG_DANGER_SCRIPT},
	{"reg", MDG_DANGER_SCRIPT},
	{"inf", MDG_DANGER_SCRIPT},
	{"lnk", MDG_DANGER_SCRIPT},
	{"url", MDG_DANGER_SCRIPT},
	{"scf", MDG_DANGER_SCRIPT},
	{"desktop", MDG_DANGER_SCRIPT},
	{"chm", MDG_DANGER_SCRIPT},
	{"hlp", MDG_DANGER_SCRIPT},
	{"msc", MDG_DANGER_SCRIPT},
	{"mshxml", MDG_DANGER_SCRIPT},
	{"library-ms", MDG_DANGER_SCRIPT},
	{"search-ms", MDG_DANGER_SCRIPT},
	{"settingcontent-ms", MDG_DANGER_SCRIPT},
	{"diagcab", MDG_DANGER_SCRIPT},
	{"rdp", MDG_DANGER_SCRIPT},
	{"iqy", MDG_DANGER_SCRIPT},
	{"one", MDG_DANGER_SCRIPT},
	{"onepkg", MDG_DANGER_SCRIPT},
	{"iso", MDG_DANGER_IMAGE},
	{"img", MDG_DANGER_IMAGE},
	{"udf", MDG_DANGER_IMAGE},
	{"vhd", MDG_DANGER_IMAGE},
	{"vhdx", MDG_DANGER_IMAGE},
	{"vmdk", MDG_DANGER_IMAGE},
	{"dmg", MDG_DANGER_IMAGE},
	/* Windows opens them, and what is in them is not seen from outside */
	{"rar", MDG_DANGER_ARCHIVE},
	{"r00", MDG_DANGER_ARCHIVE},
	{"7z", MDG_DANGER_ARCHIVE},
	{"cab", MDG_DANGER_ARCHIVE},
	{"ace", MDG_DANGER_ARCHIVE},
	{"arj", MDG_DANGER_ARCHIVE},
	{"docm", MDG_DANGER_MACRO},
	{"dotm", MDG_DANGER_MACRO},
	{"xlsm", MDG_DANGER_MACRO},
	{"xltm", MDG_DANGER_MACRO},
	{"xlsb", MDG_DANGER_MACRO},
	{"xlam", MDG_DANGER_MACRO},
	{"xla", MDG_DANGER_MACRO},
	{"xlm", MDG_DANGER_MACRO},
	{"pptm", MDG_DANGER_MACRO},
	{"potm", MDG_DANGER_MACRO},
	{"ppam", MDG_DANGER_MACRO},
	{"ppsm", MDG_DANGER_MACRO},
	{"ppa", MDG_DANGER_MACRO},
	{"sldm", MDG_DANGER_MACRO},
	{"slk", MDG_DANGER_MACRO},
	{"mde", MDG_DANGER_MACRO},
	{"accde", MDG_DANGER_MACRO},
};

static const struct {
	const char *part; /* of the type */
	enum mdg_danger danger;
} by_type[] = {
	{"application/x-msdownload", MDG_DANGER_PROGRAM},
	{"application/x-msdos-program", MDG_DANGER_PROGRAM},
	{"application/x-dosexec", MDG_DANGER_PROGRAM},
	{"application/vnd.microsoft.portable-executable", MDG_DANGER_PROGRAM},
	{"application/x-executable", MDG_DANGER_PROGRAM},
	{"application/x-msi", MDG_DANGER_PROGRAM},
	{"application/java-archive", MDG_DANGER_PROGRAM},
	{"application/hta", MDG_DANGER_SCRIPT},
	{"application/javascript", MDG_DANGER_SCRIPT},
	{"application/x-javascript", MDG_DANGER_SCRIPT},
	{"text/javascript", MDG_DANGER_SCRIPT},
	{"application/x-ms-shortcut", MDG_DANGER_SCRIPT},
	{"application/x-sh", MDG_DANGER_SCRIPT},
	{"application/x-iso9660-image", MDG_DANGER_IMAGE},
	{"application/x-cd-image", MDG_DANGER_IMAGE},
	{"application/x-apple-diskimage", MDG_DANGER_IMAGE},
	{"application/vnd.rar", MDG_DANGER_ARCHIVE},
	{"application/x-rar", MDG_DANGER_ARCHIVE},
	{"application/x-7z-compressed", MDG_DANGER_ARCHIVE},
	{"application/vnd.ms-cab-compressed", MDG_DANGER_ARCHIVE},
	{".macroenabled.12", MDG_DANGER_MACRO},
};

static const char *const tame[] = {
	"pdf",  "doc",  "docx", "xls",  "xlsx", "ppt",  "pptx", "txt",
	"csv",  "rtf",  "jpg",  "jpeg", "png",  "gif",  "bmp",  "tif",
	"tiff", "webp", "heic", "svg",  "mp3",  "mp4",  "mov",  "avi",
	"zip",  "lzh",  "7z",   "rar",  "htm",  "html", "xml",  "eml",
	"odt",  "ods",  "odp",  "ics",  "vcf",  "json", "log",
};

/* What stands behind the last dot before `end`, in lower case; *ret_dot where
 * the dot is. False: nothing. */
static bool
extension(const char *name, const char *end, char out[EXT_BYTES],
	  const char **ret_dot)
{
	size_t n = 0;

	while (end > name && (end[-1] == '.' || end[-1] == ' '))
		end--;
	const char *dot =
		end > name ? memrchr(name, '.', (size_t)(end - name)) : NULL;
	if (!dot || end - dot - 1 >= EXT_BYTES)
		return false;
	for (const char *p = dot + 1; p < end; p++)
		out[n++] = (char)mdg_ascii_lower(*p);
	out[n] = '\0';
	*ret_dot = dot;
	return n > 0;
}

static bool
is_tame(const char *ext)
{
	for (size_t i = 0; i < MDG_LEN(tame); i++)
		if (mdg_streq(tame[i], ext))
			return true;
	return false;
}

bool
mdg_danger_looks_tame(const char *filename)
{
	char ext[EXT_BYTES];
	const char *dot;

	return filename &&
	       extension(filename, filename + strlen(filename), ext, &dot) &&
	       is_tame(ext);
}

static enum mdg_danger
of_type(const char *type)
{
	for (size_t i = 0; type && i < MDG_LEN(by_type); i++)
		if (mdg_strcasestr(type, by_type[i].part))
			return by_type[i].danger;
	return MDG_DANGER_NO;
}

enum mdg_danger
mdg_danger_of_name(const char *filename, const char *media_type)
{
	char ext[EXT_BYTES], before[EXT_BYTES];
	const char *dot, *first;

	if (!filename ||
	    !extension(filename, filename + strlen(filename), ext, &dot))
		return of_type(media_type);
	for (size_t i = 0; i < MDG_LEN(by_ext); i++)
		if (mdg_streq(by_ext[i].ext, ext))
			return extension(filename, dot, before, &first) &&
					       is_tame(before)
				       ? MDG_DANGER_DISGUISED
				       : by_ext[i].danger;
	return of_type(media_type);
}

const char *
mdg_danger_name(enum mdg_danger d)
{
	static const char *const names[MDG_DANGER_N] = {
		[MDG_DANGER_PROGRAM] = "program",
		[MDG_DANGER_SCRIPT] = "script",
		[MDG_DANGER_IMAGE] = "disk_image",
		[MDG_DANGER_MACRO] = "macro",
		[MDG_DANGER_ARCHIVE] = "archive",
		[MDG_DANGER_DISGUISED] = "disguised",
	};

	return d < MDG_DANGER_N ? names[d] : NULL;
}
