/*
 * The pages: address, what shows it, and its place in the navigation.
 * A page without nav is reached from others; role: who sees the entry.
 */
import { Queue } from "./page/queue.js";
import { Ticket } from "./page/ticket.js";
import { Approvals, Review } from "./page/approvals.js";
import { Search } from "./page/search.js";
import { Outbox } from "./page/outbox.js";

export const pages = [
	{ path: "/queue", page: Queue, nav: "nav.queue", icon: "inbox", keys: "g q", role: "viewer" },
	{ path: "/tickets/:ticket", page: Ticket },
	{ path: "/approvals", page: Approvals, nav: "nav.approvals", icon: "check", keys: "g a", role: "operator", badge: "approvals" },
	{ path: "/approvals/:draft", page: Review },
	{ path: "/outbox", page: Outbox, nav: "nav.outbox", icon: "send", keys: "g o", role: "viewer" },
	{ path: "/search", page: Search, nav: "nav.search", icon: "search", keys: "/", role: "viewer" },
];
