/* Signing in. */
import { html, useEffect, useLayoutEffect, useRef, useState } from "../lib/html.js";
import { post, setCsrf } from "../lib/api.js";
import { useKeys } from "../lib/keys.js";
import { goOn, me, readMe } from "../lib/me.js";
import { LANGS, lang, t } from "../lib/i18n.js";
import { setPref } from "../lib/prefs.js";
import { Button } from "../part/basic.js";

/* Over the page of who was signed in until now, which is kept. */
export function Again() {
	const ref = useRef();
	useKeys([], { modal: true });
	useLayoutEffect(() => ref.current.showModal(), []);
	useEffect(() => {
		/* they may have signed in in another tab meanwhile */
		addEventListener("focus", goOn);
		return () => removeEventListener("focus", goOn);
	}, []);
	return html`<dialog ref=${ref} class="again" aria-label=${t("login.do")}
		onCancel=${(e) => e.preventDefault()} onClose=${() => ref.current?.showModal()}><${Login} again /></dialog>`;
}

export function Login({ again }) {
	const [login, setLogin] = useState(again ? me.get().login : "");
	const [password, setPassword] = useState("");
	const [code, setCode] = useState(null); /* null: none is asked for */
	const [error, setError] = useState("");
	const [busy, setBusy] = useState(false);
	const field = useRef();
	const secret = useRef();
	useEffect(() => {
		if (!again)
			document.title = t("app.name");
		(again ? secret : field).current.focus();
	}, []);
	const submit = async (e) => {
		e.preventDefault();
		setBusy(true);
		setError("");
		try {
			setCsrf((await post("/session", { login: login.trim(), password,
				...(code !== null && { code: code.trim() }) })).csrf);
			await readMe();
		} catch (x) {
			/* the password was right: now the second step */
			if (x.code === "code") {
				setCode("");
			} else {
				setPassword("");
				setCode(null);
			}
			setError(x.message);
			setBusy(false);
		}
	};
	return html`<main class="login">
		<form onSubmit=${submit}>
			<h1>${t("app.name")}<small>${t("app.sub")}</small></h1>
			${again && html`<p class="notice info" role="status">${t("login.again", { name: me.get().name })}</p>`}
			<p class="field"><label for="login">${t("login.user")}</label>
				<input id="login" ref=${field} value=${login} onInput=${(e) => setLogin(e.target.value)} required
					autocomplete="username" autocapitalize="none" spellcheck=${false} /></p>
			<p class="field"><label for="password">${t("login.password")}</label>
				<input id="password" ref=${secret} type="password" value=${password} onInput=${(e) => setPassword(e.target.value)}
					required autocomplete="current-password" /></p>
			${code !== null && html`<p class="field"><label for="code">${t("login.code")}</label>
				<input id="code" ref=${(e) => e && !code && e.focus()} value=${code} onInput=${(e) => setCode(e.target.value)} required
					autocomplete="one-time-code" aria-describedby="code-hint" /><small class="hint" id="code-hint">${t("login.code.hint")}</small></p>`}
			${error && html`<p class="problem" role="alert">${error}</p>`}
			<button type="submit" class="button main" disabled=${busy}><span>${t("login.do")}</span></button>
			<p class="hint">${t("login.help")}</p>
			${!again && html`<p class="row center">${Object.entries(LANGS).map(([code, name]) => html`
				<${Button} key=${code} kind="plain" lang=${code} aria-pressed=${lang() === code ? "true" : "false"}
					onClick=${() => setPref("lang", code)}>${name}<//>`)}</p>`}
		</form></main>`;
}
