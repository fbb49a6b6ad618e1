/** The distributions that there is an image for. */
export const distributions = ["ubuntu", "debian", "centos", "alpine"] as const;

export type Distribution = (typeof distributions)[number];
