# Written once by gen-batch-config; yours from now on. The ref of a Git source, the version of a registry source.
locals {
  module_versions = {
    batch_ext = "v1.0.0"
  }
}
