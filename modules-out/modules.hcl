# Written once by gen-batch-config; yours from now on. The source of each Terraform module.
locals {
  module_urls = {
    batch_ext = "${get_terragrunt_dir()}/terraform-aws-batch//batch"
  }
}
