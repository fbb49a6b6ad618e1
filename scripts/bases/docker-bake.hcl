# The stand-in bases. scripts/bases/standins.ts gives all variables.

# Folder of the scripts and of debian-<platform>.tar.
variable "CONTEXT" {
  default = "."
}

# Debian release in those file systems.
variable "SUITE" {
  default = "trixie"
}

variable "PLATFORMS" {
  default = "linux/amd64"
}

# Platforms with a file system in CONTEXT, as BuildKit names them; the others have busybox alone.
variable "COMPLETE" {
  default = "amd64"
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
  context    = CONTEXT
  dockerfile = "cwd://scripts/bases/Dockerfile"
  target     = distribution
  args       = { COMPLETE = COMPLETE }
  platforms  = split(",", PLATFORMS)
  tags       = ["localhost/baseimage-ts/standin-${distribution}:${SUITE}"]
  labels     = { "baseimage.standin" = "true", "baseimage.standin.recipe" = RECIPE }
  attest     = ["type=provenance,disabled=true"]
}
