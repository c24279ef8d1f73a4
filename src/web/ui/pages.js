/*
 * The pages: address, what shows it, and its place in the navigation.
 * A page without nav is reached from others; role: who sees the entry and the page.
 */
import { Queue } from "./page/queue.js";
import { Ticket } from "./page/ticket.js";
import { Approvals, Review } from "./page/approvals.js";
import { Search } from "./page/search.js";
import { Outbox } from "./page/outbox.js";
import { Shift } from "./page/shift.js";
import { Thanks, Mentions } from "./page/news.js";
import { Board } from "./page/board.js";
import { Incidents, Incident } from "./page/incidents.js";
import { Junk } from "./page/junk.js";
import { Reports } from "./page/reports.js";
import { Templates, Template } from "./page/templates.js";
import { Health } from "./page/admin.js";
import { Audit } from "./page/admin_audit.js";
import { Mailboxes } from "./page/admin_mailboxes.js";
import { Rules } from "./page/admin_rules.js";
import { Store } from "./page/admin_store.js";
import { Users } from "./page/admin_users.js";
import { Windows } from "./page/admin_windows.js";
import { Security } from "./page/security.js";

export const pages = [
	{ path: "/queue", page: Queue, nav: "nav.queue", icon: "inbox", keys: "g q", role: "viewer" },
	{ path: "/tickets/#ticket", page: Ticket },
	{ path: "/approvals", page: Approvals, nav: "nav.approvals", icon: "check", keys: "g a", role: "operator", badge: "approvals" },
	{ path: "/approvals/#draft", page: Review },
	{ path: "/outbox", page: Outbox, nav: "nav.outbox", icon: "send", keys: "g o", role: "viewer" },
	{ path: "/shift", page: Shift, nav: "nav.shift", icon: "swap", keys: "g h", role: "operator" },
	{ path: "/mentions", page: Mentions, nav: "nav.mentions", icon: "note", keys: "g m", role: "viewer", badge: "mentions" },
	{ path: "/thanks", page: Thanks, nav: "nav.thanks", icon: "star", keys: "g t", role: "viewer" },
	{ path: "/search", page: Search, nav: "nav.search", icon: "search", keys: "/", role: "viewer" },
	{ path: "/board", page: Board, nav: "nav.board", icon: "clock", keys: "g b", role: "sv", section: "nav.lead" },
	{ path: "/incidents", page: Incidents, nav: "nav.incidents", icon: "alert", keys: "g i", role: "operator", section: "nav.lead" },
	{ path: "/incidents/#incident", page: Incident },
	{ path: "/junk", page: Junk, nav: "nav.junk", icon: "out", keys: "g j", role: "sv", section: "nav.lead" },
	{ path: "/reports", page: Reports, nav: "nav.reports", icon: "chart", keys: "g r", role: "sv", section: "nav.lead" },
	{ path: "/templates", page: Templates, nav: "nav.templates", icon: "book", keys: "g l", role: "viewer", section: "nav.lead" },
	{ path: "/templates/:id", page: Template },
	{ path: "/admin", page: Health, nav: "nav.admin", icon: "gear", keys: "g e", role: "admin" },
	{ path: "/admin/mailboxes", page: Mailboxes, within: "nav.admin", role: "admin" },
	{ path: "/admin/users", page: Users, within: "nav.admin", role: "admin" },
	{ path: "/admin/windows", page: Windows, within: "nav.admin", role: "admin" },
	{ path: "/admin/rules", page: Rules, within: "nav.admin", role: "admin" },
	{ path: "/admin/audit", page: Audit, within: "nav.admin", role: "desk" },
	{ path: "/admin/store", page: Store, within: "nav.admin", role: "admin" },
	{ path: "/security", page: Security },
];
