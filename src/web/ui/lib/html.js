/* Preact by tagged templates; everything of it that the pages use. */
import { h } from "preact";
import htm from "htm";

export { render, Fragment } from "preact";
export { useState, useEffect, useLayoutEffect, useRef, useMemo, useCallback,
	useContext } from "preact/hooks";

export const html = htm.bind(h);

/* Words of a class list; false and "" fall out. */
export const cls = (...v) => v.filter(Boolean).join(" ");
