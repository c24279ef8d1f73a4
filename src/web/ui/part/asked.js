/* A page that asks one thing at a time: const ask = useAsk(); ask({title, …});
 * and <${Asked} of=${ask} /> somewhere in it. What is asked: part/dialog.js. */
import { html, useMemo, useState } from "../lib/html.js";
import { Ask } from "./dialog.js";

export function useAsk() {
	const [what, set] = useState(null);
	const ask = useMemo(() => {
		const f = (question) => set(question);
		f.close = () => set(null);
		return f;
	}, []);
	ask.what = what;
	return ask;
}

export const Asked = ({ of }) => of.what && html`<${Ask} ...${of.what} close=${of.close} />`;
