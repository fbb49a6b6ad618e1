// What is known of programs that are often PID 1: from their manuals, and tried.
import { baseName } from "./inits.ts";

export interface KnownProgram {
	/** Signals that it ends at as PID 1, where the kernel has no default actions. Undefined: that depends on the application. */
	endsAt?: readonly string[];
	/** The signal of these that ends it without losing work, where another one does. */
	gentle?: { signal: string; why: string };
	/** Whether it waits for children that it did not start. */
	reaps: boolean;
	/** What its default for a graceful stop is, in seconds, where it has one of its own. */
	stopTakesS?: number;
	/** The option or the line of its configuration that changes `stopTakesS`. */
	stopOption?: string;
}

const PLAIN: KnownProgram = { endsAt: [], reaps: false };
const TERM_AND_INT: KnownProgram = { endsAt: ["SIGTERM", "SIGINT"], reaps: false };
const APPLICATION: KnownProgram = { reaps: false };
const NGINX: KnownProgram = {
	endsAt: ["SIGTERM", "SIGINT", "SIGQUIT"],
	gentle: { signal: "SIGQUIT", why: "at SIGTERM nginx cuts the requests that it is answering" },
	reaps: true,
};
const APACHE: KnownProgram = {
	endsAt: ["SIGTERM", "SIGWINCH"],
	gentle: { signal: "SIGWINCH", why: "at SIGTERM httpd cuts the requests that it is answering" },
	reaps: true,
};
const POSTGRES: KnownProgram = {
	endsAt: ["SIGTERM", "SIGINT", "SIGQUIT"],
	gentle: { signal: "SIGINT", why: "at SIGTERM postgres waits until the last client has gone" },
	reaps: true,
};

const PROGRAMS: Readonly<Record<string, KnownProgram>> = {
	nginx: NGINX,
	httpd: APACHE,
	apache2: APACHE,
	"apache2-foreground": APACHE,
	"httpd-foreground": APACHE,
	postgres: POSTGRES,
	"php-fpm": {
		endsAt: ["SIGTERM", "SIGINT", "SIGQUIT"],
		gentle: { signal: "SIGQUIT", why: "at SIGTERM php-fpm cuts the requests that it is answering" },
		reaps: true,
	},
	uwsgi: {
		endsAt: ["SIGINT", "SIGQUIT"],
		gentle: { signal: "SIGINT", why: "at SIGTERM uwsgi starts anew, unless die-on-term is set" },
		reaps: true,
	},
	"redis-server": TERM_AND_INT,
	"valkey-server": TERM_AND_INT,
	memcached: TERM_AND_INT,
	mysqld: { endsAt: ["SIGTERM"], reaps: false },
	mariadbd: { endsAt: ["SIGTERM"], reaps: false },
	mongod: TERM_AND_INT,
	haproxy: { ...TERM_AND_INT, endsAt: ["SIGTERM", "SIGINT", "SIGUSR1"], reaps: true },
	gunicorn: {
		endsAt: ["SIGTERM", "SIGINT", "SIGQUIT"],
		reaps: true,
		stopTakesS: 30,
		stopOption: "--graceful-timeout",
	},
	java: { endsAt: ["SIGTERM", "SIGINT", "SIGHUP"], reaps: false },
	node: APPLICATION,
	nodejs: APPLICATION,
	bun: APPLICATION,
	deno: APPLICATION,
	npm: APPLICATION,
	npx: APPLICATION,
	yarn: APPLICATION,
	pnpm: APPLICATION,
	python: APPLICATION,
	python3: APPLICATION,
	ruby: APPLICATION,
	php: APPLICATION,
	perl: APPLICATION,
	cron: { endsAt: [], reaps: true },
	sleep: PLAIN,
	tail: PLAIN,
	cat: PLAIN,
	yes: PLAIN,
};

/** What is known of the program, by its name without a version (`python3.13`). */
export function knownProgram(path: string): KnownProgram | undefined {
	const name = baseName(path);
	for (const candidate of [name, name.replace(/[-.\d]+$/, ""), name.replace(/[.\d]+$/, "")]) {
		if (Object.hasOwn(PROGRAMS, candidate)) return PROGRAMS[candidate];
	}
	return undefined;
}
