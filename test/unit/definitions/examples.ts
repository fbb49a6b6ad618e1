// A service with every key that there is, faultless; and what its keys name.
import { plainFile } from "../../simulation/files.ts";
import type { Files } from "./machine.ts";

export const EVERY_KEY = `
entrypoint = "/opt/tool -x 'a b'"
command = ["sleep", "ü", "1"]
user = "app:log"
group_add = ["ssl", 7]
working_dir = "/srv"
env_file = ["/a.env"]
umask = "022"
oom_score_adj = -5
nice = 1
tty = false
depends_on = { db = { condition = "service_healthy", restart = true, required = false } }
restart = "on-failure:3"
restart_delay = "1s"
restart_max_delay = 20.5
stop_signal = "SIGQUIT"
stop_grace_period = "1m30s"
pre_stop = ["sleep"]
post_start = "sleep 1"
critical = true
scale = 2

[environment]
A = "1"
B = 2.5

[ulimits]
nofile = 1024
core = { soft = 0, hard = -1 }

[healthcheck]
test = ["CMD", "sleep", "1"]
interval = "30s"
timeout = "500ms"
retries = 3
start_period = 0
start_interval = "5s"
disable = false
on_unhealthy = "restart"

[ready]
http = "http://127.0.0.1:80/x"
timeout = "10s"

[log]
format = "json"
file = "/var/log/x"
max_size = "10m"
max_files = 3
`;

/** The keys that contradict some of the others. */
export const SCHEDULED = `command = "sleep"
schedule = "*/5 1-3 * jan mon"
allow_overlap = true
`;

export const AROUND: Files = {
	"/a.env": plainFile("X=1\nY='2'\n"),
	db: 'command = ["sleep"]\nhealthcheck.test = { tcp = "127.0.0.1:5432" }\nready.fd = 3\n',
};
