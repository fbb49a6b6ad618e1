# All images: docker buildx bake (npm run build does it with everything around it).
#
#   docker buildx bake ubuntu                         one of them
#   PLATFORMS=linux/amd64,linux/arm64 docker buildx bake
#   REGISTRY=registry.example ORG=acme VERSION=1.2.3 docker buildx bake --push

# Registry to push to; without one the names are local.
variable "REGISTRY" {
  default = ""
}

# Owner of the repository baseimage-ts in the registry.
variable "ORG" {
  default = ""
}

# Adds a second, versioned tag to each image.
variable "VERSION" {
  default = ""
}

# Commit that the images are built from.
variable "REVISION" {
  default = ""
}

# Address of the repository.
variable "SOURCE" {
  default = ""
}

# Comma-separated; without any: the platform of the engine.
variable "PLATFORMS" {
  default = ""
}

# The bases. Each is named in images/*/Dockerfile too, for a plain docker build; scripts/check-dockerfiles.ts compares.
variable "BASE_UBUNTU" {
  default = "ubuntu:24.04"
}

variable "BASE_DEBIAN" {
  default = "debian:trixie-slim"
}

variable "BASE_CENTOS" {
  default = "quay.io/centos/centos:stream10"
}

variable "BASE_ALPINE" {
  default = "alpine:3.23"
}

# Debian that has QuickJS: the binary is compiled there.
variable "BUILD_BASE" {
  default = "debian:trixie-slim"
}

# Extras that the full images are built without, with commas between them: docs/full-images.md.
variable "WITHOUT" {
  default = ""
}

# FOO/ when FOO is set, for names like REGISTRY/ORG/baseimage-ts.
function "part" {
  params = [text]
  result = text == "" ? "" : "${text}/"
}

function "tags" {
  params = [variant]
  result = [
    for tag in [variant, VERSION == "" ? "" : "${variant}-${VERSION}"] :
    "${part(REGISTRY)}${part(ORG)}baseimage-ts:${tag}" if tag != ""
  ]
}

function "platforms" {
  params = []
  result = PLATFORMS == "" ? [] : split(",", PLATFORMS)
}

function "labels" {
  params = [variant, base]
  result = {
    "org.opencontainers.image.title"       = "baseimage-ts:${variant}"
    "org.opencontainers.image.description" = "An init (PID 1) that reaps, forwards signals and waits for its descendants"
    "org.opencontainers.image.licenses"    = "MIT"
    # Both are set in any case: those of the base would speak of the base.
    "org.opencontainers.image.version"     = VERSION == "" ? "development" : VERSION
    "org.opencontainers.image.ref.name"    = "baseimage-ts:${variant}"
    "org.opencontainers.image.revision"    = REVISION == "" ? null : REVISION
    "org.opencontainers.image.source"      = SOURCE == "" ? null : SOURCE
    "org.opencontainers.image.base.name"   = base == "" ? null : base
  }
}

group "default" {
  targets = ["lean", "full"]
}

group "lean" {
  targets = ["distributions", "extras", "init"]
}

target "_common" {
  platforms = platforms()
}

target "distributions" {
  name     = image.name
  inherits = ["_common"]
  matrix = {
    image = [
      { name = "ubuntu", base = BASE_UBUNTU },
      { name = "debian", base = BASE_DEBIAN },
      { name = "centos", base = BASE_CENTOS },
      { name = "alpine", base = BASE_ALPINE },
    ]
  }
  context  = "images/${image.name}"
  contexts = { files = "target:files-${image.name}" }
  args     = { BASE = image.base }
  tags     = tags(image.name)
  labels   = labels(image.name, image.base)
}

# With what users of Phusion's base rely on.
target "full" {
  name     = "${image.name}-full"
  inherits = ["_common"]
  matrix = {
    image = [
      { name = "ubuntu", base = BASE_UBUNTU },
      { name = "debian", base = BASE_DEBIAN },
    ]
  }
  context  = "images/full"
  contexts = { lean = "target:${image.name}", extras = "target:extras" }
  args = {
    WITHOUT = WITHOUT
    LANG    = contains(split(",", WITHOUT), "locale") ? "C.UTF-8" : "en_US.UTF-8"
  }
  tags   = tags("${image.name}-full")
  labels = labels("${image.name}-full", image.base)
}

# What is mounted to add one of them to a lean image.
target "extras" {
  inherits = ["_common"]
  context  = "images/extras"
  tags     = tags("extras")
  labels   = labels("extras", "")
}

target "init" {
  inherits = ["_common"]
  context  = "images/init"
  contexts = { files = "target:files-init" }
  tags     = tags("init")
  labels   = labels("init", "")
}

# What each image adds to its base.
target "files" {
  name     = "files-${image.name}"
  inherits = ["_common"]
  matrix = {
    image = [
      { name = "ubuntu", base = BASE_UBUNTU, bin = "sbin" },
      { name = "debian", base = BASE_DEBIAN, bin = "sbin" },
      { name = "centos", base = BASE_CENTOS, bin = "sbin" },
      { name = "alpine", base = BASE_ALPINE, bin = "sbin" },
      { name = "init", base = "scratch", bin = "." },
    ]
  }
  context  = "images/files"
  contexts = { init = "target:init-binary", notices = "." }
  args     = { BASE = image.base, BUILD_BASE = BUILD_BASE, BIN = image.bin }
}

# The binary, which every image takes in.
target "init-binary" {
  inherits = ["_common"]
  context  = "init"
  contexts = { bundle = "build/init" }
  args     = { BUILD_BASE = BUILD_BASE }
}

# The binary with the linker's map, for scripts/hot-functions: build/init/map.
target "init-map" {
  inherits = ["init-binary"]
  target   = "map"
  output   = ["type=local,dest=build/init/map"]
}

# The binary as a file: build/init/linux-amd64/my_init.
target "init-files" {
  name      = "init-file-${architecture}"
  inherits  = ["init-binary"]
  matrix    = { architecture = ["amd64", "arm64"] }
  platforms = ["linux/${architecture}"]
  output    = ["type=local,dest=build/init/linux-${architecture}"]
}
