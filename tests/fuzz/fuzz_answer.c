/* What a person writes to the desk: reply, all of the mail, signature, split by
 * a line "\f". Whatever is read is text, and doubt leaves no letter behind. */
#include "fuzz.h"

#include "madoguchi/reply/answer.h"

static void
part(const uint8_t **data, size_t *size, struct mdg_buf *out)
{
	const uint8_t *end = memchr(*data, '\f', *size);
	size_t n = end ? (size_t)(end - *data) : *size;

	mdg_utf8_clean(out, (const char *)*data, n, false);
	*data += n + (end != NULL);
	*size -= n + (end != NULL);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf reply = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf text = {0};
	MDG_AUTO(mdg_buf_clear) struct mdg_buf sign = {0};
	struct mdg_answer_input in = {
		.name = "佐藤 美咲",
		.candidates = {"田中 様\n\nお調べします。", "田中 様", ""},
	};
	struct mdg_answer out;

	if (size > 65536)
		return 0;
	part(&data, &size, &reply);
	part(&data, &size, &text);
	part(&data, &size, &sign);
	in.reply = mdg_buf_str(&reply);
	in.text = mdg_buf_str(&text);
	in.signature = mdg_buf_str(&sign);
	mdg_strings_add(&in.labels, &a, "お届け日", MDG_ANSWER_SLOTS_MAX);
	mdg_strings_add(&in.slots, &a, "date.arrival", MDG_ANSWER_SLOTS_MAX);
	mdg_answer_read(&in, &a, &out);
	FUZZ_CHECK(mdg_utf8_valid(out.text, strlen(out.text)));
	FUZZ_CHECK(mdg_utf8_valid(out.arg, strlen(out.arg)));
	FUZZ_CHECK(mdg_utf8_valid(out.edited_text, strlen(out.edited_text)));
	FUZZ_CHECK(out.slot_names.n == out.slot_values.n);
	FUZZ_CHECK(out.choice >= 0 && out.choice <= MDG_ANSWER_CHOICES);
	FUZZ_CHECK(out.edited >= 0 && out.edited <= MDG_ANSWER_CHOICES);
	FUZZ_CHECK(!out.is_letter || *out.text);
	FUZZ_CHECK(!out.code || strlen(out.code) == MDG_ANSWER_CODE_CHARS);
	/* an empty answer, or one in doubt, has no command that would be done */
	FUZZ_CHECK(out.doubt != MDG_ANSWER_EMPTY ||
		   (out.cmd == MDG_ANSWER_NONE && !out.choice));
	/* what was only quoted commands nothing */
	if (!*in.reply)
		FUZZ_CHECK(out.cmd == MDG_ANSWER_NONE && !out.choice);
	return 0;
}
