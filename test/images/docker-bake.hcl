# What the tests run: their programs, and each image and each base with those in /actors.
#
#   docker buildx bake --file docker-bake.hcl --file test/images/docker-bake.hcl tests

group "tests" {
  targets = ["ours", "plain"]
}

target "ours" {
  name     = "ours-${variant}"
  matrix   = { variant = ["ubuntu", "debian", "centos", "alpine", "ubuntu-full", "debian-full"] }
  inherits = ["_with-actors"]
  contexts = { below = "docker-image://baseimage-ts:${variant}", actors = "target:actors" }
  tags     = ["localhost/baseimage-ts/test-${variant}:ours"]
}

target "plain" {
  name = "plain-${image.name}"
  matrix = {
    image = [
      { name = "ubuntu", base = BASE_UBUNTU },
      { name = "debian", base = BASE_DEBIAN },
      { name = "centos", base = BASE_CENTOS },
      { name = "alpine", base = BASE_ALPINE },
    ]
  }
  inherits = ["_with-actors"]
  contexts = { below = "docker-image://${image.base}", actors = "target:actors" }
  tags     = ["localhost/baseimage-ts/test-${image.name}:plain"]
}

target "_with-actors" {
  dockerfile-inline = <<END
FROM below
COPY --from=actors / /actors/
END
  labels = { "baseimage-ts.test" = "images" }
}

# Static, so that they run in every base, and in none.
target "actors" {
  contexts = {
    toolchain = "target:actors-toolchain"
    process   = "test/process/actors"
    images    = "test/images/actors"
  }
  dockerfile-inline = <<END
FROM toolchain AS build
COPY --from=process listener.c orphans.c /source/
COPY --from=images *.c /source/
WORKDIR /actors
RUN . /target && for source in /source/*.c; do \
    $CC -specs=/usr/lib/$TARGET/musl-gcc.specs -static -s -std=gnu11 -O1 -Wall -Wextra -Werror \
        -o "$(basename "$source" .c)" "$source" || exit 1; \
    done
FROM scratch
COPY --from=build /actors /
END
}

# The compiler that has built the init lies in the cache.
target "actors-toolchain" {
  inherits = ["init-binary"]
  target   = "toolchain"
}
