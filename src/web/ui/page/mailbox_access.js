/* Of a mail account: access without a password (OAuth 2.0), and its folders. */
import { html, useEffect, useRef, useState } from "../lib/html.js";
import { get, post, useGet } from "../lib/api.js";
import { t, tc } from "../lib/i18n.js";
import { when } from "../lib/time.js";
import { Button, Empty, Pill, Read } from "../part/basic.js";
import { Dialog, Field } from "../part/dialog.js";
import { attempt, toast } from "../part/toast.js";

export const at = (name, rest = "") => `/mailboxes/${encodeURIComponent(name)}${rest}`;

const providers = [["microsoft", "Microsoft 365"], ["google", "Google"]];
const flows = { microsoft: ["device", "code", "client"], google: ["code"], other: ["device", "code", "client"] };

/* What a provider has to be told, before anybody is asked for leave. */
function Provider({ begin, error, busy }) {
	const [v, set] = useState({ provider: "microsoft", flow: "device", client_id: "", client_secret: "", tenant: "", token_url: "", device_url: "", authorize_url: "", scope: "", ca_file: "" });
	const put = (k) => (e) => set({ ...v, [k]: e.target.value, ...(k === "provider" && { flow: flows[e.target.value][0] }) });
	const field = (k, more) => html`<${Field} key=${k} label=${t("oauth." + k)} value=${v[k]} put=${put(k)} ...${more} />`;
	const other = v.provider === "other";
	const submit = (e) => {
		e.preventDefault();
		begin(Object.fromEntries(Object.entries(v).map(([k, x]) => [k, x.trim()])
			.filter(([k, x]) => x && (other || !/_url$|^scope$|^ca_file$/.test(k)) && (k !== "tenant" || v.provider === "microsoft"))));
	};
	return html`<form onSubmit=${submit}>
		${field("provider", { type: "choice", first: true, options: [...providers, ["other", t("oauth.other")]] })}
		${flows[v.provider].length > 1 && field("flow", { type: "choice", options: flows[v.provider].map((f) => [f, t("oauth.flow." + f)]) })}
		${field("client_id", { need: true, hint: t("oauth.client_id.hint"), spellcheck: false, autocomplete: "off" })}
		${field("client_secret", { type: "password", autocomplete: "off", need: v.flow === "client" })}
		${v.provider === "microsoft" && field("tenant", { hint: t("oauth.tenant.hint"), spellcheck: false })}
		${other && field("token_url", { type: "url", need: true })}
		${other && v.flow === "device" && field("device_url", { type: "url", need: true })}
		${other && v.flow === "code" && field("authorize_url", { type: "url", need: true })}
		${other && field("scope", { hint: t("oauth.scope.hint") })}
		${other && field("ca_file", { hint: t("mailbox.ca.hint") })}
		${error && html`<p class="problem" role="alert">${error}</p>`}
		<footer class="row end"><button type="submit" class="button main" disabled=${busy}><span>${t("oauth.next")}</span></button></footer></form>`;
}

/* Somewhere else a person gives leave; meanwhile we ask whether they have, no
 * oftener than the provider wants (RFC 8628, 3.5). */
function Device({ name, asked, done, again, busy }) {
	const [error, setError] = useState("");
	const [until] = useState(() => Date.now() + 1000 * asked.expires_in_s);
	const retry = useRef();
	useEffect(() => {
		let wait_s = Math.min(60, Math.max(1, asked.interval_s));
		let gone = false;
		let timer = 0;
		const look = async () => {
			const { state, slower } = await post(at(name, "/authorize/finish")).catch((e) => {
				/* a desk that is away or busy is asked again */
				if (e.status && e.code !== "busy" && !gone)
					setError(e.message);
				return { state: e.status && e.code !== "busy" ? "over" : "pending" };
			});
			if (gone || state === "over")
				return;
			if (state === "ok")
				return done();
			if (Date.now() >= until)
				return setError(t("oauth.late"));
			wait_s += slower ? 5 : 0;
			timer = setTimeout(look, 1000 * wait_s);
		};
		timer = setTimeout(look, 1000 * wait_s);
		return () => {
			gone = true;
			clearTimeout(timer);
		};
	}, []);
	useEffect(() => {
		if (error)
			retry.current?.querySelector("button").focus();
	}, [error]);
	if (error)
		return html`<p class="problem" role="alert">${error}</p>
			<p class="row" ref=${retry}><${Button} kind="main" busy=${busy} onClick=${again}>${t("oauth.device.again")}<//></p>`;
	return html`<div class="notice info" role="status"><p>${t("oauth.device")}</p>
		<p><a href=${asked.verification_uri} target="_blank" rel="noreferrer">${asked.verification_uri}</a></p>
		<code class="secret">${asked.user_code}</code><p>${t("oauth.waiting", { time: when(until / 1000) })}</p></div>`;
}

function Code({ asked, finish, error, busy }) {
	const [redirect, setRedirect] = useState("");
	return html`<form onSubmit=${(e) => { e.preventDefault(); finish(redirect.trim()); }}>
		<p class="row"><a class="button main" href=${asked.url} target="_blank" rel="noreferrer">${t("oauth.open")}</a></p>
		<${Field} label=${t("oauth.redirect")} value=${redirect} put=${(e) => setRedirect(e.target.value)} need hint=${t("oauth.redirect.hint")} spellcheck=${false} autocomplete="off" />
		${error && html`<p class="problem" role="alert">${error}</p>`}
		<footer class="row end"><button type="submit" class="button main" disabled=${busy}><span>${t("oauth.finish")}</span></button></footer></form>`;
}

export function Authorize({ name, close, reload }) {
	const [known, setKnown] = useState(undefined); /* authorized once before */
	const [asked, setAsked] = useState(null);
	const [error, setError] = useState("");
	const [busy, setBusy] = useState(false);
	useEffect(() => {
		get(at(name, "/oauth")).then(() => setKnown(true), () => setKnown(false));
	}, [name]);
	const done = () => {
		toast(t("oauth.done"));
		close();
		reload();
	};
	const run = async (f) => {
		setBusy(true);
		setError("");
		try {
			await f();
		} catch (e) {
			setError(e.message);
		}
		setBusy(false);
	};
	const begin = (args) => run(async () => {
		const answer = await post(at(name, "/authorize"), args);
		if (answer.flow === "client" || !(answer.user_code || answer.url))
			done();
		else
			setAsked((was) => ({ ...answer, turn: (was?.turn ?? 0) + 1 }));
	});
	const finish = (redirect) => run(async () => {
		await post(at(name, "/authorize/finish"), { redirect });
		done();
	});
	return html`<${Dialog} title=${t("oauth.title", { name })} close=${close}>
		<p class="lead">${t(asked ? "oauth.asked" : "oauth.text")}</p>
		${!asked && known && html`<p class="row"><${Button} busy=${busy} onClick=${() => begin({})}>${t("oauth.again")}<//></p>`}
		${asked?.user_code ? html`<${Device} key=${asked.turn} name=${name} asked=${asked} done=${done} again=${() => begin({})} busy=${busy} />`
			: asked ? html`<${Code} asked=${asked} finish=${finish} error=${error} busy=${busy} />`
			: html`<${Provider} begin=${begin} error=${error} busy=${busy} />`}<//>`;
}

const roles = ["intake", "junk", "sent"];

/* What the server has, which of it is read, and as what. */
export function Folders({ name, close, reload }) {
	const list = useGet(at(name, "/server"), null);
	const [as, setAs] = useState({});
	/* after a change the desk connects anew, and cannot be asked at once */
	const [now, setNow] = useState({});
	const readAs = (f) => now[f.folder] ?? f.role;
	const roleOf = (f) => as[f.folder] ?? (roles.includes(f.use) ? f.use : "intake");
	const change = async (f, role, path, more, done) => {
		if (!(await attempt(() => post(at(name, path), { folder: f.folder, ...more }), done)))
			return;
		setNow((was) => ({ ...was, [f.folder]: role }));
		reload();
	};
	const add = (f) => change(f, roleOf(f), "/folders", { since: "30", ...(roleOf(f) !== "intake" && { [roleOf(f)]: true }) }, t("folder.added", { folder: f.name }));
	const drop = (f) => change(f, "", "/folders/remove", {}, t("folder.removed", { folder: f.name }));
	return html`<${Dialog} title=${t("folder.title", { name })} close=${close} wide>
		<p class="lead">${t("folder.text")}</p>
		<${Read} of=${list} lines=${3}>${({ folders }) => folders.length === 0 ? html`<${Empty} title=${t("folder.none")} />` : html`
			<ul class="bare rows">${[...folders].filter((f) => f.selectable).sort((a, b) => (b.role !== "") - (a.role !== "") || a.name.localeCompare(b.name, "ja")).map((f) => html`
				<li key=${f.folder} class="row"><strong>${f.name}</strong><small>${tc("folderuse", f.use)}</small><span class="gap"></span>
					${readAs(f) ? html`<${Pill} kind="good">${tc("folderrole", readAs(f))}<//><${Button} label=${t("folder.remove.of", { folder: f.name })} onClick=${() => drop(f)}>${t("folder.remove")}<//>`
						: html`<label class="inline"><span class="unseen">${t("folder.as", { folder: f.name })}</span><select value=${roleOf(f)} onChange=${(e) => setAs({ ...as, [f.folder]: e.target.value })}>
							${roles.map((r) => html`<option key=${r} value=${r} selected=${r === roleOf(f)}>${t("folderrole." + r)}</option>`)}</select></label>
						<${Button} label=${t("folder.add.of", { folder: f.name })} onClick=${() => add(f)}>${t("folder.add")}<//>`}</li>`)}</ul>`}<//>
	<//>`;
}
