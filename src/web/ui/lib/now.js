/* Now, for what shows how much time is left: renewed every half minute. */
import { useEffect, useState } from "./html.js";
import { nowS } from "./time.js";

export function useNow(every_s = 30) {
	const [now, set] = useState(nowS());
	useEffect(() => {
		const timer = setInterval(() => set(nowS()), every_s * 1000);
		return () => clearInterval(timer);
	}, [every_s]);
	return now;
}
