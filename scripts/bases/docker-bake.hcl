# The stand-in bases. scripts/bases/standins.ts gives all variables.

# Folder of debian-<architecture>.tar.
variable "ROOTFS" {
  default = "."
}

# Debian release in those file systems.
variable "SUITE" {
  default = "trixie"
}

variable "PLATFORMS" {
  default = "linux/amd64"
}

# Name of all that the stand-ins are made from.
variable "RECIPE" {
  default = ""
}

group "default" {
  targets = ["standins"]
}

target "standins" {
  name       = "standin-${distribution}"
  matrix     = { distribution = ["debian", "ubuntu", "centos", "alpine"] }
  context    = ROOTFS
  contexts   = { recipe = "scripts/bases" }
  dockerfile = "cwd://scripts/bases/Dockerfile"
  target     = distribution
  platforms  = split(",", PLATFORMS)
  tags       = ["localhost/baseimage-ts/standin-${distribution}:${SUITE}"]
  labels     = { "baseimage.standin" = "true", "baseimage.standin.recipe" = RECIPE }
  attest     = ["type=provenance,disabled=true"]
}
