# The root of the live tree that the end-to-end tests apply: the provider speaks to the AWS emulator,
# and state is kept beside the units, outside Terragrunt's cache.

locals {
  emulator_url = get_env("AWS_EMULATOR_URL")
  services     = ["batch", "ec2", "ecs", "iam", "lambda", "logs", "cloudwatch", "events", "s3", "sfn", "sns", "sqs", "sts"]
}

remote_state {
  backend = "local"

  generate = {
    path      = "backend.tf"
    if_exists = "overwrite_terragrunt"
  }

  config = {
    path = "${get_parent_terragrunt_dir()}/.state/${path_relative_to_include()}/terraform.tfstate"
  }
}

generate "provider" {
  path      = "provider.tf"
  if_exists = "overwrite_terragrunt"
  # Loading the provider takes seconds, and this unit has no use for it.
  disable  = path_relative_to_include() == "msk"
  contents = <<-EOT
    provider "aws" {
      region     = "us-east-1"
      access_key = "test"
      secret_key = "test"

      skip_credentials_validation = true
      skip_metadata_api_check     = true
      skip_region_validation      = true
      s3_use_path_style           = true

      endpoints {
        ${join("\n        ", [for service in local.services : "${service} = \"${local.emulator_url}\""])}
      }
    }
  EOT
}
