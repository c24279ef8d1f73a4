#include "netmain.h"

#include <signal.h>
#include <sodium.h>
#include <stdlib.h>
#include <sys/prctl.h>

#include "madoguchi/base/limits.h"
#include "madoguchi/base/log.h"
#include "madoguchi/base/str.h"

static bool
read_args(int argc, char **argv, const char **ret_ca, struct mdg_err *err)
{
	*ret_ca = NULL;
	if (argc == 3 && mdg_streq(argv[1], "--ca"))
		*ret_ca = argv[2];
	else if (argc != 1)
		return mdg_fail(err, MDG_EINVAL, "usage: %s [--ca FILE]",
				argv[0]);
	return true;
}

static bool
say_hello(struct mdg_netmain *m, struct mdg_err *err)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
	struct mdg_hello hello = {.version = MDG_PROTO_VERSION,
				  .role = m->role,
				  .build_id = PACKAGE_VERSION};
	mdg_hello_pack(&b, &hello);
	return mdg_netmain_send(m, MDG_F_HELLO, 0, &b, err);
}

bool
mdg_netmain_start(struct mdg_netmain *m, enum mdg_role role, int argc,
		  char **argv, struct mdg_err *err)
{
	const char *ca;
	*m = (struct mdg_netmain){.role = role};
	mdg_log_init(mdg_role_program(role), MDG_INFO);
	mdg_chan_init(&m->chan, MDG_WORKER_FD, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	/* A name server that is silent must not hold us for half a minute. */
	setenv("RES_OPTIONS", "timeout:3 attempts:2", 0);
	if (!read_args(argc, argv, &ca, err))
		return false;
	if (sodium_init() < 0)
		return mdg_fail(err, MDG_EBUG, "libsodium does not start");
	if (!mdg_trust_new(ca, &m->trust, err))
		return false;
	const char *paths[] = {ca, NULL};
	return mdg_confine(role, paths, err) && say_hello(m, err);
}

bool
mdg_netmain_bytes(struct mdg_netmain *m, struct mdg_span piece)
{
	m->bytes.max = MDG_SEND_BYTES_MAX;
	return mdg_buf_put(&m->bytes, piece.p, piece.n);
}

typedef bool (*pass_fn)(struct mdg_chan *c, uint16_t type, uint32_t id,
			struct mdg_span payload, struct mdg_err *err);

static bool
pass_on(struct mdg_netmain *m, pass_fn pass, enum mdg_frame_type type,
	uint32_t id, struct mdg_buf *payload, struct mdg_err *err)
{
	if (!mdg_buf_ok(payload))
		return mdg_fail(err, MDG_ETOOBIG, "a frame is too large");
	bool ok =
		pass(&m->chan, (uint16_t)type, id, mdg_buf_span(payload), err);
	mdg_buf_reset(payload);
	return ok;
}

bool
mdg_netmain_send(struct mdg_netmain *m, enum mdg_frame_type type, uint32_t id,
		 struct mdg_buf *payload, struct mdg_err *err)
{
	return pass_on(m, mdg_chan_send, type, id, payload, err);
}

bool
mdg_netmain_post(struct mdg_netmain *m, enum mdg_frame_type type, uint32_t id,
		 struct mdg_buf *payload, struct mdg_err *err)
{
	return pass_on(m, mdg_chan_post, type, id, payload, err);
}

int
mdg_netmain_end(struct mdg_netmain *m, const struct mdg_err *why)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
	char text[MDG_ERR_TEXT_MAX * 2];
	int status = 0;
	if (why != NULL && why->code != MDG_OK) {
		status = mdg_code_exit(why->code);
		mdg_err_pack(&b, why);
		if (mdg_netmain_send(m, MDG_F_PROBLEM, 0, &b, NULL))
			mdg_warn("ends: %s", mdg_err_text(why, MDG_LANG_EN,
							  text, sizeof(text)));
		else
			status = 0; /* nobody is left who would want it */
	}
	mdg_trust_free(&m->trust);
	mdg_chan_clear(&m->chan);
	return status;
}

void
mdg_netmain_peer(struct mdg_netmain *m, const struct mdg_access *a,
		 struct mdg_probe *probe, struct mdg_peer *ret)
{
	*ret = (struct mdg_peer){
		.host = a->host,
		.port = (uint16_t)a->port,
		.tls = (enum mdg_tls_mode)a->tls,
		.trust = m->trust,
		.probe = probe,
	};
}

bool
mdg_netmain_report(struct mdg_netmain *m, uint32_t id, struct mdg_probe *probe,
		   const struct mdg_err *why, struct mdg_err *err)
{
	MDG_AUTO(mdg_buf_clear) struct mdg_buf b = {0};
	mdg_probe_done(probe);
	for (size_t i = 0; i < MDG_STEP_N; i++) {
		bool failed = why != NULL && probe->step == i;
		if (probe->took_ms[i] < 0)
			continue;
		struct mdg_test_step step = {
			.name = mdg_net_step_name((enum mdg_net_step)i),
			.ok = !failed,
			.ms = (uint32_t)probe->took_ms[i],
		};
		if (failed)
			step.err = *why;
		mdg_test_step_pack(&b, &step);
		if (!mdg_netmain_send(m, MDG_F_STEP, id, &b, err))
			return false;
	}
	return mdg_netmain_send(m, MDG_F_END, id, &b, err);
}
