dependency "iam_roles" {
  config_path = "${get_terragrunt_dir()}/../iam-roles"
}

inputs = {
  role = dependency.iam_roles.outputs.role_arn["orders-lambda-role"]
  items = {
    for document in ["lambda-function"] :
    document => jsondecode(templatefile("${local.folder}/lambda-json/${document}.json", {}))
  }
}
