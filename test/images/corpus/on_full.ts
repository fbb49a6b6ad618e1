// Dockerfiles after patterns of public images that rely on more of Phusion's base than its init. They lie on a full image as it is.
import { type Entry, script, server } from "./entry.ts";

const MY_INIT = 'CMD ["/sbin/my_init"]\n';
const SSH = "ssh -o StrictHostKeyChecking=no -o BatchMode=yes";

/** A command that tries another until it works, for a few seconds. */
function soon(command: string): string {
	return `for try in 1 2 3 4 5 6 7 8 9 10; do ${command} 2> /dev/null && break; sleep 0.3; done`;
}

/** CMD of a shell script under my_init. */
function command(text: string): string {
	return `CMD ${JSON.stringify(["/sbin/my_init", "--", "sh", "-c", text])}\n`;
}

export const ON_FULL: readonly Entry[] = [
	{
		name: "sshd up, its host keys made while the image is built",
		after: "markusdumkestatup/baseimage, and Phusion's README",
		needs: "/etc/service/sshd, 00_regen_ssh_host_keys.sh",
		on: "full",
		dockerfile: `RUN rm -f /etc/service/sshd/down\nRUN /etc/my_init.d/00_regen_ssh_host_keys.sh\nRUN cut -d" " -f1 /etc/ssh/ssh_host_ed25519_key.pub\n${command(`${soon("ssh-keyscan -t ed25519 127.0.0.1 | grep -q ssh-ed25519 && echo answers")}`)}`,
		sees: ["answers"],
		ends: { code: 0, by: "itself" },
	},
	{
		name: "a key of one's own is authorized",
		after: "a Dockerfile that adds id_insecure.pub to authorized_keys",
		needs: "/root/.ssh, sshd",
		on: "full",
		dockerfile: `RUN rm -f /etc/service/sshd/down && ssh-keygen -q -t ed25519 -N '' -f /key && cat /key.pub >> /root/.ssh/authorized_keys\n${command(soon(`${SSH} -i /key root@127.0.0.1 echo logged in`))}`,
		sees: ["logged in"],
		ends: { code: 0, by: "itself" },
	},
	{
		name: "the insecure key for Vagrant, and a CMD in shell form",
		after: "Vagrant boxes on phusion/baseimage:0.9.17",
		needs: "enable_insecure_key",
		on: "full",
		dockerfile: `RUN /etc/my_init.d/00_regen_ssh_host_keys.sh\nRUN rm -f /etc/service/sshd/down\nRUN /usr/sbin/enable_insecure_key\nCMD ${soon(`${SSH} -i /root/.ssh/insecure_key root@127.0.0.1 echo logged in`)}\n`,
		sees: ["logged in"],
		ends: { code: 0, by: "itself" },
	},
	{
		name: "root with a password for sshd",
		after: "babim/docker-ubuntubase-fixinit",
		needs: "/var/run/sshd, chpasswd",
		on: "full",
		dockerfile: `RUN rm -f /etc/service/sshd/down && /etc/my_init.d/00_regen_ssh_host_keys.sh && chown root:root /var/run/sshd\nRUN echo 'root:root' | chpasswd\n${command(soon("ssh-keyscan -t ed25519 127.0.0.1 | grep -q ssh-ed25519 && echo answers"))}`,
		sees: ["answers"],
		ends: { code: 0, by: "itself" },
	},
	{
		name: "jobs copied to cron.d, and scripts made executable all at once",
		after: "tynor88/docker-unoeuro-dns",
		needs: "/etc/service/cron",
		on: "full",
		dockerfile: `${script("/app/script/update.sh", "echo updated > /proc/1/fd/1")}${script("/etc/my_init.d/10_prepare.sh", "echo prepared")}RUN echo '@reboot root /app/script/update.sh' > /etc/cron.d/update && chmod -v +x /etc/service/*/run /etc/my_init.d/*.sh /app/script/*.sh\n${command("sleep 2")}`,
		sees: ["prepared", "updated"],
		ends: { code: 0, by: "itself" },
	},
	{
		name: "a job that a start-up script writes out of variables",
		after: "an uploader of remind101 on phusion/baseimage:0.10.0",
		needs: "start-up scripts before cron",
		on: "full",
		dockerfile: `ENV SCHEDULE=@reboot TARGET=s3\n${script("/etc/my_init.d/build_cron.sh", 'echo "$SCHEDULE root echo backed up to $TARGET > /proc/1/fd/1" > /etc/cron.d/backup')}${command("sleep 2")}`,
		sees: ["backed up to s3"],
		ends: { code: 0, by: "itself" },
	},
	{
		name: "a job of crontab that sources the dump",
		after: "adsabs/adsws, Overleaf's community image",
		needs: "cron, /etc/container_environment.sh",
		on: "full",
		dockerfile: `ENV GREETING="good morning"\n${script("/job", "BASH_ENV= . /etc/container_environment.sh", 'echo "job: $GREETING" > /proc/1/fd/1')}RUN (crontab -l 2> /dev/null; echo '@reboot /job') | crontab -\n${command("sleep 2")}`,
		sees: ["job: good morning"],
		ends: { code: 0, by: "itself" },
	},
	{
		name: "an own user abc with the numbers of PUID and PGID",
		after: "linuxserver-archive/docker-baseimage",
		needs: "my_init.d, setuser",
		on: "full",
		dockerfile: `ENV DEBIAN_FRONTEND="noninteractive" HOME="/root" TERM="screen"\nRUN useradd -u 911 -U -s /bin/false abc && usermod -G users abc && mkdir -p /app /config /defaults\n${script("/etc/my_init.d/10_add_user_abc.sh", 'groupmod -o -g "$PGID" abc', 'usermod -o -u "$PUID" abc')}${command("setuser abc sh -c 'echo $(id -u):$(id -g)'")}`,
		run: { environment: { PUID: "1099", PGID: "1098" } },
		sees: ["1099:1098"],
		ends: { code: 0, by: "itself" },
	},
	{
		name: "nobody with the numbers of a NAS",
		after: "johnodon/BarracudaDrive, gfjardim's unRAID images",
		needs: "setuser",
		on: "full",
		dockerfile: `ENV HOME /root\nRUN usermod -u 99 nobody && usermod -g 100 nobody\nVOLUME /config\n${script("/etc/service/app/run", `exec /sbin/setuser nobody sh -c "echo as \\$(id -u):\\$(id -g); exec ${server("app")}"`)}${MY_INIT}`,
		run: { ready: ["app ready"] },
		sees: ["as 99:100", "app ready", "app saving", "app saved"],
		ends: { code: 0, by: "docker stop" },
	},
	{
		name: "a user of docker_env who reads the dump",
		after: "phusion/passenger-docker",
		needs: "the group docker_env",
		on: "full",
		dockerfile: `ENV RAILS_ENV=production\nRUN useradd --create-home app && usermod -a -G docker_env app\n${command("setuser app sh -c '. /etc/container_environment.sh; echo $RAILS_ENV'; setuser nobody cat /etc/container_environment.sh || echo others cannot")}`,
		sees: ["production", "others cannot"],
		ends: { code: 0, by: "itself" },
	},
	{
		name: "a service that a base ships down, and an application switches on",
		after: "jsierles/passenger-docker-rails",
		needs: "down files",
		on: "full",
		dockerfile: `${script("/etc/service/nginx/run", `exec ${server("nginx")}`)}RUN touch /etc/service/nginx/down\nENV HOME /root\n${MY_INIT}RUN rm -f /etc/service/nginx/down\n`,
		run: { ready: ["nginx ready"] },
		sees: ["nginx ready", "nginx saving", "nginx saved"],
		ends: { code: 0, by: "docker stop" },
	},
	{
		name: "an entry point script behind my_init, nginx as a service beside it",
		after: "Seafile's community image",
		needs: "/etc/service, a main command",
		on: "full",
		dockerfile: `${script("/etc/service/nginx/run", `exec ${server("nginx")}`)}${script("/scripts/enterpoint.sh", "trap 'echo seahub stopped; exit 0' TERM", "echo seahub started", "while :; do sleep 0.1; done")}CMD ["/sbin/my_init", "--", "/scripts/enterpoint.sh"]\n`,
		run: { ready: ["nginx ready", "seahub started"] },
		sees: ["seahub stopped", "nginx saving", "nginx saved"],
		ends: { code: 0, by: "docker stop" },
	},
	{
		name: "a log that logrotate turns",
		after: "Overleaf's logrotate files",
		needs: "logrotate",
		on: "full",
		worksOnPlainInit: true,
		dockerfile: `RUN printf '/var/log/app/*.log {\\nsize 1\\nrotate 3\\nmissingok\\ncopytruncate\\n}\\n' > /etc/logrotate.d/app && mkdir /var/log/app && echo line > /var/log/app/a.log\n${command("logrotate /etc/logrotate.conf && cat /var/log/app/a.log.1")}`,
		sees: ["line"],
		ends: { code: 0, by: "itself" },
	},
	{
		name: "a login shell for docker run",
		after: "Phusion's README: docker run ... /sbin/my_init -- bash -l",
		needs: "profile.d",
		on: "full",
		dockerfile: `RUN echo -n hello > /etc/container_environment/GREETING\n${command("env -i bash -lc 'echo login $GREETING'")}`,
		sees: ["login hello"],
		ends: { code: 0, by: "itself" },
	},
	{
		name: "what a program says to syslog",
		after: "images that tail /var/log/syslog",
		needs: "/dev/log",
		on: "full",
		dockerfile: command(
			"for try in 1 2 3 4 5 6 7 8 9 10; do [ -S /dev/log ] && break; sleep 0.1; done; logger -t app failed; sleep 0.5",
		),
		sees: ["app: failed"],
		ends: { code: 0, by: "itself" },
	},
];
