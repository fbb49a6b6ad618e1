# All images: docker buildx bake (npm run build does it with everything around it).
#
#   docker buildx bake ubuntu                         one of them
#   PLATFORMS=linux/amd64,linux/arm64 docker buildx bake
#   REGISTRY=registry.example ORG=acme VERSION=1.2.3 docker buildx bake --push
#
# All that a registry gets, as archives of OCI layouts in build/ (npm run release does it with everything around it):
#
#   docker buildx bake --load sbom-generator && docker buildx bake release

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

# Its date, as RFC 3339 writes it.
variable "CREATED" {
  default = ""
}

# Address of the repository.
variable "SOURCE" {
  default = ""
}

# Comma-separated; without any: the platform of the engine, for a release all that the base of an image has.
variable "PLATFORMS" {
  default = ""
}

# The bases. Each is named in images/*/Dockerfile too, for a plain docker build; scripts/check-dockerfiles.ts compares.
# A digest behind the name pins it: npm run release -- refresh writes the newest ones, and Renovate knows the marks.

# renovate: datasource=docker depName=ubuntu
variable "BASE_UBUNTU" {
  default = "ubuntu:24.04"
}

# renovate: datasource=docker depName=debian
variable "BASE_DEBIAN" {
  default = "debian:trixie-slim"
}

# renovate: datasource=docker depName=quay.io/centos/centos
variable "BASE_CENTOS" {
  default = "quay.io/centos/centos:stream10"
}

# renovate: datasource=docker depName=alpine
variable "BASE_ALPINE" {
  default = "alpine:3.23"
}

# Debian that has QuickJS: the binary is compiled there.
# renovate: datasource=docker depName=debian
variable "BUILD_BASE" {
  default = "debian:trixie-slim"
}

# Time of the Debian archive that the binary's compiler comes from, such as 20261101T000000Z; without: as it is now.
variable "SNAPSHOT" {
  default = ""
}

# Extras that the full images are built without, with commas between them: docs/full-images.md.
variable "WITHOUT" {
  default = ""
}

# Image that lists what is in a released image. The usual one would be fetched from a registry.
variable "SBOM_GENERATOR" {
  default = "localhost/baseimage-ts/sbom-generator"
}

# What each base is published for.
variable "PLATFORMS_OF" {
  default = {
    ubuntu = "linux/amd64,linux/arm64,linux/arm/v7,linux/riscv64,linux/ppc64le,linux/s390x"
    debian = "linux/amd64,linux/arm64,linux/arm/v7,linux/riscv64,linux/ppc64le,linux/s390x"
    centos = "linux/amd64,linux/arm64,linux/ppc64le,linux/s390x"
    alpine = "linux/amd64,linux/arm64,linux/arm/v7,linux/riscv64,linux/ppc64le,linux/s390x"
    none   = "linux/amd64,linux/arm64,linux/arm/v7,linux/riscv64,linux/ppc64le,linux/s390x"
    # Their packages are installed on the platform itself, not cross-compiled.
    full = "linux/amd64,linux/arm64"
  }
}

# An image is built in two editions: for the engine that builds, and "release-" for a registry.
variable "EDITIONS" {
  default = ["", "release-"]
}

# FOO/ when FOO is set, for names like REGISTRY/ORG/baseimage-ts.
function "part" {
  params = [text]
  result = text == "" ? "" : "${text}/"
}

function "tags" {
  params = [variant]
  result = [
    for tag in [variant, VERSION == "" ? "" : "${VERSION}-${variant}"] :
    "${part(REGISTRY)}${part(ORG)}baseimage-ts:${tag}" if tag != ""
  ]
}

# Those of PLATFORMS that a base is published for. `base`: a key of PLATFORMS_OF.
function "wanted" {
  params = [base]
  result = [
    for platform in split(",", PLATFORMS) : platform if contains(split(",", PLATFORMS_OF[base]), platform)
  ]
}

# Where a base has none of PLATFORMS, they stay, and the build fails: without any it would be for the engine's own.
function "platforms" {
  params = [edition, base]
  result = PLATFORMS != "" ? (
    length(wanted(base)) > 0 ? wanted(base) : split(",", PLATFORMS)
  ) : edition == "" ? [] : split(",", PLATFORMS_OF[base])
}

# Of NAME or NAME@DIGEST.
function "name_of" {
  params = [base]
  result = split("@", base)[0]
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
    "org.opencontainers.image.created"     = CREATED == "" ? null : CREATED
    "org.opencontainers.image.revision"    = REVISION == "" ? null : REVISION
    "org.opencontainers.image.source"      = SOURCE == "" ? null : SOURCE
    "org.opencontainers.image.base.name"   = base == "" ? null : name_of(base)
    "org.opencontainers.image.base.digest" = try(split("@", base)[1], null)
  }
}

# The labels once more, for those who read an index or a manifest and not the configuration.
function "annotations" {
  params = [edition, variant, base]
  result = edition == "" ? [] : [
    for name, value in labels(variant, base) : "index,manifest:${name}=${value}" if value != null
  ]
}

function "attest" {
  params = [edition]
  result = edition == "" ? [] : ["type=sbom,generator=${SBOM_GENERATOR}", "type=provenance,mode=max"]
}

# Dates in the layers are SOURCE_DATE_EPOCH's: no exporter but this one and type=docker rewrites them. An archive: written as a
# folder, a layer that two platforms have in common is locked by one of them, and the other fails.
function "output" {
  params = [edition, variant]
  result = edition == "" ? [] : ["type=oci,dest=build/release-${variant}.tar,rewrite-timestamp=true"]
}

group "default" {
  targets = ["lean", "full"]
}

group "lean" {
  targets = ["ubuntu", "debian", "centos", "alpine", "extras", "init"]
}

group "full" {
  targets = ["ubuntu-full", "debian-full"]
}

group "release" {
  targets = ["release-lean", "release-full", "release-binaries"]
}

group "release-lean" {
  targets = [
    "release-ubuntu", "release-debian", "release-centos", "release-alpine", "release-extras", "release-init",
  ]
}

group "release-full" {
  targets = ["release-ubuntu-full", "release-debian-full"]
}

# Labels of one's own: a file of docker/metadata-action takes this target's place.
target "docker-metadata-action" {}

# All images. "full" is a lean one with what users of Phusion's base rely on; "extras" is what is mounted to add one part of that to
# a lean image; "init" is the binary alone. `contexts` names targets, of the same edition.
target "images" {
  name     = "${edition}${image.name}"
  inherits = ["docker-metadata-action"]
  matrix = {
    edition = EDITIONS
    image = [
      { name = "ubuntu", platforms = "ubuntu", base = BASE_UBUNTU, contexts = { files = "files-ubuntu" } },
      { name = "debian", platforms = "debian", base = BASE_DEBIAN, contexts = { files = "files-debian" } },
      { name = "centos", platforms = "centos", base = BASE_CENTOS, contexts = { files = "files-centos" } },
      { name = "alpine", platforms = "alpine", base = BASE_ALPINE, contexts = { files = "files-alpine" } },
      { name = "ubuntu-full", platforms = "full", base = BASE_UBUNTU, contexts = { lean = "ubuntu", extras = "extras" } },
      { name = "debian-full", platforms = "full", base = BASE_DEBIAN, contexts = { lean = "debian", extras = "extras" } },
      { name = "extras", platforms = "none", base = "", contexts = {} },
      { name = "init", platforms = "none", base = "", contexts = { files = "files-init" } },
    ]
  }
  context  = "images/${image.platforms == "full" ? "full" : image.name}"
  contexts = { for name, target in image.contexts : name => "target:${edition}${target}" }
  args = (
    image.platforms == "full" ? {
      WITHOUT = WITHOUT
      LANG    = contains(split(",", WITHOUT), "locale") ? "C.UTF-8" : "en_US.UTF-8"
    } : image.name == "extras" ? { BUILD_BASE = BUILD_BASE } :
    image.base == "" ? {} : { BASE = image.base }
  )
  platforms   = platforms(edition, image.platforms)
  tags        = tags(image.name)
  labels      = labels(image.name, image.base)
  annotations = annotations(edition, image.name, image.base)
  attest      = attest(edition)
  output      = output(edition, image.name)
}

# What each image adds to its base.
target "files" {
  name = "${edition}files-${image.name}"
  matrix = {
    edition = EDITIONS
    image = [
      { name = "ubuntu", base = BASE_UBUNTU, bin = "sbin", platforms = "ubuntu" },
      { name = "debian", base = BASE_DEBIAN, bin = "sbin", platforms = "debian" },
      { name = "centos", base = BASE_CENTOS, bin = "sbin", platforms = "centos" },
      { name = "alpine", base = BASE_ALPINE, bin = "sbin", platforms = "alpine" },
      { name = "init", base = "scratch", bin = ".", platforms = "none" },
    ]
  }
  context   = "images/files"
  contexts  = { init = "target:${edition}init-binary", notices = "." }
  args      = { BASE = image.base, BUILD_BASE = BUILD_BASE, BIN = image.bin }
  platforms = platforms(edition, image.platforms)
}

# The binary, which every image takes in.
target "binary" {
  name      = "${edition}init-binary"
  matrix    = { edition = EDITIONS }
  context   = "init"
  contexts  = { bundle = "build/init" }
  args      = { BUILD_BASE = BUILD_BASE, SNAPSHOT = SNAPSHOT }
  platforms = platforms(edition, "none")
}

# As files, one folder for each platform: build/release/binaries/linux_arm64/my_init.
target "release-binaries" {
  inherits = ["release-init-binary"]
  output   = ["type=local,dest=build/release/binaries,platform-split=true"]
}

# The binary with the linker's map, for scripts/hot-functions: build/init/map.
target "init-map" {
  inherits = ["init-binary"]
  target   = "map"
  output   = ["type=local,dest=build/init/map"]
}

# The binary as a file: build/init/linux-amd64/my_init.
target "init-files" {
  name     = "init-file-${replace(platform, "/", "")}"
  inherits = ["init-binary"]
  matrix = {
    platform = [for platform in split(",", PLATFORMS_OF.none) : trimprefix(platform, "linux/")]
  }
  platforms = ["linux/${platform}"]
  output    = ["type=local,dest=build/init/linux-${replace(platform, "/", "-")}"]
}

# What compiled it, and what of that differs from init/toolchain.lock (npm run toolchain).
target "toolchains" {
  name     = "toolchain-${replace(platform, "/", "")}"
  inherits = ["init-binary"]
  matrix = {
    platform = [for platform in split(",", PLATFORMS_OF.none) : trimprefix(platform, "linux/")]
  }
  target    = "versions"
  platforms = ["linux/${platform}"]
  output    = ["type=local,dest=build/toolchain/linux-${replace(platform, "/", "-")}"]
}

target "sbom-generator" {
  context  = "scripts/release/sbom"
  contexts = { bundle = "build/sbom" }
  args     = { BUILD_BASE = BUILD_BASE }
  tags     = [SBOM_GENERATOR]
}
