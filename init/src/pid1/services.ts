// Where services are defined. What supervises them is a script of its own (service_manager.ts).

/** Services as runit has them, each in a folder with an executable `run`. */
export const SERVICES_FOLDER = "/etc/service";

/** Definitions, NAME.toml each: those of a base image, of the image, and what was mounted. */
export const DEFINITION_FOLDERS = [
	"/usr/lib/my_init/services",
	"/etc/my_init/services",
	"/run/my_init/services",
];
