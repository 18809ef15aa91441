# Written once by gen-batch-config; yours from now on. Provider and state of every unit below this folder.
locals {
  aws_region = "us-east-1"
}

generate "provider" {
  path      = "provider.tf"
  if_exists = "overwrite_terragrunt"
  contents  = <<-EOF
    provider "aws" {
      region = "${local.aws_region}"
    }
  EOF
}

remote_state {
  # Local state files suit a single user. A team sets terragrunt.state_bucket, or edits this block.
  backend = "local"

  generate = {
    path      = "backend.tf"
    if_exists = "overwrite_terragrunt"
  }

  config = {
    path = "${get_parent_terragrunt_dir()}/.terraform-state/${path_relative_to_include()}.tfstate"
  }
}
