/* A text as a QR code, for a camera: dark on white in every look. */
import { encode } from "uqr";
import { html, useMemo } from "../lib/html.js";

export function Qr({ text, label }) {
	const { size, d } = useMemo(() => {
		const code = encode(text, { ecc: "M", border: 3 });
		return { size: code.size, d: code.data.flatMap((row, y) => row.map((on, x) => on ? `M${x} ${y}h1v1h-1z` : "")).join("") };
	}, [text]);
	return html`<svg class="qr" viewBox=${`0 0 ${size} ${size}`} role="img" aria-label=${label} shape-rendering="crispEdges">
		<rect width=${size} height=${size} fill="#fff" /><path d=${d} fill="#000" /></svg>`;
}
