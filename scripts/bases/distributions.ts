/** The distributions that there is an image for. */
export const distributions = ["ubuntu", "debian", "centos", "alpine"] as const;

export type Distribution = (typeof distributions)[number];

/** The images with what users of Phusion's base rely on. */
export const fullImages = ["ubuntu-full", "debian-full"] as const;

export type FullImage = (typeof fullImages)[number];

/** All images that are built. */
export const imageNames = [...distributions, ...fullImages, "extras", "init"] as const;

export type ImageName = (typeof imageNames)[number];
