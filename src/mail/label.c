/* Charset labels, as mail programs write them. Part of codec.h. */
#include <stdlib.h>
#include <string.h>

#include "codec.h"
#include "madoguchi/base/err.h"
#include "madoguchi/base/str.h"

struct label {
	const char *name; /* lower case, letters and digits only */
	enum mdg_codec codec;
};

/* clang-format off */
static const struct label labels[] = {
	{"", MDG_CODEC_NONE}, {"usascii", MDG_CODEC_NONE},
	{"ascii", MDG_CODEC_NONE}, {"ansix341968", MDG_CODEC_NONE},
	{"ansix341986", MDG_CODEC_NONE}, {"iso646us", MDG_CODEC_NONE},
	{"iso646", MDG_CODEC_NONE}, {"646", MDG_CODEC_NONE},
	{"us", MDG_CODEC_NONE}, {"cp367", MDG_CODEC_NONE},
	{"unknown8bit", MDG_CODEC_NONE}, {"xunknown", MDG_CODEC_NONE},
	{"unknown", MDG_CODEC_NONE}, {"default", MDG_CODEC_NONE},
	{"xdefault", MDG_CODEC_NONE}, {"defaultcharset", MDG_CODEC_NONE},
	{"none", MDG_CODEC_NONE}, {"null", MDG_CODEC_NONE},
	{"binary", MDG_CODEC_NONE}, {"7bit", MDG_CODEC_NONE},
	{"8bit", MDG_CODEC_NONE}, {"xuserdefined", MDG_CODEC_NONE},
	{"userdefined", MDG_CODEC_NONE}, {"auto", MDG_CODEC_NONE},
	{"xjpautodetect", MDG_CODEC_NONE}, {"jisautodetect", MDG_CODEC_NONE},
	{"utf7", MDG_CODEC_UTF7}, {"unicode11utf7", MDG_CODEC_UTF7},
	{"xunicode11utf7", MDG_CODEC_UTF7}, {"csutf7", MDG_CODEC_UTF7},
	{"csunicode11utf7", MDG_CODEC_UTF7}, {"xunicode20utf7", MDG_CODEC_UTF7},
	{"unicode20utf7", MDG_CODEC_UTF7}, {"utf7imap", MDG_CODEC_UTF7},
	{"utf8", MDG_CODEC_UTF8}, {"utf8mb4", MDG_CODEC_UTF8},
	{"utf8n", MDG_CODEC_UTF8}, {"xutf8", MDG_CODEC_UTF8},
	{"csutf8", MDG_CODEC_UTF8}, {"cesu8", MDG_CODEC_UTF8},
	{"unicode11utf8", MDG_CODEC_UTF8}, {"xunicode20utf8", MDG_CODEC_UTF8},
	{"cp65001", MDG_CODEC_UTF8}, {"65001", MDG_CODEC_UTF8},
	{"utf16", MDG_CODEC_UTF16}, {"unicode", MDG_CODEC_UTF16},
	{"ucs2", MDG_CODEC_UTF16}, {"iso10646ucs2", MDG_CODEC_UTF16},
	{"csunicode", MDG_CODEC_UTF16}, {"utf16le", MDG_CODEC_UTF16LE},
	{"utf16be", MDG_CODEC_UTF16BE}, {"unicodefffe", MDG_CODEC_UTF16BE},
	{"utf32", MDG_CODEC_UTF32}, {"ucs4", MDG_CODEC_UTF32},
	{"iso10646ucs4", MDG_CODEC_UTF32}, {"utf32le", MDG_CODEC_UTF32LE},
	{"utf32be", MDG_CODEC_UTF32BE},
	{"jis", MDG_CODEC_JIS}, {"jis7", MDG_CODEC_JIS},
	{"jis8", MDG_CODEC_JIS}, {"iso2022", MDG_CODEC_JIS},
	{"csiso2022jp", MDG_CODEC_JIS}, {"csiso2022jp2", MDG_CODEC_JIS},
	{"csjisencoding", MDG_CODEC_JIS}, {"jisencoding", MDG_CODEC_JIS},
	{"xiso2022jp", MDG_CODEC_JIS}, {"xjis", MDG_CODEC_JIS},
	{"jisx0208", MDG_CODEC_JIS}, {"xwindowsiso2022jp", MDG_CODEC_JIS},
	{"xwindows50220", MDG_CODEC_JIS}, {"xwindows50221", MDG_CODEC_JIS},
	{"iso2022cn", MDG_CODEC_JIS}, {"iso2022cnext", MDG_CODEC_JIS},
	{"iso2022kr", MDG_CODEC_KR}, {"csiso2022kr", MDG_CODEC_KR},
	{"shiftjis", MDG_CODEC_CP932}, {"sjis", MDG_CODEC_CP932},
	{"xsjis", MDG_CODEC_CP932}, {"mskanji", MDG_CODEC_CP932},
	{"windows31j", MDG_CODEC_CP932}, {"cswindows31j", MDG_CODEC_CP932},
	{"csshiftjis", MDG_CODEC_CP932}, {"cp932", MDG_CODEC_CP932},
	{"ms932", MDG_CODEC_CP932}, {"xms932", MDG_CODEC_CP932},
	{"windows932", MDG_CODEC_CP932}, {"xmscp932", MDG_CODEC_CP932},
	{"cp943", MDG_CODEC_CP932}, {"cp943c", MDG_CODEC_CP932},
	{"ibm943", MDG_CODEC_CP932}, {"ibm932", MDG_CODEC_CP932},
	{"sjiswin", MDG_CODEC_CP932}, {"sjisopen", MDG_CODEC_CP932},
	{"sjismac", MDG_CODEC_CP932}, {"macjapanese", MDG_CODEC_CP932},
	{"xmacjapanese", MDG_CODEC_CP932}, {"932", MDG_CODEC_CP932},
	{"shiftjisx0213", MDG_CODEC_SJISX0213},
	{"shiftjis2004", MDG_CODEC_SJISX0213},
	{"sjis2004", MDG_CODEC_SJISX0213},
	{"eucjp", MDG_CODEC_EUCJP}, {"xeucjp", MDG_CODEC_EUCJP},
	{"cp51932", MDG_CODEC_EUCJP}, {"eucjpwin", MDG_CODEC_EUCJP},
	{"eucjpms", MDG_CODEC_EUCJP}, {"ujis", MDG_CODEC_EUCJP},
	{"xeuc", MDG_CODEC_EUCJP}, {"euc", MDG_CODEC_EUCJP},
	{"cseucpkdfmtjapanese", MDG_CODEC_EUCJP}, {"eucjpopen", MDG_CODEC_EUCJP},
	{"extendedunixcodepackedformatforjapanese", MDG_CODEC_EUCJP},
	{"cp20932", MDG_CODEC_EUCJP}, {"51932", MDG_CODEC_EUCJP},
	{"eucjisx0213", MDG_CODEC_EUCJISX0213},
	{"eucjis2004", MDG_CODEC_EUCJISX0213},
	{"gb2312", MDG_CODEC_GB18030}, {"gbk", MDG_CODEC_GB18030},
	{"xgbk", MDG_CODEC_GB18030}, {"gb18030", MDG_CODEC_GB18030},
	{"gb231280", MDG_CODEC_GB18030}, {"csgb2312", MDG_CODEC_GB18030},
	{"csgb231280", MDG_CODEC_GB18030}, {"cp936", MDG_CODEC_GB18030},
	{"ms936", MDG_CODEC_GB18030}, {"windows936", MDG_CODEC_GB18030},
	{"euccn", MDG_CODEC_GB18030}, {"chinese", MDG_CODEC_GB18030},
	{"isoir58", MDG_CODEC_GB18030}, {"936", MDG_CODEC_GB18030},
	{"big5", MDG_CODEC_BIG5}, {"big5hkscs", MDG_CODEC_BIG5},
	{"csbig5", MDG_CODEC_BIG5}, {"cnbig5", MDG_CODEC_BIG5},
	{"xxbig5", MDG_CODEC_BIG5}, {"bigfive", MDG_CODEC_BIG5},
	{"cp950", MDG_CODEC_BIG5}, {"ms950", MDG_CODEC_BIG5},
	{"windows950", MDG_CODEC_BIG5}, {"big5eten", MDG_CODEC_BIG5},
	{"euctw", MDG_CODEC_EUCTW}, {"johab", MDG_CODEC_JOHAB},
	{"euckr", MDG_CODEC_CP949}, {"cseuckr", MDG_CODEC_CP949},
	{"ksc5601", MDG_CODEC_CP949}, {"ksc56011987", MDG_CODEC_CP949},
	{"ksc56011989", MDG_CODEC_CP949}, {"ksx1001", MDG_CODEC_CP949},
	{"csksc56011987", MDG_CODEC_CP949}, {"cp949", MDG_CODEC_CP949},
	{"ms949", MDG_CODEC_CP949}, {"windows949", MDG_CODEC_CP949},
	{"uhc", MDG_CODEC_CP949}, {"korean", MDG_CODEC_CP949},
	{"isoir149", MDG_CODEC_CP949}, {"949", MDG_CODEC_CP949},
	{"latin1", MDG_CODEC_CP1252}, {"l1", MDG_CODEC_CP1252},
	{"cp819", MDG_CODEC_CP1252}, {"ibm819", MDG_CODEC_CP1252},
	{"iso8859", MDG_CODEC_CP1252}, {"iso88591", MDG_CODEC_CP1252},
	{"iso885911987", MDG_CODEC_CP1252}, {"csisolatin1", MDG_CODEC_CP1252},
	{"isoir100", MDG_CODEC_CP1252}, {"88591", MDG_CODEC_CP1252},
	{"ansi", MDG_CODEC_CP1252}, {"xansi", MDG_CODEC_CP1252},
	{"latin2", MDG_CODEC_ISO2}, {"l2", MDG_CODEC_ISO2},
	{"csisolatin2", MDG_CODEC_ISO2}, {"latin3", MDG_CODEC_ISO3},
	{"latin4", MDG_CODEC_ISO4}, {"latin5", MDG_CODEC_CP1254},
	{"latin9", MDG_CODEC_ISO15}, {"latin0", MDG_CODEC_ISO15},
	{"cyrillic", MDG_CODEC_ISO5}, {"greek", MDG_CODEC_ISO7},
	{"arabic", MDG_CODEC_ISO6}, {"hebrew", MDG_CODEC_ISO8},
	{"iso88592", MDG_CODEC_ISO2}, {"iso88593", MDG_CODEC_ISO3},
	{"iso88594", MDG_CODEC_ISO4}, {"iso88595", MDG_CODEC_ISO5},
	{"iso88596", MDG_CODEC_ISO6}, {"iso88597", MDG_CODEC_ISO7},
	{"iso88598", MDG_CODEC_ISO8}, {"iso88598i", MDG_CODEC_ISO8},
	{"iso88598e", MDG_CODEC_ISO8}, {"iso88599", MDG_CODEC_CP1254},
	{"iso885910", MDG_CODEC_ISO10}, {"iso885911", MDG_CODEC_CP874},
	{"iso885913", MDG_CODEC_ISO13}, {"iso885914", MDG_CODEC_ISO14},
	{"iso885915", MDG_CODEC_ISO15}, {"iso885916", MDG_CODEC_ISO16},
	{"windows1250", MDG_CODEC_CP1250}, {"cp1250", MDG_CODEC_CP1250},
	{"windows1251", MDG_CODEC_CP1251}, {"cp1251", MDG_CODEC_CP1251},
	{"windows1252", MDG_CODEC_CP1252}, {"cp1252", MDG_CODEC_CP1252},
	{"windows1253", MDG_CODEC_CP1253}, {"cp1253", MDG_CODEC_CP1253},
	{"windows1254", MDG_CODEC_CP1254}, {"cp1254", MDG_CODEC_CP1254},
	{"windows1255", MDG_CODEC_CP1255}, {"cp1255", MDG_CODEC_CP1255},
	{"windows1256", MDG_CODEC_CP1256}, {"cp1256", MDG_CODEC_CP1256},
	{"windows1257", MDG_CODEC_CP1257}, {"cp1257", MDG_CODEC_CP1257},
	{"windows1258", MDG_CODEC_CP1258}, {"cp1258", MDG_CODEC_CP1258},
	{"windows874", MDG_CODEC_CP874}, {"cp874", MDG_CODEC_CP874},
	{"tis620", MDG_CODEC_CP874}, {"koi8r", MDG_CODEC_KOI8R},
	{"koi8", MDG_CODEC_KOI8R}, {"cskoi8r", MDG_CODEC_KOI8R},
	{"koi8u", MDG_CODEC_KOI8U}, {"koi8ru", MDG_CODEC_KOI8U},
	{"ibm437", MDG_CODEC_CP437}, {"cp437", MDG_CODEC_CP437},
	{"ibm850", MDG_CODEC_CP850}, {"cp850", MDG_CODEC_CP850},
	{"ibm866", MDG_CODEC_CP866}, {"cp866", MDG_CODEC_CP866},
	{"macintosh", MDG_CODEC_MACINTOSH}, {"xmacroman", MDG_CODEC_MACINTOSH},
	{"mac", MDG_CODEC_MACINTOSH}, {"xmaccyrillic", MDG_CODEC_MACCYRILLIC},
	{"viscii", MDG_CODEC_VISCII},
};
/* clang-format on */

/* Families whose members differ in the tail only. */
static const struct label prefixes[] = {
	{"iso2022jp", MDG_CODEC_JIS},   {"cp5022", MDG_CODEC_JIS},
	{"windows5022", MDG_CODEC_JIS}, {"shiftjis", MDG_CODEC_CP932},
	{"sjis", MDG_CODEC_CP932},      {"eucjp", MDG_CODEC_EUCJP},
	{"iso88591", MDG_CODEC_CP1252}, {"utf8", MDG_CODEC_UTF8},
};

enum mdg_codec
mdg_codec_from_label(const char *label)
{
	char key[48];
	size_t n = 0;

	for (const char *p = label ? label : ""; *p && *p != '*'; p++) {
		char c = (char)mdg_ascii_lower(*p);
		bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
		if (plain && n < sizeof(key) - 1)
			key[n++] = c;
	}
	key[n] = '\0';
	for (size_t i = 0; i < MDG_LEN(labels); i++)
		if (strcmp(labels[i].name, key) == 0)
			return labels[i].codec;
	for (size_t i = 0; i < MDG_LEN(prefixes); i++)
		if (mdg_str_starts(key, prefixes[i].name))
			return prefixes[i].codec;
	return MDG_CODEC_UNKNOWN;
}
