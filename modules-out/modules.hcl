# Written once by gen-batch-config; yours from here on. Where each Terraform module comes from.
locals {
  module_urls = {
    batch_ext = "${get_terragrunt_dir()}/terraform-aws-batch//batch"
  }
}
