include "root" {
  path = find_in_parent_folders("root.hcl")
}

terraform {
  source = "${get_terragrunt_dir()}/../fixture-modules//iam-roles"
}

inputs = {
  prefix = "gss-dev"
}
