# The images that `doctor` and `graft` are tried on.
#
#   docker buildx bake --file docker-bake.hcl --file test/images/docker-bake.hcl --file test/cli/zoo/docker-bake.hcl zoo
#
# zoo-npm takes as long as all others together, and is a target of its own.

group "zoo" {
  targets = [
    "zoo-nginx", "zoo-redis", "zoo-postgres", "zoo-python-script", "zoo-cron", "zoo-shell-form", "zoo-distroless",
    "zoo-healthy-nginx", "zoo-healthy-postgres", "zoo-healthy-tini", "zoo-healthy-dumb-init", "zoo-healthy-catatonit",
    "zoo-healthy-trap",
  ]
}

target "zoo-all" {
  name = "zoo-${name}"
  matrix = {
    name = [
      "nginx", "redis", "postgres", "npm", "python-script", "cron", "shell-form", "distroless",
      "healthy-nginx", "healthy-postgres", "healthy-tini", "healthy-dumb-init", "healthy-catatonit", "healthy-trap",
    ]
  }
  context  = "test/cli/zoo"
  contexts = { actors = "target:actors" }
  target   = name
  args     = { BASE = BASE_DEBIAN }
  tags     = ["localhost/baseimage-ts/zoo:${name}"]
  labels   = { "baseimage-ts.test" = "cli" }
}
