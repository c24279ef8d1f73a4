#include "t.h"

#include "madoguchi/base/err.h"
#include "madoguchi/base/limits.h"
#include "madoguchi/base/str.h"
#include "madoguchi/mime/html.h"

struct pair {
	const char *in, *want;
};

static const struct pair texts[] = {
	/* clang-format off */
	{"<p>一</p><p>二</p>", "一\n\n二"},
	{"<div>a</div><div>b</div>", "a\nb"},
	{"a<br>b<br/>c", "a\nb\nc"},
	{"<div>a<br></div><div><br></div><div>b</div>", "a\n\nb"},
	{"<p class=MsoNormal>a</p><p class=MsoNormal>&nbsp;</p>"
	 "<p class=MsoNormal>b</p>", "a\n\nb"},
	{"<p style='margin:0'>a</p><p style='margin:0'>b</p>", "a\nb"},
	{"a  b\n c", "a b c"},
	{"お世話に\nなります", "お世話になります"},
	{"お世話に なります", "お世話に なります"},
	{"日本\nEnglish", "日本 English"},
	{"<b>太</b>い", "太い"},
	{"&lt;tag&gt; &amp; &#12354; &yen;", "<tag> & あ ¥"},
	{"a&nbsp;&nbsp;b", "a  b"},
	{"x\xe2\x80\x8by\xef\xbb\xbfz\xc2\xad", "xyz"},
	{"<ul><li>一</li><li>二</li></ul>", "・一\n・二"},
	{"<ol start=3><li>a</li><li>b</li></ol>", "3. a\n4. b"},
	{"<ul><li>a<ul><li>b</li></ul></li></ul>", "・a\n  ・b"},
	{"<a href='https://e.example/x'>ここ</a>から",
	 "ここ <https://e.example/x>から"},
	{"<a href='https://e.example/'>e.example</a>", "e.example"},
	{"<a href='mailto:a@e.example?subject=x'>a@e.example</a>",
	 "a@e.example"},
	{"<a href='mailto:a@e.example'>窓口</a>", "窓口 <a@e.example>"},
	{"<a href='javascript:alert(1)'>x</a>", "x"},
	{"<a href='#top'>x</a>", "x"},
	{"<table><tr><td>名前</td><td>山田</td></tr>"
	 "<tr><td>電話</td><td>03</td></tr></table>", "名前\t山田\n電話\t03"},
	{"<table><tr><td><p>名前</p></td><td><p>山田</p></td></tr>"
	 "<tr><td><div>電話</div></td><td>03</td></tr></table>",
	 "名前\t山田\n電話\t03"},
	{"<table><tr><td>a</td><td></td><td>c</td></tr></table>", "a\t\tc"},
	{"<pre>\n  a\n\tb\n</pre>c", "  a\n\tb\nc"},
	{"<blockquote type=cite>a<br>b</blockquote>c", "> a\n> b\nc"},
	{"<blockquote>a<blockquote>b</blockquote></blockquote>",
	 "> a\n>> b"},
	{"<blockquote class=x style='margin:0 0 0 40px;border:none'>a"
	 "</blockquote>", "a"},
	{"<blockquote><p>a</p><p>b</p></blockquote>", "> a\n>\n> b"},
	{"<head><title>t</title><style>p{}</style></head><body>x", "x"},
	{"a<script>alert(1)</script><!-- c -->b", "ab"},
	{"a<!-- <style> -->b<!-- </style> -->c", "abc"},
	{"a<!-->b<!--->c<!-- x --!>d<!-- > -- x", "abcd"},
	{"<title><style></title>a<style>p{}</style >b", "ab"},
	{"<p title='<style>'>a</p><style media=x>p{}</style>", "a"},
	{"<p title=it's>a<!-- ' -->b</p>", "ab"},
	{"a<<!-- c -->b>c", "a< b>c"},
	{"a<style>p{}", "a"},
	{"<textarea><!-- a --></textarea>", "<!-- a -->"},
	{"a<div style='display:none'>h</div><span hidden>i</span>b", "ab"},
	{"a<span style='display : none !important'>h</span>b", "ab"},
	{"<![if !supportLists]>・<![endif]>x<o:p></o:p>", "・x"},
	{"<ruby>漢字<rp>(</rp><rt>かんじ</rt><rp>)</rp></ruby>",
	 "漢字（かんじ）"},
	{"<img src=x alt='絵'>a<img alt=''>", "絵a"},
	{"a<hr>b", "a\n________________________________\nb"},
	{"<div style='white-space:pre-wrap'>a\n  b</div>", "a\n  b"},
	{"", ""},
	{"<", "<"},
	{"plain text only", "plain text only"},
	/* clang-format on */
};

static const struct pair cleans[] = {
	/* clang-format off */
	{"<p onclick='x()'>a</p>", "<p>a</p>"},
	{"a<script>x</script><style>y</style>b", "ab"},
	{"<a href='javascript:x'>a</a>", "<a>a</a>"},
	{"<a href=' java\tscript:x'>a</a>", "<a>a</a>"},
	{"<a href='data:text/html,x'>a</a>", "<a>a</a>"},
	{"<img src='cid:1@x'>", "<img src=\"cid:1@x\">"},
	{"<img src='https://t.example/p'>",
	 "<img data-remote=\"https://t.example/p\">"},
	{"<img src='data:image/png;base64,AA'>", "<img>"},
	{"<img src=x onerror=alert(1)>", "<img>"},
	{"<form action=x><input name=y>t<button>b</button></form>", "tb"},
	{"<svg><script>x</script><a href=y>z</a></svg>a", "a"},
	{"<math><mi>x</mi></math>a", "a"},
	{"<iframe src=x>y</iframe><object>o</object>a", "a"},
	{"<div style='color:red;position:fixed;background:url(x)'>a</div>",
	 "<div style=\"color:red\">a</div>"},
	{"<div style='width:expression(x)'>a</div>", "<div>a</div>"},
	{"<div style='color:\\72 ed'>a</div>", "<div>a</div>"},
	{"<base href=x><meta http-equiv=refresh content='0;u'>a", "a"},
	{"<p id=x class=y name=z>a</p>", "<p>a</p>"},
	{"<p title='a\"b<c>'>x", "<p title=\"a&#34;b&#60;c&#62;\">x</p>"},
	{"&lt;script&gt;", "&#60;script&#62;"},
	{"<noscript><p title='</noscript><img src=x onerror=y>'>",
	 "<p title=\"&#60;/noscript&#62;&#60;img src=x onerror=y&#62;\"></p>"},
	{"<b><i>x</b>y</i>", "<b><i>x</i></b><i>y</i>"},
	{"<table><td>a", "<table><tbody><tr><td>a</td></tr></tbody></table>"},
	/* clang-format on */
};

typedef void render_fn(struct mdg_html *h, struct mdg_buf *out);

static void
check(const struct pair *v, size_t n, render_fn *render)
{
	for (size_t i = 0; i < n; i++) {
		MDG_AUTO(mdg_html_free)
		struct mdg_html *h = mdg_html_new(v[i].in, strlen(v[i].in));
		MDG_AUTO(mdg_buf_clear) struct mdg_buf out = {0};

		render(h, &out);
		assert_string_equal(mdg_buf_str(&out), v[i].want);
	}
}

static void
html_reads_as_a_browser_shows_it(void **state)
{
	(void)state;
	check(texts, MDG_LEN(texts), mdg_html_text);
}

static void
only_listed_html_is_displayed(void **state)
{
	(void)state;
	check(cleans, MDG_LEN(cleans), mdg_html_clean);
}

static void
repeat(struct mdg_buf *b, const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		mdg_buf_puts(b, s);
}

static bool
survives(const char *open, size_t n, const char *tail, size_t tail_n)
{
	MDG_AUTO(mdg_buf_clear)
	struct mdg_buf in = {0}, text = {0}, clean = {0};
	MDG_AUTO(mdg_html_free) struct mdg_html *h = NULL;

	repeat(&in, open, n);
	repeat(&in, tail, tail_n);
	h = mdg_html_new(in.ptr, in.len);
	mdg_html_text(h, &text);
	mdg_html_clean(h, &clean);
	assert_true(mdg_utf8_valid(mdg_buf_str(&text), text.len));
	assert_non_null(strstr(mdg_buf_str(&text), "end"));
	return !mdg_html_is_partial(h);
}

static void
nesting_is_cut_at_the_limit_and_the_text_stays(void **state)
{
	(void)state;
	assert_true(survives("<div>", MDG_HTML_DEPTH_MAX, "end", 1));
	assert_false(survives("<div>", MDG_HTML_DEPTH_MAX + 1, "end", 1));
	assert_false(survives("<div>", 100000, "end", 1));
	assert_false(survives("<table><tr><td>", 100000, "end", 1));
	assert_false(survives("<b id=1><i id=2>", 100000, "<p>end", 1000));
	assert_false(survives("<blockquote><ul><li>", 50000, "end", 1));
	assert_true(survives("<p>", 50000, "end", 1));
	assert_true(survives("<a href=x>", 300, "<p>end", 1000));
}

static void
endless_tags_are_dropped(void **state)
{
	const size_t fits = MDG_HTML_TAG_BYTES_MAX - strlen("<i >");

	(void)state;
	for (size_t more = 0; more < 2; more++) {
		MDG_AUTO(mdg_buf_clear) struct mdg_buf in = {0};

		mdg_buf_puts(&in, "<i ");
		repeat(&in, "x", fits + more);
		mdg_buf_puts(&in, ">");
		assert_int_equal(survives(in.ptr, 1, "end", 1), more == 0);
	}
	/* each attribute is compared with all before it */
	MDG_AUTO(mdg_buf_clear) struct mdg_buf in = {0};
	mdg_buf_puts(&in, "end<p ");
	for (int i = 0; i < 300000; i++)
		mdg_buf_printf(&in, "a%d=1 ", i);
	assert_false(survives(in.ptr, 1, "", 0));
}

static void
the_memory_budget_ends_the_tree_not_the_text(void **state)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf in = {0}, text = {0};
	MDG_AUTO(mdg_html_free) struct mdg_html *h = NULL;

	(void)state;
	/* each <p> opens all of them again */
	mdg_buf_puts(&in, "<p>");
	for (int i = 0; i < 380; i++)
		mdg_buf_printf(&in, "<font id=f%d>", i);
	repeat(&in, "<p>x", 20000);
	mdg_buf_puts(&in, "<p>end");
	h = mdg_html_new(in.ptr, in.len);
	assert_true(mdg_html_is_partial(h));
	mdg_html_text(h, &text);
	assert_non_null(strstr(text.ptr, "end"));
}

static void
text_without_a_tree_keeps_its_lines(void **state)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf in = {0}, text = {0};
	MDG_AUTO(mdg_html_free) struct mdg_html *h = NULL;

	(void)state;
	mdg_buf_puts(&in, "<style>p{}</style><!-- c --><table>");
	repeat(&in,
	       "<tr>\n<td><b>&#x6ce8;&#25991;</b>&nbsp;1 &amp; 2</td>"
	       "<td>a &lt; b &x; &#0; </td></tr>",
	       20000);
	h = mdg_html_new(in.ptr, in.len);
	assert_true(mdg_html_is_partial(h));
	mdg_html_text(h, &text);
	const char line[] = "注文 1 & 2\ta < b &x; &#0; \t\n";
	assert_memory_equal(text.ptr, line, sizeof(line) - 1);
	assert_memory_equal(text.ptr + text.len - (sizeof(line) - 1), line,
			    sizeof(line) - 1);
}

static void
the_document_names_its_charset(void **state)
{
	static const struct pair v[] = {
		{"<meta charset=Shift_JIS>", "shift_jis"},
		{"<META content=\"text/html; charset=EUC-JP\">", "euc-jp"},
		{"<?xml version='1.0' encoding='UTF-8'?>", "utf-8"},
		{"<meta name=x><meta charset = 'iso-2022-jp' >", "iso-2022-jp"},
	};
	char out[32];

	(void)state;
	for (size_t i = 0; i < MDG_LEN(v); i++) {
		assert_true(mdg_html_charset(mdg_span_str(v[i].in), out,
					     sizeof(out)));
		assert_string_equal(out, v[i].want);
	}
	assert_false(
		mdg_html_charset(mdg_span_str("charset=x"), out, sizeof(out)));
	assert_false(mdg_html_charset(mdg_span_str("<meta charset"), out,
				      sizeof(out)));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(html_reads_as_a_browser_shows_it),
		cmocka_unit_test(only_listed_html_is_displayed),
		cmocka_unit_test(
			nesting_is_cut_at_the_limit_and_the_text_stays),
		cmocka_unit_test(endless_tags_are_dropped),
		cmocka_unit_test(the_memory_budget_ends_the_tree_not_the_text),
		cmocka_unit_test(text_without_a_tree_keeps_its_lines),
		cmocka_unit_test(the_document_names_its_charset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
