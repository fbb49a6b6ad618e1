/** What install_clean knows to install packages with; a stand-in may have none of them. */
export const MANAGERS = ["apt-get", "apk", "dnf", "microdnf"] as const;
