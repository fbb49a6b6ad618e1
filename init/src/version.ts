// The bundler replaces VERSION by package.json's.
declare const PACKAGE_VERSION: string;

export const VERSION = PACKAGE_VERSION;
