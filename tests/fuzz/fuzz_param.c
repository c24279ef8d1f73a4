/* Parameters and file names: clean, safe, and read back as written. */
#include "fuzz.h"

#include "madoguchi/mail/param.h"

static void
check_round_trip(struct mdg_arena *a, const char *name)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf wire = {0};
	struct mdg_params p;

	mdg_buf_puts(&wire, "attachment");
	mdg_param_put(&wire, "filename", name);
	mdg_param_put_words(&wire, "name", name);
	mdg_params_parse(mdg_buf_span(&wire), a, &p);
	FUZZ_CHECK(p.n == 2);
	FUZZ_CHECK(mdg_streq(mdg_params_get(&p, "filename"), name));
	FUZZ_CHECK(mdg_streq(mdg_params_get(&p, "name"), name));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	MDG_AUTO(mdg_arena_clear) struct mdg_arena a = {0};
	struct mdg_params p;

	mdg_params_parse(mdg_span(data, size), &a, &p);
	FUZZ_CHECK(p.n <= MDG_PARAMS_MAX);
	fuzz_check_line(p.value);
	for (size_t i = 0; i < p.n; i++) {
		fuzz_check_line(p.v[i].name);
		fuzz_check_line(p.v[i].value);
	}
	const char *name = mdg_filename_pick(&p, &p, &a);
	if (!name)
		return 0;
	fuzz_check_line(name);
	FUZZ_CHECK(*name && strlen(name) <= MDG_FILENAME_BYTES_MAX);
	FUZZ_CHECK(!strpbrk(name, "/\\"));
	FUZZ_CHECK(strspn(name, ".") < strlen(name));
	check_round_trip(&a, name);
	return 0;
}
